"""The file of a proof, as it was deposited, for everybody who sees the proof; and what its states are called."""

from uuid import UUID

from flask import Blueprint, Response

from app.jalon import jalon
from app.portals.shared.downloads import show_file
from app.queries.proofs import get_proof_file
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.parties.roles import Role

blueprint = Blueprint("proofs", __name__, url_prefix="/proofs")

ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
ACCEPTED = ".pdf,.png,.jpg,.jpeg"
"""The kinds of file that a browser offers to choose."""


@blueprint.get("/<uuid:proof_id>")
@audience(Role.PROJECT_MANAGER, Role.BUDGET_APPROVER, Role.SUPPLIER, Role.AUDITOR, Role.DPO)
def file(proof_id: UUID) -> Response:
    """One version, to be looked at: a PDF or a picture, by what its bytes were found to be."""
    rooms = jalon()
    proof, row = get_proof_file(rooms.database, current_actor(), proof_id)
    name = f"{proof.message}-v{proof.version}.{ENDINGS[proof.media_type]}"
    return show_file(rooms.files.read(row), name, proof.media_type)
