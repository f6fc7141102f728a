"""A campaign's documents: numbered, revised, in both languages, with the hash of what they say."""

from typing import Any
from uuid import UUID

from flask import Response

from app.portals.manager.blueprint import blueprint
from app.portals.manager.rooms import Here, reading, room, show
from app.portals.shared.downloads import show_file
from app.queries.campaign import find_campaign
from app.queries.documents import get_pdf, list_documents
from app.security.audience import audience
from workflows.parties.roles import Role


@room("documents")
def fill(here: Here) -> dict[str, Any]:
    """What the documents' room shows."""
    return {"documents": list_documents(here.session, here.campaign.id)}


@blueprint.get("/campaigns/<code>/documents")
@audience(Role.PROJECT_MANAGER)
def documents(code: str) -> Response:
    """The documents' room."""
    return show("documents", code)


@blueprint.get("/campaigns/<code>/documents/<uuid:document_id>/<any(fr, en):locale>.pdf")
@audience(Role.PROJECT_MANAGER)
def document_pdf(code: str, document_id: UUID, locale: str) -> Response:
    """A document in one language."""
    with reading() as session:
        pdf = get_pdf(session, find_campaign(session, code).id, document_id, locale)
    return show_file(pdf.content, pdf.name)
