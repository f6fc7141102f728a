"""Moving a campaign's drop: how it was moved so far, and what another day would change, before anybody decides it. Not for the rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from app.queries.names import name_of
from workflows.campaign.any_stage.moving_drop import orders_to_redate, refuse_day
from workflows.campaign.contacted.recounting import keys_not_looked_up
from workflows.campaign.dedupe.pressure import OtherSends, sends_counted_otherwise
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.orders.mailing_order import ordered_seq
from workflows.campaign.orders.ordering import dated_orders
from workflows.campaign.papers import papers_to_redate
from workflows.campaign.planning import day_warnings
from workflows.campaign.states import CampaignState
from workflows.engine.checkpoints import ErasableText


@dataclass(frozen=True, kw_only=True)
class MovedDrop:
    """One move that was made: from which day to which, by whom, and why; `reason` is empty where it was erased."""

    from_on: date
    to_on: date
    moved_at: datetime
    moved_by: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DropHistory:
    """The day first promised, with the end of each step then; the day planned now, and the moves between, oldest first."""

    first_on: date
    first_ends: Mapping[str, date]
    planned_on: date
    moves: tuple[MovedDrop, ...]


@dataclass(frozen=True, kw_only=True)
class OrderToRedate:
    """An order that goes out anew: its supplier accepts it again, which for a list clears its new mailing window."""

    number: str
    supplier: str
    list_code: str


@dataclass(frozen=True, kw_only=True)
class DropMovePreview:
    """What moving the drop to a day changes. `budget` is `waiting` (made and signed anew), `approved` (stands) or empty.

    `later_orders` go out anew when another budget is approved; `papers` are the kinds of other documents that are issued anew. `is_outrun`
    says that the mail is expected later than that day too.
    """

    from_on: date
    drop_on: date
    warnings: tuple[dict[str, Any], ...]
    orders: tuple[OrderToRedate, ...]
    later_orders: int
    budget: str
    orders_mailing_again: bool
    other_sends: OtherSends
    recounts_barred: bool
    papers: tuple[str, ...]
    purge_on: date
    is_outrun: bool

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists whose owners clear the new window."""
        return tuple(order.list_code for order in self.orders if order.list_code)


def get_drop_history(facts: CampaignFacts) -> DropHistory:
    """How the drop came to the day that is planned now."""
    seqs = [move.from_seq for move in facts.drop_moves]
    words = select(ErasableText.seq, ErasableText.text).where(
        ErasableText.campaign_id == facts.campaign.id, col(ErasableText.seq).in_(seqs), ErasableText.field == "reason"
    )
    reasons = dict(facts.session.exec(words).all()) if seqs else {}
    schedule = facts.drop_moves[0].retroplanning if facts.drop_moves else facts.campaign.retroplanning
    return DropHistory(
        first_on=facts.first_drop_on,
        first_ends={step["step"]: date.fromisoformat(step["finish_on"]) for step in (schedule or {"steps": []})["steps"]},
        planned_on=facts.campaign.drop_on,
        moves=tuple(
            MovedDrop(
                from_on=move.from_on,
                to_on=move.to_on,
                moved_at=move.moved_at,
                moved_by=name_of(facts.session, move.moved_by_id),
                reason=reasons.get(move.from_seq, ""),
            )
            for move in facts.drop_moves
        ),
    )


def preview_drop_move(facts: CampaignFacts, drop_on: date, *, today: date, expected_on: date | None) -> DropMovePreview:
    """What moving the drop to that day would change, as things stand.

    :param expected_on: the day on which the mail is expected to drop at the present pace.
    :raises Refused: when it cannot be moved to that day.
    """
    refuse_day(facts, drop_on, today)
    campaign = facts.campaign
    at_once, dated = orders_to_redate(facts), dated_orders(facts)
    approved = facts.budget is not None and facts.budget.approved_at is not None
    before_budget = campaign.state in (CampaignState.PLAN, CampaignState.NEGOTIATION)
    return DropMovePreview(
        from_on=campaign.drop_on,
        drop_on=drop_on,
        warnings=tuple(day_warnings(facts, drop_on)),
        orders=tuple(
            OrderToRedate(number=order.number, supplier=facts.suppliers[order.supplier_id].name, list_code=order.list_code or "")
            for order in at_once
        ),
        later_orders=0 if at_once else len(dated),
        budget="" if before_budget else "approved" if approved else "waiting",
        orders_mailing_again=ordered_seq(facts) is not None,
        other_sends=sends_counted_otherwise(facts, drop_on),
        recounts_barred=bool(keys_not_looked_up(facts, drop_on)),
        papers=papers_to_redate(facts),
        purge_on=drop_on + (campaign.purge_on - campaign.drop_on),
        is_outrun=expected_on is not None and drop_on < expected_on,
    )
