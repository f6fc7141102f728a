"""The margin that figures were worked out with, where they are kept: told beside them, unless all stays of what people give.

Figures that are kept say their own, whatever the brief says by now; those from before anybody could say a margin are of the whole.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from workflows.trade.kpis import WHOLE, Margin


def margin_told(margin: Margin) -> dict[str, Any]:
    """The margin as an entry of plain data; nothing where it is the whole."""
    return {} if margin == WHOLE else {"margin": {"rate": f"{margin.rate:.6f}", "handling_amount": f"{margin.handling_amount:.2f}"}}


def margin_in(kept: Mapping[str, Any]) -> Margin:
    """The margin of figures that are kept as plain data."""
    return Margin(**{name: Decimal(value) for name, value in kept.get("margin", {}).items()})
