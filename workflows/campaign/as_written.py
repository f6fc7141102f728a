"""A campaign's messages, costs and seeds as rows of a brief again: what `writing` writes, read back for a campaign that is made like it."""

from uuid import UUID

from workflows.campaign.brief import CostRow, MessageRow, SeedRow
from workflows.campaign.facts import CampaignFacts


def supplier_codes(facts: CampaignFacts) -> dict[UUID, str]:
    """The code of each supplier, which rows name it by."""
    return {supplier.id: supplier.code for supplier in facts.suppliers.values()}


def message_rows(facts: CampaignFacts) -> tuple[MessageRow, ...]:
    """The campaign's messages."""
    return tuple(MessageRow(code=row.code, label=row.label, offer=row.offer, tags=row.tags) for row in facts.messages)


def cost_rows(facts: CampaignFacts) -> tuple[CostRow, ...]:
    """The campaign's costs, in their order."""
    codes = supplier_codes(facts)
    return tuple(
        CostRow(
            nature=item.nature, basis=item.basis, amount=item.amount, supplier=codes.get(item.supplier_id) if item.supplier_id else None
        )
        for item in facts.costs
    )


def seed_rows(facts: CampaignFacts) -> tuple[SeedRow, ...]:
    """The campaign's monitor seeds."""
    return tuple(SeedRow(code=row.code, address=dict(row.address)) for row in facts.seeds)
