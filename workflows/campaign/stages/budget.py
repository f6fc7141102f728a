"""Stage *budget*. Approvers see one frozen budget and sign its hash: endorse it, approve it within their limit, or refuse it with a reason.
Meanwhile they may ask about it (see `asking`), and a signature may set conditions (see `conditions`). How many of them have to sign is
policy, by the budget's total: see `signing`.

Left by `ApproveBudget` to *order*; by `RefuseBudget` back to *negotiation* or `RefuseBudgetToPlan` back to *plan*. Any later change to what
was approved shows in the hash, and *order* checks it again.
"""

from dataclasses import dataclass

from workflows.campaign.any_stage.moving_drop import MOVE_DROP_OF_BUDGET
from workflows.campaign.any_stage.shared_moves import IN_EVERY_STAGE
from workflows.campaign.budget.asking import (
    ANSWER_QUESTION,
    AnswerQuestion,
    AskAboutBudget,
    answer,
    ask,
    something_is_written,
    told_answer,
    told_question,
)
from workflows.campaign.budget.conditions import conditions_can_be_met, note_conditions, signed_amount
from workflows.campaign.budget.deciding import keep_decision, refuse_above_limit, refuse_own
from workflows.campaign.budget.signing import budget_signatures, counts_as_another, may_be_approved, others_have_signed
from workflows.campaign.budget.snapshot import budget_is_current, void_budget
from workflows.campaign.invoices.decisions import INVOICES
from workflows.campaign.rules import reason_is_given
from workflows.campaign.states import CampaignState
from workflows.campaign.suppressions.receiving import RECORD_SUPPRESSION
from workflows.campaign.terms.stating import STATE_BASIS_AGAIN
from workflows.engine.command import Command, free_text
from workflows.engine.process import Move, ServiceTaskRef, Stage, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.approval import NO_CONDITIONS, Conditions
from workflows.trade.money import Cents


class BudgetDiffers(Refused):
    """The hash that was signed is not that of the budget as it stands."""

    code = "budget.differs"


@dataclass(frozen=True, kw_only=True)
class ApproveBudget(Command):
    """Accept the budget exactly as it was shown, and let the orders be written.

    `cap_amount` (euros without VAT) and `excluded_lists` (codes) are conditions, signed with it: no order goes out before they are met.
    """

    budget_sha256: str
    cap_amount: Cents | None = None
    excluded_lists: tuple[str, ...] = ()
    comment: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class EndorseBudget(Command):
    """Sign the budget exactly as it was shown, beside others; somebody with a sufficient limit still has to approve it.

    `cap_amount` and `excluded_lists` are conditions, as in an approval; those of all signatures add up.
    """

    budget_sha256: str
    cap_amount: Cents | None = None
    excluded_lists: tuple[str, ...] = ()
    comment: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class RefuseBudget(Command):
    """Send the budget back to negotiation."""

    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class RefuseBudgetToPlan(Command):
    """Send the budget back to the plan."""

    reason: str = free_text()


def signs_what_was_shown(step: Step) -> None:
    """Refuse a signature under any other budget.

    :raises BudgetDiffers: when the hashes differ.
    """
    budget = step.facts.budget
    if budget is None or step.command.budget_sha256 != budget.sha256:
        raise BudgetDiffers()


def within_approver_limit(step: Step) -> None:
    """Refuse an amount above what this approver may accept; under a cap, no more than the cap is accepted.

    :raises ApproverLimitExceeded: when it is.
    """
    refuse_above_limit(step, signed_amount(step.facts, step.command.cap_amount))


def not_own_budget(step: Step) -> None:
    """Two pairs of eyes: the preparer decides nothing.

    :raises PreparerMayNotDecide: when the asker prepared it.
    """
    refuse_own(step, step.facts.budget)


def _decide(step: Step, decision: str, words: str, conditions: Conditions = NO_CONDITIONS) -> None:
    budget = step.facts.budget
    keep_decision(step, decision, words, conditions)
    step.control("budget_hash", expected=budget.sha256, actual=budget.sha256, verdict="ok")


def _asked(step: Step) -> Conditions:
    """The conditions that the command sets."""
    return Conditions(cap_amount=step.command.cap_amount, excluded_lists=tuple(sorted(set(step.command.excluded_lists))))


def approve(step: Step) -> None:
    """Write the approval under the budget's hash, with the conditions that all who signed set together."""
    _decide(step, "approved", step.command.comment, _asked(step))
    budget_signatures(step.facts).note(step)
    step.facts.budget.approved_at = step.now
    step.session.flush()
    step.forget_facts()
    note_conditions(step)


def endorse(step: Step) -> None:
    """Write the endorsement under the budget's hash."""
    _decide(step, "endorsed", step.command.comment, _asked(step))


def refuse(step: Step) -> None:
    """Write the refusal, and void the budget: another one will have another number."""
    _decide(step, "refused", step.command.reason)
    void_budget(step)


STAGE = Stage(
    state=CampaignState.BUDGET,
    opens=(UserTaskSpec("review_budget", candidates=Role.BUDGET_APPROVER, due=WorkingDays("review_budget")),),
    requests=(ServiceTaskRef("mail_budget", payload=lambda step: {"budget_id": str(step.facts.budget.id)}),),
    moves=(
        Move(
            ApproveBudget,
            to=CampaignState.ORDER,
            by=Role.BUDGET_APPROVER,
            event="campaign.budget.approved",
            requires=(budget_is_current, may_be_approved, others_have_signed),
            checks=(signs_what_was_shown, not_own_budget, within_approver_limit, counts_as_another, conditions_can_be_met),
            do=approve,
            closes=("review_budget",),
        ),
        Move(
            EndorseBudget,
            by=Role.BUDGET_APPROVER,
            event="campaign.budget.endorsed",
            requires=(budget_is_current, may_be_approved),
            checks=(signs_what_was_shown, not_own_budget, conditions_can_be_met),
            do=endorse,
            requests=(ServiceTaskRef("mail_signatures", payload=lambda step: {"budget_id": str(step.facts.budget.id), "seq": step.seq}),),
        ),
        Move(
            RefuseBudget,
            to=CampaignState.NEGOTIATION,
            by=Role.BUDGET_APPROVER,
            event="campaign.budget.refused",
            checks=(reason_is_given, not_own_budget),
            do=refuse,
            closes=("review_budget",),
            declines=True,
        ),
        Move(
            RefuseBudgetToPlan,
            to=CampaignState.PLAN,
            by=Role.BUDGET_APPROVER,
            event="campaign.budget.refused_to_plan",
            checks=(reason_is_given, not_own_budget),
            do=refuse,
            closes=("review_budget",),
            declines=True,
        ),
        Move(
            AskAboutBudget,
            by=Role.BUDGET_APPROVER,
            event="campaign.budget.questioned",
            checks=(something_is_written, not_own_budget),
            do=ask,
            opens=(ANSWER_QUESTION,),
            requests=(ServiceTaskRef("mail_question", payload=told_question),),
        ),
        Move(
            AnswerQuestion,
            by=Role.PROJECT_MANAGER,
            event="campaign.budget.question_answered",
            checks=(something_is_written,),
            do=answer,
            requests=(ServiceTaskRef("mail_answer", payload=told_answer),),
        ),
        STATE_BASIS_AGAIN,
        MOVE_DROP_OF_BUDGET,
        *INVOICES,
        *IN_EVERY_STAGE,
        RECORD_SUPPRESSION,
    ),
)
