"""The refund claim of the sample appeal."""

from datetime import date
from decimal import Decimal

from tests.documents.parties import BROKER, head
from workflows.campaign.documents import RefundClaim, ReturnRow


def refund_claim() -> RefundClaim:
    """Make a claim for a list of which more came back than its owner stands for."""
    return RefundClaim(
        head=head("refund_claim", "RG-26A-ALZ", BROKER),
        list_code="ALZ",
        list_name="Alizés Presse – abonnés actifs",
        order_number="BC-26A-001",
        drop_on=date(2026, 10, 13),
        mailed_qty=14_210,
        rows=(
            ReturnRow(reason="address_defect", quantity=118),
            ReturnRow(reason="deceased", quantity=21),
            ReturnRow(reason="unknown", quantity=402),
        ),
        warranty_rate=Decimal("0.03"),
        allowed_qty=426,
        cpm=Decimal(168),
        refund_amount=Decimal("19.32"),
        vat_rate=Decimal("0.20"),
        answer_by=date(2026, 12, 4),
        claimable_until=date(2026, 12, 12),
    )
