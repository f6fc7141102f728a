"""The file of an invoice, as it came, for everybody who sees the invoice."""

from io import BytesIO
from uuid import UUID

from flask import Blueprint, Response, send_file

from app.jalon import jalon
from app.queries.invoices import get_invoice_file
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.parties.roles import Role

blueprint = Blueprint("invoices", __name__, url_prefix="/invoices")

ENDINGS = {"application/pdf": "pdf", "application/xml": "xml"}


@blueprint.get("/<uuid:invoice_id>")
@audience(Role.PROJECT_MANAGER, Role.BUDGET_APPROVER, Role.SUPPLIER, Role.AUDITOR, Role.DPO)
def file(invoice_id: UUID) -> Response:
    """A PDF to be looked at; an XML to be saved, for no browser is to run what somebody sent."""
    rooms = jalon()
    invoice, row = get_invoice_file(rooms.database, current_actor(), invoice_id)
    is_pdf = invoice.media_type == "application/pdf"
    name = f"{''.join(one if one.isalnum() or one in '-_.' else '_' for one in invoice.number)}.{ENDINGS[invoice.media_type]}"
    mimetype = invoice.media_type if is_pdf else "application/octet-stream"
    return send_file(BytesIO(rooms.files.read(row)), mimetype=mimetype, as_attachment=not is_pdf, download_name=name, max_age=0)
