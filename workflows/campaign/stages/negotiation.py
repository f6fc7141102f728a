"""Stage *negotiation*. Each rented or exchanged list is settled: its terms, then its owner's consent to the mail piece, or a refusal.

Meanwhile its supplier may be asked how many addresses there are; the room `counts` has that. What its owner is shown of the mail piece is
in the room `samples`.

Left by `CloseNegotiation` to *budget*, which freezes what was agreed into a budget and issues it to each list's supplier as a terms sheet;
or back to *plan* with a reason.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from workflows.campaign import values
from workflows.campaign.any_stage.moving_drop import MOVE_DROP
from workflows.campaign.any_stage.shared_moves import IN_EVERY_STAGE
from workflows.campaign.budget.snapshot import budget_is_within_envelope, new_budget
from workflows.campaign.counts.counting import (
    ACCEPT_SHORT,
    GIVE,
    REQUEST,
    counts_suffice,
    wait_for_what_is_wanted,
    wait_no_more,
)
from workflows.campaign.exchanges.exchanging import balances_keep_to_the_limit
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.follow_up.limits import files_are_there_by_then, second_uses_reach_the_drop
from workflows.campaign.invoices.decisions import INVOICES
from workflows.campaign.orders.settling import SETTLE_LIST, list_target
from workflows.campaign.papers import budget_file, terms_sheets
from workflows.campaign.planning import use_warnings
from workflows.campaign.rules import a_line_is_left, manages, reason_is_given
from workflows.campaign.samples.approved import is_approved, samples_are_approved
from workflows.campaign.samples.showing import (
    ASK_OWNERS,
    SAMPLES,
    approve_samples,
    ask_again,
    ask_anew,
    asked_owners,
    end_request,
    list_named,
)
from workflows.campaign.states import CampaignState
from workflows.campaign.suppressions.receiving import SUPPRESSIONS
from workflows.campaign.terms.basis import bases_are_stated, bases_carry_their_channels, control_basis
from workflows.campaign.terms.days import keep_days, offers_hold_today, offers_reach_the_orders
from workflows.campaign.terms.reuse import keep_reuse
from workflows.campaign.terms.stating import STATE_BASIS
from workflows.campaign.writing import TERMS
from workflows.engine.command import Command, free_text
from workflows.engine.process import DocumentSpec, Move, Stage, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.plan_line.model import LineState, PlanLine
from workflows.plan_line.process import AgreeLine, ApproveLine, RefuseLine, ReopenLine
from workflows.trade.billing import in_order
from workflows.trade.money import Cents


class TermsNotAgreed(Refused):
    """The owner is asked for consent once the terms are agreed."""

    code = "negotiation.terms_not_agreed"


class ListAlreadySettled(Refused):
    """The list's terms were agreed or refused before; reopen it first."""

    code = "negotiation.list_already_settled"


@dataclass(frozen=True, kw_only=True)
class AgreeTerms(Command):
    """Agree the terms of a list. A term that is None stays as the brief has it; prices are euros per thousand, without VAT.

    `min_billing_rate` is a share of what `billing_basis` says, `delivered` or `ordered`; what is lost for one of the `unbilled_reasons`
    (`rejected`, `suppressed`, `intra`, `inter`) is never billed, and an empty list lets every loss be deducted down to that share.

    `offer_until_on` is the last day on which the offer may be ordered; from `protected_from_on` to `protected_until_on` no competitor mails
    the list. None agrees no such day. Until `reuse_until_on` a follow-up may use the list once more: those who were mailed, for `reuse_cpm`
    where that is given, and its group seconds that are paid, with `reuse_seconds`.
    """

    list_id: UUID
    cpm: Decimal | None = None
    selection_cpm: Decimal | None = None
    run_charge_cpm: Decimal | None = None
    min_billing_rate: Decimal | None = None
    min_invoice_amount: Cents | None = None
    technical_fee: Cents | None = None
    billing_basis: str | None = None
    unbilled_reasons: tuple[str, ...] | None = None
    offer_until_on: date | None = None
    protected_from_on: date | None = None
    protected_until_on: date | None = None
    reuse_cpm: Decimal | None = None
    reuse_until_on: date | None = None
    reuse_seconds: bool = False
    comment: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class RefuseTerms(Command):
    """Do without a list: its terms or the mail piece were refused."""

    list_id: UUID
    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class RecordConsent(Command):
    """The list's owner has seen the mail piece and consents to it: to exactly these samples, hashes by message, where some are attached."""

    list_id: UUID
    samples: dict[str, str] = field(default_factory=dict)
    comment: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class ReopenTerms(Command):
    """Negotiate a settled list again."""

    list_id: UUID
    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class ReturnToPlan(Command):
    """Go back to the plan, with a reason."""

    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class CloseNegotiation(Command):
    """Everything is settled: make the budget of what was agreed."""


def _lines(step: Step, *states: LineState) -> list[PlanLine]:
    return [line for line in step.facts.lines_of(step.command.list_id) if line.state in states]


def agree(step: Step) -> None:
    """Keep the terms and let the list's lines be agreed.

    :raises ListAlreadySettled: when no line waits for terms.
    :raises ValueNotAllowed: for a term that nobody can bill by.
    """
    row = list_named(step)
    values.refuse_values("terms", row.code, step.command, values.TERMS)
    waiting = _lines(step, LineState.CANDIDATE)
    if not waiting:
        raise ListAlreadySettled(list=row.code)
    for term in TERMS:
        value = getattr(step.command, term)
        if value is not None:
            setattr(row, term, list(in_order(value)) if term == "unbilled_reasons" else value)
    keep_days(step, row)
    keep_reuse(step, row)
    row.terms_agreed_at = step.now
    ask_anew(step, row)
    for line in waiting:
        step.then(AgreeLine(subject_id=line.id))


def consent(step: Step) -> None:
    """Keep the owner's consent and let the list's lines be approved; or keep it for samples that changed since.

    :raises TermsNotAgreed: when no line has agreed terms and waits for consent, and no sample changed.
    :raises Refused: whatever `approve_samples` raises.
    """
    row = list_named(step)
    waiting = _lines(step, LineState.AGREED)
    if not waiting and (row.consent_at is None or is_approved(step.facts, row)):
        raise TermsNotAgreed(list=row.code)
    approve_samples(step, row)
    row.consent_at = step.now
    # What the project manager has to tick about a list is nothing that its owner could.
    step.close_task("settle_list", row.id, declined=not manages(step))
    for line in waiting:
        step.then(ApproveLine(subject_id=line.id))


def refuse(step: Step) -> None:
    """Let every line of the list be refused; what was agreed about it counts no more where none is left."""
    row = list_named(step)
    step.close_task("settle_list", row.id, declined=True)
    wait_no_more(step, (row.id,))
    end_request(step, row)
    refused = _lines(step, LineState.CANDIDATE, LineState.AGREED, LineState.OWNER_APPROVED)
    if not any(line.is_alive for line in step.facts.lines_of(row.id) if line not in refused):
        row.terms_agreed_at = row.consent_at = None
    for line in refused:
        step.then(RefuseLine(subject_id=line.id, reason=step.command.reason))


def reopen(step: Step) -> None:
    """Let the list's lines be candidates again, and ask somebody to settle it."""
    row = list_named(step)
    end_request(step, row)
    row.terms_agreed_at = row.consent_at = None
    reopened = _lines(
        step, LineState.AGREED, LineState.OWNER_APPROVED, LineState.ORDERED, LineState.CONFIRMED, LineState.DELIVERED, LineState.REFUSED
    )
    for line in reopened:
        step.then(ReopenLine(subject_id=line.id))
    if reopened:
        step.close_task("settle_list", row.id, declined=True)
        step.open_task(SETTLE_LIST, list_target(row), stage=CampaignState.NEGOTIATION)


def close(step: Step) -> None:
    """Make the budget of what was agreed; note the bases of its lists and which others use around those days; wait no more for counts."""
    wait_no_more(step, (row.id for row in step.facts.lists))
    new_budget(step)
    for row in step.facts.live_lists:
        control_basis(step, row)
    for warning in use_warnings(step.facts, step.chain.drop_on):
        step.control(warning["code"], expected=warning["expected"], actual=warning["actual"], verdict="warning")


def take_up(step: Step) -> None:
    """On entering: nobody waits for what is wanted no more, and owners who have not answered are asked again."""
    wait_for_what_is_wanted(step)
    ask_again(step)


def every_list_is_settled(facts: CampaignFacts) -> Unmet | None:
    """No line waits for terms, or for the consent of an owner whom nobody asked; what was ordered before stays settled."""
    waiting = sorted(_waiting(facts, LineState.CANDIDATE, LineState.AGREED) - _with_their_owners(facts))
    return Unmet(code="negotiation.lists_open", lifted_by=Role.PROJECT_MANAGER, params={"lists": waiting}) if waiting else None


def owners_have_consented(facts: CampaignFacts) -> Unmet | None:
    """No owner who was shown the sample mail piece of its list has still to answer."""
    waiting = sorted(_with_their_owners(facts))
    return Unmet(code="negotiation.owners_asked", lifted_by=Role.SUPPLIER, params={"lists": waiting}) if waiting else None


def _waiting(facts: CampaignFacts, *states: LineState) -> set[str]:
    return {line.list_code for line in facts.live_lines if line.state in states}


def _with_their_owners(facts: CampaignFacts) -> set[str]:
    """Lists whose terms are agreed and whose owner was asked, and has neither consented nor refused."""
    codes = {row.id: row.code for row in facts.lists}
    asked = {codes[one.list_id] for one in facts.sample_approvals if one.approved_at is None and one.objected_at is None}
    return (asked & _waiting(facts, LineState.AGREED)) - _waiting(facts, LineState.CANDIDATE)


STAGE = Stage(
    state=CampaignState.NEGOTIATION,
    enter=take_up,
    opens=(
        SETTLE_LIST,
        ASK_OWNERS,
        UserTaskSpec("close_negotiation", candidates=Role.PROJECT_MANAGER, due=WorkingDays("close_negotiation")),
    ),
    moves=(
        Move(
            CloseNegotiation,
            to=CampaignState.BUDGET,
            by=Role.PROJECT_MANAGER,
            event="campaign.negotiation.closed",
            requires=(
                every_list_is_settled,
                owners_have_consented,
                samples_are_approved,
                counts_suffice,
                a_line_is_left,
                offers_reach_the_orders,
                second_uses_reach_the_drop,
                files_are_there_by_then,
                bases_are_stated,
                bases_carry_their_channels,
                balances_keep_to_the_limit,
                budget_is_within_envelope,
            ),
            checks=(offers_hold_today,),
            do=close,
            closes=("close_negotiation",),
            issues=(DocumentSpec("terms_sheet", terms_sheets), DocumentSpec("budget_file", budget_file)),
        ),
        Move(AgreeTerms, by=Role.PROJECT_MANAGER, event="campaign.negotiation.terms_agreed", do=agree, opens=(ASK_OWNERS,)),
        Move(
            RecordConsent,
            by=(Role.SUPPLIER, Role.PROJECT_MANAGER),
            suppliers=asked_owners,
            event="campaign.negotiation.consent_recorded",
            do=consent,
        ),
        Move(RefuseTerms, by=Role.PROJECT_MANAGER, event="campaign.negotiation.terms_refused", checks=(reason_is_given,), do=refuse),
        Move(ReopenTerms, by=Role.PROJECT_MANAGER, event="campaign.negotiation.terms_reopened", checks=(reason_is_given,), do=reopen),
        Move(
            ReturnToPlan,
            to=CampaignState.PLAN,
            by=Role.PROJECT_MANAGER,
            event="campaign.negotiation.returned",
            checks=(reason_is_given,),
        ),
        *SAMPLES,
        REQUEST,
        GIVE,
        ACCEPT_SHORT,
        STATE_BASIS,
        MOVE_DROP,
        *INVOICES,
        *IN_EVERY_STAGE,
        *SUPPRESSIONS,
    ),
)
