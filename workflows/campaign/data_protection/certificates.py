"""Certificates of destruction: whoever was handed a file of people says, on a paper with a hash, that it has none of it left.

What is owed is written down when the drop is over, or the campaign is given up, with the day that the supplier's order names. Its supplier
is asked, reminded, and chased by the project manager once that day has passed. A paper that came by post is recorded by the project
manager, who may also let one be, with a reason. Not for files in Jalon's own store: `purging` destroys those, on record. Nor for list
owners: the files are theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import UUID

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile, store
from workflows.campaign.papers import certificate_due_on, destruction_certificates
from workflows.campaign.papers.mailing import files_in_order
from workflows.campaign.records import DestructionCertificate, HandedFile
from workflows.campaign.rules import NotOfThisCampaign, answers_for, reason_is_given
from workflows.campaign.send.proofs import MOST_BYTES, MOST_MEGABYTES
from workflows.engine.command import Command, free_text
from workflows.engine.process import DocumentSpec, Move, Target, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.model import Supplier
from workflows.parties.roles import Role
from workflows.trade.working_days import add_working_days, instant_at, local_day

CERTIFICATES = "certificates"
"""Where the tasks about them are filed: they outlive the stage."""
CERTIFICATE = "destruction_certificate"
AWAITED, CERTIFIED, WAIVED = "awaited", "certified", "waived"
METHODS = ("deleted", "overwritten", "key_destroyed", "media_destroyed")
"""How a file of people is done away with."""
ASKED_AT = time(8)
"""When suppliers are reminded, and what is late is noted: the morning of the day."""


class CertificateNotAwaited(Refused):
    """It was certified or waived before."""

    code = "certificates.not_awaited"


class MethodUnknown(Refused):
    """A file is done away with by one of the known methods."""

    code = "certificates.method_unknown"


class DestructionIsToCome(Refused):
    """A destruction is certified once it was done."""

    code = "certificates.is_to_come"


class DestroyedBeforeHanded(Refused):
    """Nobody destroys a file before they have it."""

    code = "certificates.before_handed"


class NamesMissing(Refused):
    """A certificate says who destroyed the files, and who signs for it."""

    code = "certificates.names_missing"


class RemainderIncomplete(Refused):
    """Copies that remain are named, and so is the day until which they do: not before the files were destroyed."""

    code = "certificates.remainder_incomplete"


class PaperMissing(Refused):
    """Whoever records a certificate for its supplier has the signed paper."""

    code = "certificates.paper_missing"


class PaperUnreadable(Refused):
    """The signed paper is a whole PDF."""

    code = "certificates.paper_unreadable"


class PaperTooLarge(Refused):
    """A file that is larger than a signed page need be."""

    code = "certificates.paper_too_large"


@dataclass(frozen=True, kw_only=True)
class CertifyDestruction(Command):
    """Certify that the files handed over are destroyed, their copies and backups too, but for those that are named as remaining.

    `media_type` is what the bytes of the signed paper were found to be; a supplier needs none, whoever speaks for it does.
    """

    certificate_id: UUID
    method: str
    destroyed_on: date
    operator: str = free_text()
    signatory: str = free_text()
    remaining: str = free_text("")
    remaining_until_on: date | None = None
    file: KeptFile | None = field(default=None, metadata={"unrecorded": True})
    media_type: str = ""


@dataclass(frozen=True, kw_only=True)
class WaiveCertificate(Command):
    """Wait no more for a supplier's certificate, and say why."""

    certificate_id: UUID
    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class NoteLateCertificates(Command):
    """Note which certificates did not come by their day."""

    certificate_ids: tuple[UUID, ...]


def note_handed(step: Step, supplier_id: UUID, name: str, sha256: str, quantity: int) -> None:
    """Write down that a supplier has a file of people; once for the same bytes."""
    facts: CampaignFacts = step.facts
    if not any(one.supplier_id == supplier_id and one.sha256 == sha256 for one in facts.handed_files):
        given = HandedFile(**step.from_now_on(), supplier_id=supplier_id, name=name, sha256=sha256, quantity=quantity, handed_at=step.now)
        step.session.add(given)
        facts.handed_files.append(given)


def note_posted(step: Step) -> None:
    """Whoever was ordered to post has the files, also where it took them by other means."""
    for supplier_id, file in files_in_order(step.facts):
        note_handed(step, supplier_id, file.name, file.sha256, file.quantity or 0)


def await_certificates(step: Step) -> None:
    """Write down what each supplier owes that was handed files, have it told, and set the clock for its day."""
    facts: CampaignFacts = step.facts
    owing = {row.supplier_id: row for row in facts.certificates}
    for supplier_id in holders(facts):
        if supplier_id not in owing:
            row = DestructionCertificate(
                **step.from_now_on(), supplier_id=supplier_id, due_on=certificate_due_on(facts, facts.suppliers[supplier_id])
            )
            step.session.add(row)
            owing[supplier_id] = row
    step.session.flush()
    awaited = [row for row in owing.values() if row.state == AWAITED]
    if awaited:
        step.request("mail_certificates", {"reminder": False})
    for due_on in sorted({row.due_on for row in awaited}):
        remind_on = add_working_days(due_on, -step.policy.days("remind_certificate"), step.policy.region)
        if remind_on > local_day(step.now):
            step.request("mail_certificates", {"reminder": True, "due_on": due_on.isoformat()}, at=instant_at(remind_on, ASKED_AT))
        step.request("chase_certificates", at=max(step.now, instant_at(add_working_days(due_on, 1, step.policy.region), ASKED_AT)))


def certify(step: Step) -> None:
    """Keep what is certified, and the signed paper where there is one.

    :raises Refused: `NotOfThisCampaign`, or one of those above.
    """
    command: CertifyDestruction = step.command
    row = _awaited(step)
    _look_at(step, row)
    file = _paper(step, row)
    row.state, row.method, row.destroyed_on = CERTIFIED, command.method, command.destroyed_on
    row.operator, row.signatory = command.operator.strip(), command.signatory.strip()
    row.remaining, row.remaining_until_on = command.remaining.strip(), command.remaining_until_on
    row.file_id = store(step, file, kind=CERTIFICATE, supplier_id=row.supplier_id).id if file else None
    verdict = "warning" if row.remaining or local_day(step.now) > row.due_on else "ok"
    _settle(step, row, actual=local_day(step.now).isoformat(), verdict=verdict)
    step.close_task("certify_destruction", row.id)
    step.close_task("chase_certificate", row.id)


def waive(step: Step) -> None:
    """Let it be, on record.

    :raises Refused: `NotOfThisCampaign` or `CertificateNotAwaited`.
    """
    row = _awaited(step)
    row.state, row.waived_reason = WAIVED, step.command.reason.strip()
    _settle(step, row, actual=None, verdict="overridden", override="reason")
    step.drop_task("certify_destruction", row.id)
    step.close_task("chase_certificate", row.id, declined=True)


def note_late(step: Step) -> None:
    """Note each that is still waited for though its day has passed."""
    for row in step.facts.certificates:
        if row.id in step.command.certificate_ids and row.state == AWAITED and row.due_on < local_day(step.now):
            row.overdue_seq = step.seq
            step.control(_control(step, row), expected=row.due_on.isoformat(), actual=None, verdict="warning")


def _settle(step: Step, row: DestructionCertificate, *, actual: str | None, verdict: str, override: str | None = None) -> None:
    row.settled_by_id, row.settled_at, row.settled_seq = step.actor.person_id, step.now, step.seq
    step.session.flush()
    step.control(_control(step, row), expected=row.due_on.isoformat(), actual=actual, verdict=verdict, override=override)


def _control(step: Step, row: DestructionCertificate) -> str:
    return f"certificate:{step.facts.suppliers[row.supplier_id].code}"


def _awaited(step: Step) -> DestructionCertificate:
    facts: CampaignFacts = step.facts
    row = next((one for one in facts.certificates if one.id == step.command.certificate_id), None)
    if row is None or not answers_for(step, row.supplier_id):
        raise NotOfThisCampaign()
    if row.state != AWAITED:
        raise CertificateNotAwaited()
    return row


def _look_at(step: Step, row: DestructionCertificate) -> None:
    command: CertifyDestruction = step.command
    if command.method not in METHODS:
        raise MethodUnknown(method=command.method)
    if command.destroyed_on > local_day(step.now):
        raise DestructionIsToCome(destroyed_on=command.destroyed_on)
    handed_on = max(local_day(one.handed_at) for one in step.facts.handed_files if one.supplier_id == row.supplier_id)
    if command.destroyed_on < handed_on:
        raise DestroyedBeforeHanded(destroyed_on=command.destroyed_on, handed_on=handed_on)
    if not command.operator.strip() or not command.signatory.strip():
        raise NamesMissing()
    until = command.remaining_until_on
    if bool(command.remaining.strip()) != (until is not None) or (until is not None and until < command.destroyed_on):
        raise RemainderIncomplete()


def _paper(step: Step, row: DestructionCertificate) -> KeptFile | None:
    command: CertifyDestruction = step.command
    file = command.file
    if file is None:
        if row.supplier_id not in step.actor.supplier_ids:
            raise PaperMissing()
        return None
    if command.media_type != "application/pdf" or not file.size:
        raise PaperUnreadable(name=file.name)
    if file.size > MOST_BYTES:
        raise PaperTooLarge(most=MOST_MEGABYTES)
    return file


def holders(facts: CampaignFacts) -> list[UUID]:
    """The suppliers that were handed files of people, the first first."""
    return list(dict.fromkeys(one.supplier_id for one in facts.handed_files))


def awaited(facts: CampaignFacts) -> list[DestructionCertificate]:
    """What is still waited for."""
    return [row for row in facts.certificates if row.state == AWAITED]


def certificates_are_in(facts: CampaignFacts) -> Unmet | None:
    """Everybody who was handed people's addresses has certified that they are destroyed, where policy wants that."""
    missing = awaited(facts) if facts.campaign.policy.certificates_required else []
    if not missing:
        return None
    names = [facts.suppliers[row.supplier_id].name for row in missing]
    return Unmet(
        code="certificates.missing", lifted_by=Role.SUPPLIER, params={"suppliers": names, "due_on": max(row.due_on for row in missing)}
    )


def _target(facts: CampaignFacts, row: DestructionCertificate, **more: Any) -> Target:
    return Target(kind="destruction_certificate", id=row.id, label=_supplier(facts, row).code, **more)


def _supplier(facts: CampaignFacts, row: DestructionCertificate) -> Supplier:
    return facts.suppliers[row.supplier_id]


def _to_certify(facts: CampaignFacts) -> Iterable[Target]:
    """Each supplier that owes one, by the end of the day that its order names."""
    day_ends_at = facts.campaign.policy.day_ends_at
    for row in awaited(facts):
        yield _target(facts, row, supplier_id=row.supplier_id, due_at=instant_at(row.due_on, day_ends_at))


def _to_chase(facts: CampaignFacts) -> Iterable[Target]:
    """Each that this very step found late."""
    yield from (_target(facts, row) for row in awaited(facts) if row.overdue_seq == facts.campaign.chain_seq + 1)


CERTIFY = UserTaskSpec("certify_destruction", candidates=Role.SUPPLIER, filed_under=CERTIFICATES, each=_to_certify)
"""Opened when the drop is over, or the campaign is given up."""
CERTIFICATES_MOVES = (
    Move(
        CertifyDestruction,
        by=(Role.SUPPLIER, Role.PROJECT_MANAGER),
        suppliers=holders,
        event="campaign.certificates.certified",
        do=certify,
        issues=(DocumentSpec(CERTIFICATE, destruction_certificates),),
    ),
    Move(WaiveCertificate, by=Role.PROJECT_MANAGER, event="campaign.certificates.waived", checks=(reason_is_given,), do=waive),
    Move(
        NoteLateCertificates,
        by=Role.SYSTEM,
        event="campaign.certificates.missed",
        do=note_late,
        opens=(
            UserTaskSpec(
                "chase_certificate",
                candidates=Role.PROJECT_MANAGER,
                due=WorkingDays("chase_certificate"),
                filed_under=CERTIFICATES,
                each=_to_chase,
            ),
        ),
    ),
)
"""From the drop on, and after the end: files may be kept longer than the campaign is open."""
