"""Showing owners of lists the sample mail piece that they are to consent to, and keeping which version they saw.

A project manager attaches a sample to a message during the negotiation, version after version. Once the terms of a list are agreed, its
owner is asked about the newest samples of the list's messages, and consents to exactly these, or says why not. A later version asks every
owner again who consented to the one before. Where no sample is attached an owner consents as it is asked by other means, and its consent
says so. Not for the consent itself: that is a move of the negotiation. Not for what is printed: proofs are signed later.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import col, func, select

from workflows.campaign.any_stage.overriding import REVIEW_OVERRIDE, override
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile, store
from workflows.campaign.model import CampaignList
from workflows.campaign.orders.settling import SETTLE_LIST, list_target
from workflows.campaign.records import StoredFile
from workflows.campaign.rules import NotOfThisCampaign, manages, reason_is_given
from workflows.campaign.samples.approved import (
    SAMPLE_APPROVED,
    approved_of,
    covers,
    figures,
    holds,
    is_consented,
    messages_of,
    pieces_of,
    request_of,
    samples_of,
)
from workflows.campaign.samples.records import SampleApproval, SamplePiece
from workflows.campaign.send.proofs import MEDIA_TYPES, MOST_BYTES, MOST_MEGABYTES
from workflows.campaign.states import CampaignState
from workflows.engine.command import Command, free_text, unrecorded
from workflows.engine.process import Move, Target, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.engine.user_tasks import open_task
from workflows.parties.roles import Role
from workflows.plan_line.model import LineState

SAMPLE = "sample"
"""The kind of file."""
APPROVE_SAMPLE = "approve_sample"
"""The owner's task, and policy's name for how long it takes."""


class SampleUnreadable(Refused):
    """The file is neither a PDF nor a picture, or does not end as it should."""

    code = "samples.unreadable"


class SampleTooLarge(Refused):
    """A file that is larger than a sample to look at need be."""

    code = "samples.too_large"


class SampleUnchanged(Refused):
    """The very file of the newest version."""

    code = "samples.unchanged"


class SampleOutdated(Refused):
    """What was looked at is not the newest version of every sample of the list."""

    code = "samples.outdated"


class AlreadyApproved(Refused):
    """The owner consented to these very samples: whoever thinks otherwise by now negotiates the list again."""

    code = "samples.already_approved"


class NothingToKeep(Refused):
    """The owner's consent holds for the newest samples, or there is none that could be kept."""

    code = "samples.nothing_to_keep"


class OwnerObjected(Refused):
    """The owner looked at what changed, and does not agree: nobody says in its place that it touches nothing."""

    code = "samples.owner_objected"


@dataclass(frozen=True, kw_only=True)
class AttachSample(Command):
    """Attach the next version of a message's sample. `media_type` is what the bytes were found to be, empty for nothing that is known."""

    message_id: UUID
    file: KeptFile = unrecorded()
    media_type: str


@dataclass(frozen=True, kw_only=True)
class RefuseSample(Command):
    """As the owner of a list, do not agree with these samples (hashes by message), and say why."""

    list_id: UUID
    samples: dict[str, str] = field(default_factory=dict)
    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class KeepApproval(Command):
    """Say why what changed in a sample does not touch what the list's owner approved: its consent goes on."""

    list_id: UUID
    reason: str = free_text()


def attach(step: Step) -> None:
    """Keep the file as the next version, and ask every owner again whose consent was of another.

    :raises Refused: `NotOfThisCampaign`, `SampleUnreadable`, `SampleTooLarge` or `SampleUnchanged`.
    """
    facts: CampaignFacts = step.facts
    command: AttachSample = step.command
    message = next((row for row in facts.used_messages if row.id == command.message_id), None)
    if message is None:
        raise NotOfThisCampaign()
    if command.media_type not in MEDIA_TYPES or not command.file.size:
        raise SampleUnreadable(name=command.file.name)
    if command.file.size > MOST_BYTES:
        raise SampleTooLarge(most=MOST_MEGABYTES)
    newest = next((one for one in facts.samples if one.message == message.code), None)
    if newest is not None:
        if newest.sha256 == command.file.sha256:
            raise SampleUnchanged(message=message.code, version=newest.version)
        newest.to_seq = step.seq
    before = select(func.max(SamplePiece.version)).where(SamplePiece.campaign_id == step.chain.id, col(SamplePiece.message) == message.code)
    step.session.add(
        SamplePiece(
            **step.from_now_on(),
            message=message.code,
            version=1 + (step.session.exec(before).one() or 0),
            file_id=store(step, command.file, kind=SAMPLE).id,
            sha256=command.file.sha256,
            media_type=command.media_type,
            attached_by_id=step.actor.person_id,
            attached_at=step.now,
        )
    )
    step.session.flush()
    step.forget_facts()
    shown = [row for row in _asked_about(step.facts) if message.code in messages_of(step.facts, row.id)]
    for row in shown:
        if is_consented(step.facts, row):
            approved = approved_of(step.facts, row.id)
            wanted = figures(approved.samples if approved else {})
            step.control(
                f"{SAMPLE_APPROVED}:{row.code}", expected=wanted, actual=figures(samples_of(step.facts, row.id)), verdict="warning"
            )
    _ask(step, shown)


def ask_anew(step: Step, row: CampaignList) -> None:
    """Ask the owner of a list whose terms are agreed by now, whatever it approved before."""
    end_request(step, row)
    _ask(step, [row])


def ask_again(step: Step) -> None:
    """On entering the negotiation: ask those who have not answered, or who answered about other samples."""
    facts: CampaignFacts = step.facts
    for request in facts.sample_approvals:
        row = next((one for one in facts.live_lists if one.id == request.list_id), None)
        if row is None:
            _end(step, request)
    _ask(step, [row for row in _asked_about(facts) if not holds(facts, row)], again=True)


def end_request(step: Step, row: CampaignList) -> None:
    """What the owner of a list was asked or approved counts no more: its terms are negotiated, or the list is left out."""
    if request := request_of(step.facts, row.id):
        _end(step, request)
        step.forget_facts()


def _end(step: Step, request: SampleApproval) -> None:
    request.to_seq = step.seq
    step.session.flush()
    step.drop_task(APPROVE_SAMPLE, request.id)


def _ask(step: Step, rows: Iterable[CampaignList], *, again: bool = False) -> None:
    asked = [str(row.id) for row in rows if _ask_about(step, row, again=again)]
    if asked:
        step.request("mail_samples", {"lists": asked})


def _ask_about(step: Step, row: CampaignList, *, again: bool) -> bool:
    """Ask the supplier of one list, unless it is asked about just this already; says whether it was asked now."""
    earlier, samples = request_of(step.facts, row.id), samples_of(step.facts, row.id)
    if row.supplier_id is None or not samples or (earlier and covers(earlier, samples) and (earlier.approved_at or not again)):
        return False
    if earlier:
        _end(step, earlier)
    before_id = (earlier.id if earlier.approved_at else earlier.before_id) if earlier else None
    step.session.add(
        SampleApproval(
            **step.from_now_on(), list_id=row.id, supplier_id=row.supplier_id, samples=samples, before_id=before_id, asked_at=step.now
        )
    )
    return True


def _asked_about(facts: CampaignFacts) -> list[CampaignList]:
    """Lists of others whose terms are agreed: their owners are asked."""
    return [
        row
        for row in facts.live_lists
        if not row.is_house and all(line.state != LineState.CANDIDATE for line in facts.lines_of(row.id) if line.is_alive)
    ]


def approve_samples(step: Step, row: CampaignList) -> None:
    """Keep that the owner of a list saw these samples and consents to them.

    :raises NotOfThisCampaign: when the asker is a supplier whom nobody asked.
    :raises SampleOutdated: when they are not the newest, or some were not looked at.
    """
    request = _seen(step, row)
    if request is None:
        return
    request.approved_at, request.approved_by_id = step.now, step.actor.person_id
    request.on_behalf = request.supplier_id not in step.actor.supplier_ids
    step.close_task(APPROVE_SAMPLE, request.id)
    for piece in pieces_of(step.facts, row.id).values():
        step.note_file(kind=SAMPLE, sha256=piece.sha256, size=step.session.get_one(StoredFile, piece.file_id).size)
    step.control(f"{SAMPLE_APPROVED}:{row.code}", expected=figures(request.samples), actual=figures(request.samples), verdict="ok")


def _seen(step: Step, row: CampaignList) -> SampleApproval | None:
    """What is answered: the request about a list, whose samples were all looked at. None where there is no sample."""
    request, samples = request_of(step.facts, row.id), samples_of(step.facts, row.id)
    if not manages(step) and (request is None or request.supplier_id not in step.actor.supplier_ids):
        raise NotOfThisCampaign()
    newest = {code: one["sha256"] for code, one in samples.items()}
    if step.command.samples != newest:
        differ = sorted(code for code in newest.keys() | step.command.samples.keys() if newest.get(code) != step.command.samples.get(code))
        raise SampleOutdated(list=row.code, messages=differ)
    return request if samples else None


def refuse_sample(step: Step) -> None:
    """Keep why the owner does not agree; somebody has to settle the list.

    :raises NotOfThisCampaign: when the asker is a supplier whom nobody asked, or there is nothing to answer.
    :raises SampleOutdated: when these samples are not the newest.
    :raises AlreadyApproved: when the owner consented to them.
    """
    row = list_named(step)
    request = _seen(step, row)
    if request is None:
        raise NotOfThisCampaign()
    if request.approved_at is not None:
        raise AlreadyApproved(list=row.code)
    request.objection, request.objected_at = step.command.reason.strip(), step.now
    step.close_task(APPROVE_SAMPLE, request.id, declined=True)
    if open_task(step.session, SETTLE_LIST.name, row.id) is None:
        step.open_task(SETTLE_LIST, list_target(row), stage=CampaignState.NEGOTIATION)


def keep_approval(step: Step) -> None:
    """Pass over what changed, on record; nobody waits for the owner any more.

    :raises NothingToKeep: when its consent holds, or there is none yet.
    :raises OwnerObjected: when it was asked, and said no.
    """
    facts: CampaignFacts = step.facts
    row = list_named(step)
    if not is_consented(facts, row) or holds(facts, row):
        raise NothingToKeep(list=row.code)
    approved, request = approved_of(facts, row.id), request_of(facts, row.id)
    if request is not None and request.objected_at is not None:
        raise OwnerObjected(list=row.code)
    expected, actual = figures(approved.samples if approved else {}), figures(samples_of(facts, row.id))
    override(step, SAMPLE_APPROVED, about=row.code, expected=expected, actual=actual, reason=step.command.reason)
    step.close_task(SETTLE_LIST.name, row.id)
    if request is not None:
        step.drop_task(APPROVE_SAMPLE, request.id)


def list_named(step: Step) -> CampaignList:
    """The list that the command names.

    :raises NotOfThisCampaign: when it is another campaign's.
    """
    facts: CampaignFacts = step.facts
    found = next((row for row in facts.lists if row.id == step.command.list_id), None)
    if found is None:
        raise NotOfThisCampaign()
    return found


def _asked_now(facts: CampaignFacts) -> Iterable[Target]:
    """The requests of this very step."""
    codes = {row.id: row.code for row in facts.lists}
    for one in facts.sample_approvals:
        if one.from_seq == facts.campaign.chain_seq + 1:
            yield Target(kind=SampleApproval.__tablename__, id=one.id, label=codes[one.list_id], supplier_id=one.supplier_id)


def asked_owners(facts: CampaignFacts) -> Iterable[UUID]:
    """The suppliers who are asked about samples."""
    return (one.supplier_id for one in facts.sample_approvals)


ASK_OWNERS = UserTaskSpec(APPROVE_SAMPLE, candidates=Role.SUPPLIER, due=WorkingDays(APPROVE_SAMPLE), each=_asked_now)
"""Opened by whatever asks them, and by entering the negotiation again."""

SAMPLES = (
    Move(AttachSample, by=Role.PROJECT_MANAGER, event="campaign.samples.attached", do=attach, opens=(ASK_OWNERS,)),
    Move(
        RefuseSample,
        by=Role.SUPPLIER,
        suppliers=asked_owners,
        event="campaign.samples.refused",
        checks=(reason_is_given,),
        do=refuse_sample,
        declines=True,
    ),
    Move(
        KeepApproval,
        by=Role.PROJECT_MANAGER,
        event="campaign.samples.approval_kept",
        checks=(reason_is_given,),
        do=keep_approval,
        opens=(REVIEW_OVERRIDE,),
    ),
)
