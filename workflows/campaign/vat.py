"""Which VAT a campaign has to do with, supplier by supplier: what one puts on its invoices, and what it costs the advertiser.

They part where the advertiser pays the VAT of a supplier from abroad itself: no invoice shows it, and the budget does.
"""

from collections.abc import Collection
from decimal import Decimal

from workflows.campaign.facts import CampaignFacts
from workflows.parties.model import Supplier
from workflows.parties.roles import VatStatus
from workflows.trade.money import ZERO


def invoiced_rate(facts: CampaignFacts, supplier: Supplier | None) -> Decimal:
    """The rate on a supplier's invoices, as a fraction."""
    bills_it = supplier is None or supplier.vat_status == VatStatus.STANDARD
    return facts.campaign.vat_rate if bills_it else ZERO


def without_vat(facts: CampaignFacts) -> Collection[str]:
    """The codes of the suppliers who cost the advertiser no VAT."""
    return frozenset(one.code for one in facts.suppliers.values() if one.vat_status == VatStatus.NOT_LIABLE)


def paid_rate(facts: CampaignFacts, supplier_code: str) -> Decimal:
    """The rate that the advertiser pays on what a supplier costs, to it or by itself, as a fraction."""
    return ZERO if supplier_code in without_vat(facts) else facts.campaign.vat_rate
