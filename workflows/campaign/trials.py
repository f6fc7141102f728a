"""The tests of a lot plan: which lots are compared, and whether they are large enough to show the difference that policy wants seen.

A test that is too small stays possible, for a campaign may be worth mailing all the same; it is marked before it is mailed, and policy may
refuse it. What the answers allow to be said afterwards is `papers.trials`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.policy import Policy
from workflows.campaign.records import Lot
from workflows.trade.lot_codes import LotRole
from workflows.trade.sampling import comparison_power, comparison_sample_size, detectable_rate

CONTROL = "inconclusive_test"
"""The control that policy may refuse or let somebody pass over."""


@dataclass(frozen=True)
class Pair:
    """Two sent lots of one list, segment and channel that differ in the message: a test and what it is tested against."""

    control: Lot
    variant: Lot

    @property
    def hypothesis(self) -> str:
        """What the test is about, in signs that need no language."""
        return f"{self.variant.message} > {self.control.message} ({self.control.list_code}/{self.control.segment})"


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One message tested against another over all lots that are compared, as planned.

    `rate` is what the plan expects of the control, None where it expects nothing; `wanted` is the rate that should be told from it.
    `power` is the chance that these sizes show it, `needed` the pieces that each cell would take, `detectable` the nearest rate they show.
    """

    control: str
    variant: str
    channel: str
    pairs: tuple[Pair, ...]
    control_qty: int
    variant_qty: int
    rate: Decimal | None
    wanted: Decimal | None
    needed: int
    power: Decimal | None = None
    detectable: Decimal | None = None
    conclusive: bool = False

    @property
    def about(self) -> str:
        """What the test is about, in signs that need no language."""
        return f"{self.variant} > {self.control}"


def message_pairs(lots: Sequence[Lot]) -> list[Pair]:
    """Each test lot with the lot of the same list, segment and channel that has another message and is no test."""
    return [
        Pair(control, variant)
        for variant in lots
        if variant.role == LotRole.TEST
        for control in lots
        if _place(control) == _place(variant) and control.is_sent and control.role != LotRole.TEST and control.message != variant.message
    ]


def _place(lot: Lot) -> tuple[str, str, str, bool]:
    """Whom a lot was drawn from: two lots are compared that share it."""
    return lot.list_code, lot.segment, lot.channel, lot.in_several


def expected_rates(facts: CampaignFacts) -> dict[tuple[str, str, str, str], Decimal]:
    """Response rates that the submitted plan expects, by list, segment, channel and message."""
    lines = (facts.campaign.projection or {}).get("lines", ())
    return {(one["list"], one["segment"], one["channel"], one["message"]): Decimal(one["response_rate"]) for one in lines}


def planned_trials(lots: Sequence[Lot], rates: Mapping[tuple[str, str, str, str], Decimal], policy: Policy) -> tuple[Trial, ...]:
    """Every message that is tested against another in a channel, over all the places where it is."""
    together: dict[tuple[str, str, str], list[Pair]] = {}
    for pair in message_pairs(lots):
        together.setdefault((pair.control.message, pair.variant.message, pair.control.channel), []).append(pair)
    return tuple(_trial(key, tuple(pairs), rates, policy) for key, pairs in sorted(together.items()))


def weak_trials(facts: CampaignFacts) -> tuple[Trial, ...]:
    """The tests of the lot plan that counts which cannot show what they are meant to."""
    trials = planned_trials(facts.lots, expected_rates(facts), facts.campaign.policy)
    return tuple(trial for trial in trials if not trial.conclusive)


def needed_quantity(rate: Decimal | None, uplift: Decimal, power: Decimal) -> int | None:
    """Pieces that each cell of a test needs at a control's response rate; None where the rate allows no answer.

    :param uplift: how much better the variant should answer, as a share of that rate.
    """
    wanted = _wanted(rate, uplift)
    return None if rate is None or wanted is None else comparison_sample_size(rate, wanted, power=float(power))


def _trial(key: tuple[str, str, str], pairs: tuple[Pair, ...], rates: Mapping[tuple[str, str, str, str], Decimal], policy: Policy) -> Trial:
    control, variant, channel = key
    uplift, power = policy.share("lots", "least_uplift"), policy.test_power
    controls, variants = _lots(pair.control for pair in pairs), _lots(pair.variant for pair in pairs)
    sizes = sum(lot.quantity for lot in controls), sum(lot.quantity for lot in variants)
    rate = _mean_rate(controls, rates)
    wanted = _wanted(rate, uplift)
    trial = Trial(
        control=control,
        variant=variant,
        channel=channel,
        pairs=pairs,
        control_qty=sizes[0],
        variant_qty=sizes[1],
        rate=rate,
        wanted=wanted,
        needed=needed_quantity(rate, uplift, power) or policy.whole("thresholds", "minimum_cell"),
    )
    if rate is None or wanted is None:  # nothing is expected: policy's smallest cell has to do
        return replace(trial, conclusive=min(sizes) >= trial.needed)
    found = comparison_power(rate, wanted, *sizes)
    return replace(
        trial,
        power=Decimal(f"{found:.6f}"),
        detectable=detectable_rate(rate, *sizes, power=float(power)),
        conclusive=found >= float(power) or min(sizes) >= trial.needed,
    )


def _wanted(rate: Decimal | None, uplift: Decimal) -> Decimal | None:
    """The rate that a test should tell from a control's; None where there is no such rate."""
    if rate is None or not 0 < rate < rate * (1 + uplift) < 1:
        return None
    return rate * (1 + uplift)


def _lots(lots: Iterable[Lot]) -> list[Lot]:
    """Each lot once: a control may stand against several variants."""
    return list({lot.code: lot for lot in lots}.values())


def _mean_rate(lots: Sequence[Lot], rates: Mapping[tuple[str, str, str, str], Decimal]) -> Decimal | None:
    """What is expected of lots together: a mean by their sizes, over those of which something is expected."""
    known = [
        (lot.quantity, rate) for lot in lots if (rate := rates.get((lot.list_code, lot.segment, lot.channel, lot.message))) is not None
    ]
    pieces = sum(quantity for quantity, _ in known)
    return sum((quantity * rate for quantity, rate in known), Decimal(0)) / pieces if pieces else None
