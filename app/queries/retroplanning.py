"""A campaign's retroplanning: each step planned, forecast and done, what moved the drop, until when each control is safe, list by list.

Several facts of one campaign are read; not for lists of campaigns, which `schedule` serves from dates alone, by the same rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from app.queries.schedule import baseline_of, finished_on, place_of, progress_of, region_of
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.states import TEN_STAGES, CampaignState
from workflows.order.model import OrderState
from workflows.plan_line.model import HERE, LineState
from workflows.trade.outlook import Outlook, Part, PartOutlook, look_ahead
from workflows.trade.retroplanning import DEFAULT_CONTROL_POINTS, latest_order_on
from workflows.trade.working_days import NoDropWindow, Region, drop_warnings, local_day

SETTLED = (LineState.CANDIDATE, LineState.AGREED)


@dataclass(frozen=True, kw_only=True)
class ListDates:
    """One list's way into the campaign. `order_by_on` is the last day on which its owner can be asked and still deliver in time."""

    code: str
    name: str
    supplier: str
    lead_days: int
    order_by_on: date | None
    ordered_on: date | None
    file: PartOutlook


@dataclass(frozen=True, kw_only=True)
class RetroplanningView:
    """Everything the page shows. `planned_warnings` and `expected_warnings` are codes of what speaks against dropping on that day,
    `windows` those of the campaign's policy, with their words.
    """

    outlook: Outlook
    region: Region
    place: int
    dropped_on: date | None
    windows: tuple[NoDropWindow, ...]
    planned_warnings: tuple[str, ...]
    expected_warnings: tuple[str, ...]
    lists: tuple[ListDates, ...]


def get_retroplanning(facts: CampaignFacts, *, now: datetime) -> RetroplanningView | None:
    """The retroplanning as it stands on the campaign's own day; None where a campaign was never scheduled."""
    campaign = facts.campaign
    planned = baseline_of(campaign)
    if planned is None:
        return None
    windows = campaign.policy.no_drop_windows
    region, place, today = region_of(campaign), place_of(campaign), campaign.today(now)
    finished = finished_on(facts.session, [campaign.id]).get(campaign.id, {})
    progress = progress_of(campaign, planned, finished, place)
    ends_on = {step.step: step.finish_on for step in planned.steps}
    parts = tuple(_parts(facts, ends_on, place))
    outlook = look_ahead(planned, campaign.policy.lead_times, DEFAULT_CONTROL_POINTS, progress, parts, today, region)
    files = {one.part.code: one for one in outlook.parts if one.part.step == "delivery"}
    return RetroplanningView(
        outlook=outlook,
        region=region,
        place=place,
        dropped_on=campaign.dropped_on,
        windows=windows,
        planned_warnings=tuple(drop_warnings(outlook.drop_planned_on, windows, region)),
        expected_warnings=tuple(drop_warnings(outlook.drop_expected_on, windows, region)),
        lists=tuple(_lists(facts, files, ends_on["delivery"], region)),
    )


def _parts(facts: CampaignFacts, ends_on: dict[str, date], place: int) -> Iterator[Part]:
    """What the steps wait for side by side: terms of lists, answers to orders, files, signed proofs; of stages that were reached."""
    if place >= TEN_STAGES.index(CampaignState.NEGOTIATION):
        for row in facts.live_lists:
            if not row.is_house:
                open_lines = any(line.state in SETTLED for line in facts.live_lines if line.list_id == row.id)
                settled_at = None if open_lines else row.consent_at or row.terms_agreed_at
                yield Part(step="negotiation", code=row.code, due_on=ends_on["negotiation"], done_on=_day(settled_at))
    if place >= TEN_STAGES.index(CampaignState.ORDER):
        # Issued anew since the drop was moved, an order is no part any more of a step that is behind.
        moved = {move.from_seq for move in facts.drop_moves} if place > TEN_STAGES.index(CampaignState.ORDER) else set()
        for order in (one for one in facts.live_orders if one.from_seq not in moved):
            answered_at = order.answered_at if order.state == OrderState.ACCEPTED else None
            yield Part(step="order", code=order.number, due_on=ends_on["order"], done_on=_day(answered_at))
    promised = {order.list_id: order.deliver_by for order in facts.live_orders if order.list_id}
    for row in facts.live_lists:
        due_on = promised.get(row.id) or ends_on["delivery"]
        yield Part(step="delivery", code=row.code, due_on=due_on, done_on=_here_on(facts, row.id))
    if place >= TEN_STAGES.index(CampaignState.SEND):
        for message in facts.used_messages:
            yield Part(step="proof", code=message.code, due_on=ends_on["proof"], done_on=_day(message.proof_signed_at))


def _here_on(facts: CampaignFacts, list_id: object) -> date | None:
    """The day on which the last accepted file of a list came, once the list is accepted whole."""
    if not all(line.state in HERE for line in facts.live_lines if line.list_id == list_id):
        return None
    return _day(max((file.received_at for file in facts.accepted_files if file.list_id == list_id), default=None))


def _lists(facts: CampaignFacts, files: dict[str, PartOutlook], needed_on: date, region: Region) -> Iterator[ListDates]:
    orders = {order.list_id: order for order in facts.live_orders if order.list_id}
    for row in facts.live_lists:
        order, supplier = orders.get(row.id), facts.supplier(row.supplier_id)
        yield ListDates(
            code=row.code,
            name=row.name,
            supplier=supplier.name if supplier else "",
            lead_days=row.lead_days,
            order_by_on=None if row.is_house else latest_order_on(needed_on, row.lead_days, region),
            ordered_on=local_day(order.issued_at) if order else None,
            file=files[row.code],
        )


def _day(at: datetime | None) -> date | None:
    return local_day(at) if at else None
