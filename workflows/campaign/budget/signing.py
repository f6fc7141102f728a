"""Who has to sign a budget, or its overrun: the tier of the amount in the campaign's policy, the signatures given under its hash, and what
is missing.

A signature is an approver's endorsement, and at last the approval that closes. It counts for whoever gave it and for whoever they stood in
for. Not for how much one approver may accept, nor for keeping the preparer out: `deciding` does both.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import BudgetDecision
from workflows.engine import checkpoints
from workflows.engine.refusals import ConditionsUnmet, Unmet
from workflows.engine.step import Step
from workflows.parties.actor import Actor
from workflows.parties.roles import Role
from workflows.trade.approval import ApprovalTier, count_signatures, tier_floor, tier_of


class Signatures:
    """The signatures of one amount, in euros without VAT, that waits for them since some moment; None where nothing is to be signed.

    :param decisions: what was decided about it, oldest first.
    """

    def __init__(self, facts: CampaignFacts, amount: Decimal | None, since: datetime | None, decisions: Sequence[BudgetDecision]) -> None:
        self._facts = facts
        self._decisions = decisions
        self.amount = amount
        self.since = since

    @cached_property
    def tier(self) -> ApprovalTier | None:
        """The tier that the amount falls in; None above the last ceiling, or without an amount."""
        return None if self.amount is None else tier_of(self._facts.campaign.policy.approval_tiers, self.amount)

    @property
    def floor(self) -> Decimal:
        """The amount above which that tier begins; above which nobody may approve, where there is none."""
        return tier_floor(self._facts.campaign.policy.approval_tiers, self.tier)

    @property
    def needed(self) -> int:
        """How many different approvers have to sign, the one who approves included; 0 where nobody may."""
        return self.tier.signatures if self.tier else 0

    @cached_property
    def endorsements(self) -> tuple[tuple[BudgetDecision, frozenset[UUID]], ...]:
        """Each endorsement, oldest first, with its hands: whoever gave it, and whoever they stood in for."""
        connection, campaign_id = self._facts.session.connection(), self._facts.campaign.id
        return tuple(
            (one, checkpoints.hands_of(connection, campaign_id, one.from_seq) | {one.person_id})
            for one in self._decisions
            if one.decision == "endorsed"
        )

    def given(self, *more: frozenset[UUID]) -> int:
        """How many different approvers endorsed it, or would have with more hands."""
        return count_signatures([*(hands for _decision, hands in self.endorsements), *more])

    def given_with(self, actor: Actor) -> int:
        """How many different approvers have signed once this one has."""
        return self.given(actor.hands(self._facts.campaign.advertiser_id))

    def closes(self, hands: frozenset[UUID], *, before_seq: int) -> bool:
        """Whether an approval by these hands would have been the last signature, counting those given before that entry of the chain."""
        given = [others for decision, others in self.endorsements if decision.from_seq < before_seq]
        return count_signatures([*given, hands]) >= self.needed

    def above_tiers(self) -> Unmet | None:
        """Why nobody may approve the amount; None where policy lets somebody."""
        if self.amount is None or self.tier is not None:
            return None
        params = {"amount": self.amount, "limit": self.floor}
        return Unmet(code="budget.above_tiers", lifted_by=Role.ADMINISTRATOR, since=self.since, params=params)

    def missing(self) -> Unmet | None:
        """That too few have signed, counting one approval that would close."""
        return self._missing() if self.needed > 1 and self.given() + 1 < self.needed else None

    def count_another(self, actor: Actor) -> None:
        """Count the actor's own signature with the others; theirs, and that of anybody they stand in for, counts once.

        :raises ConditionsUnmet: when it is still one too few.
        """
        if self.needed > 1 and self.given_with(actor) < self.needed:
            raise ConditionsUnmet((self._missing(),))

    def _missing(self) -> Unmet:
        given = self.given()
        params = {"amount": self.amount, "needed": self.needed, "given": given, "missing": self.needed - given}
        return Unmet(code="budget.signatures_missing", lifted_by=Role.BUDGET_APPROVER, since=self.since, params=params)

    def note(self, step: Step) -> None:
        """Write into the checkpoint how many were asked for, and how many have signed with the asker."""
        step.control("signatures", expected=self.needed, actual=self.given_with(step.actor), verdict="ok")


def budget_signatures(facts: CampaignFacts) -> Signatures:
    """Those of the budget that counts."""
    budget = facts.budget
    decisions = [one for one in facts.decisions if budget is not None and one.budget_sha256 == budget.sha256]
    total, since = (budget.total_amount, budget.prepared_at) if budget else (None, None)
    found: Signatures = facts.remember("budget_signatures", lambda: Signatures(facts, total, since, decisions))
    return found


def overrun_signatures(facts: CampaignFacts) -> Signatures:
    """Those of the newest overrun of the budget that counts."""
    overrun = facts.overrun
    forecast, since = (overrun.forecast_amount, overrun.prepared_at) if overrun else (None, None)
    found: Signatures = facts.remember("overrun_signatures", lambda: Signatures(facts, forecast, since, facts.overrun_decisions))
    return found


def may_be_approved(facts: CampaignFacts) -> Unmet | None:
    """Policy lets somebody approve the amount: it is not above the last ceiling."""
    return budget_signatures(facts).above_tiers()


def others_have_signed(facts: CampaignFacts) -> Unmet | None:
    """With the approval that would close, as many different approvers have signed as the tier asks for."""
    return budget_signatures(facts).missing()


def counts_as_another(step: Step) -> None:
    """Count the asker's own signature with the others.

    :raises ConditionsUnmet: when it is still one too few.
    """
    budget_signatures(step.facts).count_another(step.actor)
