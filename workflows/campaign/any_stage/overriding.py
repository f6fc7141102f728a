"""Overrides: a failed control is passed over where policy allows it, with a reason, on record, and reviewed by somebody else.

Policy names, for each control, who may: the project manager who goes on, an approver who grants it beforehand, or nobody.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import Override
from workflows.campaign.rules import reason_is_given, same_hands
from workflows.engine.command import Command, free_text
from workflows.engine.process import Move, Target, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.roles import Role

REVIEWING = "override"
"""Where the reviewer's task is filed: it outlives the stage of the override."""
VOID = "void"
"""The review of an override that holds no more."""
OVERRIDABLE = (
    "list_counted",
    "sample_approved",
    "accepted_share",
    "list_delivered",
    "minimum_net_quantity",
    "deposit",
    "processor_contract",
    "inconclusive_test",
    "barred_in_lots",
    "early_close",
    "invoice",
    "invoice_missing",
)
"""The controls that policy may let somebody pass over."""


class OverrideNotAllowed(Refused):
    """Policy lets nobody, or somebody else, pass over this control."""

    code = "override.not_allowed"


class OverrideNeedsGrant(Refused):
    """Policy asks for an approver's grant before this control is passed over."""

    code = "override.needs_grant"


class OverriderMayNotReview(Refused):
    """Whoever passed over a control, or gave leave to, does not review that."""

    code = "override.overrider_may_not_review"


class NothingToReview(Refused):
    """There is no such override, or it was reviewed already."""

    code = "override.nothing_to_review"


@dataclass(frozen=True, kw_only=True)
class GrantOverride(Command):
    """Let a control of this campaign be passed over once, with a reason."""

    control: str
    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class ReviewOverride(Command):
    """Say afterwards whether it was right to pass over a control."""

    override_id: UUID
    confirmed: bool
    comment: str = free_text("")


def has_grant(facts: CampaignFacts, control: str) -> bool:
    """Whether an approver lets this control be passed over, and nobody did yet."""
    return any(one.control == control and one.is_grant and one.to_seq is None for one in facts.overrides)


def may_pass(facts: CampaignFacts, control: str) -> bool:
    """Whether somebody may pass over this control now: whoever goes on, or by an approver's grant that is there."""
    role = facts.campaign.policy.overrider(control)
    return role is Role.PROJECT_MANAGER or (role is Role.BUDGET_APPROVER and has_grant(facts, control))


def override(step: Step, code: str, *, about: str = "", expected: Any, actual: Any, tolerance: Any = None, reason: str) -> None:
    """Pass over a control: write the outcome into the checkpoint and the override beside it, for its review.

    :param about: which of several the control is about, such as a list or a lot.
    :raises OverrideNotAllowed: when policy lets nobody do it.
    :raises OverrideNeedsGrant: when policy asks for an approver's grant, and there is none left.
    """
    facts: CampaignFacts = step.facts
    role = step.policy.overrider(code)
    if role is None:
        raise OverrideNotAllowed(control=code)
    row = Override(
        **step.from_now_on(),
        control=code,
        about=about,
        expected=str(expected),
        actual=str(actual),
        reason=reason,
        overridden_by_id=step.actor.person_id,
        overridden_at=step.now,
    )
    if role is Role.BUDGET_APPROVER:
        grant = next((one for one in facts.overrides if one.control == code and one.is_grant and one.to_seq is None), None)
        if grant is None:
            raise OverrideNeedsGrant(control=code, roles=[role])
        grant.to_seq = step.seq
        row.granted_by_id = grant.overridden_by_id
    step.session.add(row)
    name = f"{code}:{about}" if about else code
    step.control(name, expected=expected, actual=actual, tolerance=tolerance, verdict="overridden", override="reason")


def void_overrides(step: Step, code: str, *, about: Collection[str]) -> None:
    """End what was passed over for these: what it was about is there no more. Nobody reviews it, where nobody did yet."""
    for row in step.facts.overrides:
        if row.control == code and row.about in about and row.to_seq is None:
            row.to_seq = step.seq
            if not row.review:
                row.review = VOID
                step.drop_task("review_override", row.id)


def grant(step: Step) -> None:
    """Write the grant down.

    :raises OverrideNotAllowed: for a control that policy does not leave to an approver.
    """
    if step.policy.overrider(step.command.control) is not Role.BUDGET_APPROVER:
        raise OverrideNotAllowed(control=step.command.control)
    step.session.add(
        Override(
            **step.from_now_on(),
            control=step.command.control,
            is_grant=True,
            reason=step.command.reason,
            overridden_by_id=step.actor.person_id,
            overridden_at=step.now,
            review="confirmed",
        )
    )


def review(step: Step) -> None:
    """Write down what the reviewer says.

    :raises NothingToReview: when there is no such override, or it was reviewed already.
    :raises OverriderMayNotReview: when it was the reviewer's own, or the reviewer gave leave to it.
    """
    command: ReviewOverride = step.command
    row = next((one for one in step.facts.overrides if one.id == command.override_id), None)
    if row is None or row.review:
        raise NothingToReview()
    grants = [one for one in step.facts.overrides if one.is_grant and one.to_seq == row.from_seq and one.control == row.control]
    if any(same_hands(step, one.overridden_by_id, one.from_seq) for one in (row, *grants)):
        raise OverriderMayNotReview()
    row.review = "confirmed" if command.confirmed else "contested"
    row.comment, row.reviewed_by_id, row.reviewed_at = command.comment, step.actor.person_id, step.now
    step.close_task("review_override", row.id)
    step.control(
        f"review:{row.control}", expected="confirmed", actual=row.review, verdict="ok" if command.confirmed else "warning", tolerance=None
    )


def new_overrides(facts: CampaignFacts) -> Iterable[Target]:
    """The overrides of this very step, which wait for their review."""
    for row in facts.overrides:
        if not row.review and row.from_seq == facts.campaign.chain_seq + 1:
            yield Target(kind="override", id=row.id, label=row.control)


REVIEW_OVERRIDE = UserTaskSpec(
    "review_override", candidates=Role.BUDGET_APPROVER, due=WorkingDays("review_override"), filed_under=REVIEWING, each=new_overrides
)
OVERRIDES = (
    Move(GrantOverride, by=Role.BUDGET_APPROVER, event="campaign.override.granted", checks=(reason_is_given,), do=grant),
    Move(ReviewOverride, by=Role.BUDGET_APPROVER, event="campaign.override.reviewed", do=review),
)
"""Offered in every stage, and after the end where something still waits for its review."""
