"""Who has to sign a budget: its tier in the campaign's policy, the signatures given under its hash, and what is missing.

A signature is an approver's endorsement, and at last the approval that closes. It counts for whoever gave it and for whoever they stood in
for. Not for how much one approver may accept, nor for keeping the preparer out: stage *budget* does both.
"""

from uuid import UUID

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import BudgetDecision
from workflows.engine import checkpoints
from workflows.engine.refusals import ConditionsUnmet, Unmet
from workflows.engine.step import Step
from workflows.parties.actor import Actor
from workflows.parties.roles import Role
from workflows.trade.approval import ApprovalTier, count_signatures, tier_floor, tier_of


def budget_tier(facts: CampaignFacts) -> ApprovalTier | None:
    """The tier that the budget that counts falls in; None above the last ceiling, or without a budget."""
    return tier_of(facts.campaign.policy.approval_tiers, facts.budget.total_amount) if facts.budget else None


def signatures_needed(facts: CampaignFacts) -> int:
    """How many different approvers have to sign the budget that counts, the one who approves it included; 0 where nobody may."""
    tier = budget_tier(facts)
    return tier.signatures if tier else 0


def endorsements(facts: CampaignFacts) -> tuple[tuple[BudgetDecision, frozenset[UUID]], ...]:
    """Each endorsement of the budget that counts, oldest first, with its hands: whoever gave it, and whoever they stood in for."""
    found: tuple[tuple[BudgetDecision, frozenset[UUID]], ...] = facts.remember("endorsements", lambda: _endorsements(facts))
    return found


def _endorsements(facts: CampaignFacts) -> tuple[tuple[BudgetDecision, frozenset[UUID]], ...]:
    budget, connection = facts.budget, facts.session.connection()
    return tuple(
        (one, checkpoints.hands_of(connection, facts.campaign.id, one.from_seq) | {one.person_id})
        for one in facts.decisions
        if one.decision == "endorsed" and budget is not None and one.budget_sha256 == budget.sha256
    )


def signatures_given(facts: CampaignFacts, *more: frozenset[UUID]) -> int:
    """How many different approvers endorsed the budget that counts, or would have with more hands."""
    return count_signatures([*(hands for _decision, hands in endorsements(facts)), *more])


def may_be_approved(facts: CampaignFacts) -> Unmet | None:
    """Policy lets somebody approve the amount: it is not above the last ceiling."""
    budget = facts.budget
    if budget is None or budget_tier(facts) is not None:
        return None
    params = {"amount": budget.total_amount, "limit": tier_floor(facts.campaign.policy.approval_tiers, None)}
    return Unmet(code="budget.above_tiers", lifted_by=Role.ADMINISTRATOR, since=budget.prepared_at, params=params)


def others_have_signed(facts: CampaignFacts) -> Unmet | None:
    """With the approval that would close, as many different approvers have signed as the tier asks for."""
    needed = signatures_needed(facts)
    if needed <= 1:
        return None
    given = signatures_given(facts)
    return None if given + 1 >= needed else _missing(facts, given)


def counts_as_another(step: Step) -> None:
    """Count the asker's own signature with the others; theirs, and that of anybody they stand in for, counts once.

    :raises ConditionsUnmet: when it is still one too few.
    """
    facts: CampaignFacts = step.facts
    if signatures_needed(facts) <= 1:
        return
    if signed_with(facts, step.actor) < signatures_needed(facts):
        raise ConditionsUnmet((_missing(facts, signatures_given(facts)),))


def signed_with(facts: CampaignFacts, actor: Actor) -> int:
    """How many different approvers have signed once this one has."""
    return signatures_given(facts, actor.hands(facts.campaign.advertiser_id))


def closes(facts: CampaignFacts, hands: frozenset[UUID], *, before_seq: int) -> bool:
    """Whether an approval by these hands would have been the last signature, counting those given before that entry of the chain."""
    given = [others for decision, others in endorsements(facts) if decision.from_seq < before_seq]
    return count_signatures([*given, hands]) >= signatures_needed(facts)


def _missing(facts: CampaignFacts, given: int) -> Unmet:
    budget, needed = facts.budget, signatures_needed(facts)
    assert budget is not None, "only a budget needs signatures"
    params = {"amount": budget.total_amount, "needed": needed, "given": given, "missing": needed - given}
    return Unmet(code="budget.signatures_missing", lifted_by=Role.BUDGET_APPROVER, since=budget.prepared_at, params=params)
