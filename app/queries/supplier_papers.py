"""The papers a supplier was sent: documents, their PDFs, the net statements. Row-level security narrows every row to what is its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.queries.documents import Pdf
from workflows.campaign.documents import DocumentContent, NetStatement, content_from_json
from workflows.campaign.invoices.expected import BILLING
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.model import Campaign
from workflows.engine.documents import Document, DocumentPdf
from workflows.engine.refusals import NotFound


@dataclass(frozen=True, kw_only=True)
class PaperLine:
    """A document addressed to the supplier; `has_pdf` once it is drawn."""

    id: UUID
    kind: str
    number: str
    revision: int
    state: str
    requested_at: datetime
    has_pdf: bool


@dataclass(frozen=True, kw_only=True)
class StatementLine:
    """What may be invoiced for one list; `is_invoiced` once an invoice is there that nobody disputes."""

    paper: PaperLine
    campaign_title: str
    content: NetStatement
    is_invoiced: bool = False


def list_statements(session: Session) -> list[StatementLine]:
    """What this supplier may invoice, the newest first; a statement that a newer one replaced is left out."""
    billing = select(Campaign.code, Invoice.order_number).join(Invoice, col(Invoice.campaign_id) == col(Campaign.id))
    invoiced = set(session.exec(billing.where(col(Invoice.state).in_(BILLING))))
    return [
        StatementLine(
            paper=paper,
            campaign_title=content.head.campaign_title,
            content=content,
            is_invoiced=(content.head.campaign_code, content.order_number) in invoiced,
        )
        for paper, content in _papers_with_content(session, "net_statement")
        if isinstance(content, NetStatement) and paper.state != "superseded"
    ]


def get_statement(session: Session, document_id: UUID) -> StatementLine:
    """One net statement.

    :raises NotFound: when there is none, or it is another supplier's.
    """
    document = session.get(Document, document_id)
    if document is None or document.kind != "net_statement":
        raise NotFound(subject="document")
    content = content_from_json(document.kind, document.content)
    if not isinstance(content, NetStatement):
        raise NotFound(subject="document")
    return StatementLine(paper=paper_line(session, document), campaign_title=content.head.campaign_title, content=content)


def get_pdf(session: Session, document_id: UUID, *, locale: str) -> Pdf:
    """A paper in that language, or in another where that is all there is.

    :raises NotFound: when there is none, it is another supplier's, or it is not drawn yet.
    """
    document = session.get(Document, document_id)
    drawn = session.exec(
        select(DocumentPdf).where(DocumentPdf.document_id == document_id).order_by((col(DocumentPdf.locale) == locale).desc())
    ).first()
    if document is None or drawn is None:
        raise NotFound(subject="document")
    return Pdf(name=document.pdf_name(drawn.locale), content=drawn.pdf)


def documents_of(session: Session, *where: Any) -> list[Document]:
    """This supplier's documents that satisfy the given clauses, the newest first."""
    statement = (
        select(Document).where(*where).order_by(col(Document.requested_at).desc(), col(Document.number), col(Document.revision).desc())
    )
    return list(session.exec(statement))


def _papers_with_content(session: Session, kind: str) -> Sequence[tuple[PaperLine, DocumentContent]]:
    rows = documents_of(session, Document.kind == kind)
    return [(paper_line(session, row), content_from_json(row.kind, row.content)) for row in rows]


def paper_line(session: Session, document: Document) -> PaperLine:
    """A document as a page names it."""
    drawn = session.exec(select(DocumentPdf.id).where(DocumentPdf.document_id == document.id)).first()
    return PaperLine(
        id=document.id,
        kind=document.kind,
        number=document.number,
        revision=document.revision,
        state=document.state,
        requested_at=document.requested_at,
        has_pdf=drawn is not None,
    )
