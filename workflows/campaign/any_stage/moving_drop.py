"""Moving the drop to another day, with a reason, while nothing is posted: the most ordinary event of the trade, when somebody is late.

What follows from the day follows it: the retroplanning (its earlier schedules are kept); protected dates; the days on orders, which go out
anew and are accepted anew, so that owners clear the new mailing window; media plan, dedupe brief and lot plan, issued anew; the mailing
order, which has to go out again; the days on which address files end. A budget that waits is made anew and signed anew; one that is
approved stands, because no amount of it depends on the day, and its signers are told. Not for confirming the drop that was: `stages.send`
does. Not for a day that only slips in the forecast: `app.queries.retroplanning` tells that.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from workflows.campaign.budget.conditions import withheld
from workflows.campaign.budget.snapshot import new_budget
from workflows.campaign.contacted.recounting import RECOUNT, keys_not_looked_up
from workflows.campaign.data_protection.purging import follow_drop
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.orders.mailing_order import ORDER_AGAIN
from workflows.campaign.orders.ordering import REMIND_ORDERS, dated_orders, orders_of_this_step, papers_of_orders, redate_orders
from workflows.campaign.papers import budget_file, redated_briefs, redated_lot_plans, redated_media_plans, redated_order
from workflows.campaign.planning import day_warnings, retroplanning
from workflows.campaign.records import DropMove
from workflows.campaign.rules import reason_is_given
from workflows.campaign.states import ORDERS_ARE_OUT, TEN_STAGES, CampaignState
from workflows.campaign.terms.days import protected_dates_follow
from workflows.engine.command import Command, free_text
from workflows.engine.process import DocumentSpec, Move, ServiceTaskRef, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.order.model import OrderState, PurchaseOrder
from workflows.parties.roles import Role

DROP_YEARS = range(1990, 2200)
"""Years that a calendar has, backward and forward from the drop."""


class DropBeyondCalendar(Refused):
    """A retroplanning is counted backward and forward from the drop, over years that a calendar has."""

    code = "plan.drop_beyond_calendar"


class DropNotAhead(Refused):
    """A drop is planned for a day that is still to come."""

    code = "drop.not_ahead"


class DropUnchanged(Refused):
    """The drop is planned for that day already."""

    code = "drop.unchanged"


class DropHasBegun(Refused):
    """Mail of the campaign is with the post: its drop is that day, and moves no more."""

    code = "drop.has_begun"


@dataclass(frozen=True, kw_only=True)
class MoveDrop(Command):
    """Plan the drop for another day, and say why."""

    drop_on: date
    reason: str = free_text()


def refuse_year(drop_on: date) -> None:
    """Refuse a drop that no calendar has.

    :raises DropBeyondCalendar: when it is in no year that a campaign can have.
    """
    if drop_on.year not in DROP_YEARS:
        raise DropBeyondCalendar(drop_on=drop_on)


def refuse_day(facts: CampaignFacts, drop_on: date, today: date) -> None:
    """Refuse a day to which the drop cannot be moved. Weak days are no reason: they are warned of.

    :raises DropBeyondCalendar: when it is in no year that a campaign can have.
    :raises DropNotAhead: when it is not to come.
    :raises DropUnchanged: when it is the day that is planned.
    :raises DropHasBegun: when mail is with the post.
    """
    refuse_year(drop_on)
    if facts.deposits:
        raise DropHasBegun()
    if drop_on <= today:
        raise DropNotAhead(drop_on=drop_on)
    if drop_on == facts.campaign.drop_on:
        raise DropUnchanged(drop_on=drop_on)


def is_another_day(step: Step) -> None:
    """Refuse a day to which the drop cannot be moved, as `refuse_day` says."""
    refuse_day(step.facts, step.command.drop_on, step.chain.today(step.now))


def orders_to_redate(facts: CampaignFacts) -> list[PurchaseOrder]:
    """The orders that go out anew as soon as the drop is moved; while a budget is prepared, they wait for its approval."""
    return dated_orders(facts) if facts.campaign.state in ORDERS_ARE_OUT and not withheld(facts) else []


def move_drop(step: Step) -> None:
    """Plan the drop for the new day, and let what is counted from it follow."""
    campaign: Campaign = step.chain
    command: MoveDrop = step.command
    from_on, purged_on, at_once = campaign.drop_on, campaign.purge_on, bool(orders_to_redate(step.facts))
    step.control("drop_on", expected=from_on.isoformat(), actual=command.drop_on.isoformat(), verdict="ok")
    step.session.add(
        DropMove(
            **step.from_now_on(),
            from_on=from_on,
            to_on=command.drop_on,
            retroplanning=campaign.retroplanning,
            moved_by_id=step.actor.person_id,
            moved_at=step.now,
        )
    )
    campaign.drop_on = command.drop_on
    protected_dates_follow(step.facts, campaign.drop_on - from_on)
    for warning in day_warnings(step.facts, command.drop_on):
        step.control(warning["code"], expected=warning["expected"], actual=warning["actual"], verdict="warning")
    behind = TEN_STAGES[: TEN_STAGES.index(CampaignState(campaign.state))]
    campaign.retroplanning = retroplanning(campaign, done=[str(stage) for stage in behind])
    follow_drop(step, purged_on)
    step.forget_facts()
    if keys_not_looked_up(step.facts, campaign.drop_on):
        step.request(RECOUNT.name)
    if at_once:
        redate_orders(step)
        step.session.flush()


def move_drop_of_budget(step: Step) -> None:
    """Move the drop, and make the budget that waits anew: whoever signs it signs its day too. Questions about the one before are closed."""
    for question in step.facts.questions:
        step.drop_task("answer_question", question.id)
    move_drop(step)
    new_budget(step)


def windows_are_cleared(facts: CampaignFacts) -> Unmet | None:
    """Every list's owner accepted an order for the mailing window that the drop has now."""
    rows = {row.id for row in facts.live_lists}
    orders = [order for order in facts.orders if order.list_id in rows]
    refused = [order for order in orders if order.state == OrderState.REFUSED]
    if refused:
        return Unmet(code="order.window_refused", lifted_by=Role.PROJECT_MANAGER, **_since_and_lists(refused))
    waiting = [order for order in orders if order.state == OrderState.ISSUED]
    return Unmet(code="order.window_not_cleared", lifted_by=Role.SUPPLIER, **_since_and_lists(waiting)) if waiting else None


def _since_and_lists(orders: Iterable[PurchaseOrder]) -> dict[str, Any]:
    """Since when these orders have stood so, and whose lists they are for."""
    since = min(order.answered_at or order.issued_at for order in orders)
    return {"since": since, "params": {"lists": sorted(order.list_code or "" for order in orders)}}


ACKNOWLEDGE_AGAIN = UserTaskSpec(
    "acknowledge_order",
    candidates=Role.SUPPLIER,
    due=WorkingDays("acknowledge_order"),
    filed_under=CampaignState.ORDER,
    each=orders_of_this_step,
)
"""Filed where the first answers were: files are merged and lots are made meanwhile."""
REDATED = DocumentSpec("purchase_order", papers_of_orders(redated_order))

PLAN_REDATED = DocumentSpec("media_plan", redated_media_plans)
BRIEF_REDATED = DocumentSpec("dedupe_brief", redated_briefs)
LOT_PLAN_REDATED = DocumentSpec("lot_plan", redated_lot_plans)
TELL_SIGNERS = ServiceTaskRef("mail_moved_drop", payload=lambda step: {"seq": step.seq})
"""Tells those who signed the budget that stands."""

MOVE_DROP = Move(
    MoveDrop,
    by=Role.PROJECT_MANAGER,
    event="campaign.drop.moved",
    checks=(reason_is_given, is_another_day),
    do=move_drop,
    issues=(PLAN_REDATED,),
)
"""While a plan is made and negotiated."""
MOVE_DROP_OF_BUDGET = replace(
    MOVE_DROP,
    do=move_drop_of_budget,
    requests=(ServiceTaskRef("mail_budget", payload=lambda step: {"budget_id": str(step.facts.budget.id)}),),
    issues=(DocumentSpec("budget_file", budget_file), PLAN_REDATED),
)
"""While a budget waits for its approval."""
MOVE_DROP_OF_ORDERS = replace(
    MOVE_DROP,
    opens=(ACKNOWLEDGE_AGAIN,),
    requests=(REMIND_ORDERS, TELL_SIGNERS),
    issues=(REDATED, PLAN_REDATED, BRIEF_REDATED, LOT_PLAN_REDATED),
)
"""Once orders are out."""
MOVE_DROP_OF_MAILING = replace(MOVE_DROP_OF_ORDERS, opens=(ACKNOWLEDGE_AGAIN, ORDER_AGAIN))
"""Once the mailing may be ordered."""
