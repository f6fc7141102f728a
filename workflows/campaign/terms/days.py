"""The days of a list's terms: until when its owner's offer may be ordered, and the dates that are protected from competitors' mail.

An offer holds until the orders go out: that is asked of the plan when the negotiation is closed, and of the calendar when they are sent.
Protected dates are agreed around the drop and follow it when it is moved: the owner clears them with the order that says them.
"""

from datetime import date, timedelta

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import CampaignList
from workflows.campaign.planning import planned_step
from workflows.engine.refusals import ConditionsUnmet, Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.plan_line.model import LineState


class OfferHasEnded(Refused):
    """An offer is agreed to while it holds."""

    code = "terms.offer_has_ended"


class ProtectedDatesUnclear(Refused):
    """Protected dates have a first day and a last one, in that order."""

    code = "terms.protected_dates_unclear"


class DropUnprotected(Refused):
    """Protected dates protect the drop."""

    code = "terms.drop_unprotected"


def keep_days(step: Step, row: CampaignList) -> None:
    """Keep the days that the command names, in place of those that were agreed before; where it names none, none holds.

    :raises OfferHasEnded: when the offer's last day has passed.
    :raises ProtectedDatesUnclear: when one end is missing, or they end before they begin.
    :raises DropUnprotected: when the drop is planned for a day outside them.
    """
    valid_until, first_on, last_on = (getattr(step.command, name) for name in ("offer_until_on", "protected_from_on", "protected_until_on"))
    drop_on = step.chain.drop_on
    if valid_until is not None and valid_until < step.chain.today(step.now):
        raise OfferHasEnded(list=row.code, valid_until=valid_until)
    if first_on is not None or last_on is not None:
        if first_on is None or last_on is None or last_on < first_on:
            raise ProtectedDatesUnclear(list=row.code)
        if not first_on <= drop_on <= last_on:
            raise DropUnprotected(list=row.code, drop_on=drop_on)
    row.offer_until_on, row.protected_from_on, row.protected_until_on = valid_until, first_on, last_on


def protected_dates_follow(facts: CampaignFacts, moved_by: timedelta) -> None:
    """Let the protected dates of every list lie around the drop as they did."""
    for row in facts.lists:
        if row.protected_from_on is not None and row.protected_until_on is not None:
            row.protected_from_on += moved_by
            row.protected_until_on += moved_by


def offers_reach_the_orders(facts: CampaignFacts) -> Unmet | None:
    """No offer ends before the day on which the retroplanning sends the orders out."""
    orders_on, _confirmed_on = planned_step(facts.campaign, "order")
    lists = _ended_before(facts, orders_on)
    if not lists:
        return None
    return Unmet(code="terms.offers_end_early", lifted_by=Role.PROJECT_MANAGER, params={"lists": lists, "orders_on": orders_on})


def offers_hold(facts: CampaignFacts) -> Unmet | None:
    """No offer had ended when the budget was approved: then the orders may go out."""
    budget = facts.budget
    if budget is None or budget.approved_at is None:
        return None
    return _ended(facts, facts.campaign.today(budget.approved_at))


def offers_hold_today(step: Step) -> None:
    """Refuse to go on with an offer that has ended by now, whatever was planned.

    :raises ConditionsUnmet: naming the lists.
    """
    if unmet := _ended(step.facts, step.chain.today(step.now)):
        raise ConditionsUnmet((unmet,))


def _ended(facts: CampaignFacts, on: date) -> Unmet | None:
    lists = _ended_before(facts, on)
    return Unmet(code="terms.offers_ended", lifted_by=Role.PROJECT_MANAGER, params={"lists": lists}) if lists else None


def _ended_before(facts: CampaignFacts, day: date) -> list[str]:
    """The lists still to be ordered whose offer ends before a day."""
    to_order = {line.list_id for line in facts.live_lines if line.state in (LineState.AGREED, LineState.OWNER_APPROVED)}
    return [row.code for row in facts.live_lists if row.id in to_order and row.offer_until_on and row.offer_until_on < day]
