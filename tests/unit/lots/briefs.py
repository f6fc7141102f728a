"""A brief for the lots of one list, as small as it can be."""

from decimal import Decimal

from tasks.lots.build import LotBrief, PlanCell


def lot_brief(*plan: PlanCell, multi_buyers: int = 0) -> LotBrief:
    """The lots of list A by that plan; people who stand in so many files have lots of their own."""
    return LotBrief(
        campaign_code="26A",
        drop_year=2026,
        seed=7,
        holdout_share=Decimal(0),
        sample_ratio_p=Decimal("0.001"),
        lists=("A",),
        plan=plan,
        seeds=(),
        multi_buyers=multi_buyers,
    )
