"""What certificates of destruction say: the files that a supplier was handed, or those that it delivered, and what became of them."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import col, select

from workflows.campaign.data_protection.purging import NOBODY_S_ADDRESS
from workflows.campaign.documents import DestructionCertificate, FileReference, PurgeCertificate, content_from_json
from workflows.campaign.documents import PurchaseOrder as PurchaseOrderContent
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.papers import heads
from workflows.campaign.papers.ordering import certificate_day
from workflows.campaign.records import StoredFile
from workflows.campaign.states import CampaignState
from workflows.delivery.model import DeliveredFile
from workflows.engine.documents import Document
from workflows.engine.process import Paper
from workflows.engine.step import Step
from workflows.order.model import PurchaseOrder
from workflows.parties.model import Supplier
from workflows.trade.working_days import local_day


def certificate_due_on(facts: CampaignFacts, supplier: Supplier) -> date:
    """The day that the order for a supplier's services names for its certificate; where it names none, the one that orders name now."""
    return _named_day(facts, _service_order(facts, supplier))


def _named_day(facts: CampaignFacts, order: PurchaseOrder | None) -> date:
    if order is not None:
        document = select(Document).where(Document.subject_id == order.id, Document.kind == PurchaseOrderContent.kind_name())
        for row in facts.session.exec(document):
            said = content_from_json(row.kind, row.content)
            assert isinstance(said, PurchaseOrderContent), "it is read as its kind"
            terms = said.list_terms or said.processing
            if terms and terms.certificate_due_on:
                return terms.certificate_due_on
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


def purge_certificates(step: Step) -> Iterable[Paper]:
    """One for each list whose delivered files were destroyed in this step, for its supplier; the house's own files are nobody else's."""
    facts = heads.gather(step)
    stored = list(facts.session.exec(select(StoredFile).where(StoredFile.campaign_id == facts.campaign.id)))
    gone = {row.id: row for row in stored if row.purged_at == step.now}
    for wanted in facts.lists:
        files = [file for file in facts.files if file.list_id == wanted.id and file.file_id in gone]
        supplier = facts.supplier(files[0].supplier_id) if files else None
        if supplier is None:
            continue
        order = next((one for one in reversed(facts.orders) if one.list_id == wanted.id), None)
        keeper = _keeper(facts, wanted)
        content = PurgeCertificate(
            head=heads.head(
                step,
                facts,
                PurgeCertificate,
                heads.number(facts, heads.PURGE_CERTIFICATE, wanted.code),
                stage=CampaignState.DELIVERY,
                recipient=supplier,
            ),
            order_number=order.number if order else "",
            list_code=wanted.code,
            list_name=wanted.name,
            due_on=_named_day(facts, order),
            files=tuple(FileReference(name=one.name, sha256=gone[one.file_id].sha256, quantity=one.record_count) for one in files),
            destroyed_on=local_day(step.now),
            nothing_left=not any(row.wrapped_key is not None for row in stored if row.kind not in NOBODY_S_ADDRESS),
            kept_for=keeper.code if keeper else "",
            kept_until_on=keeper.purge_on if keeper else None,
        )
        yield heads.paper(content, recipient=supplier, subject_id=wanted.id)


def _keeper(facts: CampaignFacts, wanted: CampaignList) -> Campaign | None:
    """The follow-up that has addresses of a list and has not destroyed them yet; of several the one that keeps them longest."""
    statement = (
        select(Campaign)
        .join(DeliveredFile, col(DeliveredFile.campaign_id) == col(Campaign.id))
        .join(CampaignList, col(CampaignList.id) == col(DeliveredFile.list_id))
        .join(StoredFile, col(StoredFile.id) == col(DeliveredFile.file_id))
        .where(CampaignList.source_list_id == wanted.id, col(StoredFile.purged_at).is_(None))
    )
    return max(facts.session.exec(statement), key=lambda one: one.purge_on, default=None)


def _service_order(facts: CampaignFacts, supplier: Supplier) -> PurchaseOrder | None:
    """The order under which a supplier works for the campaign, the newest."""
    return next((one for one in reversed(facts.orders) if one.supplier_id == supplier.id and one.list_id is None), None)
