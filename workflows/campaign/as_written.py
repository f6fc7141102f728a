"""A campaign's messages, costs, seeds and mailing as rows of a brief again: what `writing` writes, read back for one made like it."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from workflows.campaign.brief import CostRow, MailingRow, MailPieceRow, MessageRow, SeedRow
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


def mailing_row(facts: CampaignFacts) -> MailingRow | None:
    """What is said of the mailing; None where nobody said anything. Of messages that the campaign has no more, nothing is."""
    if facts.mailing is None:
        return None
    said, messages = mailing_of(facts.mailing.body), {one.code for one in facts.messages}
    return replace(said, pieces=tuple(piece for piece in said.pieces if piece.message in messages))


def mailing_of(body: Mapping[str, Any]) -> MailingRow:
    """One version of it, from its row's `body`."""
    pieces = (
        {**piece, **{name: _decimal(piece[name]) for name in ("weight_grams", "thickness_mm")}, "components": tuple(piece["components"])}
        for piece in body["pieces"]
    )
    told = {**body, "spoilage_rate": _decimal(body["spoilage_rate"]), "pieces": tuple(MailPieceRow(**piece) for piece in pieces)}
    return MailingRow(**told)


def _decimal(written: str | None) -> Decimal | None:
    return None if written is None else Decimal(written)
