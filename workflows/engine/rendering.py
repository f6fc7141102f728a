"""The small machine of a document: requested by a move, issued once its PDFs are drawn, superseded by its next revision."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from workflows.engine.command import Command, unrecorded
from workflows.engine.documents import Document, DocumentPdf
from workflows.engine.process import Move, Process, Stage
from workflows.engine.step import Step
from workflows.parties.roles import Role


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One PDF: its language, bytes and hash."""

    locale: str
    pdf: bytes
    sha256: str


@dataclass(frozen=True, kw_only=True)
class RecordRendering(Command):
    """Keep the PDFs of a requested document and declare it issued."""

    pdfs: tuple[Drawn, ...] = unrecorded()


def keep_pdfs(step: Step) -> None:
    """Store each PDF, supersede the earlier revision, and name all hashes in the checkpoint."""
    document: Document = step.subject
    for drawn in step.command.pdfs:
        step.session.add(
            DocumentPdf(
                document_id=document.id,
                advertiser_id=document.advertiser_id,
                supplier_id=document.supplier_id,
                locale=drawn.locale,
                pdf=drawn.pdf,
                sha256=drawn.sha256,
            )
        )
    document.issued_at = step.now
    earlier = select(Document).where(
        Document.campaign_id == document.campaign_id, Document.number == document.number, Document.revision < document.revision
    )
    for old in step.session.exec(earlier):
        old.state = "superseded"
    step.note_document(document, pdfs={drawn.locale: drawn.sha256 for drawn in step.command.pdfs})
    if document.supplier_id is not None:
        step.request("mail_document", {"document_id": str(document.id)})


def document_process(chain_of: Callable[[Session, Any], Any]) -> Process:
    """The document's small machine, for a campaign table found by `chain_of(session, row)`."""
    return Process(
        name="document",
        subject=Document,
        facts=lambda session, row: row,
        chain_of=chain_of,
        supplier_of=lambda row: row.supplier_id,
        stages=(
            Stage(state="requested", moves=(Move(RecordRendering, to="issued", by=Role.SYSTEM, event="document.issued", do=keep_pdfs),)),
            Stage(state="issued"),
            Stage(state="superseded"),
        ),
    )
