"""What a plan promises: its projection from the advertiser's history, its retroplanning, and what both warn of. Warnings refuse nothing."""

import re
from collections.abc import Callable, Collection
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.margins import margin_told
from workflows.campaign.model import Campaign, CampaignList, HistoryRow
from workflows.campaign.policy import Policy
from workflows.campaign.terms.other_uses import APART, OtherUse, other_uses
from workflows.engine.command import plain
from workflows.parties.roles import SupplierKind
from workflows.trade import costs as trade_costs
from workflows.trade import projection as trade
from workflows.trade.billing import BillingBasis, ListKind, ListTerms, in_order
from workflows.trade.kpis import Counts
from workflows.trade.lot_codes import LotRole
from workflows.trade.retroplanning import DEFAULT_CONTROL_POINTS, plan_backward
from workflows.trade.sampling import precision_sample_size
from workflows.trade.working_days import add_working_days, drop_warnings

POST_TAKES = 7
"""Working days in which the post delivers what was dropped: the end of the mailing window (trade reference, section 8)."""


def mailing_window(campaign: Campaign, drop_on: date | None = None) -> tuple[date, date]:
    """The first and last day on which owners lend their files to be mailed, for the drop that is planned or for another day."""
    first_on = drop_on or campaign.drop_on
    return first_on, add_working_days(first_on, POST_TAKES, campaign.policy.region)


def planned_step(campaign: Campaign, name: str) -> tuple[date, date]:
    """The first and the last day of a step of the campaign's retroplanning."""
    assert campaign.retroplanning is not None, "a campaign is opened with its retroplanning"
    step = next(one for one in campaign.retroplanning["steps"] if one["step"] == name)
    return date.fromisoformat(step["start_on"]), date.fromisoformat(step["finish_on"])


def project(facts: CampaignFacts) -> trade.PlanProjection:
    """Project the live lines from the advertiser's history under the pinned policy, once for the same facts."""
    found: trade.PlanProjection = facts.remember("projection", lambda: _project(facts))
    return found


def _project(facts: CampaignFacts) -> trade.PlanProjection:
    kinds = {row.id: ListKind(row.nature) for row in facts.lists}
    seeds = len(facts.seeds)
    lines = [
        trade.PlannedLine(
            line.list_code,
            line.segment,
            line.channel,
            line.message,
            LotRole(line.role),
            kinds[line.list_id],
            line.gross_qty,
            seeds,
            line.expected_rate,
        )
        for line in facts.live_lines
    ]
    terms = {row.code: list_terms(row) for row in facts.live_lists}
    return trade.project_plan(lines, history(facts), terms, cost_items(facts), _projection_policy(facts.campaign.policy))


def projection(facts: CampaignFacts) -> dict[str, Any]:
    """The projection as plain data, to be frozen with the plan; amounts and rates are decimal strings, returns are of the brief's margin.

    A line whose response rate was stated has the one that history lets expect beside it.
    """
    found, margin = project(facts), facts.campaign.margin
    lines = [
        {
            "list": one.line.list_code,
            "segment": one.line.segment,
            "channel": one.line.channel,
            "message": one.line.message,
            "role": str(one.line.role),
            "gross": one.line.gross,
            "net": one.net,
            "undeliverable": one.undeliverable,
            "evidence": one.evidence,
            "retention_rate": one.rates.retention_rate,
            "response_rate": one.rates.response_rate,
            "average_gift": one.rates.average_gift,
            "responses": one.central.responses,
            "amount": one.central.amount,
            "cost": one.central.cost,
            "roi": one.central.roi(margin).value,
            **({} if one.line.stated_rate is None else {"projected_rate": one.projected_rate}),
        }
        for one in found.lines
    ]
    outcomes = {
        str(scenario): {
            "responses": outcome.responses,
            "gifts": outcome.gifts,
            "amount": outcome.amount,
            "cost": outcome.cost,
            "roi": outcome.roi(margin).value,
        }
        for scenario, outcome in found.outcomes.items()
    }
    whole = {"net": found.net, "lines": lines, "outcomes": outcomes, "warnings": warnings(facts, found), **margin_told(margin)}
    data: dict[str, Any] = plain(whole)
    return data


def warnings(facts: CampaignFacts, found: trade.PlanProjection) -> list[dict[str, Any]]:
    """Targets missed and habits broken, each with what was expected and what is: for approvers to read.

    A day that policy names carries policy's words for it: they are kept with the plan, and policy may have others later.
    """
    campaign, policy = facts.campaign, facts.campaign.policy
    central = found.outcomes[trade.Scenario.CENTRAL]
    raised: list[dict[str, Any]] = []

    def warn(code: str, expected: Any, actual: Any, **more: Any) -> None:
        raised.append({"code": code, "expected": plain(expected), "actual": plain(actual), **more})

    if campaign.target_responses is not None and central.responses < campaign.target_responses:
        warn("target_responses", campaign.target_responses, central.responses)
    roi = central.roi(campaign.margin).value
    if campaign.target_roi is not None and (roi or Decimal(0)) < campaign.target_roi:
        warn("target_roi", campaign.target_roi, roi)
    if campaign.minimum_net_quantity is not None and found.net < campaign.minimum_net_quantity:
        warn("minimum_net_quantity", campaign.minimum_net_quantity, found.net)
    segments = len({(line.list_code, line.segment) for line in facts.live_lines})
    least, most = policy.whole("thresholds", "segments_least"), policy.whole("thresholds", "segments_most")
    if not least <= segments <= most:
        warn("segments", f"{least}-{most}", segments)
    for (list_code, segment), (universe, gross) in _overdrawn(facts).items():
        warn(f"universe:{list_code}/{segment}", universe, gross)
    rest = policy.whole("thresholds", "rest_months")
    for list_code, months in _months_of_rest(facts).items():
        if months < rest:
            warn(f"recent_use:{list_code}", rest, months)
    _warn_of_tests(facts, found, warn)
    return raised + day_warnings(facts, campaign.drop_on)


def day_warnings(facts: CampaignFacts, drop_on: date) -> list[dict[str, Any]]:
    """What speaks against a day for the drop: an offer that ends too soon after it, a list that is used otherwise then, a weak day."""
    campaign = facts.campaign
    policy, raised = campaign.policy, list[dict[str, Any]]()
    weeks = policy.whole("thresholds", "offer_weeks")
    if campaign.offer_ends_on is not None:
        _dropped_on, landed_on = mailing_window(campaign, drop_on)
        runs = max(0, (campaign.offer_ends_on - landed_on).days // 7)
        if runs < weeks:
            raised.append({"code": "offer_ends", "expected": weeks, "actual": runs})
    raised += use_warnings(facts, drop_on)
    words = {window.code: {"words": dict(window.words)} for window in policy.no_drop_windows}
    for code in drop_warnings(drop_on, policy.no_drop_windows, policy.region):
        raised.append({"code": f"drop:{code}", "expected": None, "actual": plain(drop_on), **words.get(code, {})})
    return raised


def use_warnings(facts: CampaignFacts, drop_on: date) -> list[dict[str, Any]]:
    """Each list that other campaigns use too near to a drop on that day, with the days between and the nearest of them."""
    apart = facts.campaign.policy.whole("thresholds", APART)
    nearest: dict[str, OtherUse] = {}
    for use in other_uses(facts, drop_on):
        nearest.setdefault(use.list_code, use)
    return [
        {"code": f"other_use:{use.list_code}", "expected": apart, "actual": use.days, "campaign": use.campaign_code}
        for use in nearest.values()
    ]


def _warn_of_tests(facts: CampaignFacts, found: trade.PlanProjection, warn: Callable[[str, Any, Any], None]) -> None:
    """Tests too small for a verdict, by their addresses or their responses, or to tell their rate; and their share of all addresses."""
    policy = facts.campaign.policy
    tests = [one for one in found.lines if one.line.role is LotRole.TEST]
    smallest, fewest = policy.whole("thresholds", "minimum_cell"), policy.whole("thresholds", "minimum_responses")
    within = policy.share("thresholds", "test_precision")
    for one in tests:
        about = f"{one.line.list_code}/{one.line.segment}/{one.line.message}"
        if one.net < smallest:
            warn(f"minimum_cell:{about}", smallest, one.net)
        if one.central.responses < fewest:
            warn(f"test_responses:{about}", fewest, int(one.central.responses))
        rate = one.rates.response_rate
        if 0 < within < 1 and 0 < rate < 1 and one.net < (needed := precision_sample_size(rate, within)):
            warn(f"test_precision:{about}", needed, one.net)
    gross = sum(one.line.gross for one in found.lines)
    percent = round(100 * Decimal(sum(one.line.gross for one in tests)) / gross) if gross else 0
    least, most = (round(100 * policy.share("thresholds", name)) for name in ("tests_least", "tests_most"))
    if not least <= percent <= most:
        warn("test_volume", f"{least}-{most}", percent)


def _overdrawn(facts: CampaignFacts) -> dict[tuple[str, str], tuple[int, int]]:
    """Segments of which more is ordered than there is: universe and addresses ordered. A universe of 0 is one that nobody knows."""
    ordered: dict[tuple[str, str], int] = {}
    for line in facts.live_lines:
        key = line.list_code, line.segment
        ordered[key] = ordered.get(key, 0) + line.gross_qty
    codes = {row.id: row.code for row in facts.lists}
    universes = {(codes.get(one.list_id, ""), one.code): one.universe for one in facts.segments}
    return {key: (universes[key], gross) for key, gross in sorted(ordered.items()) if 0 < universes.get(key, 0) < gross}


_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\b")
"""The month of the drop with which a campaign's name in the history begins; one without it tells no age."""


def _months_of_rest(facts: CampaignFacts) -> dict[str, int]:
    """Months from the newest use of each list of others to the drop, where the history of a segment that is planned tells them."""
    planned = {(line.list_code, line.segment) for line in facts.live_lines}
    foreign = {row.code for row in facts.lists if not row.is_house}
    drop, rests = facts.campaign.drop_on, dict[str, int]()
    for row in history(facts):
        month = _MONTH.match(row.campaign)
        if month and row.list_code in foreign and (row.list_code, row.segment) in planned:
            months = (drop.year - int(month[1])) * 12 + drop.month - int(month[2])
            if months >= 0:
                rests[row.list_code] = min(months, rests.get(row.list_code, months))
    return dict(sorted(rests.items()))


def history(facts: CampaignFacts) -> list[trade.HistoryRow]:
    """The advertiser's history in a stable order: what the plan was submitted with, else all but what this very campaign published.

    What follow-ups brought tells follow-ups alone: whoever they write to has left a first piece unanswered.
    """
    statement = (
        select(HistoryRow)
        .where(HistoryRow.advertiser_id == facts.campaign.advertiser_id)
        .where(col(HistoryRow.published_by_id).is_distinct_from(facts.campaign.id))
        .order_by(col(HistoryRow.campaign), col(HistoryRow.list_code), col(HistoryRow.segment), col(HistoryRow.message))
    )
    if facts.campaign.follow_up_of_id is None:
        statement = statement.where(_not_of_a_follow_up())
    if facts.campaign.pinned_history is not None:
        statement = statement.where(col(HistoryRow.id).in_([UUID(one) for one in facts.campaign.pinned_history]))
    return [
        trade.HistoryRow(
            row.campaign,
            row.list_code,
            row.segment,
            row.channel,
            row.message,
            ListKind(row.nature),
            Counts(
                gross=row.gross,
                net=row.net,
                mailed=row.mailed,
                undeliverable=row.undeliverable,
                responses=row.responses,
                gifts=row.gifts,
                amount=row.amount,
                cost=row.cost,
            ),
        )
        for row in facts.session.exec(statement)
    ]


def _not_of_a_follow_up() -> Any:
    follow_ups = select(Campaign.id).where(col(Campaign.follow_up_of_id).is_not(None))
    return col(HistoryRow.published_by_id).is_(None) | col(HistoryRow.published_by_id).not_in(follow_ups)


def pin_history(facts: CampaignFacts) -> None:
    """From here on project from the history as it is now."""
    statement = select(HistoryRow.id).where(
        HistoryRow.advertiser_id == facts.campaign.advertiser_id, col(HistoryRow.published_by_id).is_distinct_from(facts.campaign.id)
    )
    facts.campaign.pinned_history = sorted(str(one) for one in facts.session.exec(statement))


def list_terms(row: CampaignList) -> ListTerms:
    """A list's terms as the trade rules take them."""
    return ListTerms(
        cpm=row.cpm,
        selection_cpm=row.selection_cpm,
        run_charge_cpm=row.run_charge_cpm,
        min_billing_rate=row.min_billing_rate,
        min_invoice_amount=row.min_invoice_amount,
        technical_fee=row.technical_fee,
        billing_basis=BillingBasis(row.billing_basis),
        unbilled_reasons=in_order(row.unbilled_reasons),
    )


def cost_items(facts: CampaignFacts) -> list[trade_costs.CostItem]:
    """The campaign's costs as the trade rules take them, suppliers by code."""
    return [
        trade_costs.CostItem(
            item.nature,
            trade_costs.CostBasis(item.basis),
            item.amount,
            supplier.code if (supplier := facts.supplier(item.supplier_id)) else None,
            is_printing=supplier is not None and supplier.kind == SupplierKind.PRINTER,
        )
        for item in facts.costs
    ]


def retroplanning(campaign: Campaign, done: Collection[str] = ()) -> dict[str, Any]:
    """The backward schedule from the drop date as plain data: steps and the control points C1–C11.

    :param done: stages that are behind; their steps and controls keep the days they had, so that what was late stays late.
    """
    schedule = plan_backward(campaign.drop_on, campaign.policy.lead_times, region=campaign.policy.region)
    had = campaign.retroplanning if done and campaign.retroplanning else {"steps": [], "control_points": []}
    kept = {one["step"]: one for one in had["steps"] if one["stage"] in done}
    passed = {point.code for point in DEFAULT_CONTROL_POINTS if point.step in kept}
    controls = {one["code"]: one for one in had["control_points"] if one["code"] in passed}
    steps = [kept.get(step.step) or plain(vars(step)) for step in schedule.steps]
    data: dict[str, Any] = plain(
        {
            "first_on": min(step["start_on"] for step in steps),
            "last_on": schedule.last_on,
            "steps": steps,
            "control_points": [controls.get(point.code) or vars(point) for point in schedule.control_points],
        }
    )
    return data


def _projection_policy(policy: Policy) -> trade.ProjectionPolicy:
    def share(name: str) -> Decimal:
        return policy.share("projection", name)

    return trade.ProjectionPolicy(
        prior_weight=policy.whole("projection", "prior_weight"),
        gift_prior_weight=policy.whole("projection", "gift_prior_weight"),
        rollout_decay=share("rollout_decay"),
        season_factor=share("season_factor"),
        recency_factor=share("recency_factor"),
        scenario_confidence=float(share("scenario_confidence")),
        start=trade.Rates(
            retention_rate=share("start_retention_rate"),
            undeliverable_rate=share("start_undeliverable_rate"),
            response_rate=share("start_response_rate"),
            conversion_rate=share("start_conversion_rate"),
            average_gift=share("start_average_gift"),
        ),
    )
