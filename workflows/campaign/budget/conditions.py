"""Conditions under which a budget is approved: a cap on what the campaign may come to, and lists that are not ordered.

Each approver sets them with a signature, under the budget's hash; those of all signatures add up, and end with the budget. Money is
committed in one place, where orders go out: none does while a condition is not met. The project manager leaves lists out until all are,
which the approval covers, or goes back for another budget. Whatever is added later needs another budget too: it begins without conditions.
Not for who has to sign: `signing` says that.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from workflows.campaign.budget.snapshot import planned_budget
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.orders.leaving_out import leave_out
from workflows.campaign.records import BudgetDecision
from workflows.campaign.rules import NotOfThisCampaign
from workflows.engine.command import Command, free_text
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.plan_line.model import LineState
from workflows.trade.approval import Conditions, add_up


class CapOutOfRange(Refused):
    """A cap is above zero, and at most the budget's own total."""

    code = "budget.cap_out_of_range"


class ListNotInBudget(Refused):
    """Only a list that the budget has can be excluded from it."""

    code = "budget.list_not_in_budget"


class NothingLeft(Refused):
    """Without the excluded lists there is nothing to approve: the budget is refused instead."""

    code = "budget.nothing_left"


class ListStays(Refused):
    """The approval excludes this list not, and what is left is within its cap."""

    code = "order.list_stays"


@dataclass(frozen=True, kw_only=True)
class LeaveOutList(Command):
    """Do without a list of the approved budget, so that the conditions of its approval are met."""

    list_id: UUID
    reason: str = free_text()


def conditions_of(decision: BudgetDecision) -> Conditions:
    """The conditions that one signature set."""
    return Conditions(cap_amount=decision.cap_amount, excluded_lists=tuple(decision.excluded_lists))


def conditions(facts: CampaignFacts) -> Conditions:
    """What all signatures of the budget that counts set together."""
    return add_up(conditions_of(one) for one in facts.decisions)


def signed_amount(facts: CampaignFacts, cap_amount: Decimal | None = None) -> Decimal:
    """What an approval of the budget that counts lets the campaign come to: its total, or the lowest cap of those who signed.

    :param cap_amount: the cap that the approval itself sets.
    """
    assert facts.budget is not None, "only a budget is signed"
    amounts = (facts.budget.total_amount, conditions(facts).cap_amount, cap_amount)
    return min(amount for amount in amounts if amount is not None)


def conditions_can_be_met(step: Step) -> None:
    """Refuse conditions that are none, or that leave nothing.

    :raises CapOutOfRange: for a cap of nothing, or above the budget's total.
    :raises ListNotInBudget: for a list that the budget has not.
    :raises NothingLeft: when every list would be excluded, with those that others excluded.
    """
    facts, command = step.facts, step.command
    cap, total = command.cap_amount, facts.budget.total_amount
    if cap is not None and not 0 < cap <= total:
        raise CapOutOfRange(amount=cap, limit=total)
    budgeted = {row.code for row in facts.live_lists}
    for code in command.excluded_lists:
        if code not in budgeted:
            raise ListNotInBudget(list=code)
    if budgeted <= {*command.excluded_lists, *conditions(facts).excluded_lists}:
        raise NothingLeft()


def note_conditions(step: Step) -> None:
    """Write into the checkpoint which conditions bind, and how far they are met; nothing where there is none."""
    facts: CampaignFacts = step.facts
    bound = conditions(facts)
    if bound.cap_amount is not None:
        verdict = "ok" if within_cap(facts) is None else "warning"
        step.control("cap", expected=str(bound.cap_amount), actual=str(planned_budget(facts).total_amount), verdict=verdict)
    if bound.excluded_lists:
        still = _still_in(facts)
        step.control(
            "excluded_lists",
            expected=", ".join(bound.excluded_lists),
            actual=", ".join(code for code in bound.excluded_lists if code not in still) or None,
            verdict="warning" if still else "ok",
        )


def _still_in(facts: CampaignFacts) -> list[str]:
    excluded = conditions(facts).excluded_lists
    return [row.code for row in facts.live_lists if row.code in excluded] if excluded else []


def withheld(facts: CampaignFacts) -> bool:
    """Whether the orders of the approved budget wait for its conditions to be met."""
    budget = facts.budget
    return budget is not None and budget.approved_at is not None and budget.ordered_at is None


def orders_are_withheld(facts: CampaignFacts) -> Unmet | None:
    """The orders of the approved budget are not out yet."""
    return None if withheld(facts) else Unmet(code="order.nothing_withheld", lifted_by=Role.BUDGET_APPROVER)


def orders_are_out(facts: CampaignFacts) -> Unmet | None:
    """No order waits for a condition of the approval."""
    return Unmet(code="order.withheld", lifted_by=Role.PROJECT_MANAGER, since=_approved_at(facts)) if withheld(facts) else None


def excluded_lists_are_out(facts: CampaignFacts) -> Unmet | None:
    """Every list that the approval excludes was left out."""
    still = _still_in(facts)
    if not still:
        return None
    return Unmet(code="order.lists_excluded", lifted_by=Role.PROJECT_MANAGER, since=_approved_at(facts), params={"lists": still})


def within_cap(facts: CampaignFacts) -> Unmet | None:
    """What the campaign comes to now, contingency included, is at most what the approval lets it come to."""
    cap = conditions(facts).cap_amount
    if cap is None or (total := planned_budget(facts).total_amount) <= cap:
        return None
    params = {"amount": total, "limit": cap}
    return Unmet(code="order.above_cap", lifted_by=Role.PROJECT_MANAGER, since=_approved_at(facts), params=params)


def _approved_at(facts: CampaignFacts) -> datetime | None:
    return facts.budget.approved_at if facts.budget else None


def leave_out_of_budget(step: Step) -> None:
    """Let the list go, and note its lines as part of what was approved all the same.

    :raises NotOfThisCampaign: when the list is another campaign's, or has no line left.
    :raises ListStays: when no condition asks for it.
    """
    facts: CampaignFacts = step.facts
    row = next((one for one in facts.live_lists if one.id == step.command.list_id), None)
    if row is None:
        raise NotOfThisCampaign()
    if row.code not in conditions(facts).excluded_lists and within_cap(facts) is None:
        raise ListStays(list=row.code)
    assert facts.budget is not None, "its orders are withheld"
    facts.budget.left_out = [*facts.budget.left_out, *(str(line.id) for line in facts.live_lines if line.list_id == row.id)]
    leave_out(step, row.id, step.command.reason)


def never_ordered(step: Step) -> dict[str, Any]:
    """The lists that were left out of the budget before anything of them was ordered: their suppliers hear of it nowhere else."""
    facts: CampaignFacts = step.facts
    assert facts.budget is not None, "orders follow an approved budget"
    left_out = set(facts.budget.left_out)
    lines = [line for line in facts.lines if str(line.id) in left_out and line.state == LineState.REFUSED]
    return {"lists": sorted({str(line.list_id) for line in lines})}
