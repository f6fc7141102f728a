"""What the budget file says: where the money goes, what should come back, who may accept it, what changed since it was last shown."""

import json
from collections.abc import Iterable
from decimal import Decimal

from sqlmodel import col, select

from workflows.campaign.budget.signing import budget_signatures
from workflows.campaign.budget.snapshot import planned_budget
from workflows.campaign.documents import ApprovalTierRow, ApproverRow, BudgetChange, BudgetFile, BudgetListRow, BudgetRow, FormerDecision
from workflows.campaign.documents import Scenario as ScenarioRow
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import CampaignList
from workflows.campaign.papers import heads
from workflows.campaign.papers.planning import envelope, targets
from workflows.campaign.planning import project
from workflows.campaign.records import BudgetDecision, BudgetVersion
from workflows.campaign.states import CampaignState
from workflows.engine.process import Paper
from workflows.engine.step import Step
from workflows.parties.model import Membership, Person
from workflows.parties.roles import Role
from workflows.trade.costs import RENTAL_NATURE, Budget, BudgetLine, CostBasis
from workflows.trade.kpis import WHOLE, Margin, Ratio, break_even_rate
from workflows.trade.money import ZERO
from workflows.trade.projection import PlanProjection, Scenario, whole_responses
from workflows.trade.working_days import local_day

LISTS = "lists"
"""The nature and basis under which all lists stand together; a table of their own says the rest."""
BASES = {
    CostBasis.PER_PIECE: "per_piece",
    CostBasis.PER_LETTER: "per_letter",
    CostBasis.PER_EMAIL: "per_email",
    CostBasis.PER_TEXT_MESSAGE: "per_text_message",
    CostBasis.PER_PERSON_CALLED: "per_person_called",
    CostBasis.FLAT: "flat",
    CostBasis.PER_GROSS_ADDRESS: "per_gross_address",
    CostBasis.PER_RESPONSE: "per_response",
    CostBasis.CONTINGENCY_PERCENT: "percent",
}
"""The bases of cost files by the words that documents have for them."""


def budget_file(step: Step) -> Iterable[Paper]:
    """The budget that counts, under its hash."""
    facts = heads.gather(step)
    campaign, version, found, budget = facts.campaign, facts.budget, project(facts), planned_budget(facts)
    assert version is not None, "a budget file follows a budget"
    preparer = heads.person(facts, version.prepared_by_id)
    yield heads.paper(
        BudgetFile(
            head=heads.head(step, facts, BudgetFile, heads.number(facts, heads.BUDGET_FILE), stage=CampaignState.BUDGET),
            snapshot_sha256=version.sha256,
            prepared_by=preparer.name if preparer else "",
            drop_on=campaign.drop_on,
            envelope_amount=campaign.envelope_amount,
            rows=tuple(_rows(facts, budget)),
            lists=tuple(_list_row(facts, row, found) for row in facts.live_lists),
            scenarios=tuple(_scenario(found, scenario, campaign.margin) for scenario in Scenario),
            break_even_rate=_break_even(facts, budget, found).value,
            targets=(envelope(facts, budget), *targets(facts, found)),
            approvers=tuple(_approver(facts, *member) for member in heads.members(facts, Role.BUDGET_APPROVER)),
            changes=tuple(_changes(facts.budgets)),
            overrun_tolerance_rate=campaign.policy.share("tolerances", "budget_overrun_share"),
            tier=_tier(facts),
            former_decisions=tuple(_former_decisions(facts)),
            margin=heads.margin_used(campaign.margin),
        ),
        subject_id=version.id,
    )


def line_quantity(line: BudgetLine) -> int:
    """A budget line's quantity as a whole number; only expected responses can have a fraction."""
    return line.quantity if isinstance(line.quantity, int) else whole_responses(line.quantity)


def _rows(facts: CampaignFacts, budget: Budget) -> Iterable[BudgetRow]:
    """One row for all lists, then one for each cost."""
    names = {supplier.code: supplier.name for supplier in facts.suppliers.values()}
    lists = [line for line in budget.lines if line.basis is None]
    if lists:
        yield BudgetRow(
            nature=LISTS,
            basis=LISTS,
            amount=sum((line.amount.net_amount for line in lists), ZERO),
            vat_amount=sum((line.amount.vat_amount for line in lists), ZERO),
            quantity=sum(line_quantity(line) for line in lists),
        )
    for line in budget.lines:
        if line.basis is None or line.unit_amount is None:
            continue
        percent = line.basis is CostBasis.CONTINGENCY_PERCENT
        yield BudgetRow(
            nature=line.nature,
            basis=BASES[line.basis],
            amount=line.amount.net_amount,
            vat_amount=line.amount.vat_amount,
            quantity=None if percent else line_quantity(line),
            unit_price=line.unit_amount / 100 if percent else line.unit_amount,
            supplier_name=names.get(line.supplier or "", ""),
        )


def _list_row(facts: CampaignFacts, row: CampaignList, found: PlanProjection) -> BudgetListRow:
    supplier, bill = facts.supplier(row.supplier_id), found.bills[row.code]
    return BudgetListRow(
        list_code=row.code,
        list_name=row.name,
        supplier_name=supplier.name if supplier else "",
        nature=row.nature,
        ordered_qty=bill.delivered,
        expected_net_qty=bill.net,
        billable_qty=bill.billable,
        cpm=row.cpm,
        amount=bill.due_amount,
        terms_sheet=heads.last_reference(facts, heads.number(facts, heads.TERMS_SHEET, row.code)),
        billing_basis=row.billing_basis,
        unbilled_reasons=tuple(row.unbilled_reasons),
    )


def _scenario(found: PlanProjection, scenario: Scenario, margin: Margin) -> ScenarioRow:
    outcome = found.outcomes[scenario]
    return ScenarioRow(
        code=scenario.value,
        response_rate=Ratio.of(outcome.responses, found.net).value or Decimal(0),
        responses=whole_responses(outcome.responses),
        revenue_amount=outcome.amount,
        cost_amount=outcome.cost,
        roi=outcome.roi(margin).value,
        kept_amount=None if margin == WHOLE else margin.of(outcome.amount, outcome.gifts),
    )


def _break_even(facts: CampaignFacts, budget: Budget, found: PlanProjection) -> Ratio:
    """The response rate that pays for everything but the contingency.

    What an answer brings is less what it costs, and less what it costs to handle the gifts of as many answers as are expected.
    """
    central, margin = found.outcomes[Scenario.CENTRAL], facts.campaign.margin
    of_answer = sum((item.amount for item in facts.costs if item.basis == CostBasis.PER_RESPONSE), ZERO)
    gifts = Ratio.of(central.gifts, central.responses).value or Decimal(0)
    apart = (CostBasis.PER_RESPONSE, CostBasis.CONTINGENCY_PERCENT)
    return break_even_rate(
        fixed_cost=sum((line.amount.net_amount for line in budget.lines if line.basis not in apart), ZERO),
        piece_cost=Decimal(0),  # pieces are in the budget's lines, seeds with them
        mailed=found.net,
        average=Ratio.of(central.amount, central.responses).value or Decimal(0),
        margin=Margin(rate=margin.rate, handling_amount=of_answer + margin.handling_amount * gifts),
    )


def _approver(facts: CampaignFacts, person: Person, membership: Membership) -> ApproverRow:
    decision = next((one for one in reversed(facts.decisions) if one.person_id == person.id), None)
    return ApproverRow(
        name=person.name,
        role=membership.role,
        limit_amount=membership.approval_limit_amount,
        decision=decision.decision if decision else "",
        decided_on=local_day(decision.decided_at) if decision else None,
    )


def _tier(facts: CampaignFacts) -> ApprovalTierRow:
    asked = budget_signatures(facts)
    return ApprovalTierRow(above_amount=asked.floor, up_to_amount=asked.tier.up_to if asked.tier else None, signatures=asked.needed)


def _changes(versions: list[BudgetVersion]) -> Iterable[BudgetChange]:
    """Natures whose amount is not what it was in the budget before."""
    if len(versions) < 2:
        return
    before, after = (_by_nature(version) for version in versions[-2:])
    for nature in dict.fromkeys((*before, *after)):
        was, is_ = before.get(nature, ZERO), after.get(nature, ZERO)
        if was != is_:
            yield BudgetChange(nature=nature, before_amount=was, after_amount=is_)


def _former_decisions(facts: CampaignFacts) -> Iterable[FormerDecision]:
    """Who signed or refused the budget before, and the conditions they set: they ended with it, and whoever signs anew should know them."""
    if len(facts.budgets) < 2:
        return
    statement = select(BudgetDecision, Person).join(Person, col(Person.id) == col(BudgetDecision.person_id))
    statement = statement.where(BudgetDecision.budget_id == facts.budgets[-2].id, col(BudgetDecision.overrun_id).is_(None))
    for decision, person in facts.session.exec(statement.order_by(col(BudgetDecision.from_seq))):
        yield FormerDecision(
            name=person.name,
            decision=decision.decision,
            decided_on=local_day(decision.decided_at),
            cap_amount=decision.cap_amount,
            excluded_lists=tuple(decision.excluded_lists),
        )


def _by_nature(version: BudgetVersion) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for line in json.loads(version.body)["lines"]:
        nature = LISTS if line["nature"] == RENTAL_NATURE else line["nature"]
        totals[nature] = totals.get(nature, ZERO) + Decimal(line["net_amount"])
    return totals
