"""The printed budget. Not for what it says: `budget` reads that."""

from uuid import UUID

from sqlmodel import Session, col, select

from app.queries.documents import Pdf
from workflows.campaign.model import Campaign
from workflows.campaign.records import BudgetVersion
from workflows.engine.documents import Document, DocumentPdf


def get_budget_pdf(session: Session, campaign_code: str, number: int, *, locale: str) -> Pdf | None:
    """The printed budget in that language, or in another where that is all there is; None while it is being drawn."""
    statement = (
        select(Document, DocumentPdf)
        .join(DocumentPdf, col(DocumentPdf.document_id) == col(Document.id))
        .join(BudgetVersion, col(BudgetVersion.id) == col(Document.subject_id))
        .join(Campaign, col(Campaign.id) == col(BudgetVersion.campaign_id))
        .where(Document.kind == "budget_file", Campaign.code == campaign_code, BudgetVersion.number == number)
        .order_by((col(DocumentPdf.locale) == locale).desc())
    )
    found = session.exec(statement).first()
    if found is None:
        return None
    document, drawn = found
    return Pdf(name=document.pdf_name(drawn.locale), content=drawn.pdf)


def has_pdf(session: Session, budget_id: UUID) -> bool:
    """Whether a budget is drawn in any language."""
    statement = select(DocumentPdf.id).join(Document, col(Document.id) == col(DocumentPdf.document_id))
    return session.exec(statement.where(Document.subject_id == budget_id, Document.kind == "budget_file")).first() is not None
