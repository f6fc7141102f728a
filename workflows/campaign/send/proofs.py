"""Proofs: whoever prints or mails deposits what a message is going to look like, version after version.

A project manager signs exactly that file with its data-protection notice, or returns it with remarks. Nothing else is printed. A later
version voids the signature of the one before. Where the mailing was ordered by then, it is to be ordered again: the order names what was
signed. Once mail is with the post, no proof of it changes. Not for what the bytes are: that is looked at where they come in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from workflows.campaign.data_protection.notice import check_notice
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile, store
from workflows.campaign.model import Message
from workflows.campaign.orders.mailing_order import ORDER_AGAIN
from workflows.campaign.records import Proof, StoredFile
from workflows.campaign.rules import NotOfThisCampaign
from workflows.engine.command import Command, free_text, unrecorded
from workflows.engine.process import Move, ServiceTaskRef, Target, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.engine.user_tasks import open_task
from workflows.parties.roles import Role, SupplierKind

PROOF = "proof"
AWAITING, SIGNED, RETURNED, SUPERSEDED = "awaiting", "signed", "returned", "superseded"
MEDIA_TYPES = ("application/pdf", "image/png", "image/jpeg")
"""What everybody can look at."""
MOST_MEGABYTES = 25
MOST_BYTES = MOST_MEGABYTES * 1024 * 1024

PROVERS = (SupplierKind.PRINTER, SupplierKind.MAILER)
"""Suppliers who deposit proofs of what they print, printers first."""


class ProofUnreadable(Refused):
    """The file is neither a PDF nor a picture, or does not end as it should."""

    code = "send.proof_unreadable"


class ProofTooLarge(Refused):
    """A file that is larger than a proof to look at need be."""

    code = "send.proof_too_large"


class ProofUnchanged(Refused):
    """The very file of the newest version."""

    code = "send.proof_unchanged"


class ProofMissing(Refused):
    """Policy wants a proof, and nobody has deposited one."""

    code = "send.proof_missing"


class ProofOutdated(Refused):
    """The version that was looked at is not the newest any more."""

    code = "send.proof_outdated"


class ProofWasReturned(Refused):
    """The newest version was returned with remarks: there is nothing to sign or to return."""

    code = "send.proof_was_returned"


class RemarksMissing(Refused):
    """A proof is returned with what is to be corrected."""

    code = "send.remarks_missing"


class ProofTooLate(Refused):
    """Mail is with the post: what it looks like is settled."""

    code = "send.proof_too_late"


class NoticeIncomplete(Refused):
    """The notice lacks something that the law asks for on each piece."""

    code = "send.notice_incomplete"


class SourceUnnamed(NoticeIncomplete):
    """The notice does not name who handed over the addresses, whatever else it lacks."""

    code = "send.source_unnamed"


@dataclass(frozen=True, kw_only=True)
class DepositProof(Command):
    """Deposit the next version of a message's proof. `media_type` is what the bytes were found to be, empty for nothing that is known."""

    message_id: UUID
    file: KeptFile = unrecorded()
    media_type: str


@dataclass(frozen=True, kw_only=True)
class SignProof(Command):
    """Sign exactly this version of a message's proof, by the hash of its file, with the data-protection notice.

    Without a version it is signed on its notice alone, where policy lets that be.
    """

    message_id: UUID
    notice: str = free_text()
    proof_version: int | None = None
    proof_sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class ReturnProof(Command):
    """Return this version of a message's proof to whoever made it, with what is to be corrected."""

    message_id: UUID
    proof_version: int
    remarks: str = free_text()


def deposit_proof(step: Step) -> None:
    """Keep the file as the next version.

    :raises Refused: `NotOfThisCampaign`, `ProofTooLate`, `ProofUnreadable`, `ProofTooLarge` or `ProofUnchanged`.
    """
    command: DepositProof = step.command
    message = _message(step)
    if command.media_type not in MEDIA_TYPES or not command.file.size:
        raise ProofUnreadable(name=command.file.name)
    if command.file.size > MOST_BYTES:
        raise ProofTooLarge(most=MOST_MEGABYTES)
    newest = _newest(step, message)
    if newest is not None and newest.sha256 == command.file.sha256:
        raise ProofUnchanged(message=message.code, version=newest.version)
    _void_signature(step, message, newest, command.file.sha256)
    if newest is not None and newest.state != RETURNED:
        newest.state = SUPERSEDED
    supplier_id = next((one for one in proof_makers(step.facts) if one in step.actor.supplier_ids), None)
    before = select(func.max(Proof.version)).where(Proof.campaign_id == step.chain.id, col(Proof.message) == message.code)
    step.session.add(
        Proof(
            **step.from_now_on(),
            message=message.code,
            version=1 + (step.session.exec(before).one() or 0),
            file_id=store(step, command.file, kind=PROOF, supplier_id=supplier_id).id,
            sha256=command.file.sha256,
            media_type=command.media_type,
            supplier_id=supplier_id,
            deposited_by_id=step.actor.person_id,
            deposited_at=step.now,
        )
    )
    step.session.flush()
    step.close_task("bring_proof", message.id)


def sign(step: Step) -> None:
    """Keep notice and signature, bound to the file that was seen.

    :raises Refused: `NotOfThisCampaign`, `ProofTooLate`, `ProofMissing`, `ProofOutdated`, `ProofWasReturned` or `NoticeIncomplete`.
    """
    command: SignProof = step.command
    message = _message(step)
    proof = _seen_proof(step, message)
    notice = check_notice(step.facts, message.code, command.notice)
    if notice.unnamed:
        raise SourceUnnamed(elements=list(notice.missing), owners=list(notice.unnamed))
    if notice.missing:
        raise NoticeIncomplete(elements=list(notice.missing))
    if proof is not None:
        proof.state, proof.decided_at, proof.decided_by_id = SIGNED, step.now, step.actor.person_id
        step.note_file(kind=PROOF, sha256=proof.sha256, size=step.session.get_one(StoredFile, proof.file_id).size)
    message.notice = command.notice
    message.proof_signed_at, message.proof_signed_by_id, message.proof_signed_seq = step.now, step.actor.person_id, step.seq
    step.close_task("sign_proof", message.id)
    step.drop_task("bring_proof", message.id)


def _seen_proof(step: Step, message: Message) -> Proof | None:
    """The version that is signed: the newest, as it was seen; None where there is none to be seen and none is wanted."""
    command: SignProof = step.command
    newest = _newest(step, message)
    is_returned = newest is not None and newest.state == RETURNED
    if command.proof_version is None and (newest is None or is_returned):
        if not step.policy.proof_required:
            return None
        raise ProofWasReturned(message=message.code, version=newest.version) if newest else ProofMissing(message=message.code)
    if newest is None or (newest.version, newest.sha256) != (command.proof_version, command.proof_sha256):
        raise ProofOutdated(message=message.code, seen=command.proof_version, version=newest.version if newest else None)
    if is_returned:
        raise ProofWasReturned(message=message.code, version=newest.version)
    return newest


def return_proof(step: Step) -> None:
    """Keep the remarks, and ask for another version.

    :raises Refused: `NotOfThisCampaign`, `ProofTooLate`, `RemarksMissing`, `ProofOutdated` or `ProofWasReturned`.
    """
    command: ReturnProof = step.command
    message = _message(step)
    if not command.remarks.strip():
        raise RemarksMissing()
    newest = _newest(step, message)
    if newest is None or newest.version != command.proof_version:
        raise ProofOutdated(message=message.code, seen=command.proof_version, version=newest.version if newest else None)
    if newest.state == RETURNED:
        raise ProofWasReturned(message=message.code, version=newest.version)
    _void_signature(step, message, newest, None)
    newest.state, newest.remarks, newest.decided_at, newest.decided_by_id = RETURNED, command.remarks, step.now, step.actor.person_id
    step.session.flush()
    if proof_makers(step.facts):
        step.close_task("sign_proof", message.id, declined=True)


def _message(step: Step) -> Message:
    facts: CampaignFacts = step.facts
    message = next((row for row in facts.used_messages if row.id == step.command.message_id), None)
    if message is None:
        raise NotOfThisCampaign()
    if facts.deposits:
        raise ProofTooLate()
    return message


def _newest(step: Step, message: Message) -> Proof | None:
    facts: CampaignFacts = step.facts
    return facts.proof(message.code)


def _void_signature(step: Step, message: Message, newest: Proof | None, instead: str | None) -> None:
    """What was signed is no longer what is going to be printed; the checkpoint says both, by hash."""
    if message.proof_signed_at is not None:
        signed = newest.sha256 if newest is not None and newest.state == SIGNED else None
        step.control(f"proof:{message.code}", expected=signed, actual=instead, verdict="warning")
    message.proof_signed_at = message.proof_signed_by_id = message.proof_signed_seq = None


def end_proofs(step: Step) -> None:
    """Let what was deposited and signed for lots count no more: their proofs are to be looked at anew."""
    for message in step.facts.messages:
        message.proof_signed_at = message.proof_signed_by_id = message.proof_signed_seq = None
    for proof in step.facts.proofs:
        proof.to_seq = step.seq
        if proof.state != RETURNED:
            proof.state = SUPERSEDED


def proof_makers(facts: CampaignFacts) -> list[UUID]:
    """Who may deposit proofs: the campaign's printers and mailers, printers first."""
    makers = [one for one in facts.service_suppliers() if one.kind in PROVERS]
    return [one.id for one in sorted(makers, key=lambda maker: PROVERS.index(SupplierKind(maker.kind)))]


def asked_makers(facts: CampaignFacts) -> list[UUID]:
    """Who is asked for proofs: its printers; its mailers where nobody else prints."""
    printers = [one.id for one in facts.service_suppliers() if one.kind == SupplierKind.PRINTER]
    return printers or proof_makers(facts)


def unsigned(facts: CampaignFacts) -> list[Message]:
    """Messages that nobody signed off."""
    return [message for message in facts.used_messages if message.proof_signed_at is None]


def awaited(facts: CampaignFacts) -> list[Message]:
    """Messages of which there is no version that could be signed off."""
    required = facts.campaign.policy.proof_required
    return [one for one in unsigned(facts) if (newest.state == RETURNED if (newest := facts.proof(one.code)) else required)]


def proofs_to_bring(facts: CampaignFacts) -> Iterable[Target]:
    """Messages of which a version is waited for, by each supplier that is asked for it."""
    for message in awaited(facts):
        makers = [] if _is_open(facts, "bring_proof", message.id) else asked_makers(facts)
        yield from (Target(kind="message", id=message.id, label=message.code, supplier_id=maker) for maker in makers)


def proofs_to_sign(facts: CampaignFacts) -> Iterable[Target]:
    """Messages that can be signed off now, or whose proof nobody but the advertiser can bring."""
    coming = awaited(facts) if asked_makers(facts) else []
    for message in unsigned(facts):
        if message not in coming and not _is_open(facts, "sign_proof", message.id):
            yield Target(kind="message", id=message.id, label=message.code)


def _is_open(facts: CampaignFacts, name: str, about: UUID) -> bool:
    return open_task(facts.session, name, about) is not None


def every_proof_is_signed(facts: CampaignFacts) -> Unmet | None:
    """No message is printed unseen. Who is to bring a proof comes before who is to sign it."""
    coming = [message.code for message in awaited(facts)] if asked_makers(facts) else []
    if coming:
        return Unmet(code="send.proofs_awaited", lifted_by=Role.SUPPLIER, params={"messages": coming})
    waiting = [message.code for message in unsigned(facts)]
    return Unmet(code="send.proofs_unsigned", lifted_by=Role.PROJECT_MANAGER, params={"messages": waiting}) if waiting else None


def told_remarks(step: Step) -> dict[str, Any]:
    """Which message's proof is to be corrected."""
    return {"returned": str(step.command.message_id)}


MAIL_PROOFS = ServiceTaskRef("mail_proofs")
"""Tells those who are asked for proofs, once lots are frozen."""
BRING_PROOF = UserTaskSpec("bring_proof", candidates=Role.SUPPLIER, due=WorkingDays("bring_proof"), each=proofs_to_bring)
SIGN_PROOF = UserTaskSpec("sign_proof", candidates=Role.PROJECT_MANAGER, due=WorkingDays("sign_proof"), each=proofs_to_sign)

PROOFS = (
    Move(
        DepositProof,
        by=(Role.SUPPLIER, Role.PROJECT_MANAGER),
        suppliers=proof_makers,
        event="campaign.send.proof_deposited",
        do=deposit_proof,
        opens=(SIGN_PROOF, ORDER_AGAIN),
    ),
    Move(SignProof, by=Role.PROJECT_MANAGER, event="campaign.send.proof_signed", do=sign, opens=(ORDER_AGAIN,)),
    Move(
        ReturnProof,
        by=Role.PROJECT_MANAGER,
        event="campaign.send.proof_returned",
        do=return_proof,
        opens=(BRING_PROOF, SIGN_PROOF, ORDER_AGAIN),
        requests=(ServiceTaskRef("mail_proofs", payload=told_remarks),),
    ),
)
