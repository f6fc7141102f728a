"""Certificates of destruction: who owes one and until when, for which files, what was certified. Whoever sees one sees its signed paper."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.database import Database
from app.queries.campaign import find_campaign
from app.queries.deadline import Deadline, deadline_of
from app.queries.kept_files import get_with_file
from app.queries.names import names_by_id
from app.queries.supplier_papers import PaperLine, documents_of, paper_line
from workflows.campaign.data_protection.certificates import AWAITED, CERTIFICATE, WAIVED
from workflows.campaign.model import Campaign
from workflows.campaign.records import DestructionCertificate, HandedFile, StoredFile
from workflows.engine.documents import Document
from workflows.engine.refusals import NotFound
from workflows.engine.user_tasks import open_task
from workflows.parties.actor import Actor
from workflows.parties.model import Advertiser, Supplier


@dataclass(frozen=True, kw_only=True)
class HandedLine:
    """A file of people as it was handed over: its name, the SHA-256 of its bytes, its records."""

    name: str
    sha256: str
    quantity: int
    handed_at: datetime


@dataclass(frozen=True, kw_only=True)
class CertificateLine:
    """What one supplier owes or has certified. `is_late`: its day has passed, or had when it came. `has_paper`: a signed paper came."""

    id: UUID
    supplier_code: str
    supplier_name: str
    due_on: date
    state: str
    is_late: bool
    method: str
    destroyed_on: date | None
    remaining: str
    remaining_until_on: date | None
    operator: str
    signatory: str
    has_paper: bool
    waived_reason: str
    settled_by: str
    settled_at: datetime | None
    settled_seq: int | None
    overdue_seq: int | None
    files: tuple[HandedLine, ...]
    papers: tuple[PaperLine, ...]

    @property
    def is_awaited(self) -> bool:
        return self.state == AWAITED

    @property
    def is_out_of_order(self) -> bool:
        """Whether an auditor should look at it: it is missing, came late, was waived, or copies remain."""
        return self.is_late or self.state in (AWAITED, WAIVED) or self.remaining_until_on is not None

    @property
    def quantity(self) -> int:
        """Records in all of its files."""
        return sum(file.quantity for file in self.files)


@dataclass(frozen=True, kw_only=True)
class CertificatesPage:
    """What a supplier has to certify for a campaign, or did."""

    campaign_id: UUID
    campaign_code: str
    campaign_title: str
    advertiser_name: str
    today: date
    deadline: Deadline | None
    lines: tuple[CertificateLine, ...]


def list_certificates(session: Session, campaign: Campaign, *, now: datetime) -> tuple[CertificateLine, ...]:
    """Every certificate that the asker may know of, those that are waited for first, then by day and supplier."""
    statement = (
        select(DestructionCertificate, Supplier)
        .join(Supplier, col(Supplier.id) == col(DestructionCertificate.supplier_id))
        .where(DestructionCertificate.campaign_id == campaign.id, col(DestructionCertificate.to_seq).is_(None))
        .order_by(col(DestructionCertificate.due_on), col(Supplier.code))
    )
    rows = list(session.exec(statement))
    names = names_by_id(session, (row.settled_by_id for row, _ in rows))
    handed = list(session.exec(select(HandedFile).where(HandedFile.campaign_id == campaign.id).order_by(col(HandedFile.from_seq))))
    papers = documents_of(session, Document.campaign_id == campaign.id, Document.kind == CERTIFICATE)
    today = campaign.today(now)
    lines = [
        CertificateLine(
            id=row.id,
            supplier_code=supplier.code,
            supplier_name=supplier.name,
            due_on=row.due_on,
            state=row.state,
            is_late=row.overdue_seq is not None or (campaign.today(row.settled_at) if row.settled_at else today) > row.due_on,
            method=row.method,
            destroyed_on=row.destroyed_on,
            remaining=row.remaining,
            remaining_until_on=row.remaining_until_on,
            operator=row.operator,
            signatory=row.signatory,
            has_paper=row.file_id is not None,
            waived_reason=row.waived_reason,
            settled_by=names.get(row.settled_by_id, ""),
            settled_at=row.settled_at,
            settled_seq=row.settled_seq,
            overdue_seq=row.overdue_seq,
            files=tuple(
                HandedLine(name=one.name, sha256=one.sha256, quantity=one.quantity, handed_at=one.handed_at)
                for one in handed
                if one.supplier_id == row.supplier_id
            ),
            papers=tuple(paper_line(session, one) for one in papers if one.subject_id == row.id),
        )
        for row, supplier in rows
    ]
    return tuple(sorted(lines, key=lambda line: not line.is_awaited))


def get_own_certificates(session: Session, campaign_code: str, *, now: datetime) -> CertificatesPage:
    """What the supplier who asks has to certify, or did.

    :raises NotFound: when there is nothing of the kind.
    """
    campaign = find_campaign(session, campaign_code)
    lines = list_certificates(session, campaign, now=now)
    if not lines:
        raise NotFound(subject="campaign")
    task = next((found for line in lines if line.is_awaited and (found := open_task(session, "certify_destruction", line.id))), None)
    return CertificatesPage(
        campaign_id=campaign.id,
        campaign_code=campaign.code,
        campaign_title=campaign.title,
        advertiser_name=session.get_one(Advertiser, campaign.advertiser_id).name,
        today=campaign.today(now),
        deadline=deadline_of(task, campaign, now),
        lines=lines,
    )


def get_signed_paper(database: Database, actor: Actor, certificate_id: UUID) -> StoredFile:
    """The signed paper of one certificate.

    :raises NotFound: when there is none for this person.
    """
    return get_with_file(database, actor, DestructionCertificate, certificate_id, subject="destruction_certificate")[1]
