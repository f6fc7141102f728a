"""How large a test must be, how sure a rate is, and what a comparison allows to be said.

Use it to design a test and to judge it. Not for the rates themselves (`kpis`), nor for dealing records out
(`splitting`). Results are looked at and not stored as facts, so probabilities are floats; rates and bounds are
`Decimal` to six places like every other rate.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from statistics import NormalDist
from typing import Self

_SIX_PLACES = Decimal("0.000001")
_NORMAL = NormalDist()


def comparison_sample_size(first: Decimal, second: Decimal, alpha: float = 0.05, power: float = 0.8) -> int:
    """Pieces to mail *in each* of two cells to tell two rates apart:
    `n = (z_a sqrt(2 p q) + z_b sqrt(p1 q1 + p2 q2))^2 / (p1 - p2)^2`, with p the mean of the two, rounded up.

    Source: trade reference, section 7.

    :param first: a rate as a fraction, strictly between 0 and 1; so is `second`, and they differ.
    :param alpha: two-sided risk of seeing a difference where there is none.
    :param power: chance of seeing the difference.
    :raises ValueError: outside these bounds.
    """
    _require_rate(first)
    _require_rate(second)
    if first == second:
        raise ValueError("no sample tells two equal rates apart")
    p1, p2 = float(first), float(second)
    mean = (p1 + p2) / 2
    spread = _two_sided_z(1 - alpha) * math.sqrt(2 * mean * (1 - mean))
    spread += _NORMAL.inv_cdf(power) * math.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
    return math.ceil(spread**2 / (p1 - p2) ** 2)


def precision_sample_size(rate: Decimal, error: Decimal, confidence: float = 0.95) -> int:
    """Pieces to mail to know a rate of about `rate` to within `error` on either side: `n = z^2 p (1 - p) / E^2`, rounded up.

    Source: trade reference, section 7.

    :param error: a fraction as well; three tenths of a point are 0.003.
    :raises ValueError: for a rate or an error that is not strictly between 0 and 1.
    """
    _require_rate(rate)
    _require_rate(error)
    p = float(rate)
    return math.ceil(_two_sided_z(confidence) ** 2 * p * (1 - p) / float(error) ** 2)


def comparison_power(first: Decimal, second: Decimal, a_size: int, b_size: int, alpha: float = 0.05) -> float:
    """Chance that cells of these sizes, which may differ, tell two rates apart; for equal sizes the inverse of `comparison_sample_size`:
    `z_b = (|p1 - p2| - z_a sqrt(p q (1/n1 + 1/n2))) / sqrt(p1 q1/n1 + p2 q2/n2)`, with p the mean of the two by size.

    Source: J. L. Fleiss, "Statistical Methods for Rates and Proportions", chapter 4, without correction for continuity; trade
    reference, section 7.

    :raises ValueError: for a rate that is not strictly between 0 and 1.
    """
    _require_rate(first)
    _require_rate(second)
    if not a_size or not b_size:
        return 0.0
    p1, p2 = float(first), float(second)
    mean = (a_size * p1 + b_size * p2) / (a_size + b_size)
    seen = abs(p1 - p2) - _two_sided_z(1 - alpha) * math.sqrt(mean * (1 - mean) * (1 / a_size + 1 / b_size))
    return _NORMAL.cdf(seen / math.sqrt(p1 * (1 - p1) / a_size + p2 * (1 - p2) / b_size))


def detectable_rate(rate: Decimal, a_size: int, b_size: int, alpha: float = 0.05, power: float = 0.8) -> Decimal | None:
    """The nearest higher rate that cells of these sizes tell from `rate`, to six places; None when none below 1 is far enough."""
    _require_rate(rate)
    low, high = rate, 1 - _SIX_PLACES
    if comparison_power(rate, high, a_size, b_size, alpha) < power:
        return None
    while high - low > _SIX_PLACES / 10:
        middle = (low + high) / 2
        if comparison_power(rate, middle, a_size, b_size, alpha) < power:
            low = middle
        else:
            high = middle
    return high.quantize(_SIX_PLACES, rounding=ROUND_CEILING)


def missing_pieces(first: Decimal, second: Decimal, a_size: int, b_size: int, alpha: float = 0.05, power: float = 0.8) -> tuple[int, int]:
    """How many more pieces each of two cells takes to tell two rates apart; none where their sizes, which may differ, have the power.

    Where the larger cell is as large as equal cells have to be, the smaller one grows only as far as the larger one lets it stop;
    else both grow to `comparison_sample_size`.

    :raises ValueError: as `comparison_sample_size`.
    """
    if a_size > b_size:
        of_b, of_a = missing_pieces(second, first, b_size, a_size, alpha, power)
        return of_a, of_b
    each = comparison_sample_size(first, second, alpha, power)
    if a_size >= each or comparison_power(first, second, a_size, b_size, alpha) >= power:
        return 0, 0
    wanted = each
    if b_size >= each:
        short = a_size
        while wanted - short > 1:
            middle = (short + wanted) // 2
            if comparison_power(first, second, middle, b_size, alpha) < power:
                short = middle
            else:
                wanted = middle
    return max(0, wanted - a_size), max(0, wanted - b_size)


def _require_rate(rate: Decimal) -> None:
    if not 0 < rate < 1:
        raise ValueError(f"a rate is strictly between 0 and 1, not {rate}")


def _two_sided_z(confidence: float) -> float:
    return _NORMAL.inv_cdf((1 + confidence) / 2)


@dataclass(frozen=True)
class Interval:
    """Lower and upper bound of a rate, or of a difference of two, as fractions to six places."""

    low: Decimal
    high: Decimal


def wilson_interval(successes: int, trials: int, confidence: float = 0.95) -> Interval | None:
    """Wilson's score interval of a rate, None without trials.

    Source: E. B. Wilson, "Probable inference" (1927); trade reference, section 6, asks for it on each rate:
    `(p + z^2/2n ± z sqrt(p(1 - p)/n + z^2/4n^2)) / (1 + z^2/n)`.

    :raises ValueError: when successes are not between 0 and trials.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes in {trials} trials")
    if trials == 0:
        return None
    z = _two_sided_z(confidence)
    p = successes / trials
    centre = p + z * z / (2 * trials)
    spread = z * math.sqrt(p * (1 - p) / trials + (z / (2 * trials)) ** 2)
    scale = 1 + z * z / trials
    low = 0.0 if successes == 0 else (centre - spread) / scale
    high = 1.0 if successes == trials else (centre + spread) / scale
    return Interval(Decimal(low).quantize(_SIX_PLACES), Decimal(high).quantize(_SIX_PLACES))


def chi_square_p_value(statistic: float, degrees: int) -> float:
    """Chance of a chi-square value at least as large, by the finite sums that hold for whole degrees of freedom.

    With y = x/2: for even degrees `exp(-y) sum(y^k / k!, k < d/2)`; for odd ones `erfc(sqrt(y))
    + exp(-y) sum(y^(k - 1/2) / gamma(k + 1/2), 1 <= k <= (d - 1)/2)`.

    Source: Abramowitz and Stegun, 26.4.4 and 26.4.5.

    :raises ValueError: for a negative statistic or no degree of freedom.
    """
    if statistic < 0 or degrees < 1:
        raise ValueError("a statistic is not negative and has at least one degree of freedom")
    y = statistic / 2
    if y == 0:
        return 1.0
    if degrees % 2 == 0:
        exponents = [float(k) for k in range(degrees // 2)]
        tail = 0.0
    else:
        exponents = [k - 0.5 for k in range(1, (degrees - 1) // 2 + 1)]
        tail = math.erfc(math.sqrt(y))
    return min(1.0, tail + sum(math.exp(k * math.log(y) - y - math.lgamma(k + 1)) for k in exponents))


def sample_ratio_p_value(observed: Sequence[int], weights: Sequence[int | Decimal]) -> float:
    """Chance that a fair split by `weights` comes out at least as uneven as `observed` (sample ratio mismatch).

    Pearson's chi-square over the parts. A tiny value, below the policy's threshold, means that the split is broken
    and not that chance was unkind.

    Source: trade reference, section 3.7 ("SRM chi² p>0.001").

    :raises ValueError: when there are not at least two parts of positive weight, or records where none should be.
    """
    if len(observed) != len(weights) or any(n and w <= 0 for n, w in zip(observed, weights, strict=True)):
        raise ValueError("records and weights do not match")
    parts = [(n, float(w)) for n, w in zip(observed, weights, strict=True) if w > 0]
    if len(parts) < 2:
        raise ValueError("a split has at least two parts")
    total = sum(n for n, _ in parts)
    if total == 0:
        return 1.0
    whole = sum(weight for _, weight in parts)
    statistic = sum((n - total * w / whole) ** 2 / (total * w / whole) for n, w in parts)
    return chi_square_p_value(statistic, len(parts) - 1)


@dataclass(frozen=True)
class Sample:
    """What one cell of a test brought: successes (responses, gifts) out of pieces mailed. Two add up to that of both."""

    successes: int
    trials: int

    def __add__(self, other: Self) -> Self:
        return type(self)(self.successes + other.successes, self.trials + other.trials)

    @property
    def rate(self) -> Decimal | None:
        """Successes a piece, None where nothing was mailed."""
        return Decimal(self.successes) / self.trials if self.trials else None

    @property
    def interval(self) -> Interval | None:
        """The Wilson interval of that rate; a piece that brought several successes counts as one that brought one."""
        return wilson_interval(min(self.successes, self.trials), self.trials)


def newcombe_interval(a: Sample, b: Sample, confidence: float = 0.95) -> Interval | None:
    """The interval of how much higher B's rate is than A's, from the Wilson interval of each; None where a cell has no trials:
    `d - sqrt((p_b - l_b)^2 + (u_a - p_a)^2)` to `d + sqrt((u_b - p_b)^2 + (p_a - l_a)^2)`.

    Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven methods",
    Statistics in Medicine 17 (1998), 873-890, method 10.

    :raises ValueError: when the successes of one are more than its trials.
    """
    of_a, of_b = (wilson_interval(one.successes, one.trials, confidence) for one in (a, b))
    if of_a is None or of_b is None or a.rate is None or b.rate is None:
        return None
    difference = b.rate - a.rate
    below = ((b.rate - of_b.low) ** 2 + (of_a.high - a.rate) ** 2).sqrt()
    above = ((of_b.high - b.rate) ** 2 + (a.rate - of_a.low) ** 2).sqrt()
    return Interval((difference - below).quantize(_SIX_PLACES), (difference + above).quantize(_SIX_PLACES))


class Verdict(StrEnum):
    """What two cells allow to be said. No difference is a finding, inconclusive is the lack of one."""

    A_WINS = "a_wins"
    B_WINS = "b_wins"
    NO_DIFFERENCE = "no_difference"
    INCONCLUSIVE = "inconclusive"


def verdict_of(a: Sample, b: Sample, *, enough: bool, differs: bool) -> Verdict:
    """What may be said of B against A. Below the required size nothing, however large the difference looks: small tests mislead
    rollouts (trade reference, section 7).

    :param enough: whether the cells were large enough to show the difference worth seeing (`missing_pieces`).
    :param differs: whether the rates differ, from `two_proportion_p_value` by `holm`.
    """
    if not enough:
        return Verdict.INCONCLUSIVE
    if not differs:
        return Verdict.NO_DIFFERENCE
    return Verdict.B_WINS if b.successes * a.trials > a.successes * b.trials else Verdict.A_WINS


def two_proportion_p_value(a: Sample, b: Sample) -> float:
    """Two-sided p-value of the pooled z test that two rates are equal; 1 when there is nothing to compare."""
    if not a.trials or not b.trials:
        return 1.0
    pooled = (a.successes + b.successes) / (a.trials + b.trials)
    deviation = math.sqrt(pooled * (1 - pooled) * (1 / a.trials + 1 / b.trials))
    if deviation == 0:
        return 1.0
    z = (b.successes / b.trials - a.successes / a.trials) / deviation
    return math.erfc(abs(z) / math.sqrt(2))


def holm(p_values: Sequence[float], alpha: float = 0.05) -> list[bool]:
    """Which of several comparisons hold, together, at risk `alpha` (Holm's step-down; trade reference, section 7).

    Source: S. Holm, "A simple sequentially rejective multiple test procedure" (1979).
    """
    holds = [False] * len(p_values)
    for done, i in enumerate(sorted(range(len(p_values)), key=lambda i: (p_values[i], i))):
        if p_values[i] > alpha / (len(p_values) - done):
            break
        holds[i] = True
    return holds
