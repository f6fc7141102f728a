"""What may be claimed back of each list, by what came back so far and the warranty on its order. Reads only: `claiming` has the moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import col, func, select

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import CampaignList
from workflows.campaign.records import Undeliverable
from workflows.order.model import PurchaseOrder
from workflows.trade.billing import UndeliverableClaim, claim_undeliverable


@dataclass(frozen=True, kw_only=True)
class Claimable:
    """A list whose owner guarantees something: pieces mailed, what came back by reason, and what is beyond the guarantee."""

    row: CampaignList
    order: PurchaseOrder
    warranty_rate: Decimal
    mailed: int
    counts: Mapping[str, int]
    claim: UndeliverableClaim

    @property
    def undeliverable(self) -> int:
        return sum(self.counts.values())


def claimables(facts: CampaignFacts) -> list[Claimable]:
    """Every list with a warranty that was mailed, by code, whether anything is claimable or not."""
    orders = {order.list_id: order for order in facts.live_orders if order.list_id}
    found = []
    for row in facts.lists:
        guaranteed = row.undeliverable_guarantee
        codes = [lot.code for lot in facts.lots if lot.list_code == row.code and lot.is_sent]
        if row.id in orders and guaranteed is not None and codes:
            mailed = sum(lot.mailed for lot in facts.lots if lot.code in codes)
            counts = _returned(facts, codes)
            claim = claim_undeliverable(mailed, sum(counts.values()), guaranteed, row.cpm)
            found.append(Claimable(row=row, order=orders[row.id], warranty_rate=guaranteed, mailed=mailed, counts=counts, claim=claim))
    return found


def claimable_until(facts: CampaignFacts) -> date | None:
    """The last day on which a claim can be made, counted from the drop that was; None before it."""
    dropped_on = facts.campaign.dropped_on
    return None if dropped_on is None else dropped_on + timedelta(days=facts.campaign.policy.whole("thresholds", "claim_days"))


def _returned(facts: CampaignFacts, codes: list[str]) -> dict[str, int]:
    statement = (
        select(Undeliverable.reason, func.count())
        .where(Undeliverable.campaign_id == facts.campaign.id, col(Undeliverable.lot_code).in_(codes))
        .group_by(col(Undeliverable.reason))
        .order_by(col(Undeliverable.reason))
    )
    return dict(facts.session.exec(statement).all())
