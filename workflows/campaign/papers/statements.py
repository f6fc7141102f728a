"""What a net statement says: from the records that were delivered to the amount that may be invoiced, step by step."""

from collections.abc import Iterable, Mapping
from typing import Any

from workflows.campaign.documents import BillingPart, Deduction, NetStatement
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import CampaignList
from workflows.campaign.papers import heads
from workflows.campaign.papers.processing import in_order, report_number
from workflows.campaign.results.figures import list_bills
from workflows.campaign.states import CampaignState
from workflows.campaign.vat import invoiced_rate
from workflows.engine.process import Paper
from workflows.engine.step import Step
from workflows.order.model import PurchaseOrder
from workflows.trade.billing import ListBill, ListKind, LossReason


def net_statements(step: Step) -> Iterable[Paper]:
    """What each list's supplier may invoice on the approved run; the house list invoices nothing."""
    facts = heads.gather(step)
    run = facts.run
    assert run is not None, "a statement follows a run"
    assert run.report is not None, "a statement follows a finished run"
    bills = list_bills(facts)
    orders = {order.list_id: order for order in facts.live_orders}
    for row in facts.lists:
        if not row.is_house and row.code in run.report["lists"]:
            yield _net_statement(step, facts, row, orders.get(row.id), bills[row.code], run.report["lists"][row.code])


def _net_statement(
    step: Step, facts: CampaignFacts, row: CampaignList, order: PurchaseOrder | None, bill: ListBill, counts: Mapping[str, Any]
) -> Paper:
    supplier, owner = facts.supplier(row.supplier_id), facts.supplier(row.owner_id)
    number = heads.number(facts, heads.NET_STATEMENT, row.code)
    assert facts.run is not None, "a statement follows a run"
    codes = in_order((one["code"] for one in facts.run.brief["suppressions"]), counts["suppressed"])
    taken = {"rejected": counts["rejected"], **{code: counts["suppressed"].get(code, 0) for code in codes}}
    taken |= {"intra": counts["intra"], "inter": counts["inter"]}
    content = NetStatement(
        head=heads.head(step, facts, NetStatement, number, stage=CampaignState.DEDUPE, recipient=supplier),
        order_number=order.number if order else "",
        list_code=row.code,
        list_name=row.name,
        ordered_qty=facts.ordered_qty(row.id),
        delivered_qty=bill.delivered,
        deductions=tuple(
            Deduction(reason=reason, quantity=quantity, deductible=True, unbilled=_kind_of_loss(reason) in row.unbilled_reasons)
            for reason, quantity in taken.items()
        ),
        net_qty=bill.net,
        min_billing_rate=row.min_billing_rate,
        billing_basis=row.billing_basis,
        floor_qty=bill.floor,
        billable_qty=bill.billable,
        parts=tuple(_parts(row, bill)),
        min_invoice_amount=row.min_invoice_amount,
        vat_rate=invoiced_rate(facts, supplier),
        payment_days=supplier.payment_days if supplier else 0,
        owner_name=owner.name if owner else "",
        exchange=row.nature == ListKind.EXCHANGE,
        report_number=heads.last_reference(facts, report_number(facts)),
        surplus_qty=bill.surplus,
        most_billable_qty=bill.charged if bill.surplus else None,
        unbilled_qty=bill.unbilled,
    )
    return heads.paper(content, recipient=supplier, subject_id=row.id)


def _kind_of_loss(reason: str) -> LossReason:
    """For what a record is lost that the dedupe took out for this reason: each suppression file has a name of its own."""
    return LossReason(reason) if reason in set(LossReason) else LossReason.SUPPRESSED


def _parts(row: CampaignList, bill: ListBill) -> Iterable[BillingPart]:
    """The bill part by part; parts that are nothing are left out."""
    parts = (
        ("addresses", bill.rental_amount, bill.billable, row.cpm),
        ("run", bill.run_amount, bill.run_quantity, row.run_charge_cpm),
        ("selection", bill.selection_amount, bill.selected, row.selection_cpm),
        ("technical_fee", bill.technical_fee_amount, None, None),
        ("minimum", bill.minimum_complement_amount, None, None),
    )
    for code, amount, quantity, price in parts:
        if amount or code == "addresses":
            yield BillingPart(code=code, amount=amount, quantity=quantity, unit_price=price)
