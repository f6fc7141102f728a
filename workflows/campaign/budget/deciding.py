"""What an approver's answers to a budget have in common, whether it is asked for the first time or again for an overrun: a limit, other
hands than those that prepared it, and the row that is kept. Not for how many have to sign: `signing` says that.
"""

from decimal import Decimal

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import BudgetDecision, BudgetOverrun, BudgetVersion
from workflows.campaign.rules import same_hands
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.approval import NO_CONDITIONS, Conditions


class ApproverLimitExceeded(Refused):
    """The amount is above what this approver may accept alone."""

    code = "budget.approver_limit_exceeded"


class PreparerMayNotDecide(Refused):
    """Whoever prepared a budget does not decide about it."""

    code = "budget.preparer_may_not_decide"


def refuse_above_limit(step: Step, amount: Decimal) -> None:
    """Refuse an amount above what the asker may accept, and note in whose place they do where it is not under their own limit.

    :raises ApproverLimitExceeded: when it is.
    """
    advertiser_id = step.chain.advertiser_id
    limit = step.actor.approval_limit_amount(advertiser_id)
    if amount > limit:
        raise ApproverLimitExceeded(limit=limit, amount=amount)
    step.stands_in_for = step.actor.stands_in_for((Role.BUDGET_APPROVER,), advertiser_id, limit_amount=amount)


def refuse_own(step: Step, *prepared: BudgetVersion | BudgetOverrun | None) -> None:
    """Two pairs of eyes: whoever prepared one of these decides nothing.

    :raises PreparerMayNotDecide: when the asker did.
    """
    if any(same_hands(step, one.prepared_by_id, one.from_seq) for one in prepared if one is not None):
        raise PreparerMayNotDecide()


def keep_decision(
    step: Step, decision: str, words: str, conditions: Conditions = NO_CONDITIONS, overrun: BudgetOverrun | None = None
) -> None:
    """Write down what the asker decided about the budget that counts, or about its overrun."""
    facts: CampaignFacts = step.facts
    budget = facts.budget
    assert budget is not None, "only a budget is decided"
    assert step.actor.person_id is not None, "approvers are people"
    step.session.add(
        BudgetDecision(
            **step.from_now_on(),
            budget_id=budget.id,
            budget_sha256=budget.sha256,
            overrun_id=overrun.id if overrun else None,
            person_id=step.actor.person_id,
            decision=decision,
            limit_amount=step.actor.limit_standing_in_for(step.stands_in_for, step.chain.advertiser_id),
            cap_amount=conditions.cap_amount,
            excluded_lists=list(conditions.excluded_lists),
            comment=words,
            decided_at=step.now,
        )
    )
