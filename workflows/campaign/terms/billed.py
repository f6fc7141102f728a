"""How a list is billed where that is not as usual: the basis of its least share, and the losses that are never billed.

As usual the least share is one of the addresses delivered, and every loss is deducted down to it. What is as usual is not said: orders,
budgets and papers of before say nothing of it, and mean just that. Not for what it comes to: `trade.billing` has the formula.
"""

from typing import Any

from workflows.campaign.model import CampaignList
from workflows.trade.billing import BillingBasis


def unusual_billing(row: CampaignList) -> dict[str, Any]:
    """What is agreed otherwise than usual, as plain data by the names of the terms; nothing where all is as usual."""
    found: dict[str, Any] = {}
    if row.billing_basis != BillingBasis.DELIVERED:
        found["billing_basis"] = row.billing_basis
    if row.unbilled_reasons:
        found["unbilled_reasons"] = list(row.unbilled_reasons)
    return found
