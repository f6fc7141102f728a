"""The documents a campaign issued, and one PDF of one of them. Not for drawing them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.campaign.documents import MailingOrder, content_from_json
from workflows.engine.documents import Document, DocumentPdf
from workflows.engine.refusals import NotFound
from workflows.parties.model import Supplier


@dataclass(frozen=True, kw_only=True)
class DocumentLine:
    """One revision of one document; `locales` are the languages it is drawn in so far. `channel` is the one that it is about, if any."""

    id: UUID
    kind: str
    number: str
    revision: int
    state: str
    supplier_name: str
    requested_at: datetime
    issued_at: datetime | None
    content_sha256: str
    locales: tuple[str, ...]
    subject_id: UUID | None
    channel: str


@dataclass(frozen=True, kw_only=True)
class Pdf:
    """A drawn document and the name under which it is saved."""

    name: str
    content: bytes


def list_documents(session: Session, campaign_id: UUID, *, kinds: tuple[str, ...] = ()) -> tuple[DocumentLine, ...]:
    """All documents of a campaign, the newest first; of some kinds only, where they are named."""
    statement = (
        select(Document, Supplier.name)
        .outerjoin(Supplier, col(Supplier.id) == col(Document.supplier_id))
        .where(Document.campaign_id == campaign_id)
        .order_by(col(Document.requested_seq).desc(), col(Document.number))
    )
    if kinds:
        statement = statement.where(col(Document.kind).in_(kinds))
    rows = session.exec(statement).all()
    drawn: dict[UUID, list[str]] = {}
    languages = select(DocumentPdf.document_id, DocumentPdf.locale).where(col(DocumentPdf.document_id).in_([row.id for row, _ in rows]))
    for document_id, locale in session.exec(languages.order_by(col(DocumentPdf.locale).desc())):
        drawn.setdefault(document_id, []).append(locale)
    return tuple(
        DocumentLine(
            id=row.id,
            kind=row.kind,
            number=row.number,
            revision=row.revision,
            state=row.state,
            supplier_name=supplier or "",
            requested_at=row.requested_at,
            issued_at=row.issued_at,
            content_sha256=row.content_sha256,
            locales=tuple(drawn.get(row.id, ())),
            subject_id=row.subject_id,
            channel=channel_of(row),
        )
        for row, supplier in rows
    )


def channel_of(document: Document) -> str:
    """The channel of a mailing order; nothing of any other document."""
    content = content_from_json(document.kind, document.content) if document.kind == MailingOrder.kind_name() else None
    return content.channel if isinstance(content, MailingOrder) else ""


def get_pdf(session: Session, campaign_id: UUID, document_id: UUID, locale: str) -> Pdf:
    """A document's PDF in one language.

    :raises NotFound: when it is another campaign's, or not drawn in that language.
    """
    statement = (
        select(Document, DocumentPdf.pdf)
        .join(DocumentPdf, col(DocumentPdf.document_id) == col(Document.id))
        .where(Document.campaign_id == campaign_id, Document.id == document_id, DocumentPdf.locale == locale)
    )
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NotFound(subject="document")
    document, pdf = found
    return Pdf(name=document.pdf_name(locale), content=pdf)
