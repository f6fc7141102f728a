"""Every document of a campaign, on what bases its lists are used, its samples and proofs, and what became of files handed over."""

from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Response, send_file
from sqlmodel import Session, col, select

from app.api.file_schemas import CertificatesOut, ClaimsOut, DepositsOut, InvoiceOut, InvoicesOut, ProofsOut, SamplesOut
from app.api.room import answers, api_actor, blueprint, fields
from app.api.schemas import DocumentsOut
from app.jalon import jalon
from app.queries.attachments import get_attachment
from app.queries.campaign import find_campaign
from app.queries.certificates import get_signed_paper, list_certificates
from app.queries.claims import list_claims
from app.queries.deposits import get_slip, list_seen_deposits
from app.queries.invoices import InvoiceLine, get_invoice, get_invoice_file, list_invoices
from app.queries.proofs import get_proof_file, list_proofs
from app.queries.samples import get_sample_file, list_approvals, list_samples
from app.security.audience import signed_in
from workflows.campaign.records import StoredFile
from workflows.engine.documents import Document, DocumentPdf
from workflows.engine.refusals import NotFound


@blueprint.get("/attachments/<uuid:file_id>")
@signed_in
@answers(_200="The file as it was put with its task", _404="No such file for this person, or it is purged")
def attachment(file_id: UUID) -> Response:
    """Fetch a file that was put with a user task."""
    return _as_it_was_put(get_attachment(jalon().database, api_actor(), file_id))


@blueprint.get("/campaigns/<code>/samples")
@signed_in
@blueprint.output(SamplesOut)
@answers(_404="No such campaign for this person")
def samples(code: str) -> dict[str, Any]:
    """List the sample mail pieces of a campaign, and what owners of lists answered about them. A supplier sees what it was asked."""
    with jalon().database.reading(api_actor()) as session:
        campaign_id = find_campaign(session, code).id
        approvals = list_approvals(session, campaign_id)
        versions = list_samples(session, campaign_id, end_as_machine=True)
    told = [{**fields(one, SAMPLE_APPROVAL), "samples": [fields(seen, SEEN) for seen in one.samples]} for one in approvals]
    return {"samples": [fields(one, SAMPLE) for one in versions], "approvals": told}


@blueprint.get("/samples/<uuid:sample_id>")
@signed_in
@answers(_200="The file as it was attached", _404="No such sample for this person, or its file is purged")
def sample(sample_id: UUID) -> Response:
    """Fetch the file of one version of a sample."""
    _row, stored = get_sample_file(jalon().database, api_actor(), sample_id)
    return _as_it_was_put(stored)


@blueprint.get("/campaigns/<code>/proofs")
@signed_in
@blueprint.output(ProofsOut)
@answers(_404="No such campaign for this person")
def proofs(code: str) -> dict[str, Any]:
    """List the proofs of a campaign's messages, version by version. Of suppliers, those that print or mail for it see them."""
    with jalon().database.reading(api_actor()) as session:
        versions = list_proofs(session, find_campaign(session, code).id, end_as_machine=True)
    return {"proofs": [fields(one, PROOF) for one in versions]}


@blueprint.get("/proofs/<uuid:proof_id>")
@signed_in
@answers(_200="The file as it was deposited", _404="No such proof for this person, or its file is purged")
def proof(proof_id: UUID) -> Response:
    """Fetch the file of one version of a proof."""
    _row, stored = get_proof_file(jalon().database, api_actor(), proof_id)
    return _as_it_was_put(stored)


@blueprint.get("/campaigns/<code>/deposits")
@signed_in
@blueprint.output(DepositsOut)
@answers(_404="No such campaign for this person")
def deposits(code: str) -> dict[str, Any]:
    """List what was posted of a campaign, deposit by deposit, those that were corrected or refused among them. A mailer sees its own.

    One is proved with the command `record_deposit`, put right with `correct_deposit`, and refused with `refuse_deposit`.
    """
    actor = api_actor()
    with jalon().database.reading(actor) as session:
        lines = list_seen_deposits(session, find_campaign(session, code).id, actor)
    return {"deposits": [{**fields(one, DEPOSIT), "quantities": dict(one.quantities)} for one in lines]}


@blueprint.get("/deposits/<uuid:deposit_id>/slip")
@signed_in
@answers(_200="The scan of the deposit slip as it came", _404="No such deposit for this person, or it came without a scan")
def deposit_slip(deposit_id: UUID) -> Response:
    """Fetch the scan of one deposit slip."""
    _row, stored = get_slip(jalon().database, api_actor(), deposit_id)
    return _as_it_was_put(stored)


@blueprint.get("/campaigns/<code>/certificates")
@signed_in
@blueprint.output(CertificatesOut)
@answers(_404="No such campaign for this person")
def certificates(code: str) -> dict[str, Any]:
    """List a campaign's certificates of destruction. A supplier sees its own."""
    with jalon().database.reading(api_actor()) as session:
        lines = list_certificates(session, find_campaign(session, code), now=jalon().clock.now())
    return {"certificates": [{**fields(one, CERTIFICATE), "files": [fields(file, HANDED) for file in one.files]} for one in lines]}


@blueprint.get("/certificates/<uuid:certificate_id>")
@signed_in
@answers(_200="The signed paper as it came", _404="No such certificate for this person, or it has no signed paper")
def certificate(certificate_id: UUID) -> Response:
    """Fetch the signed paper of one certificate of destruction."""
    return _as_it_was_put(get_signed_paper(jalon().database, api_actor(), certificate_id))


@blueprint.get("/campaigns/<code>/invoices")
@signed_in
@blueprint.output(InvoicesOut)
@answers(_404="No such campaign for this person")
def invoices(code: str) -> dict[str, Any]:
    """List the invoices of a campaign, the newest first, each with what differs from what is due. A supplier sees its own."""
    with jalon().database.reading(api_actor()) as session:
        return {"invoices": [_invoice(one) for one in list_invoices(session, find_campaign(session, code).id)]}


@blueprint.get("/invoices/<uuid:invoice_id>")
@signed_in
@blueprint.output(InvoiceOut)
@answers(_404="No such invoice for this person")
def invoice(invoice_id: UUID) -> dict[str, Any]:
    """Read one invoice. It is sent with the command `send_invoice`, and decided with `accept_invoice` or `dispute_invoice`.

    `send_credit_note` takes some of it back, or all.
    """
    with jalon().database.reading(api_actor()) as session:
        return _invoice(get_invoice(session, invoice_id))


@blueprint.get("/invoices/<uuid:invoice_id>/file")
@signed_in
@answers(_200="The file as it was sent", _404="No such invoice for this person, or it came without a file")
def invoice_file(invoice_id: UUID) -> Response:
    """Fetch the file of an invoice."""
    _row, stored = get_invoice_file(jalon().database, api_actor(), invoice_id)
    return _as_it_was_put(stored)


@blueprint.get("/campaigns/<code>/claims")
@signed_in
@blueprint.output(ClaimsOut)
@answers(_404="No such campaign for this person")
def claims(code: str) -> dict[str, Any]:
    """List a campaign's refund claims, by number. A supplier sees its own, and answers with `accept_claim` or `contest_claim`."""
    with jalon().database.reading(api_actor()) as session:
        lines = list_claims(session, find_campaign(session, code).id)
    return {"claims": [fields(one, CLAIM) for one in lines]}


@blueprint.get("/campaigns/<code>/documents")
@signed_in
@blueprint.output(DocumentsOut)
@answers(_404="No such campaign for this person")
def documents(code: str) -> dict[str, Any]:
    """List a campaign's documents."""
    with jalon().database.reading(api_actor()) as session:
        found = find_campaign(session, code)
        rows = list(session.exec(select(Document).where(Document.campaign_id == found.id).order_by(col(Document.requested_seq).desc())))
        hashes = _pdf_hashes(session, [row.id for row in rows])
        return {"documents": [{**fields(row, DOCUMENT), "pdf_sha256": hashes.get(row.id, {})} for row in rows]}


@blueprint.get("/documents/<uuid:document_id>/<locale>.pdf")
@signed_in
@answers(_200="The PDF as it was issued", _404="No such document for this person")
def document_pdf(document_id: UUID, locale: str) -> Response:
    """Fetch a document's PDF in one language."""
    with jalon().database.reading(api_actor()) as session:
        document = session.get(Document, document_id)
        pdf = session.exec(select(DocumentPdf).where(DocumentPdf.document_id == document_id, DocumentPdf.locale == locale)).one_or_none()
        if document is None or pdf is None:
            raise NotFound(subject="document")
        return send_file(BytesIO(pdf.pdf), mimetype="application/pdf", download_name=document.pdf_name(locale), etag=pdf.sha256)


SAMPLE = ("id", "message", "version", "is_newest", "sha256", "media_type", "size", "has_file", "attached_at")
SEEN = ("message", "version", "sha256")
SAMPLE_APPROVAL = ("list_code", "asked_at", "counts", "approved_at", "on_behalf", "objection", "objected_at")
PROOF = (
    "id",
    "message",
    "version",
    "state",
    "counts",
    "sha256",
    "media_type",
    "size",
    "has_file",
    "deposited_at",
    "remarks",
    "decided_at",
)
DEPOSIT = (
    "id",
    "version",
    "way",
    "deposited_on",
    "ended_on",
    "slip_number",
    "slip_sha256",
    "pieces",
    "explanation",
    "rest_follows",
    "mailer",
    "is_over",
    "correction",
    "refusal",
    "seq",
)
CERTIFICATE = (
    "id",
    "supplier_code",
    "supplier_name",
    "due_on",
    "state",
    "is_late",
    "method",
    "destroyed_on",
    "remaining",
    "remaining_until_on",
    "operator",
    "signatory",
    "has_paper",
    "waived_reason",
    "settled_at",
)
HANDED = ("name", "sha256", "quantity", "handed_at")
INVOICE = (
    "id",
    "number",
    "supplier",
    "order_number",
    "list_code",
    "invoiced_on",
    "quantity",
    "net_amount",
    "vat_amount",
    "total_amount",
    "due_qty",
    "due_amount",
    "state",
    "has_file",
    "sha256",
    "media_type",
    "on_behalf",
    "received_at",
    "replaces",
    "credits",
    "reason",
    "decided_at",
)
CLAIM = (
    "id",
    "number",
    "list_code",
    "supplier_name",
    "order_number",
    "mailed",
    "undeliverable",
    "allowed",
    "claimed",
    "warranty_rate",
    "amount",
    "refund_amount",
    "counts",
    "due_on",
    "state",
    "answer",
    "reason",
    "claimed_at",
    "answered_at",
    "decided_at",
)
FINDING = ("code", "expected", "actual", "difference")
DOCUMENT = ("id", "kind", "number", "revision", "state", "content_sha256", "requested_at", "issued_at")


def _invoice(line: InvoiceLine) -> dict[str, Any]:
    findings = [{name: None if (value := getattr(one, name)) is None else str(value) for name in FINDING} for one in line.findings]
    return {**fields(line, INVOICE), "findings": findings, "credited_amount": f"{line.credited.net_amount:.2f}"}


def _as_it_was_put(stored: StoredFile) -> Response:
    content = BytesIO(jalon().files.read(stored))
    return send_file(content, mimetype="application/octet-stream", as_attachment=True, download_name=stored.name, etag=stored.sha256)


def _pdf_hashes(session: Session, document_ids: list[UUID]) -> dict[UUID, dict[str, str]]:
    statement = select(DocumentPdf.document_id, DocumentPdf.locale, DocumentPdf.sha256)
    hashes: dict[UUID, dict[str, str]] = {}
    for document_id, locale, sha256 in session.exec(statement.where(col(DocumentPdf.document_id).in_(document_ids))):
        hashes.setdefault(document_id, {})[locale] = sha256
    return hashes
