"""The budget as one canonical snapshot: made when negotiation closes, signed by its hash, compared again when money is committed."""

from decimal import ROUND_CEILING
from hashlib import sha256
from typing import Any

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.margins import margin_in, margin_told
from workflows.campaign.planning import cost_items, project
from workflows.campaign.records import BudgetVersion
from workflows.campaign.terms.billed import unusual_billing
from workflows.campaign.values import RATES
from workflows.campaign.vat import without_vat
from workflows.engine.canonical import canonical_json, read_json
from workflows.engine.command import plain
from workflows.engine.refusals import Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.costs import Budget, CostQuantities, PlannedListBill, pieces_by_channel, plan_budget
from workflows.trade.kpis import WHOLE, Margin
from workflows.trade.projection import Scenario


def planned_budget(facts: CampaignFacts) -> Budget:
    """The budget of the live lines at the agreed terms, from the central projection."""
    found = project(facts)
    suppliers = {row.code: facts.supplier(row.supplier_id) for row in facts.live_lists}
    bills = [
        PlannedListBill(code, supplier.code if (supplier := suppliers[code]) else None, bill.delivered, bill.due_amount)
        for code, bill in found.bills.items()
    ]
    quantities = CostQuantities(
        pieces=pieces_by_channel((one.line.channel, one.pieces) for one in found.lines),
        gross=sum(bill.delivered for bill in found.bills.values()),
        responses=int(found.outcomes[Scenario.CENTRAL].responses.to_integral_value(ROUND_CEILING)),
    )
    return plan_budget(bills, cost_items(facts), quantities, facts.campaign.vat_rate, without_vat(facts))


def snapshot(facts: CampaignFacts, drop_on: str | None = None, margin: Margin | None = None) -> dict[str, Any]:
    """What an approver signs: lines, terms, costs by nature, totals and what is expected back. The same facts give the same bytes.

    :param drop_on: the day to name for the drop, where it is not the one that is planned.
    :param margin: what to work out returns with, where it is not what the brief says.
    """
    campaign = facts.campaign
    margin = margin or campaign.margin
    budget = planned_budget(facts)
    outcomes = project(facts).outcomes
    data: dict[str, Any] = plain(
        {
            "v": 1,
            "campaign": campaign.code,
            "advertiser": {"name": facts.advertiser.name, "siren": facts.advertiser.siren},
            "currency": campaign.currency,
            "vat_rate": f"{campaign.vat_rate:.4f}",
            "drop_on": drop_on or campaign.drop_on,
            "envelope_amount": f"{campaign.envelope_amount:.2f}",
            "lists": [
                {
                    "list": row.code,
                    "nature": row.nature,
                    "supplier": supplier.code if (supplier := facts.supplier(row.supplier_id)) else None,
                    "terms": {name: f"{getattr(row, name):.6f}" for name in RATES} | unusual_billing(row),
                }
                for row in facts.live_lists
            ],
            "plan": [
                [line.list_code, line.segment, line.channel, line.role, line.message, line.offer, line.gross_qty, line.rank]
                for line in facts.live_lines
            ],
            "lines": [
                {
                    "nature": line.nature,
                    "list": line.list_code,
                    "supplier": line.supplier,
                    "basis": line.basis,
                    "quantity": str(line.quantity),
                    "unit_amount": None if line.unit_amount is None else f"{line.unit_amount:.6f}",
                    "net_amount": line.amount.net_amount,
                    "vat_amount": line.amount.vat_amount,
                }
                for line in budget.lines
            ],
            "total_amount": budget.total_amount,
            "vat_amount": budget.vat_amount,
            "total_with_vat_amount": budget.total_with_vat_amount,
            "expected": {
                str(scenario): {
                    "responses": outcome.responses,
                    "amount": outcome.amount,
                    "cost": outcome.cost,
                    "roi": outcome.roi(margin).value,
                    **({} if margin == WHOLE else {"gifts": outcome.gifts}),
                }
                for scenario, outcome in outcomes.items()
            },
            **margin_told(margin),
        }
    )
    return data


def new_budget(step: Step) -> None:
    """Freeze the budget as it stands; the one before, if any, counts no more."""
    facts: CampaignFacts = step.facts
    void_budget(step)
    body = canonical_json(snapshot(facts))
    planned = planned_budget(facts)
    total = planned.total_amount
    facts.campaign.forecast_amount = total - planned.contingency_amount
    step.session.add(
        BudgetVersion(
            **step.from_now_on(),
            number=len(facts.budgets) + 1,
            body=body,
            sha256=sha256(body).hexdigest(),
            total_amount=total,
            prepared_by_id=step.actor.person_id,
            prepared_at=step.now,
        )
    )
    step.control("envelope", expected=str(facts.campaign.envelope_amount), actual=str(total), verdict="ok")
    step.session.flush()
    step.forget_facts()


def void_budget(step: Step) -> None:
    """End the budget that counts: whatever was approved of it is void."""
    if step.facts.budget is not None:
        step.facts.budget.to_seq = step.seq
        step.session.flush()


def _differs(facts: CampaignFacts, drop_on: str | None = None, margin: Margin | None = None) -> bool:
    budget = facts.budget
    return budget is None or sha256(canonical_json(snapshot(facts, drop_on, margin))).hexdigest() != budget.sha256


def _as_approved(facts: CampaignFacts) -> CampaignFacts:
    """The facts with the lines that were left out to meet the approval's conditions: what was signed is to be found in them again."""
    left_out = set(facts.budget.left_out) if facts.budget else set()
    if not left_out:
        return facts
    whole = CampaignFacts(facts.session, facts.campaign)
    whole.live_lines = [line for line in facts.lines if line.is_alive or str(line.id) in left_out]
    return whole


def budget_is_within_envelope(facts: CampaignFacts) -> Unmet | None:
    """What would be budgeted now is at most what the advertiser means to spend: nobody is asked to sign more."""
    limit = facts.campaign.envelope_amount
    total = planned_budget(facts).total_amount
    if total <= limit:
        return None
    return Unmet(code="budget.above_envelope", lifted_by=Role.PROJECT_MANAGER, params={"amount": total, "limit": limit})


def budget_is_current(facts: CampaignFacts) -> Unmet | None:
    """What would be budgeted now is, by its hash, what was submitted."""
    if not _differs(facts):
        return None
    since = facts.budget.prepared_at if facts.budget else None
    return Unmet(code="budget.not_current", lifted_by=Role.PROJECT_MANAGER, since=since)


def budget_is_as_approved(facts: CampaignFacts) -> Unmet | None:
    """The budget was approved, and what would be committed now is, by its hash, what was approved, less what its conditions leave out.

    It is compared under the day and the margin that were approved: a drop that is moved afterwards costs what was approved, as does a
    campaign of which something else stays, and the approval stands.
    """
    budget = facts.budget
    if budget is not None and budget.approved_at is not None:
        signed = read_json(budget.body)
        if not _differs(_as_approved(facts), signed["drop_on"], margin_in(signed)):
            return None
    since = budget.prepared_at if budget else None
    return Unmet(code="budget.approval_void", lifted_by=Role.BUDGET_APPROVER, since=since)
