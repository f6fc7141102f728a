"""What the results report says: the campaign's figures as they were computed once, with intervals, verdicts, claims and lessons."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from workflows.campaign.documents import (
    Check,
    CreditRow,
    CurvePoint,
    CurveUsed,
    FunnelStep,
    InvoiceRow,
    KpiRow,
    Lesson,
    Measure,
    ResultRow,
    ResultsReport,
    SharedRow,
    TestVerdict,
    UpliftBasis,
    UpliftRow,
    UpliftSide,
    WarrantyRow,
    count,
    money,
    ratio,
)
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.billed import billed_amount
from workflows.campaign.invoices.expected import standings
from workflows.campaign.invoices.services import service_bills
from workflows.campaign.margins import margin_in
from workflows.campaign.papers import heads
from workflows.campaign.records import Response
from workflows.campaign.results.credited import APART
from workflows.campaign.results.curves import channel_curves
from workflows.campaign.results.figures import read_ratio
from workflows.campaign.results.judging import Judgement, judgements
from workflows.campaign.results.uplift import Side, Uplift, uplifts
from workflows.campaign.states import CampaignState
from workflows.engine.process import Paper
from workflows.engine.step import Step
from workflows.trade import kpis
from workflows.trade.attribution import Method
from workflows.trade.billing import claim_undeliverable
from workflows.trade.kpis import Counts, Margin, Ratio
from workflows.trade.money import ZERO, round_cents
from workflows.trade.sampling import Verdict
from workflows.trade.working_days import local_day

UPLIFT_VERDICTS = {
    Verdict.A_WINS: "mailing_costs",
    Verdict.B_WINS: "mailing_brings",
    Verdict.NO_DIFFERENCE: "no_difference",
    Verdict.INCONCLUSIVE: "inconclusive",
}

VERDICTS = {
    Verdict.A_WINS: "control_wins",
    Verdict.B_WINS: "variant_wins",
    Verdict.NO_DIFFERENCE: "no_difference",
    Verdict.INCONCLUSIVE: "inconclusive",
}


def results_report(step: Step) -> Iterable[Paper]:
    """The balance of the campaign that is published."""
    facts = heads.gather(step)
    campaign, result = facts.campaign, facts.result
    assert result is not None, "results are computed before they are published"
    body, margin = result.body, margin_in(result.body)
    lists = {code: _list_counts(figures) for code, figures in body["lists"].items()}
    whole = kpis.sum_counts(lists.values())
    names = {row.code: row.name for row in facts.lists}
    messages = {one.code: one.label for one in facts.messages}
    lots = {lot.code: f"{lot.list_code}/{lot.segment}/{lot.message}" for lot in facts.lots}
    groups = {name: {key: _counts(one) for key, one in sorted(members.items())} for name, members in body["counts"].items()}
    channels = groups.get("by_channel", {})
    uplift = uplifts(facts)
    yield heads.paper(
        ResultsReport(
            head=heads.head(step, facts, ResultsReport, heads.number(facts, heads.RESULTS_REPORT), stage=CampaignState.ANALYSIS),
            drop_on=campaign.drop_day,
            closed_on=local_day(step.now),
            campaign=_row(campaign.code, campaign.title, whole, margin),
            funnel=tuple(_funnel(body["lists"], whole)),
            kpis=(
                *(_kpi(facts, code, one) for code, one in _in_shown_order(body["kpis"]["campaign"])),
                *_more_kpis(body, whole, uplift, margin),
            ),
            by_list=tuple(_row(code, names.get(code, code), counts, margin) for code, counts in sorted(lists.items())),
            by_segment=tuple(_row(key, names.get(key.split("/")[0], key), counts, margin) for key, counts in groups["by_segment"].items()),
            by_message=tuple(_row(key, messages.get(key, key), counts, margin) for key, counts in groups["by_message"].items()),
            by_lot=tuple(_row(key, lots.get(key, key), counts, margin) for key, counts in groups["by_lot"].items()),
            targets=tuple(_targets(facts, whole, margin)),
            curve=tuple(_curve(facts)),
            tests=tuple(_tests(judgements(facts))),
            least_uplift=facts.campaign.policy.share("lots", "least_uplift"),
            warranties=tuple(_warranties(facts, lists)),
            invoices=tuple(_invoices(facts, body["lists"])),
            lessons=tuple(Lesson(about=one.stage or campaign.code, text=one.words) for one in facts.lessons),
            budget_amount=facts.budget.total_amount if facts.budget else None,
            by_channel=tuple(_row(key, "", counts, margin) for key, counts in channels.items()) if len(channels) > 1 else (),
            unattributed_responses=body["unattributed"]["responses"],
            unattributed_amount=Decimal(body["unattributed"]["amount"]),
            set_aside_responses=body["set_aside"]["responses"],
            curves_used=tuple(
                CurveUsed(channel=one.channel, campaigns=one.campaigns, answers=one.answers) for one in channel_curves(facts)
            ),
            uplift=tuple(_uplift_row(one, names) for one in uplift),
            uplift_basis=_uplift_basis(body["held_out"]) if uplift else None,
            credited=tuple(_credited(body)),
            disagreed=body.get("credited", {}).get("disagreed", 0),
            margin=heads.margin_used(margin),
            shared=tuple(_shared(body, names)),
            several_responses=body.get("shared", {}).get("several", 0),
            untold_responses=body.get("shared", {}).get("untold", 0),
        ),
        subject_id=result.id,
    )


def _credited(body: Mapping[str, Any]) -> Iterable[CreditRow]:
    """What each step credited, in their order: stored data keeps none."""
    taken = body.get("credited", {}).get("steps", {})
    for code in Method:
        if code in taken:
            yield CreditRow(code=str(code), responses=taken[code]["responses"], amount=Decimal(taken[code]["amount"]))


def _shared(body: Mapping[str, Any], names: Mapping[str, str]) -> Iterable[SharedRow]:
    """What each list is credited with beside its equal parts."""
    for code, parts in sorted(body.get("shared", {}).get("by_list", {}).items()):
        credited = body["lists"][code]
        yield SharedRow(
            list_code=code,
            list_name=names.get(code, code),
            responses=credited["responses"],
            shared_responses=Decimal(parts["responses"]),
            gifts=credited["gifts"],
            shared_gifts=Decimal(parts["gifts"]),
            amount=Decimal(credited["amount"]),
            shared_amount=Decimal(parts["amount"]),
        )


def _counts(stored: Mapping[str, Any]) -> Counts:
    """Counts back from plain data, where amounts are text."""
    values: dict[str, Any] = {}
    for one in fields(Counts):
        value = stored.get(one.name, one.default)
        values[one.name] = Decimal(value) if isinstance(value, str) else value
    return Counts(**values)


def _list_counts(figures: Mapping[str, Any]) -> Counts:
    return _counts({**figures, "gross": figures["delivered"]})


def _row(key: str, label: str, counts: Counts, margin: Margin) -> ResultRow:
    """One slice with its rates and their 95 % intervals."""
    answered, returned = kpis.response_rate(counts), kpis.undeliverable_rate(counts)
    response_low, response_high = _bounds(answered)
    undeliverable_low, undeliverable_high = _bounds(returned)
    return ResultRow(
        key=key,
        label=label,
        mailed=counts.mailed,
        undeliverable=counts.undeliverable,
        responses=counts.responses,
        gifts=counts.gifts,
        amount=counts.amount,
        cost_amount=counts.cost,
        response_rate=answered.value,
        undeliverable_rate=returned.value,
        yield_rate=kpis.yield_rate(counts).value,
        average_gift=_cents(kpis.average_gift(counts).value),
        cost_per_response=_cents(kpis.cost_per_response(counts).value),
        roi=kpis.roi(counts, margin).value,
        response_low_rate=response_low,
        response_high_rate=response_high,
        undeliverable_low_rate=undeliverable_low,
        undeliverable_high_rate=undeliverable_high,
    )


def _bounds(figure: Ratio) -> tuple[Decimal | None, Decimal | None]:
    interval = figure.interval
    return (interval.low, interval.high) if interval else (None, None)


def _cents(value: Decimal | None) -> Decimal | None:
    return None if value is None else round_cents(value)


def _funnel(lists: Mapping[str, Mapping[str, Any]], whole: Counts) -> Iterable[FunnelStep]:
    steps = {
        "ordered": sum(figures["ordered"] for figures in lists.values()),
        "delivered": whole.gross,
        "net": whole.net,
        "mailed": whole.mailed,
        "arrived": whole.mailed - whole.undeliverable,
        "responses": whole.responses,
        "gifts": whole.gifts,
    }
    for code, quantity in steps.items():
        yield FunnelStep(code=code, quantity=quantity)


def _in_shown_order(table: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """Key figures in the order of the trade's own table: stored data keeps none."""
    for code in (*kpis.KPIS, *kpis.RETURNS):
        if code in table:
            yield code, table[code]


def _kpi(facts: CampaignFacts, code: str, stored: Mapping[str, Any]) -> KpiRow:
    return _kpi_row(code, read_ratio(stored), target=facts.campaign.target_roi if code == "roi" else None)


def _more_kpis(body: Mapping[str, Any], whole: Counts, uplift: Iterable[Uplift], margin: Margin) -> Iterable[KpiRow]:
    """The figures that hold for the campaign alone."""
    yield _kpi_row("response_rate_of_delivered", kpis.response_rate_of_delivered(whole))
    if "penetration" in body:
        yield _kpi_row("penetration", read_ratio(body["penetration"]))
    yield KpiRow(code="contribution", unit="money", value=kpis.contribution(whole, margin))
    for one in uplift:
        if not one.list_code:
            yield KpiRow(code="uplift", unit="points", value=one.difference, low_rate=one.interval.low, high_rate=one.interval.high)


def _kpi_row(code: str, figure: Ratio, target: Decimal | None = None) -> KpiRow:
    unit = "money" if code in kpis.IN_EUROS else "ratio" if code in kpis.RETURNS else "share"
    low, high = _bounds(figure) if unit == "share" else (None, None)
    return KpiRow(
        code=code,
        unit=unit,
        numerator=Decimal(figure.numerator),
        denominator=Decimal(figure.denominator),
        value=figure.value,
        target=target,
        low_rate=low,
        high_rate=high,
    )


def _targets(facts: CampaignFacts, whole: Counts, margin: Margin) -> Iterable[Check]:
    """The campaign's objectives against what came of them."""
    campaign, roi = facts.campaign, kpis.roi(whole, margin).value

    def target(code: str, reached: bool, expected: Measure, actual: Measure | None) -> Check:
        return Check(code=code, verdict="ok" if reached else "warning", expected=expected, actual=actual)

    if (responses := campaign.target_responses) is not None:
        yield target("target_responses", whole.responses >= responses, count(responses), count(whole.responses))
    if (wanted := campaign.target_roi) is not None:
        yield target("target_roi", roi is not None and roi >= wanted, ratio(wanted), None if roi is None else ratio(roi))
    if (minimum := campaign.minimum_net_quantity) is not None:
        yield target("minimum_net_quantity", whole.net >= minimum, count(minimum), count(whole.net))
    limit = campaign.envelope_amount
    yield target("envelope", whole.cost <= limit, money(limit), money(whole.cost))


def _curve(facts: CampaignFacts) -> Iterable[CurvePoint]:
    """Attributed responses by the end of each day on which any came."""
    day = col(Response.responded_on)
    statement = (
        select(day, func.count())
        .where(Response.campaign_id == facts.campaign.id, col(Response.attribution).not_in(APART), day.is_not(None))
        .group_by(day)
        .order_by(day)
    )
    so_far = 0
    for on, number in facts.session.exec(statement):
        so_far += number
        if on is not None:
            yield CurvePoint(on=on, responses=so_far)


def _tests(judged: Iterable[Judgement]) -> Iterable[TestVerdict]:
    """Each verdict as it is printed."""
    judged = tuple(judged)
    several_channels = len({one.channel for one in judged}) > 1
    for one in judged:
        few, (of_control, of_variant) = one.reach.too_few, one.reach.missing
        control, variant = one.control_sample.interval, one.variant_sample.interval
        yield TestVerdict(
            hypothesis=one.about,
            control=one.control_lot or one.control,
            variant=one.variant_lot or one.variant,
            control_rate=one.control_sample.rate,
            variant_rate=one.variant_sample.rate,
            verdict=VERDICTS[one.verdict],
            p_value=Decimal(f"{one.p_value:.6f}"),
            more_needed_qty=of_variant or None,
            control_more_needed_qty=of_control or None,
            winner={Verdict.A_WINS: one.control, Verdict.B_WINS: one.variant}.get(one.verdict, ""),
            few_responses=int(one.reach.responses or 0) if few else None,
            least_responses=one.reach.least_responses if few else None,
            channel=one.channel if several_channels else "",
            control_low_rate=control.low if control else None,
            control_high_rate=control.high if control else None,
            variant_low_rate=variant.low if variant else None,
            variant_high_rate=variant.high if variant else None,
        )


def _uplift_row(one: Uplift, names: Mapping[str, str]) -> UpliftRow:
    low, high = one.answers_interval
    lacks_held_out, lacks_mailed = one.reach.missing
    return UpliftRow(
        list_code=one.list_code,
        list_name=names.get(one.list_code, one.list_code),
        mailed=_uplift_side(one.mailed, lacks_mailed),
        held_out=_uplift_side(one.held_out, lacks_held_out),
        difference_rate=one.difference,
        difference_low_rate=one.interval.low,
        difference_high_rate=one.interval.high,
        answers=one.answers,
        answers_low=low,
        answers_high=high,
        amount=one.amount,
        p_value=Decimal(f"{one.p_value:.6f}"),
        verdict=UPLIFT_VERDICTS[one.verdict],
        few_responses=int(one.reach.responses or 0) if one.reach.too_few else None,
        least_responses=one.reach.least_responses if one.reach.too_few else None,
    )


def _uplift_side(side: Side, lacks: int) -> UpliftSide:
    rate = Ratio.of(side.answering, side.people)
    low, high = _bounds(rate)
    return UpliftSide(
        people=side.people, answering=side.answering, rate=rate.value, low_rate=low, high_rate=high, more_needed_qty=lacks or None
    )


def _uplift_basis(stored: Mapping[str, Any]) -> UpliftBasis:
    return UpliftBasis(days=stored["days"], credited=stored["credited"], matched=stored["matched"], left_out_qty=stored["left_out"])


def _warranties(facts: CampaignFacts, lists: Mapping[str, Counts]) -> Iterable[WarrantyRow]:
    """Mail that came back against what each owner guaranteed, and what may be claimed back at the price of the list."""
    for row in facts.lists:
        counts = lists.get(row.code)
        if counts is None or row.is_house or row.undeliverable_guarantee is None:
            continue
        claim = claim_undeliverable(counts.mailed, counts.undeliverable, row.undeliverable_guarantee, row.cpm)
        yield WarrantyRow(
            list_code=row.code,
            list_name=row.name,
            warranty_rate=row.undeliverable_guarantee,
            observed_rate=kpis.undeliverable_rate(counts).value,
            claim_qty=claim.excess,
            refund_amount=claim.refund_amount if claim.excess else None,
        )


def _invoices(facts: CampaignFacts, lists: Mapping[str, Mapping[str, Any]]) -> Iterable[InvoiceRow]:
    """What each supplier was ordered and what is due: for a list by its statement, for services by what was really done."""
    bills = service_bills(facts)
    stand = {one.due.order.number: one for one in standings(facts) if one.due.is_expected or one.invoice}
    for order in (*facts.live_orders, *(one for one in facts.withdrawn_orders if one.owed_amount)):
        supplier = facts.suppliers[order.supplier_id]
        standing = stand.get(order.number)
        invoice = standing.invoice if standing else None
        code = order.list_code or ""
        if order.owed_amount:
            amount = order.owed_amount
        elif code:
            amount = Decimal(lists[code]["due_amount"]) if code in lists else ZERO
        else:
            amount = bills[order.number].due_amount if order.number in bills else ZERO
        yield InvoiceRow(
            order_number=order.number,
            supplier_name=supplier.name,
            ordered_amount=order.total_amount,
            due_amount=amount,
            list_code=code,
            invoice_state=standing.state if standing else "",
            invoice_number=invoice.number if invoice else "",
            invoiced_amount=billed_amount(facts, invoice) if invoice else None,
            credit_notes=tuple(one.number for one in facts.credit_notes if invoice and one.credits_id == invoice.id),
        )
