"""What is usual of a rate, from what it was before: three standard deviations either way (trade reference, section 3.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

LEAST_EARLIER = 3
"""Fewer earlier rates than this say nothing about what is usual."""
SIGMAS = 3


@dataclass(frozen=True)
class Usual:
    """What a rate was before, on average, and how far from that it may be and still be usual; fractions, from `earlier` rates."""

    mean: Decimal
    spread: Decimal
    earlier: int

    @property
    def low(self) -> Decimal:
        """The least that is usual."""
        return max(self.mean - self.spread, Decimal(0))

    @property
    def high(self) -> Decimal:
        """The most that is usual."""
        return min(self.mean + self.spread, Decimal(1))

    def holds(self, rate: Decimal) -> bool:
        """Whether a rate is nothing unusual."""
        return abs(rate - self.mean) <= self.spread


def usual(earlier: Sequence[Decimal], size: int) -> Usual | None:
    """What is usual of a rate that is measured on `size` records now; None from too few earlier rates, or of no records.

    The deviation is the earlier rates' own (of a sample, n - 1) and that of chance in so many records, p (1 - p) / size, added as
    variances: three campaigns that happened to agree do not make every fourth one unusual.
    """
    if len(earlier) < LEAST_EARLIER or size < 1:
        return None
    mean = sum(earlier, Decimal(0)) / len(earlier)
    variance = sum(((rate - mean) ** 2 for rate in earlier), Decimal(0)) / (len(earlier) - 1) + mean * (1 - mean) / size
    return Usual(mean=mean, spread=SIGMAS * variance.sqrt(), earlier=len(earlier))
