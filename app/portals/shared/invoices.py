"""The file of an invoice, as it came, for everybody who sees the invoice."""

from uuid import UUID

from flask import Blueprint, Response

from app.jalon import jalon
from app.portals.shared.downloads import safe_name, save_file, show_file
from app.queries.invoices import get_invoice_file
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.parties.roles import Role

blueprint = Blueprint("invoices", __name__, url_prefix="/invoices")

ENDINGS = {"application/pdf": "pdf", "application/xml": "xml"}


@blueprint.get("/<uuid:invoice_id>")
@audience(Role.PROJECT_MANAGER, Role.BUDGET_APPROVER, Role.SUPPLIER, Role.AUDITOR, Role.DPO)
def file(invoice_id: UUID) -> Response:
    """A PDF to be looked at; an XML to be saved."""
    rooms = jalon()
    invoice, row = get_invoice_file(rooms.database, current_actor(), invoice_id)
    name = f"{safe_name(invoice.number)}.{ENDINGS[invoice.media_type]}"
    send = show_file if invoice.media_type == "application/pdf" else save_file
    return send(rooms.files.read(row), name)
