"""What a purchase order says: the price line by line, and for a list its extraction, use, delivery and warranties.

The amounts are those of the budget that was approved; an order adds no money to it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import select

from workflows.campaign.budget.snapshot import planned_budget
from workflows.campaign.documents import DropMoved, FollowUp, ListTerms, OrderRow, ProcessingTerms, SelectionRow, content_from_json
from workflows.campaign.documents import PurchaseOrder as PurchaseOrderContent
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.follow_up.limits import followed
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.papers import heads
from workflows.campaign.papers.budgeting import BASES, line_quantity
from workflows.campaign.papers.terms import approved_samples, basis_terms, deductible_reasons, left_out_of_count, sheet_of, tolerance
from workflows.campaign.planning import mailing_window, planned_step, project
from workflows.campaign.processors.holding import contract_with
from workflows.campaign.states import CampaignState
from workflows.campaign.vat import invoiced_rate
from workflows.engine.documents import Document
from workflows.engine.process import Paper
from workflows.engine.step import Step
from workflows.order.model import PurchaseOrder
from workflows.parties.model import Supplier
from workflows.parties.roles import Role, SupplierKind
from workflows.trade.billing import ListBill, ListKind
from workflows.trade.costs import BudgetLine, CostBasis
from workflows.trade.working_days import add_working_days, local_day

CERTIFICATE_TAKES = 10
"""Working days after the purge until its certificate is due."""
TRANSFER = "Jalon (HTTPS)"
MAILING_FIELDS = ("CIVILITE", "PRENOM", "NOM", "RAISON_SOCIALE", "L1–L6", "CP", "LOCALITE", "CODE_LOT", "ID_UNIQUE")
RESPONSE_FIELDS = ("CODE_LOT", "ID_UNIQUE", "NOM", "CP", "DATE", "TYPE", "MONTANT", "MODE")
"""Categories of data, named as the columns in which a processor gets or gives them."""
FLAT = (CostBasis.FLAT, CostBasis.CONTINGENCY_PERCENT)
"""Bases that count nothing."""
_DUE_STEP: dict[str, str] = {
    SupplierKind.PRINTER: "proof",
    SupplierKind.DEDUPE_BUREAU: "dedupe",
    SupplierKind.CAGING: "responses",
    SupplierKind.CALL_CENTER: "responses",
}
"""The step of the retroplanning with which a service is done; every other one is done with the drop."""


def purchase_order(step: Step, order: PurchaseOrder) -> Paper:
    """The document of one order, for its supplier."""
    facts = heads.gather(step)
    supplier = facts.suppliers[order.supplier_id]
    ordered = next((row for row in facts.lists if row.id == order.list_id), None)
    lines = [] if ordered else _service_lines(facts, supplier)
    dpo = next((person.email for person, _ in heads.members(facts, Role.DPO)), "")
    letterhead = heads.head(
        step, facts, PurchaseOrderContent, order.number, stage=CampaignState.ORDER, recipient=supplier, revision=order.revision
    )
    content = PurchaseOrderContent(
        head=letterhead,
        rows=tuple(_list_rows(ordered, project(facts).bills[ordered.code]) if ordered else _service_rows(lines)),
        vat_rate=invoiced_rate(facts, supplier),
        payment_days=supplier.payment_days,
        acknowledge_by=local_day(facts.campaign.policy.after(step.now, "acknowledge_order")),
        list_terms=_list_terms(facts, order, ordered) if ordered else None,
        processing=None if ordered else _processing(facts, supplier, lines),
        service_due_on=None if ordered else order.deliver_by or service_due_on(facts, supplier),
        approved_budget=heads.last_reference(facts, heads.number(facts, heads.BUDGET_FILE)),
        # A list's bill follows its net statement, which may come out above what the projection expects.
        amount_is_ceiling=ordered is None,
        dpo_email=dpo,
    )
    return heads.paper(content, recipient=supplier, subject_id=order.id)


def redated_order(step: Step, order: PurchaseOrder) -> Paper:
    """The document of an order that is issued anew because the drop was moved: what the one before said, with the days that follow."""
    facts = heads.gather(step)
    campaign, supplier = facts.campaign, facts.suppliers[order.supplier_id]
    before = select(Document).where(
        Document.campaign_id == campaign.id, Document.number == order.number, Document.revision == order.revision - 1
    )
    said = content_from_json(PurchaseOrderContent.kind_name(), facts.session.exec(before).one().content)
    assert isinstance(said, PurchaseOrderContent), "it is read as its kind"
    terms = said.list_terms
    ordered = next((row for row in facts.lists if row.id == order.list_id), None)
    content = replace(
        said,
        head=heads.head(
            step, facts, PurchaseOrderContent, order.number, stage=CampaignState.ORDER, recipient=supplier, revision=order.revision
        ),
        acknowledge_by=local_day(campaign.policy.after(step.now, "acknowledge_order")),
        list_terms=replace(terms, **_days(campaign, ordered), delivery_deadline_on=order.deliver_by or terms.delivery_deadline_on)
        if terms and ordered
        else None,
        processing=said.processing and replace(said.processing, ends_on=campaign.purge_on, certificate_due_on=certificate_day(campaign)),
        service_due_on=said.service_due_on and (order.deliver_by or service_due_on(facts, supplier)),
        drop_moved=DropMoved(from_on=facts.drop_moves[-1].from_on, to_on=campaign.drop_on),
    )
    return heads.paper(content, recipient=supplier, subject_id=order.id)


def _days(campaign: Campaign, row: CampaignList) -> dict[str, Any]:
    """The days of an order for a list that are counted from the drop, by the names of its terms."""
    mailing_from, mailing_until = mailing_window(campaign)
    return {
        "mailing_from": mailing_from,
        "mailing_until": mailing_until,
        "protected_from": row.protected_from_on,
        "protected_until": row.protected_until_on,
        "certificate_due_on": certificate_day(campaign),
        "purge_on": campaign.purge_on,
    }


def certificate_day(campaign: Campaign) -> date:
    """The last day for a certificate that what was used for the drop is destroyed."""
    return add_working_days(campaign.purge_on, CERTIFICATE_TAKES, campaign.policy.region)


def step_finish_on(facts: CampaignFacts, name: str) -> date:
    """The last day of a step of the retroplanning."""
    _first_on, last_on = planned_step(facts.campaign, name)
    return last_on


def _list_rows(row: CampaignList, bill: ListBill) -> Iterable[OrderRow]:
    """The expected bill of a list, part by part; parts that are nothing are left out."""
    rental = "list_exchange" if row.nature == ListKind.EXCHANGE else "list_rental"
    parts = (
        (rental, "per_thousand", bill.billable, row.cpm, bill.rental_amount),
        ("run", "per_thousand", bill.run_quantity, row.run_charge_cpm, bill.run_amount),
        ("selection", "per_thousand", bill.selected, row.selection_cpm, bill.selection_amount),
        ("technical_fee", "flat", 1, bill.technical_fee_amount, bill.technical_fee_amount),
        ("minimum", "flat", 1, bill.minimum_complement_amount, bill.minimum_complement_amount),
    )
    for nature, unit, quantity, price, amount in parts:
        if amount or nature == rental:
            yield OrderRow(nature=nature, unit=unit, quantity=quantity, unit_price=price, amount=amount)


def _service_lines(facts: CampaignFacts, supplier: Supplier) -> list[BudgetLine]:
    """What the budget holds for a supplier beside its lists."""
    return [line for line in planned_budget(facts).lines if line.supplier == supplier.code and line.list_code is None]


def _service_rows(lines: Iterable[BudgetLine]) -> Iterable[OrderRow]:
    for line in lines:
        if line.basis is None or line.unit_amount is None:
            continue
        flat = line.basis in FLAT
        amount = line.amount.net_amount
        yield OrderRow(
            nature=line.nature,
            unit="flat" if flat else BASES[line.basis],
            quantity=line_quantity(line),
            unit_price=amount if flat else line.unit_amount,
            amount=amount,
        )


def _list_terms(facts: CampaignFacts, order: PurchaseOrder, row: CampaignList) -> ListTerms:
    campaign, sheet = facts.campaign, sheet_of(facts, row)
    lines = [line for line in facts.live_lines if line.list_id == row.id]
    used = {line.message for line in lines}
    channels = tuple(dict.fromkeys(line.channel for line in lines))
    universes = {segment.code: segment.universe for segment in facts.segments if segment.list_id == row.id}
    owner = facts.supplier(row.owner_id) or facts.suppliers[order.supplier_id]
    return ListTerms(
        list_code=row.code,
        list_name=row.name,
        owner=heads.supplier_party(owner),
        selections=tuple(
            SelectionRow(
                segment=line.segment,
                criteria="",
                quantity=line.gross_qty,
                message=line.message,
                offer=line.offer,
                role=line.role,
                universe_qty=universes.get(line.segment),
                channel=line.channel if len(channels) > 1 else "",
            )
            for line in lines
        ),
        channel=channels[0],
        channels=channels if len(channels) > 1 else (),
        exclusions=tuple(filter(None, [left_out_of_count(facts, row)])),
        cpm=row.cpm,
        selection_cpm=row.selection_cpm,
        run_charge_cpm=row.run_charge_cpm,
        technical_fee=row.technical_fee,
        min_billing_rate=row.min_billing_rate,
        min_invoice_amount=row.min_invoice_amount,
        deductible_reasons=deductible_reasons(campaign, row),
        billing_basis=row.billing_basis,
        unbilled_reasons=tuple(row.unbilled_reasons),
        delivery_deadline_on=order.deliver_by or step_finish_on(facts, "delivery"),
        delivery_to=_delivery_to(facts),
        delivery_method=TRANSFER,
        order_key=order.number,
        undeliverable_warranty_rate=row.undeliverable_guarantee,
        **_days(campaign, row),
        exchange=row.nature == ListKind.EXCHANGE,
        use="follow_up" if row.is_brought_over else "single",
        reuse_cpm=row.reuse_cpm,
        reuse_until=row.reuse_until_on,
        reuse_seconds=row.reuse_seconds,
        follow_up=_follow_up(facts, row),
        quantity_tolerance_rate=tolerance(campaign),
        proof_reference=", ".join(f"{message.code} – {message.label}" for message in facts.messages if message.code in used),
        terms_sheet=f"{sheet.number}/{sheet.revision}" if sheet else "",
        terms_sheet_issued_on=local_day(sheet.requested_at) if sheet else None,
        basis=basis_terms(facts, row),
        samples=tuple(approved_samples(facts, row)),
    )


def _follow_up(facts: CampaignFacts, row: CampaignList) -> FollowUp | None:
    """Where the addresses of a list come from that is brought over."""
    before = followed(facts)
    if before is None or not row.is_brought_over:
        return None
    order = next((one for one in before.live_orders if one.list_id == row.source_list_id), None)
    return FollowUp(campaign_code=before.campaign.code, dropped_on=before.campaign.drop_day, order_number=order.number if order else "")


def _delivery_to(facts: CampaignFacts) -> str:
    """Where files go: to the bureau that works on them, else to the advertiser."""
    bureau = heads.service_supplier(facts, SupplierKind.DEDUPE_BUREAU)
    party = heads.supplier_party(bureau) if bureau else heads.advertiser_party(facts, CampaignState.DELIVERY)
    return f"{party.name}, {party.address}, {party.postcode} {party.town}"


def _processing(facts: CampaignFacts, supplier: Supplier, lines: list[BudgetLine]) -> ProcessingTerms:
    """What article 28 asks for; the persons concerned are the pieces or answers that the supplier handles."""
    counted = [line_quantity(line) for line in lines if line.basis not in FLAT]
    answers = supplier.kind in (SupplierKind.CAGING, SupplierKind.CALL_CENTER)
    contract = contract_with(facts, supplier.id)
    return ProcessingTerms(
        purpose=facts.campaign.title,
        natures=tuple(dict.fromkeys(line.nature for line in lines)),
        ends_on=facts.campaign.purge_on,
        data_categories=RESPONSE_FIELDS if answers else MAILING_FIELDS,
        persons_qty=max(counted) if counted else project(facts).net,
        certificate_due_on=certificate_day(facts.campaign),
        contract_reference=contract.number if contract else "",
        contract_signed_on=contract.signed_on if contract else None,
    )


def service_due_on(facts: CampaignFacts, supplier: Supplier) -> date:
    """The planned day on which a service is done."""
    due_step = _DUE_STEP.get(supplier.kind)
    return step_finish_on(facts, due_step) if due_step else facts.campaign.drop_on
