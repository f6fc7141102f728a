"""The scan of a deposit slip, as it came, for everybody who sees the deposit: its mailer, and whoever sees the campaign."""

from io import BytesIO
from uuid import UUID

from flask import Blueprint, Response

from app.intake.proofs import media_type_of
from app.jalon import jalon
from app.portals.shared.downloads import safe_name, save_file, show_file
from app.portals.shared.proofs import ENDINGS
from app.queries.deposits import get_slip
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.parties.roles import Role

blueprint = Blueprint("deposits", __name__, url_prefix="/deposits")


@blueprint.get("/<uuid:deposit_id>")
@audience(Role.PROJECT_MANAGER, Role.BUDGET_APPROVER, Role.SUPPLIER, Role.AUDITOR, Role.DPO)
def slip(deposit_id: UUID) -> Response:
    """A PDF or a picture to be looked at, by what its bytes are; anything else to be saved."""
    rooms = jalon()
    deposit, row = get_slip(rooms.database, current_actor(), deposit_id)
    content = rooms.files.read(row)
    media_type = media_type_of(BytesIO(content))
    if not media_type:
        return save_file(content, row.name)
    return show_file(content, f"{safe_name(deposit.slip_number)}.{ENDINGS[media_type]}", media_type)
