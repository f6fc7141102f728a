"""What keeps the orders of an approved budget back, and what each list comes to: for whoever has to meet the approval's conditions.

Amounts are Decimal euros without VAT.
"""

from dataclasses import dataclass
from decimal import Decimal

from app.queries.budget import Decision, decisions_on
from workflows.campaign.budget.conditions import conditions, withheld
from workflows.campaign.budget.snapshot import planned_budget
from workflows.campaign.facts import CampaignFacts
from workflows.trade.approval import Conditions
from workflows.trade.money import ZERO


@dataclass(frozen=True, kw_only=True)
class WithheldList:
    """A list of the budget that is still in, and its expected bill."""

    code: str
    name: str
    amount: Decimal
    is_excluded: bool


@dataclass(frozen=True, kw_only=True)
class Withheld:
    """The orders that wait. `total_amount` is what the campaign comes to now; `lists` are those still in, excluded ones first; `left_out`
    are the codes of lists that were let go.

    `may_leave_out_any`: while the total is above the cap, whatever the approval excludes.
    """

    conditions: Conditions
    decisions: tuple[Decision, ...]
    total_amount: Decimal
    lists: tuple[WithheldList, ...]
    left_out: tuple[str, ...]

    @property
    def may_leave_out_any(self) -> bool:
        return self.conditions.cap_amount is not None and self.total_amount > self.conditions.cap_amount


def get_withheld(facts: CampaignFacts) -> Withheld | None:
    """The orders that wait for conditions; None where none does."""
    if facts.budget is None or not withheld(facts):
        return None
    budget, bound, left_out = planned_budget(facts), conditions(facts), set(facts.budget.left_out)
    return Withheld(
        conditions=bound,
        decisions=tuple(one for one in decisions_on(facts.session, facts.budget.id) if one.conditions),
        total_amount=budget.total_amount,
        lists=tuple(
            WithheldList(
                code=row.code,
                name=row.name,
                amount=sum((line.amount.net_amount for line in budget.lines if line.list_code == row.code), ZERO),
                is_excluded=row.code in bound.excluded_lists,
            )
            for row in sorted(facts.live_lists, key=lambda one: one.code not in bound.excluded_lists)
        ),
        left_out=tuple(sorted({line.list_code for line in facts.lines if str(line.id) in left_out})),
    )
