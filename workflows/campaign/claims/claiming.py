"""The moves of refund claims: a project manager claims within the window, the supplier of the list answers, the claim is closed.

A claim goes out as a document with the count by reason; the returned ids are in its supplier's own file of objections and returns, which is
handed over first. Once it is accepted, or settled for an amount, that much less is due for the list: its invoice is disputed until a
credit note takes the refund back, or it is sent for what is due. Not for what may be claimed: `claimable` says that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from workflows.campaign.budget.overrun import DECIDE_INVOICE
from workflows.campaign.claims.claimable import claimable_until, claimables
from workflows.campaign.claims.records import ACCEPTED, CONTESTED, DROPPED, SENT, SETTLED, RefundClaim
from workflows.campaign.data_protection.objections import waiting
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.controlling import control, look_again
from workflows.campaign.invoices.expected import ACCEPTED as PAID
from workflows.campaign.invoices.expected import DISPUTED, MATCHED, RECEIVED, dues
from workflows.campaign.invoices.invoicing import SEND_INVOICE
from workflows.campaign.papers.claims import claim_number, refund_claims
from workflows.campaign.rules import NotOfThisCampaign, answers_for, reason_is_given
from workflows.engine.command import Command, free_text
from workflows.engine.process import DocumentSpec, Move, Target, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.engine.user_tasks import open_task
from workflows.parties.roles import Role
from workflows.trade.money import ZERO, Cents
from workflows.trade.working_days import local_day

CLAIM = "claim"
"""Where the tasks about it are filed: they outlive the stage."""


class NothingToClaim(Refused):
    """No more came back of the list than its owner stands for."""

    code = "claims.nothing_to_claim"


class ClaimTooLate(Refused):
    """The days during which a claim can be made are over."""

    code = "claims.too_late"


class ClaimMade(Refused):
    """A refund was claimed of that list already."""

    code = "claims.made"


class ReturnsNotHandedOver(Refused):
    """The supplier has not got the ids that came back, without which it can check nothing."""

    code = "claims.returns_not_handed_over"


class ClaimAnswered(Refused):
    """The claim was answered, or is closed."""

    code = "claims.answered"


class SettledAboveClaim(Refused):
    """More would be taken off than was claimed."""

    code = "claims.settled_above"


class ClaimClosed(Refused):
    """The claim is settled or dropped already."""

    code = "claims.closed"


@dataclass(frozen=True, kw_only=True)
class ClaimRefund(Command):
    """Claim the mail of a list that came back beyond its warranty."""

    list_id: UUID


@dataclass(frozen=True, kw_only=True)
class AcceptClaim(Command):
    """Stand for the claim: that much less is due for the list."""

    claim_id: UUID


@dataclass(frozen=True, kw_only=True)
class ContestClaim(Command):
    """Contest the claim, with a reason."""

    claim_id: UUID
    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class SettleClaim(Command):
    """Close the claim as settled between the two, with a reason: `settled_amount` of it, in euros without VAT, comes off what is due.

    Without an amount an accepted claim is settled for what was claimed, any other for nothing.
    """

    claim_id: UUID
    reason: str = free_text()
    settled_amount: Cents | None = None


@dataclass(frozen=True, kw_only=True)
class DropClaim(Command):
    """Claim nothing any more, with a reason: what is due for the list is its whole bill again."""

    claim_id: UUID
    reason: str = free_text()


def claim(step: Step) -> None:
    """Write down what is claimed, by what came back until now.

    :raises Refused: `NotOfThisCampaign`, `NothingToClaim`, `ClaimTooLate`, `ClaimMade` or `ReturnsNotHandedOver`.
    """
    facts: CampaignFacts = step.facts
    row = next((one for one in facts.lists if one.id == step.command.list_id), None)
    if row is None:
        raise NotOfThisCampaign()
    if any(one.list_id == row.id for one in facts.claims):
        raise ClaimMade(list=row.code)
    found = next((one for one in claimables(facts) if one.row.id == row.id), None)
    until = claimable_until(facts)
    if found is None or until is None or not found.claim.excess:
        raise NothingToClaim(list=row.code)
    today = local_day(step.now)
    if today > until:
        raise ClaimTooLate(list=row.code, last=until)
    if any(one.supplier_id == found.order.supplier_id for one in waiting(facts)):
        raise ReturnsNotHandedOver(list=row.code)
    step.session.add(
        RefundClaim(
            **step.from_now_on(),
            list_id=row.id,
            list_code=row.code,
            supplier_id=found.order.supplier_id,
            number=claim_number(facts, row.code),
            order_number=found.order.number,
            mailed_qty=found.mailed,
            undeliverable_qty=found.undeliverable,
            allowed_qty=found.claim.allowed,
            warranty_rate=found.warranty_rate,
            amount=found.claim.refund_amount,
            counts=dict(found.counts),
            due_on=local_day(step.policy.after(step.now, "answer_claim")),
            claimable_until_on=until,
            state=SENT,
            claimed_at=step.now,
        )
    )
    step.control(f"claim:{row.code}", expected=found.claim.allowed, actual=found.undeliverable, verdict="warning")
    step.session.flush()


def accept(step: Step) -> None:
    """Less is due by the refund; an invoice that was fine until then bills that too much, and a credit note is asked for."""
    row = _to_answer(step)
    row.state, row.answered_at = ACCEPTED, step.now
    step.control(f"claim:{row.number}", expected=str(row.amount), actual=str(row.amount), verdict="ok")
    _refund(step, row, before=ZERO)
    step.close_task("answer_claim", row.id)
    step.session.flush()


def contest(step: Step) -> None:
    """Keep the reason; the project manager decides."""
    row = _to_answer(step)
    row.state, row.answer, row.answered_at = CONTESTED, step.command.reason, step.now
    step.control(f"claim:{row.number}", expected=str(row.amount), actual="0.00", verdict="failed")
    step.close_task("answer_claim", row.id)
    step.session.flush()


def settle(step: Step) -> None:
    """Close it: what was agreed comes off what is due, no more and no less.

    :raises Refused: `NotOfThisCampaign`, `ClaimClosed` or `SettledAboveClaim`.
    """
    row = _mine(step)
    agreed = row.refund_amount if step.command.settled_amount is None else step.command.settled_amount
    if not 0 <= agreed <= row.amount:
        raise SettledAboveClaim(number=row.number, claimed_amount=row.amount)
    _close(step, SETTLED, agreed)


def drop(step: Step) -> None:
    """Close it for nothing: the whole bill is due again."""
    _close(step, DROPPED, None)


def _close(step: Step, state: str, agreed: Decimal | None) -> None:
    row = _mine(step)
    if not row.is_open:
        raise ClaimClosed(number=row.number)
    before = row.refund_amount
    row.state, row.reason, row.settled_amount = state, step.command.reason, agreed
    row.decided_by_id, row.decided_at = step.actor.person_id, step.now
    taken = row.refund_amount
    step.control(f"claim:{row.number}", expected=str(row.amount), actual=f"{taken:.2f}", verdict="ok" if taken else "warning")
    _refund(step, row, before=before)
    step.drop_task("answer_claim", row.id)
    step.drop_task("decide_claim", row.id)
    step.session.flush()


def _refund(step: Step, row: RefundClaim, *, before: Decimal) -> None:
    """Let another refund than before come off what is due: invoices are controlled anew, and disputed until it is credited."""
    if row.refund_amount == before:
        return
    credited = (DISPUTED, row.number)
    stood = {one.id: (one.state, one.reason) for one in step.facts.invoices if one.order_number == row.order_number}
    look_again(step)
    facts: CampaignFacts = step.facts
    due = dues(facts).get(row.order_number)
    for one in facts.invoices:
        state, _ = was = stood.get(one.id, ("", ""))
        if was == credited:
            one.reason = ""
            control(step, facts, one, due)
        if one.state == RECEIVED and row.refund_amount and (was == credited or (state in (MATCHED, PAID) and row.refund_amount > before)):
            one.state, one.reason = credited
        elif was == credited and due is not None:
            step.drop_task("send_invoice", due.target.id)


def _to_answer(step: Step) -> RefundClaim:
    row = _mine(step)
    if row.state != SENT:
        raise ClaimAnswered(number=row.number)
    return row


def _mine(step: Step) -> RefundClaim:
    """The claim that is named, where its asker may speak of it."""
    facts: CampaignFacts = step.facts
    row = next((one for one in facts.claims if one.id == step.command.claim_id), None)
    if row is None or not answers_for(step, row.supplier_id):
        raise NotOfThisCampaign()
    return row


def claimed_from(facts: CampaignFacts) -> list[UUID]:
    """The suppliers of whom something is claimed."""
    return [one.supplier_id for one in facts.claims]


def _new_claims(facts: CampaignFacts) -> Iterable[Target]:
    for one in facts.claims:
        if one.state == SENT and one.from_seq == facts.campaign.chain_seq + 1:
            yield Target(kind="refund_claim", id=one.id, label=one.number, supplier_id=one.supplier_id)


def _contested(facts: CampaignFacts) -> Iterable[Target]:
    for one in facts.claims:
        if one.state == CONTESTED and open_task(facts.session, "decide_claim", one.id) is None:
            yield Target(kind="refund_claim", id=one.id, label=one.number)


ANSWER_CLAIM = UserTaskSpec("answer_claim", candidates=Role.SUPPLIER, due=WorkingDays("answer_claim"), filed_under=CLAIM, each=_new_claims)
DECIDE_CLAIM = UserTaskSpec(
    "decide_claim", candidates=Role.PROJECT_MANAGER, due=WorkingDays("decide_claim"), filed_under=CLAIM, each=_contested
)
_ANSWERERS = (Role.SUPPLIER, Role.PROJECT_MANAGER)
CLAIMS = (
    Move(
        ClaimRefund,
        by=Role.PROJECT_MANAGER,
        event="campaign.claim.sent",
        do=claim,
        opens=(ANSWER_CLAIM,),
        issues=(DocumentSpec("refund_claim", refund_claims),),
    ),
    Move(
        AcceptClaim,
        by=_ANSWERERS,
        suppliers=claimed_from,
        event="campaign.claim.accepted",
        do=accept,
        opens=(SEND_INVOICE, DECIDE_INVOICE),
    ),
    Move(
        ContestClaim,
        by=_ANSWERERS,
        suppliers=claimed_from,
        event="campaign.claim.contested",
        checks=(reason_is_given,),
        do=contest,
        opens=(DECIDE_CLAIM,),
    ),
    Move(
        SettleClaim,
        by=Role.PROJECT_MANAGER,
        event="campaign.claim.settled",
        checks=(reason_is_given,),
        do=settle,
        opens=(SEND_INVOICE, DECIDE_INVOICE),
    ),
    Move(DropClaim, by=Role.PROJECT_MANAGER, event="campaign.claim.dropped", checks=(reason_is_given,), do=drop, opens=(DECIDE_INVOICE,)),
)
"""From the first returns on, and after the end: owners give two months."""
