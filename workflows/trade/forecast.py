"""How many responses a mailing will have brought in the end, judged from those that have come in so far and how fast they do.

Use it between the drop and the close of responses. Not for what a plan may expect before anything is mailed: that
is `projection`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import NormalDist

from workflows.trade.kpis import SIX_PLACES

_TENTH = Decimal("0.1")
_ALL = Decimal(1)


@dataclass(frozen=True)
class ResponseCurve:
    """Share of all responses that have come in by each day after the drop: rising (day, share) points.

    Before the first point nothing has come, after the last everything has; in between the line is straight.
    """

    points: tuple[tuple[int, Decimal], ...]

    def __post_init__(self) -> None:
        days = [day for day, _ in self.points]
        shares = [share for _, share in self.points]
        rising = days == sorted(set(days)) and shares == sorted(shares)
        if not self.points or not rising or shares[0] < 0 or shares[-1] != 1:
            raise ValueError("a response curve rises from 0 to 1, one point a day at most")

    def share_by(self, day: int) -> Decimal:
        """F(t): the share of responses that have come in by the end of `day`, to six places."""
        earlier: tuple[int, Decimal] | None = None
        for later in self.points:
            if later[0] == day:
                return later[1]
            if later[0] > day:
                if earlier is None:
                    return Decimal(0)
                step = (later[1] - earlier[1]) / (later[0] - earlier[0])
                return (earlier[1] + step * (day - earlier[0])).quantize(SIX_PLACES, ROUND_HALF_UP)
            earlier = later
        return Decimal(1)


DEFAULT_POSTAL_CURVE = ResponseCurve(
    (
        (4, Decimal(0)),
        (10, Decimal("0.18")),
        (15, Decimal("0.36")),
        (20, Decimal("0.5")),
        (30, Decimal("0.74")),
        (45, Decimal("0.91")),
        (60, Decimal("0.97")),
        (84, Decimal(1)),
    )
)
"""A first guess for mail, half of the responses by day 20 (trade reference, section 7: 18-21 days; close by day 84)."""


LEAST_ANSWERS = 200
"""So many answers of earlier campaigns make a curve; below, a few slow ones would bend it."""
USUAL_WEIGHT = 200
"""The usual curve counts like so many answers beside those of earlier campaigns: it is half of a curve of 200, a sixth of one of 1,000."""


def recalibrated_curve(earlier: Sequence[Sequence[int]], usual: ResponseCurve = DEFAULT_POSTAL_CURVE) -> ResponseCurve | None:
    """The curve of earlier campaigns, pooled by their answers and shrunk toward the usual one: `(n F + k U) / (n + k)`; None where
    they are too few.

    A campaign's answers are known until the day of its last one, and some were still to come: taken for all, each curve would end
    earlier than the one before, for answers are closed when most are in. So F is the product-limit of data that are cut off on the right,
    `F(t) = F(end) prod(1 - d(s) / N(s), t < s <= end)`, with d(s) the answers of day s and N(s) those by then, both of the campaigns that
    are known until day s; from the last day known on, F is U.

    Source: D. Lynden-Bell, Monthly Notices of the Royal Astronomical Society 155 (1971), 95-118; J. D. Kalbfleisch and J. F. Lawless,
    "Inference based on retrospective ascertainment", JASA 84 (1989), 360-372; trade reference, section 7 ("recalibrate").

    :param earlier: answers of each campaign by day after its drop, from day 0 to the last day that is known.
    """
    answers = sum(map(sum, earlier))
    if answers < LEAST_ANSWERS:
        return None
    end = max(len(days) for days in earlier) - 1
    share = usual.share_by(end)
    shares = {end: share}
    for day in range(end, 0, -1):
        known = [days for days in earlier if len(days) > day]
        by_then = sum(sum(days[: day + 1]) for days in known)
        share *= 1 - Decimal(sum(days[day] for days in known)) / by_then if by_then else 1
        shares[day - 1] = share
    points = []
    for day in range(max(end, usual.points[-1][0]) + 1):
        past = usual.share_by(day)
        shrunk = (answers * shares.get(day, past) + USUAL_WEIGHT * past) / (answers + USUAL_WEIGHT)
        points.append((day, shrunk.quantize(SIX_PLACES, ROUND_HALF_UP)))
    return ResponseCurve(tuple(points))


def mixed_curve(curves: Sequence[tuple[ResponseCurve, Decimal]]) -> ResponseCurve:
    """The curve of answers of which so many are expected to follow each of these.

    :raises ValueError: when none is expected of any.
    """
    whole = sum((weight for _, weight in curves), Decimal(0))
    if whole <= 0:
        raise ValueError("a mixture needs weights above 0")
    days = sorted({day for curve, _ in curves for day, _ in curve.points})
    return ResponseCurve(
        tuple(
            (day, (sum((curve.share_by(day) * weight for curve, weight in curves), Decimal(0)) / whole).quantize(SIX_PLACES, ROUND_HALF_UP))
            for day in days
        )
    )


@dataclass(frozen=True)
class ResponseForecast:
    """Expected final responses to one decimal, with the bounds of the interval."""

    final: Decimal
    low: Decimal
    high: Decimal


def forecast_responses(
    planned: Decimal,
    received: int,
    share: Decimal,
    *,
    plan_weight: int = 25,
    until: Decimal = _ALL,
    least_share: Decimal = _TENTH,
    confidence: float = 0.8,
) -> ResponseForecast | None:
    """Responses from the plan and what has come in: `lambda = (k + R) / (k / mu + F)`, `final = R + (1 - F) lambda`;
    None while too little has come in to say anything. By a day before the last it is that day's share in place of 1.

    The plan is a gamma prior of shape k and mean mu, and what is still to come is then negative binomial, of
    variance `(1 - F) lambda + (1 - F)^2 lambda^2 / (k + R)`; the interval takes it for normal.

    Source: trade reference, section 7.

    :param planned: mu, responses that the plan expected, above 0.
    :param received: R, responses so far.
    :param share: F, share of the curve that has passed, 0 to 1.
    :param until: the share of the curve that will have passed by the day that is asked about, `share` to 1.
    :param plan_weight: k, how many responses the plan is worth.
    :param least_share: F below which nothing is shown.
    :raises ValueError: outside these bounds.
    """
    if planned <= 0 or plan_weight <= 0 or received < 0 or not 0 <= share <= until <= 1:
        raise ValueError("a forecast needs a plan above 0, responses of at least 0 and shares from 0 to 1 in their order")
    if share < least_share:
        return None
    pace = (plan_weight + received) / (plan_weight / planned + share)
    to_come = (until - share) * pace
    variance = to_come + to_come**2 / (plan_weight + received)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    spread = Decimal(z * math.sqrt(variance))
    return ResponseForecast(
        final=_tenths(received + to_come),
        low=_tenths(received + max(Decimal(0), to_come - spread)),
        high=_tenths(received + to_come + spread),
    )


def _tenths(value: Decimal) -> Decimal:
    return value.quantize(_TENTH, ROUND_HALF_UP)
