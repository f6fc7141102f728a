"""Draws requested documents: one content, a PDF in each language."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from tasks.registry import Work, service_task
from workflows.campaign.documents import content_from_json
from workflows.engine.command import Command
from workflows.engine.documents import Document
from workflows.engine.rendering import Drawn, RecordRendering
from workflows.engine.seals import SignedHead
from workflows.trade.working_days import local_day

LOCALES = ("fr", "en")


@service_task("render_document", needs="app.documents.render")
def render_document(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Draw one document from its stored content."""
    from app.documents.render import PrintedSeal, render_pdf

    with work.reading() as session:
        document = session.get(Document, UUID(payload["document_id"]))
        content, kind, head, digest = document.content, document.kind, document.chain_head, document.content_sha256
        sealed = session.get(SignedHead, document.sealed_size) if document.sealed_size else None
        seal = PrintedSeal(size=sealed.size, root=sealed.root, signed_on=local_day(sealed.signed_at)) if sealed else None
    drawn = []
    for locale in LOCALES:
        pdf = render_pdf(kind, content_from_json(kind, content), locale, chain_head=head, seal=seal)
        drawn.append(Drawn(locale=locale, pdf=pdf, sha256=sha256(pdf).hexdigest()))
    return [RecordRendering(subject_id=UUID(payload["document_id"]), pdfs=tuple(drawn), content_sha256=digest)]
