"""Terms sheets: what was agreed about each list before it was ordered, as whoever signs a budget and the list's supplier find it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.queries.documents import Pdf
from app.queries.supplier_papers import PaperLine, documents_of, paper_line
from workflows.campaign.documents import SampleRow, TermsSheet
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.papers.terms import said_on
from workflows.campaign.states import CampaignState
from workflows.engine.documents import Document, DocumentPdf
from workflows.engine.refusals import NotFound
from workflows.order.model import PurchaseOrder
from workflows.parties.model import Supplier

KIND = TermsSheet.kind_name()
BEFORE_ORDERS = (CampaignState.NEGOTIATION, CampaignState.BUDGET)
"""States in which what is agreed is not ordered yet."""


@dataclass(frozen=True, kw_only=True)
class SheetLine:
    """The sheet of one list; `has_pdf` once it is drawn. `samples` are what its owner approved of the mail piece, of `consent_on`."""

    id: UUID
    list_name: str
    supplier_name: str
    number: str
    revision: int
    issued_at: datetime
    has_pdf: bool
    consent_on: date | None
    samples: tuple[SampleRow, ...]
    billing_basis: str
    unbilled_reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SheetPage:
    """The newest sheet of a list as its supplier reads it, and those before it.

    `stands`: nobody negotiates the list anew. `order_id` is that of its newest order, None while there is none.
    """

    list_id: UUID
    paper: PaperLine
    content: TermsSheet
    earlier: tuple[PaperLine, ...]
    stands: bool
    order_id: UUID | None
    order_number: str
    waits_for_order: bool


@dataclass(frozen=True, kw_only=True)
class AgreedLine:
    """A list whose terms are agreed, and that is not ordered yet."""

    list_id: UUID
    paper: PaperLine
    content: TermsSheet


def sheets_under(session: Session, campaign_id: UUID, list_codes: tuple[str, ...], seq: int) -> tuple[SheetLine, ...]:
    """The sheet of each of these lists that held at a place of the chain, by the lists' codes."""
    statement = (
        select(Document, CampaignList, Supplier.name)
        .join(CampaignList, col(CampaignList.id) == col(Document.subject_id))
        .join(Supplier, col(Supplier.id) == col(Document.supplier_id))
        .where(Document.campaign_id == campaign_id, Document.kind == KIND, col(Document.requested_seq) <= seq)
        .where(col(CampaignList.code).in_(list_codes))
        .order_by(col(CampaignList.code), col(Document.revision))
    )
    newest = {row.code: (document, row, name) for document, row, name in session.exec(statement)}
    drawn = set(
        session.exec(select(DocumentPdf.document_id).where(col(DocumentPdf.document_id).in_([one.id for one, _, _ in newest.values()])))
    )
    said = {document.id: said_on(document) for document, _, _ in newest.values()}
    return tuple(
        SheetLine(
            id=document.id,
            list_name=row.name,
            supplier_name=name,
            number=document.number,
            revision=document.revision,
            issued_at=document.requested_at,
            has_pdf=document.id in drawn,
            consent_on=said[document.id].consent_on,
            samples=said[document.id].samples,
            billing_basis=said[document.id].billing_basis,
            unbilled_reasons=said[document.id].unbilled_reasons,
        )
        for document, row, name in newest.values()
    )


def get_sheet_pdf(session: Session, campaign_code: str, document_id: UUID, *, locale: str) -> Pdf:
    """A sheet as it is printed, in that language or in another where that is all there is.

    :raises NotFound: when it is another campaign's, no terms sheet, or not drawn yet.
    """
    statement = (
        select(Document, DocumentPdf)
        .join(DocumentPdf, col(DocumentPdf.document_id) == col(Document.id))
        .join(Campaign, col(Campaign.id) == col(Document.campaign_id))
        .where(Campaign.code == campaign_code, Document.id == document_id, Document.kind == KIND)
        .order_by((col(DocumentPdf.locale) == locale).desc())
    )
    found = session.exec(statement).first()
    if found is None:
        raise NotFound(subject="document")
    document, drawn = found
    return Pdf(name=document.pdf_name(drawn.locale), content=drawn.pdf)


def get_sheet(session: Session, list_id: UUID) -> SheetPage:
    """The newest sheet of a list that the asking supplier has.

    :raises NotFound: when there is none for this supplier.
    """
    papers = documents_of(session, Document.kind == KIND, Document.subject_id == list_id)
    row = session.get(CampaignList, list_id)
    if not papers or row is None:
        raise NotFound(subject="document")
    newest = papers[0]
    campaign = session.get_one(Campaign, newest.campaign_id)
    orders = select(PurchaseOrder).where(PurchaseOrder.list_id == list_id, col(PurchaseOrder.to_seq).is_(None))
    order = session.exec(orders.order_by(col(PurchaseOrder.revision).desc())).first()
    return SheetPage(
        list_id=list_id,
        paper=paper_line(session, newest),
        content=said_on(newest),
        earlier=tuple(paper_line(session, one) for one in papers[1:]),
        stands=_stands(row),
        order_id=order.id if order else None,
        order_number=order.number if order else "",
        waits_for_order=campaign.state in BEFORE_ORDERS,
    )


def has_sheet(session: Session, list_id: UUID) -> bool:
    """Whether the asking supplier has a sheet of a list."""
    return bool(documents_of(session, Document.kind == KIND, Document.subject_id == list_id))


def list_agreed(session: Session) -> list[AgreedLine]:
    """The newest sheet of each list of the asking supplier's that is agreed and not ordered yet, the newest first."""
    statement = (
        select(Document, CampaignList)
        .join(CampaignList, col(CampaignList.id) == col(Document.subject_id))
        .join(Campaign, col(Campaign.id) == col(Document.campaign_id))
        .where(Document.kind == KIND, Document.state != "superseded")
        .where(col(Campaign.state).in_([str(state) for state in BEFORE_ORDERS]))
        .order_by(col(Document.requested_at).desc(), col(Document.number), col(Document.revision).desc())
    )
    ordered = set(session.exec(select(PurchaseOrder.list_id).where(col(PurchaseOrder.to_seq).is_(None))))
    found: dict[UUID, AgreedLine] = {}
    for document, row in session.exec(statement):
        if _stands(row) and row.id not in ordered:
            found.setdefault(row.id, AgreedLine(list_id=row.id, paper=paper_line(session, document), content=said_on(document)))
    return list(found.values())


def _stands(row: CampaignList) -> bool:
    return row.to_seq is None and row.terms_agreed_at is not None
