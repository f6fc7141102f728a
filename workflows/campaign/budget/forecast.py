"""What a campaign is going to cost with the lots that there are: the budget's own formulas on what there really is by then.

What accepted invoices bill above that is part of it. Not for what it may cost, nor who lets more of it pass: `overrun`.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.expected import billed_above, dues
from workflows.campaign.orders.fees import list_fees, service_fees
from workflows.campaign.planning import cost_items
from workflows.campaign.results.figures import list_bills
from workflows.campaign.results.trials import expected_rates
from workflows.campaign.vat import paid_rate, without_vat
from workflows.trade.costs import Budget, BudgetLine, CostBasis, CostQuantities, PlannedListBill, pieces_by_channel, plan_budget
from workflows.trade.money import ZERO, tax


def forecast_budget(facts: CampaignFacts) -> Budget:
    """What the campaign is going to cost with the lots that there are, without contingency."""
    found: Budget = facts.remember("forecast_budget", lambda: _forecast_budget(facts))
    return found


def _forecast_budget(facts: CampaignFacts) -> Budget:
    rows = {row.code: row for row in facts.lists}
    bills, fees = list_bills(facts), list_fees(facts)
    owing = []
    for code in sorted({*bills, *fees}):
        delivered = bills[code].delivered if code in bills else 0
        due = (bills[code].due_amount if code in bills else ZERO) + fees.get(code, ZERO)
        above = billed_above(facts, (one for one in facts.invoices if one.list_code == code), due)
        supplier = facts.supplier(rows[code].supplier_id) if code in rows else None
        owing.append(PlannedListBill(code, supplier.code if supplier else None, delivered, due + above))
    sent, rates = [lot for lot in facts.lots if lot.is_sent], expected_rates(facts)
    answers = (lot.quantity * rates.get((lot.list_code, lot.segment, lot.channel, lot.message), Decimal(0)) for lot in sent)
    quantities = CostQuantities(
        pieces=pieces_by_channel((lot.channel, lot.pieces) for lot in sent),
        gross=sum(bill.delivered for bill in bills.values()),
        responses=int(sum(answers, Decimal(0)).to_integral_value(ROUND_CEILING)),
    )
    items = [item for item in (*cost_items(facts), *service_fees(facts)) if item.basis is not CostBasis.CONTINGENCY_PERCENT]
    forecast = plan_budget(owing, items, quantities, facts.campaign.vat_rate, without_vat(facts))
    return Budget((*forecast.lines, *_services_billed_above(facts, forecast)))


def _services_billed_above(facts: CampaignFacts, forecast: Budget) -> Iterable[BudgetLine]:
    """What accepted invoices of services cost above the forecast of their supplier, under the first of its lines."""
    for number, due in dues(facts).items():
        lines = [line for line in forecast.lines if line.list_code is None and line.supplier == due.amount.supplier]
        invoices = (one for one in facts.invoices if one.order_number == number and one.due_amount is not None)
        if due.row is None and lines:
            above = billed_above(facts, invoices, sum((line.amount.net_amount for line in lines), ZERO))
            if above:
                amount = tax(above, paid_rate(facts, due.amount.supplier))
                yield replace(lines[0], quantity=0, unit_amount=None, amount=amount)
