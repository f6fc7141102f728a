"""The figures of a campaign: counts and KPIs by list, segment, lot, message, channel and tag, from what the database holds.

Sums first, rates after.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from workflows.campaign.brief import PastRow
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.billable import ordered_terms
from workflows.campaign.margins import margin_told
from workflows.campaign.orders.fees import service_fees
from workflows.campaign.planning import cost_items, list_terms
from workflows.campaign.records import Lot, Response, Undeliverable
from workflows.campaign.results.credited import APART, steps_taken
from workflows.campaign.results.shared import shared_figures
from workflows.campaign.results.uplift import held_out_figures
from workflows.campaign.send.printed import is_printed
from workflows.engine.command import plain
from workflows.trade.apportionment import largest_remainder
from workflows.trade.attribution import GIFT, SET_ASIDE
from workflows.trade.billing import ListBill, ListKind, LossReason, bill_list
from workflows.trade.costs import ListActivity, cost_lists, pieces_by_channel, share_cost
from workflows.trade.kpis import Counts, Margin, Ratio, kpi_table, penetration, sum_counts
from workflows.trade.money import ZERO

GROUPINGS = ("by_list", "by_segment", "by_lot", "by_message", "by_channel", "by_tag")
"""The tables of key figures, beside those of the campaign."""


def compute(facts: CampaignFacts) -> dict[str, Any]:
    """Every figure of the campaign as plain data: `lists`, `lots`, `kpis`, `unattributed`, `set_aside`, and the `checks` they passed.

    `held_out` is there where people were held out of the mailing, for comparison; `credited` where lots carry numbers or addresses;
    `shared` where people of several lists answered;
    `margin` where not all stays of what people give or buy: the returns are then of what stays.
    """
    by_lot = lot_counts(facts)
    lists = list_figures(facts, by_lot)
    counts_of_list = {code: _list_counts(code, figures, by_lot, facts) for code, figures in lists.items()}
    priced = _share_costs(facts, by_lot, counts_of_list, lists)
    held_out, credited, margin = held_out_figures(facts), steps_taken(facts), facts.campaign.margin
    shared = shared_figures(facts, lists)
    data: dict[str, Any] = plain(
        {
            "lists": lists,
            "lots": [_lot(lot) for lot in facts.lots],
            "kpis": {
                "campaign": _table(sum_counts(counts_of_list.values()), margin),
                "by_list": {code: _table(counts, margin) for code, counts in counts_of_list.items()},
                "by_segment": _tables(priced, facts, lambda lot: f"{lot.list_code}/{lot.segment}"),
                "by_lot": _tables(priced, facts, lambda lot: lot.code),
                "by_message": _tables(priced, facts, lambda lot: lot.message),
                "by_channel": _tables(priced, facts, lambda lot: lot.channel),
                "by_tag": {tag: _table(counts, margin) for tag, counts in _by_tag(priced, facts).items()},
            },
            "counts": {
                "by_segment": _counts(priced, facts, lambda lot: f"{lot.list_code}/{lot.segment}"),
                "by_lot": _counts(priced, facts, lambda lot: lot.code),
                "by_message": _counts(priced, facts, lambda lot: lot.message),
                "by_channel": _counts(priced, facts, lambda lot: lot.channel),
            },
            "penetration": _ratio(_penetration(facts)),
            "unattributed": _apart(facts, "unattributed"),
            "set_aside": {"responses": _apart(facts, SET_ASIDE)["responses"]},
            "checks": list(_checks(facts, lists)),
            **margin_told(margin),
            **({} if held_out is None else {"held_out": held_out}),
            **({} if credited is None else {"credited": credited}),
            **({} if shared is None else {"shared": shared}),
        }
    )
    return data


def lot_counts(facts: CampaignFacts) -> dict[str, Counts]:
    """What each lot mailed and brought, by code; its cost is not in it yet."""
    campaign_id = facts.campaign.id
    gift = col(Response.kind) == GIFT
    is_new = col(Response.is_new)
    amount_of = col(Response.amount)
    answers = (
        sa.select(
            col(Response.lot_code),
            sa.func.count(),
            sa.func.count().filter(gift),
            sa.func.coalesce(sa.func.sum(amount_of).filter(gift), 0),
            sa.func.count().filter(gift, is_new),
            sa.func.coalesce(sa.func.sum(amount_of).filter(gift, is_new), 0),
        )
        .where(col(Response.campaign_id) == campaign_id, col(Response.attribution).not_in(APART))
        .group_by(col(Response.lot_code))
    )
    returns = (
        sa.select(col(Undeliverable.lot_code), sa.func.count())
        .where(col(Undeliverable.campaign_id) == campaign_id)
        .group_by(col(Undeliverable.lot_code))
    )
    connection = facts.session.connection()
    answered = {row[0]: row[1:] for row in connection.execute(answers)}
    returned = {row[0]: row[1] for row in connection.execute(returns)}
    counts = {}
    for lot in facts.lots:
        responses, gifts, amount, new, new_amount = answered.get(lot.code, (0, 0, ZERO, 0, ZERO))
        counts[lot.code] = Counts(
            net=lot.quantity,
            mailed=lot.mailed,
            undeliverable=returned.get(lot.code, 0),
            responses=responses,
            gifts=gifts,
            new=new,
            amount=Decimal(amount),
            new_amount=Decimal(new_amount),
        )
    return counts


def list_bills(facts: CampaignFacts) -> dict[str, ListBill]:
    """What is due for each list with a line in the plan, without VAT, by code; nothing for a list that was left out."""
    found: dict[str, ListBill] = facts.remember("list_bills", lambda: _list_bills(facts))
    return found


def _list_bills(facts: CampaignFacts) -> dict[str, ListBill]:
    rows = {row.code: row for row in facts.lists}
    used = {row.code for row in facts.live_lists}
    printed, bills = ordered_terms(facts), dict[str, ListBill]()
    for code, counts in reported_lists(facts).items():
        row = rows[code]
        terms, order = list_terms(row), printed.get(row.id)
        bills[code] = bill_list(
            ListKind(row.nature) if code in used else ListKind.HOUSE,
            counts["delivered"],
            counts["net"],
            terms,
            order.most_billable_qty if order else None,
            ordered=order.quantity if order else facts.ordered_qty(row.id),
            unbilled=terms.unbilled(_lost(counts)),
        )
    return bills


def _lost(counts: Mapping[str, Any]) -> dict[LossReason, int]:
    """A list's records that were delivered and are not kept, by what the merge-purge lost them for."""
    return {
        LossReason.REJECTED: counts["rejected"],
        LossReason.SUPPRESSED: sum(counts["suppressed"].values()),
        LossReason.INTRA: counts["intra"],
        LossReason.INTER: counts["inter"],
    }


def reported_lists(facts: CampaignFacts) -> dict[str, Any]:
    """The merge-purge's counts of each list with a line in the plan, by code; a list that was left out has zeros."""
    run = facts.run
    if run is None or not run.report:
        return {}
    counted: Mapping[str, Any] = run.report["lists"]
    codes = sorted({line.list_code for line in facts.lines} | set(counted))
    suppressions = [one["code"] for one in run.brief["suppressions"]]
    nothing = {"delivered": 0, "rejected": 0, "suppressed": dict.fromkeys(suppressions, 0), "intra": 0, "inter": 0, "net": 0}
    return {code: counted.get(code, nothing) for code in codes}


def list_figures(facts: CampaignFacts, by_lot: Mapping[str, Counts]) -> dict[str, dict[str, Any]]:
    """Each list from what was ordered to what it brought and cost. Lists with a line in the plan, in the order of their codes."""
    reported = reported_lists(facts)
    bills = list_bills(facts)
    sums = {code: sum_counts(by_lot[lot.code] for lot in facts.lots if lot.list_code == code) for code in reported}
    activities = [
        ListActivity(
            code,
            bills[code].due_amount,
            delivered=reported[code]["delivered"],
            mailed=sums[code].mailed,
            pieces=pieces_by_channel((lot.channel, lot.posted) for lot in facts.lots if lot.list_code == code and lot.is_sent),
            printed=pieces_by_channel((lot.channel, lot.pieces) for lot in facts.lots if lot.list_code == code and is_printed(facts, lot)),
            responses=sums[code].responses,
        )
        for code in sorted(reported)
    ]
    costs = {cost.list_code: cost for cost in cost_lists(activities, (*cost_items(facts), *service_fees(facts)))}
    figures = {}
    for code in sorted(reported):
        counts, total = reported[code], sums[code]
        figures[code] = {
            "ordered": sum(line.gross_qty for line in facts.lines if line.list_code == code),
            "declared": sum(file.declared_count or file.record_count or 0 for file in facts.usable_files if file.list_code == code),
            "delivered": counts["delivered"],
            "rejected": counts["rejected"],
            "suppressed": counts["suppressed"],
            "intra": counts["intra"],
            "inter": counts["inter"],
            "net": counts["net"],
            "mailed": total.mailed,
            "undeliverable": total.undeliverable,
            "responses": total.responses,
            "gifts": total.gifts,
            "amount": f"{total.amount:.2f}",
            "cost": f"{costs[code].cost_amount:.2f}",
            **({"channel_costs": own} if (own := costs[code].channel_amounts) else {}),
            "billable": bills[code].billable,
            "due_amount": f"{bills[code].due_amount:.2f}",
        }
    return figures


def name_in_history(facts: CampaignFacts) -> str:
    """The campaign's name in the advertiser's history, which begins with the month of its drop."""
    return f"{facts.campaign.drop_day:%Y-%m} {facts.campaign.code}"


def past_rows(facts: CampaignFacts) -> list[PastRow]:
    """The campaign as history: one row a list × segment × channel × message, for the next plan to project from."""
    assert facts.result is not None, "results are computed before they are published"
    natures = {row.code: row.nature for row in facts.lists}
    by_lot = lot_counts(facts)
    lists = facts.result.body["lists"]
    priced = _share_costs(facts, by_lot, {code: _list_counts(code, figures, by_lot, facts) for code, figures in lists.items()}, lists)
    label = name_in_history(facts)
    groups: dict[tuple[str, str, str, str], Counts] = {}
    for lot in facts.lots:
        if lot.is_sent:
            key = (lot.list_code, lot.segment, lot.channel, lot.message)
            groups[key] = groups.get(key, Counts()) + priced[lot.code]
    return [
        PastRow(
            campaign=label,
            list_code=list_code,
            segment=segment,
            channel=channel,
            message=message,
            nature=natures[list_code],
            gross=counts.gross,
            net=counts.net,
            mailed=counts.mailed,
            undeliverable=counts.undeliverable,
            responses=counts.responses,
            gifts=counts.gifts,
            amount=counts.amount,
            cost=counts.cost,
        )
        for (list_code, segment, channel, message), counts in sorted(groups.items())
    ]


def _list_counts(code: str, figures: Mapping[str, Any], by_lot: Mapping[str, Counts], facts: CampaignFacts) -> Counts:
    total = sum_counts(by_lot[lot.code] for lot in facts.lots if lot.list_code == code)
    return replace(total, gross=figures["delivered"], net=figures["net"], cost=Decimal(figures["cost"]))


def _share_costs(
    facts: CampaignFacts, by_lot: Mapping[str, Counts], of_list: Mapping[str, Counts], lists: Mapping[str, Any]
) -> dict[str, Counts]:
    """Each lot with its share of its list's cost, by the pieces it mailed, and of its segment's gross records; shares add up."""
    priced, reported = {}, reported_lists(facts)
    for code, total in of_list.items():
        lots = [lot for lot in facts.lots if lot.list_code == code]
        mailed = [(lot.channel, by_lot[lot.code].mailed) for lot in lots]
        of_channel = {channel: Decimal(amount) for channel, amount in lists[code].get("channel_costs", {}).items()}
        common = total.cost - sum(of_channel.values(), ZERO)
        amounts = share_cost(common, of_channel, mailed) if total.mailed else [ZERO for _ in lots]
        gross = gross_by_lot(total.gross, reported[code].get("segments", {}), [(lot.code, lot.segment, lot.quantity) for lot in lots])
        for lot, amount in zip(lots, amounts, strict=True):
            priced[lot.code] = replace(by_lot[lot.code], cost=amount, gross=gross[lot.code])
    return priced


def gross_by_lot(delivered: int, segments: Mapping[str, Mapping[str, int]], lots: Sequence[tuple[str, str, int]]) -> dict[str, int]:
    """How many of a list's delivered records each of its lots came of: a segment's, shared by net.

    :param segments: what the merge-purge counted of each, by code; a list that does not say its segments is shared as a whole
    :param lots: code, segment and net records of each
    """
    told = all(segment in segments for _, segment, _ in lots)
    groups: dict[str, list[tuple[str, int]]] = {}
    for code, segment, net in lots:
        groups.setdefault(segment if told else "", []).append((code, net))
    shares: dict[str, int] = {}
    for segment, members in groups.items():
        parts = largest_remainder(segments[segment]["delivered"] if told else delivered, [net for _, net in members])
        shares |= {code: part for (code, _), part in zip(members, parts, strict=True)}
    return shares


def _table(counts: Counts, margin: Margin) -> dict[str, Any]:
    return {name: _ratio(value) for name, value in kpi_table(counts, margin).items()}


def read_ratio(kept: Mapping[str, Any]) -> Ratio:
    """A figure of kept results, its counts as whole numbers and its amounts as decimals."""
    numerator, denominator = (one if isinstance(one, int) else Decimal(one) for one in (kept["numerator"], kept["denominator"]))
    return Ratio(numerator, denominator, None if kept["value"] is None else Decimal(kept["value"]))


def _ratio(value: Ratio) -> dict[str, Any]:
    return {"numerator": _number(value.numerator), "denominator": _number(value.denominator), "value": value.value}


def _number(value: int | Decimal) -> int | str:
    return value if isinstance(value, int) else f"{value:.2f}"


def _groups(priced: Mapping[str, Counts], facts: CampaignFacts, key: Any) -> dict[str, Counts]:
    groups: dict[str, list[Counts]] = {}
    for lot in facts.lots:
        if lot.is_sent:
            groups.setdefault(key(lot), []).append(priced[lot.code])
    return {name: sum_counts(members) for name, members in sorted(groups.items())}


def _tables(priced: Mapping[str, Counts], facts: CampaignFacts, key: Any) -> dict[str, Any]:
    return {name: _table(counts, facts.campaign.margin) for name, counts in _groups(priced, facts, key).items()}


def _counts(priced: Mapping[str, Counts], facts: CampaignFacts, key: Any) -> dict[str, Any]:
    return {name: vars(counts) for name, counts in _groups(priced, facts, key).items()}


def _by_tag(priced: Mapping[str, Counts], facts: CampaignFacts) -> dict[str, Counts]:
    """What pieces of each tag came to. A piece has many tags, so these do not add up (trade reference, section 6)."""
    tags = {message.code: message.tag_names for message in facts.messages}
    sent = [lot for lot in facts.lots if lot.is_sent]
    names = sorted({tag for lot in sent for tag in tags.get(lot.message, ())})
    return {name: sum_counts(priced[lot.code] for lot in sent if name in tags.get(lot.message, ())) for name in names}


def _lot(lot: Lot) -> dict[str, Any]:
    names = ("code", "list_code", "segment", "offer", "message", "role", "channel", "quantity", "seeds")
    told = {("list" if name == "list_code" else name): getattr(lot, name) for name in names}
    return told | ({"not_sent_reason": lot.not_sent_reason} if lot.not_sent_reason else {})


def _penetration(facts: CampaignFacts) -> Ratio:
    """Who answered, of all whom the segments that were mailed have. A response without a person's number is one of its own.

    A segment of which nobody said how many people it has is left out on both sides.
    """
    lists = {row.id: row.code for row in facts.lists}
    universes = {(lists.get(one.list_id), one.code): one.universe for one in facts.segments if one.universe}
    mailed = [lot for lot in facts.lots if lot.is_sent and (lot.list_code, lot.segment) in universes]
    person = sa.func.coalesce(sa.func.nullif(col(Response.unique_id), ""), sa.cast(col(Response.id), sa.String))
    answered = sa.select(sa.func.count(sa.distinct(person))).where(
        col(Response.campaign_id) == facts.campaign.id,
        col(Response.attribution).not_in(APART),
        col(Response.lot_code).in_([lot.code for lot in mailed]),
    )
    universe = sum(universes[place] for place in {(lot.list_code, lot.segment) for lot in mailed})
    return penetration(facts.session.connection().execute(answered).scalar_one(), universe)


def _apart(facts: CampaignFacts, attribution: str) -> dict[str, Any]:
    gifts = sa.func.sum(col(Response.amount)).filter(col(Response.kind) == GIFT)
    total = sa.select(sa.func.count(), sa.func.coalesce(gifts, 0)).where(
        col(Response.campaign_id) == facts.campaign.id, col(Response.attribution) == attribution
    )
    number, amount = facts.session.connection().execute(total).one()
    return {"responses": number, "amount": f"{Decimal(amount):.2f}"}


def _checks(facts: CampaignFacts, lists: Mapping[str, Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """Conservation from net to mailed and responses, and targets beside what came of them."""
    for code, figures in lists.items():
        lots = sum(lot.quantity for lot in facts.lots if lot.list_code == code)
        yield _check(f"net=lots:{code}", figures["net"], lots, lots == figures["net"])
    responses = sum(figures["responses"] for figures in lists.values())
    if facts.campaign.target_responses is not None:
        yield _check(
            "target_responses", facts.campaign.target_responses, responses, responses >= facts.campaign.target_responses, "warning"
        )


def _check(code: str, expected: Any, actual: Any, holds: bool, otherwise: str = "failed") -> dict[str, Any]:
    return {"code": code, "expected": expected, "actual": actual, "tolerance": 0, "verdict": "ok" if holds else otherwise, "override": None}
