"""What programs may read: campaigns, user tasks, documents, checkpoints. Each as far as the token's person may see."""

import dataclasses
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Response, send_file
from sqlmodel import Session, col, select

from app.api.count_schemas import CountsOut
from app.api.file_schemas import CertificatesOut, InvoiceOut, InvoicesOut, ProofsOut
from app.api.room import answers, api_actor, blueprint
from app.api.schemas import (
    After,
    BudgetsOut,
    CampaignsOut,
    CampaignWithMovesOut,
    CheckpointsOut,
    CodeOut,
    DocumentsOut,
    TaskState,
    UserTasksOut,
)
from app.errors import told_of
from app.jalon import jalon
from app.queries.attachments import get_attachment, read_attachments
from app.queries.budget_versions import list_budgets
from app.queries.campaign import find_campaign
from app.queries.certificates import get_signed_paper, list_certificates
from app.queries.checklist import read_checklists
from app.queries.codes import CodeOwner, read_code
from app.queries.counts import list_count_lines
from app.queries.invoices import InvoiceLine, get_invoice, get_invoice_file, list_invoices
from app.queries.proofs import get_proof_file, list_proofs
from app.security.audience import signed_in
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.process import CAMPAIGN
from workflows.campaign.records import StoredFile
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.dispatch import AvailableMove, available_moves
from workflows.engine.documents import Document, DocumentPdf
from workflows.engine.refusals import NotFound
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import Actor


@blueprint.get("/campaigns")
@signed_in
@blueprint.output(CampaignsOut)
@answers()
def campaigns() -> dict[str, Any]:
    """List the campaigns."""
    with jalon().database.reading(api_actor()) as session:
        rows = session.exec(select(Campaign).order_by(col(Campaign.opened_at).desc(), col(Campaign.code)))
        return {"campaigns": [_campaign(row, api_actor()) for row in rows]}


@blueprint.get("/campaigns/<code>")
@signed_in
@blueprint.output(CampaignWithMovesOut)
@answers(_404="No such campaign for this person")
def campaign(code: str) -> dict[str, Any]:
    """Read one campaign, with the moves of its present state and what closes each of them."""
    actor = api_actor()
    with jalon().database.reading(actor) as session:
        found = find_campaign(session, code)
        moves = available_moves(session, CAMPAIGN, found, actor=actor, now=found.present(jalon().clock.now()))
        return {**_campaign(found, actor), "moves": [_move(move) for move in moves]}


@blueprint.get("/campaigns/<code>/user-tasks")
@signed_in
@blueprint.input(TaskState, location="query", arg_name="asked")
@blueprint.output(UserTasksOut)
@answers(_404="No such campaign for this person")
def user_tasks(code: str, asked: TaskState) -> dict[str, Any]:
    """List a campaign's user tasks."""
    with jalon().database.reading(api_actor()) as session:
        found = find_campaign(session, code)
        statement = select(UserTask).where(UserTask.campaign_id == found.id, UserTask.state == asked.state)
        rows = session.exec(statement.order_by(col(UserTask.due_at), col(UserTask.name), col(UserTask.label)))
        tasks = list(rows)
    seen = [row.id for row in tasks]
    checklists, attachments = read_checklists(jalon().database, seen), read_attachments(jalon().database, seen)
    return {
        "user_tasks": [
            {
                **_fields(row, USER_TASK),
                "campaign": code,
                "checklist": [_fields(point, POINT) for point in checklists[row.id].points],
                "attachments": [_fields(file, ATTACHMENT) for file in attachments[row.id]],
            }
            for row in tasks
        ]
    }


@blueprint.get("/campaigns/<code>/budgets")
@signed_in
@blueprint.output(BudgetsOut)
@answers(_404="No such campaign for this person")
def budgets(code: str) -> dict[str, Any]:
    """List a campaign's budgets with what was decided and asked about each. Suppliers see none."""
    with jalon().database.reading(api_actor()) as session:
        facts = CampaignFacts(session, find_campaign(session, code))
        return {"budgets": [dataclasses.asdict(one) for one in list_budgets(facts)]}


@blueprint.get("/attachments/<uuid:file_id>")
@signed_in
@answers(_200="The file as it was put with its task", _404="No such file for this person, or it is purged")
def attachment(file_id: UUID) -> Response:
    """Fetch a file that was put with a user task."""
    return _as_it_was_put(get_attachment(jalon().database, api_actor(), file_id))


@blueprint.get("/campaigns/<code>/counts")
@signed_in
@blueprint.output(CountsOut)
@answers(_404="No such campaign for this person")
def counts(code: str) -> dict[str, Any]:
    """List the counts of a campaign's lists, beside what is wanted of each. A supplier sees its own."""
    with jalon().database.reading(api_actor()) as session:
        lines = list_count_lines(CampaignFacts(session, find_campaign(session, code)), now=jalon().clock.now())
    return {"counts": [{**_fields(one, COUNT), "segments": [_fields(segment, SEGMENT) for segment in one.segments]} for one in lines]}


@blueprint.get("/campaigns/<code>/proofs")
@signed_in
@blueprint.output(ProofsOut)
@answers(_404="No such campaign for this person")
def proofs(code: str) -> dict[str, Any]:
    """List the proofs of a campaign's messages, version by version. Of suppliers, those that print or mail for it see them."""
    with jalon().database.reading(api_actor()) as session:
        versions = list_proofs(session, find_campaign(session, code).id, end_as_machine=True)
    return {"proofs": [_fields(one, PROOF) for one in versions]}


@blueprint.get("/proofs/<uuid:proof_id>")
@signed_in
@answers(_200="The file as it was deposited", _404="No such proof for this person, or its file is purged")
def proof(proof_id: UUID) -> Response:
    """Fetch the file of one version of a proof."""
    _row, stored = get_proof_file(jalon().database, api_actor(), proof_id)
    return _as_it_was_put(stored)


@blueprint.get("/campaigns/<code>/certificates")
@signed_in
@blueprint.output(CertificatesOut)
@answers(_404="No such campaign for this person")
def certificates(code: str) -> dict[str, Any]:
    """List a campaign's certificates of destruction. A supplier sees its own."""
    with jalon().database.reading(api_actor()) as session:
        lines = list_certificates(session, find_campaign(session, code), now=jalon().clock.now())
    return {"certificates": [{**_fields(one, CERTIFICATE), "files": [_fields(file, HANDED) for file in one.files]} for one in lines]}


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


def _invoice(line: InvoiceLine) -> dict[str, Any]:
    findings = [{name: None if (value := getattr(one, name)) is None else str(value) for name in FINDING} for one in line.findings]
    return {**_fields(line, INVOICE), "findings": findings, "credited_amount": f"{line.credited.net_amount:.2f}"}


def _as_it_was_put(stored: StoredFile) -> Response:
    content = BytesIO(jalon().files.read(stored))
    return send_file(content, mimetype="application/octet-stream", as_attachment=True, download_name=stored.name, etag=stored.sha256)


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
        return {"documents": [{**_fields(row, DOCUMENT), "pdf_sha256": hashes.get(row.id, {})} for row in rows]}


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


@blueprint.get("/codes/<typed>")
@signed_in
@blueprint.output(CodeOut)
@answers()
def code(typed: str) -> dict[str, Any]:
    """Check a lot code as somebody typed it, among the lots this person may see."""
    with jalon().database.reading(api_actor()) as session:
        found = read_code(session, typed[:LONGEST_CODE])
    return {
        "typed": found.typed.text,
        "check_holds": found.typed.check_holds,
        "lots": [_lot(owner) for owner in found.owners],
        "likely": [{**_fields(one.guess.slip, SLIP), "lot": _lot(one.owner)} for one in found.likely],
    }


@blueprint.get("/campaigns/<code>/checkpoints")
@signed_in
@blueprint.input(After, location="query", arg_name="asked")
@blueprint.output(CheckpointsOut)
@answers(_404="No such campaign for this person")
def checkpoints(code: str, asked: After) -> dict[str, Any]:
    """Read a campaign's chain, a part at a time. Suppliers see no entries."""
    with jalon().database.reading(api_actor()) as session:
        found = find_campaign(session, code)
        statement = select(Checkpoint).where(Checkpoint.campaign_id == found.id, Checkpoint.seq > asked.after)
        rows = session.exec(statement.order_by(col(Checkpoint.seq)).limit(asked.limit))
        entries = [{"seq": row.seq, "sha256": row.sha256, "body": row.body.decode()} for row in rows]
        return {"count": found.chain_seq, "head": found.chain_head, "checkpoints": entries}


USER_TASK = (
    "id",
    "name",
    "label",
    "stage",
    "subject_kind",
    "subject_id",
    "candidate_role",
    "state",
    "opened_at",
    "due_at",
    "closed_at",
    "priority",
    "assignee_id",
    "delegated_by_id",
    "follow_up_on",
    "reminded_at",
    "escalated_at",
    "mentioned",
    "version",
)
POINT = ("code", "required", "words", "ticked_at", "ticked_by_id")
ATTACHMENT = ("id", "name", "size", "sha256", "stored_at", "attached_by_id", "purged_at")
COUNT = (
    "list_code",
    "supplier_name",
    "state",
    "asked_at",
    "due_on",
    "exclusions",
    "counted_at",
    "on_behalf",
    "held_until_on",
    "remark",
)
SEGMENT = ("code", "wanted", "available")
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
FINDING = ("code", "expected", "actual", "difference")
DOCUMENT = ("id", "kind", "number", "revision", "state", "content_sha256", "requested_at", "issued_at")


SLIP = ("kind", "position", "typed", "meant")
LOT = ("code", "list_code", "segment", "message", "offer", "channel", "role", "is_sent", "is_void")
LONGEST_CODE = 40


def _lot(owner: CodeOwner) -> dict[str, Any]:
    return {**_fields(owner, LOT), "campaign": owner.campaign_code}


def _fields(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _campaign(row: Campaign, actor: Actor) -> dict[str, Any]:
    known = ("id", "code", "title", "state", "version", "currency", "drop_on", "opened_at")
    envelope = row.envelope_amount if row.advertiser_id in actor.staff_advertiser_ids else None
    return {**_fields(row, known), "envelope_amount": envelope, "entries": row.chain_seq, "head": row.chain_head}


def _move(move: AvailableMove) -> dict[str, Any]:
    return {
        "command": move.name,
        "to": move.to,
        "allowed": move.allowed,
        "open": move.is_open,
        "unmet": [told_of(one) for one in move.unmet],
    }


def _pdf_hashes(session: Session, document_ids: list[UUID]) -> dict[UUID, dict[str, str]]:
    statement = select(DocumentPdf.document_id, DocumentPdf.locale, DocumentPdf.sha256)
    hashes: dict[UUID, dict[str, str]] = {}
    for document_id, locale, sha256 in session.exec(statement.where(col(DocumentPdf.document_id).in_(document_ids))):
        hashes.setdefault(document_id, {})[locale] = sha256
    return hashes
