"""What a certificate of destruction says: the files that its supplier was handed, and what it certifies of them."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import select

from workflows.campaign.documents import DestructionCertificate, FileReference, content_from_json
from workflows.campaign.documents import PurchaseOrder as PurchaseOrderContent
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.papers import heads
from workflows.campaign.papers.ordering import certificate_day
from workflows.campaign.records import StoredFile
from workflows.campaign.states import CampaignState
from workflows.engine.documents import Document
from workflows.engine.process import Paper
from workflows.engine.step import Step
from workflows.order.model import PurchaseOrder
from workflows.parties.model import Supplier


def certificate_due_on(facts: CampaignFacts, supplier: Supplier) -> date:
    """The day that a supplier's order names for its certificate; where it names none, the one that orders name now."""
    order = _service_order(facts, supplier)
    if order is not None:
        document = select(Document).where(Document.subject_id == order.id, Document.kind == PurchaseOrderContent.kind_name())
        said = [content_from_json(row.kind, row.content) for row in facts.session.exec(document)]
        for one in said:
            if isinstance(one, PurchaseOrderContent) and one.processing and one.processing.certificate_due_on:
                return one.processing.certificate_due_on
    return certificate_day(facts.campaign)


def destruction_certificates(step: Step) -> Iterable[Paper]:
    """The certificate that was given in this step."""
    facts = heads.gather(step)
    (row,) = (one for one in facts.certificates if one.settled_seq == step.seq)
    assert row.destroyed_on is not None, "what is certified is destroyed"
    supplier = facts.suppliers[row.supplier_id]
    order = _service_order(facts, supplier)
    signed = facts.session.get_one(StoredFile, row.file_id) if row.file_id else None
    content = DestructionCertificate(
        head=heads.head(
            step,
            facts,
            DestructionCertificate,
            heads.number(facts, heads.DESTRUCTION_CERTIFICATE, supplier.code),
            stage=CampaignState.SEND,
            recipient=supplier,
        ),
        order_number=order.number if order else "",
        due_on=row.due_on,
        files=tuple(
            FileReference(name=one.name, sha256=one.sha256, quantity=one.quantity)
            for one in facts.handed_files
            if one.supplier_id == supplier.id
        ),
        method=row.method,
        destroyed_on=row.destroyed_on,
        operator=row.operator,
        signatory=row.signatory,
        remaining=row.remaining,
        remaining_until_on=row.remaining_until_on,
        signed_sha256=signed.sha256 if signed else "",
        on_paper=supplier.id not in step.actor.supplier_ids,
    )
    yield heads.paper(content, recipient=supplier, subject_id=row.id)


def _service_order(facts: CampaignFacts, supplier: Supplier) -> PurchaseOrder | None:
    """The order under which a supplier works for the campaign, the newest."""
    return next((one for one in reversed(facts.orders) if one.supplier_id == supplier.id and one.list_id is None), None)
