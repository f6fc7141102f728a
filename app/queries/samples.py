"""Sample mail pieces, version by version, and what owners of lists approved of them: for whoever negotiates, audits, or is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.database import Database, say_who_asks
from app.queries.deadline import Deadline, deadline_of
from app.queries.kept_files import files_of_kind, get_with_file
from app.queries.names import names_by_id
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign, CampaignList, Message
from workflows.campaign.records import StoredFile
from workflows.campaign.samples.approved import approved_of, is_approved, is_consented, let_pass, messages_of, request_of, samples_of
from workflows.campaign.samples.records import SampleApproval, SamplePiece
from workflows.campaign.samples.showing import APPROVE_SAMPLE, SAMPLE
from workflows.campaign.states import CampaignState
from workflows.engine.refusals import NotFound
from workflows.engine.user_tasks import open_task
from workflows.parties.actor import SYSTEM, Actor
from workflows.parties.model import Advertiser, Supplier


@dataclass(frozen=True, kw_only=True)
class SampleVersion:
    """One version of a message's sample. `has_file` until its bytes are destroyed: then its hash is what is left."""

    id: UUID
    message: str
    version: int
    is_newest: bool
    sha256: str
    media_type: str
    size: int
    has_file: bool
    attached_by: str
    attached_at: datetime

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A sample as an approval names it."""

    message: str
    version: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ApprovalLine:
    """What the owner of a list was asked about samples, and what it answered."""

    list_code: str
    supplier: str
    samples: tuple[Seen, ...]
    asked_at: datetime
    counts: bool
    approved_at: datetime | None
    approved_by: str
    on_behalf: bool
    objection: str
    objected_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ListSamples:
    """A list as it stands with the samples of its messages. `bare` are the messages that have none.

    `state`: `none` where no message has one, `unasked` until its terms are agreed, `waiting` or `late`, `refused` with an `objection`,
    `approved`, or `passed` where somebody said for `passed_reason` that what changed does not touch what was `approved`. `may_pass`: its
    owner consented to something else than the newest samples.
    """

    list_code: str
    supplier: str
    state: str
    newest: tuple[Seen, ...]
    bare: tuple[str, ...]
    asked_at: datetime | None
    deadline: Deadline | None
    objection: str
    approved: ApprovalLine | None
    may_pass: bool
    passed_reason: str

    @property
    def hashes(self) -> dict[str, str]:
        """What a consent to them names."""
        return {one.message: one.sha256 for one in self.newest}


@dataclass(frozen=True, kw_only=True)
class SampleBehind:
    """What owners approved of a message that is about to be printed: lists by version, and those whose owners saw none of it.

    `any_was_shown`: the campaign has samples at all; without any, owners consented without one.
    """

    approved: tuple[tuple[SampleVersion, tuple[str, ...]], ...]
    unseen: tuple[str, ...]
    any_was_shown: bool


@dataclass(frozen=True, kw_only=True)
class SamplesPage:
    """What the supplier of a list is shown: the `pieces` it is asked about, and `earlier` versions that it saw.

    `is_open`: it may answer now. `labels` are those of the messages; `bare` are messages of the list without a sample.
    """

    campaign_id: UUID
    campaign_title: str
    advertiser_name: str
    list_id: UUID
    list_name: str
    pieces: tuple[SampleVersion, ...]
    earlier: tuple[SampleVersion, ...]
    labels: Mapping[str, str]
    bare: tuple[str, ...]
    before: tuple[Seen, ...]
    deadline: Deadline | None
    is_open: bool
    approved_at: datetime | None
    objection: str
    objected_at: datetime | None


def list_samples(session: Session, campaign_id: UUID, *, end_as_machine: bool = False) -> tuple[SampleVersion, ...]:
    """Every version that the asker sees, by message, the newest first.

    :param end_as_machine: for an asker who may be a supplier: the rows of the files are the advertiser's, so that the rest of the
        transaction, where those are read, sees everything.
    """
    statement = select(SamplePiece).where(SamplePiece.campaign_id == campaign_id)
    rows = list(session.exec(statement.order_by(col(SamplePiece.message), col(SamplePiece.version).desc())))
    names = names_by_id(session, (row.attached_by_id for row in rows))
    if end_as_machine:
        say_who_asks(session, SYSTEM)
    files = files_of_kind(session, campaign_id, SAMPLE)
    return tuple(
        SampleVersion(
            id=row.id,
            message=row.message,
            version=row.version,
            is_newest=row.to_seq is None,
            sha256=row.sha256,
            media_type=row.media_type,
            size=files[row.file_id].size,
            has_file=files[row.file_id].wrapped_key is not None,
            attached_by=names.get(row.attached_by_id, ""),
            attached_at=row.attached_at,
        )
        for row in rows
    )


def get_sample_file(database: Database, actor: Actor, sample_id: UUID) -> tuple[SamplePiece, StoredFile]:
    """One version and its file.

    :raises NotFound: when there is none for this person, or its bytes are gone.
    """
    return get_with_file(database, actor, SamplePiece, sample_id, subject="sample_piece")


def list_approvals(session: Session, campaign_id: UUID) -> tuple[ApprovalLine, ...]:
    """All that owners were ever asked about samples, by list, the newest first."""
    statement = (
        select(SampleApproval, CampaignList.code, Supplier.name)
        .join(CampaignList, col(CampaignList.id) == col(SampleApproval.list_id))
        .join(Supplier, col(Supplier.id) == col(SampleApproval.supplier_id))
        .where(SampleApproval.campaign_id == campaign_id)
        .order_by(col(CampaignList.code), col(SampleApproval.from_seq).desc())
    )
    found = list(session.exec(statement))
    names = names_by_id(session, (row.approved_by_id for row, _, _ in found))
    return tuple(_approval(row, code, supplier, names.get(row.approved_by_id, "")) for row, code, supplier in found)


def list_list_samples(facts: CampaignFacts, *, now: datetime) -> dict[str, ListSamples]:
    """How each list of others stands with the samples of its messages, by its code."""
    return {row.code: _list_samples(facts, row, now) for row in facts.live_lists if not row.is_house}


def _list_samples(facts: CampaignFacts, row: CampaignList, now: datetime) -> ListSamples:
    samples, request = samples_of(facts, row.id), request_of(facts, row.id)
    approved, passed = approved_of(facts, row.id), let_pass(facts, row) if samples else None
    task = open_task(facts.session, APPROVE_SAMPLE, request.id) if request else None
    deadline = deadline_of(task, facts.campaign, now)
    supplier = facts.supplier(row.supplier_id)
    by = names_by_id(facts.session, [approved.approved_by_id]).get(approved.approved_by_id, "") if approved else ""
    if not samples:
        state = "none"
    elif is_approved(facts, row):
        state = "approved"
    elif passed:
        state = "passed"
    elif request is None:
        state = "unasked"
    elif request.objected_at is not None:
        state = "refused"
    else:
        state = "late" if deadline and deadline.late else "waiting"
    return ListSamples(
        list_code=row.code,
        supplier=supplier.name if supplier else "",
        state=state,
        newest=_seen(samples),
        bare=tuple(one for one in messages_of(facts, row.id) if one not in samples),
        asked_at=request.asked_at if request else None,
        deadline=deadline,
        objection=request.objection if request else "",
        approved=_approval(approved, row.code, supplier.name if supplier else "", by) if approved else None,
        may_pass=is_consented(facts, row) and state in ("waiting", "late", "refused"),
        passed_reason=passed.reason if passed else "",
    )


def samples_behind(facts: CampaignFacts, message: str, list_codes: Iterable[str]) -> SampleBehind:
    """What the owners of lists that are mailed a message approved of its sample; the house's own lists ask nobody."""
    rows = [row for row in facts.lists if row.code in set(list_codes) and not row.is_house]
    approvals = {row.code: approved_of(facts, row.id) for row in rows}
    seen = {code: one.samples[message]["version"] for code, one in approvals.items() if one is not None and message in one.samples}
    versions = [one for one in list_samples(facts.session, facts.campaign.id) if one.message == message] if seen else []
    by_version = [(one, tuple(code for code in seen if seen[code] == one.version)) for one in versions]
    return SampleBehind(
        approved=tuple((one, codes) for one, codes in by_version if codes),
        unseen=tuple(row.code for row in rows if row.code not in seen),
        any_was_shown=bool(facts.samples),
    )


def get_samples_page(session: Session, list_id: UUID, *, now: datetime) -> SamplesPage:
    """What the asking supplier of a list is shown, or was last.

    :raises NotFound: when nobody asked this supplier about the list.
    """
    newest = select(SampleApproval).where(SampleApproval.list_id == list_id).order_by(col(SampleApproval.from_seq).desc())
    request = session.exec(newest).first()
    if request is None:
        raise NotFound(subject="sample_approval")
    row, campaign = session.get_one(CampaignList, list_id), session.get_one(Campaign, request.campaign_id)
    advertiser_name = session.get_one(Advertiser, campaign.advertiser_id).name
    before = session.get_one(SampleApproval, request.before_id) if request.before_id else None
    deadline = deadline_of(open_task(session, APPROVE_SAMPLE, request.id), campaign, now)
    # From here on as the machine: files, messages and lines are the advertiser's, and whoever is asked has their words before them.
    versions = [one for one in list_samples(session, campaign.id, end_as_machine=True) if one.message in request.samples]
    shown = tuple(one for one in reversed(versions) if request.samples[one.message]["version"] == one.version)
    facts = CampaignFacts(session, campaign)
    labels = dict(
        session.exec(select(Message.code, Message.label).where(Message.campaign_id == campaign.id, col(Message.to_seq).is_(None))).all()
    )
    return SamplesPage(
        campaign_id=campaign.id,
        campaign_title=campaign.title,
        advertiser_name=advertiser_name,
        list_id=list_id,
        list_name=row.name,
        pieces=tuple(sorted(shown, key=lambda one: one.message)),
        earlier=tuple(one for one in versions if one not in shown),
        labels=labels,
        bare=tuple(one for one in messages_of(facts, list_id) if one not in request.samples),
        before=_seen(before.samples) if before else (),
        deadline=deadline,
        is_open=request.to_seq is None and request.approved_at is None and campaign.state == CampaignState.NEGOTIATION,
        approved_at=request.approved_at,
        objection=request.objection,
        objected_at=request.objected_at,
    )


def _seen(samples: Mapping[str, Mapping[str, Any]]) -> tuple[Seen, ...]:
    return tuple(Seen(message=code, version=one["version"], sha256=one["sha256"]) for code, one in sorted(samples.items()))


def _approval(row: SampleApproval, list_code: str, supplier: str, approved_by: str) -> ApprovalLine:
    return ApprovalLine(
        list_code=list_code,
        supplier=supplier,
        samples=_seen(row.samples),
        asked_at=row.asked_at,
        counts=row.to_seq is None,
        approved_at=row.approved_at,
        approved_by=approved_by,
        on_behalf=row.on_behalf,
        objection=row.objection,
        objected_at=row.objected_at,
    )
