"""The small machine of a document: requested by a move, issued once its PDFs are drawn, superseded by its next revision.

What it says never changes, but that a person may be taken out of it: the chain then holds both hashes, and it is drawn anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, select

from workflows.engine.command import Command, unrecorded
from workflows.engine.documents import Document, DocumentPdf
from workflows.engine.process import Move, Process, Stage
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.roles import Role


class DrawnFromOtherWords(Refused):
    """The document says something else by now: it is drawn anew."""

    code = "document.drawn_from_other_words"


class DrawnAlready(Refused):
    """The document's PDFs are there."""

    code = "document.drawn_already"


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One PDF: its language, bytes and hash."""

    locale: str
    pdf: bytes
    sha256: str


@dataclass(frozen=True, kw_only=True)
class RecordRendering(Command):
    """Keep the PDFs of a document; the first time it is issued with them. `content_sha256` is what they were drawn from."""

    pdfs: tuple[Drawn, ...] = unrecorded()
    content_sha256: str = unrecorded("")


@dataclass(frozen=True, kw_only=True)
class RedactDocument(Command):
    """Take a person out of what a document says. Its PDFs go, and are drawn anew from the content given here."""

    content: bytes = unrecorded()


def drawn_from_what_it_says(step: Step) -> None:
    """Refuse what was drawn before a person was taken out, and what is there.

    :raises DrawnFromOtherWords: when the document says something else by now.
    :raises DrawnAlready: when it has its PDFs.
    """
    document: Document = step.subject
    if step.command.content_sha256 not in ("", document.content_sha256):
        raise DrawnFromOtherWords()
    if step.session.exec(select(DocumentPdf.id).where(DocumentPdf.document_id == document.id)).first():
        raise DrawnAlready()


def keep_pdfs(step: Step) -> None:
    """Store each PDF, and name all hashes in the checkpoint."""
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
    step.note_document(document, pdfs={drawn.locale: drawn.sha256 for drawn in step.command.pdfs})


def issue(step: Step) -> None:
    """Store the PDFs, supersede the earlier revision, and let it be sent to its supplier."""
    document: Document = step.subject
    keep_pdfs(step)
    document.issued_at = step.now
    earlier = select(Document).where(
        Document.campaign_id == document.campaign_id, Document.number == document.number, Document.revision < document.revision
    )
    for old in step.session.exec(earlier):
        old.state = "superseded"
    if document.supplier_id is not None:
        step.request("mail_document", {"document_id": str(document.id)})


_REDACT = text("select jalon_redact_document(:document, :content, :sha256)")


def redact(step: Step) -> None:
    """Let the document say what is left of it, name the hash of what it said before, and ask for its PDFs."""
    document: Document = step.subject
    before, content = document.content_sha256, step.command.content
    step.session.flush()
    step.session.connection().execute(_REDACT, {"document": document.id, "content": content, "sha256": sha256(content).hexdigest()})
    step.session.refresh(document, ["content", "content_sha256"])
    step.note_document(document, replaces_sha256=before)
    step.request("render_document", {"document_id": str(document.id)})


REDACT = Move(RedactDocument, by=Role.SYSTEM, event="document.redacted", do=redact)
REDRAW = Move(RecordRendering, by=Role.SYSTEM, event="document.redrawn", checks=(drawn_from_what_it_says,), do=keep_pdfs)
ISSUE = Move(RecordRendering, to="issued", by=Role.SYSTEM, event="document.issued", checks=(drawn_from_what_it_says,), do=issue)


def document_process(chain_of: Callable[[Session, Any], Any]) -> Process:
    """The document's small machine, for a campaign table found by `chain_of(session, row)`."""
    return Process(
        name="document",
        subject=Document,
        facts=lambda session, row: row,
        chain_of=chain_of,
        supplier_of=lambda row: row.supplier_id,
        stages=(
            Stage(state="requested", moves=(ISSUE, REDACT)),
            Stage(state="issued", moves=(REDRAW, REDACT)),
            Stage(state="superseded", moves=(REDRAW, REDACT)),
        ),
    )
