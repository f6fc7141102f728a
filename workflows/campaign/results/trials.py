"""The tests of a lot plan: which lots are compared, and whether they are large enough to show the difference that policy wants seen.

A test that is too small stays possible, for a campaign may be worth mailing all the same; it is marked before it is mailed, and policy may
refuse it. What the answers allow to be said afterwards is `judging`, by the same measure.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.policy import Policy
from workflows.campaign.records import Lot
from workflows.trade.lot_codes import LotRole
from workflows.trade.sampling import comparison_power, comparison_sample_size, detectable_rate, missing_pieces

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
        return f"{self.variant.message} > {self.control.message} ({self.place})"

    @property
    def place(self) -> str:
        """The list and segment that were split between the two."""
        return f"{self.control.list_code}/{self.control.segment}"


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What two cells can show at a control's response rate, None where nothing is known of it.

    `wanted` is the rate that should be told from it, `power` the chance that these sizes show it, `detectable` the nearest rate they show.
    `needed` are the pieces that each of two equal cells would take, `missing` how many more the control and the variant take as they are.
    `responses` are what the smaller cell can count on. Where the sizes have the power and only these are fewer than the `least_responses`
    of policy, they are `too_few`: nothing is concluded from so few answers.
    """

    rate: Decimal | None
    needed: int
    missing: tuple[int, int]
    wanted: Decimal | None = None
    power: Decimal | None = None
    detectable: Decimal | None = None
    responses: Decimal | None = None
    least_responses: int = 0
    too_few: bool = False

    @property
    def is_enough(self) -> bool:
        """Whether a verdict may come of these sizes."""
        return not (any(self.missing) or self.too_few)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One message tested against another over all lots that are compared, as planned."""

    control: str
    variant: str
    channel: str
    pairs: tuple[Pair, ...]
    control_qty: int
    variant_qty: int
    reach: Reach

    @property
    def about(self) -> str:
        """What the test is about, in signs that need no language."""
        return f"{self.variant} > {self.control}"

    @property
    def conclusive(self) -> bool:
        """Whether the test can show what it is meant to."""
        return self.reach.is_enough


def message_pairs(lots: Sequence[Lot]) -> list[Pair]:
    """Each test lot with the lots of the same list, segment and channel that have another message and are no test.

    Where all of them are tests, the first message in the alphabet stands for what the others are tested against.
    """
    places: dict[tuple[str, str, str, bool], list[Lot]] = {}
    for lot in lots:
        if lot.is_sent:
            places.setdefault(place_of(lot), []).append(lot)
    pairs = []
    for members in places.values():
        controls = [lot for lot in members if lot.role != LotRole.TEST]
        if not controls:
            first = min(lot.message for lot in members)
            controls = [lot for lot in members if lot.message == first]
        tests = [lot for lot in members if lot.role == LotRole.TEST]
        pairs += [Pair(control, variant) for variant in tests for control in controls if control.message != variant.message]
    return pairs


def place_of(lot: Lot) -> tuple[str, str, str, bool]:
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


def reach(control_qty: int, variant_qty: int, rate: Decimal | None, policy: Policy, answering: Decimal | None = None) -> Reach:
    """What two cells of these pieces can show of the difference that policy wants seen, at a control's response rate.

    :param answering: the rate of all who answered, once they have; before, as many are counted on as the control's rate gives.
    """
    wanted, power = _wanted(rate, policy.share("lots", "least_uplift")), float(policy.test_power)
    known: dict[str, Any] = {}
    if rate is None or wanted is None:  # no rate to size by: policy's smallest cell has to do
        needed = policy.whole("thresholds", "minimum_cell")
        missing = max(0, needed - control_qty), max(0, needed - variant_qty)
    else:
        needed = comparison_sample_size(rate, wanted, power=power)
        missing = missing_pieces(rate, wanted, control_qty, variant_qty, power=power)
        known = {
            "wanted": wanted,
            "power": Decimal(f"{comparison_power(rate, wanted, control_qty, variant_qty):.6f}"),
            "detectable": detectable_rate(rate, control_qty, variant_qty, power=power),
        }
    least = policy.whole("thresholds", "minimum_responses")
    answering = rate if answering is None else answering
    responses = None if answering is None else min(control_qty, variant_qty) * answering
    too_few = responses is not None and responses < least and not any(missing)
    if answering:
        floor = math.ceil(least / answering)
        needed = max(needed, floor)
        missing = max(missing[0], floor - control_qty), max(missing[1], floor - variant_qty)
    return Reach(rate=rate, needed=needed, missing=missing, responses=responses, least_responses=least, too_few=too_few, **known)


def _trial(key: tuple[str, str, str], pairs: tuple[Pair, ...], rates: Mapping[tuple[str, str, str, str], Decimal], policy: Policy) -> Trial:
    control, variant, channel = key
    controls, variants = compared_lots(pairs)
    sizes = sum(lot.mailed for lot in controls), sum(lot.mailed for lot in variants)
    return Trial(
        control=control,
        variant=variant,
        channel=channel,
        pairs=pairs,
        control_qty=sizes[0],
        variant_qty=sizes[1],
        reach=reach(*sizes, mean_rate(controls, rates), policy),
    )


def _wanted(rate: Decimal | None, uplift: Decimal) -> Decimal | None:
    """The rate that a test should tell from a control's; None where there is no such rate."""
    if rate is None or not 0 < rate < rate * (1 + uplift) < 1:
        return None
    return rate * (1 + uplift)


def compared_lots(pairs: Iterable[Pair]) -> tuple[list[Lot], list[Lot]]:
    """The controls and the variants of these pairs, each lot once: a control may stand against several variants."""
    controls, variants = {}, {}
    for pair in pairs:
        controls[pair.control.code], variants[pair.variant.code] = pair.control, pair.variant
    return list(controls.values()), list(variants.values())


def mean_rate(lots: Sequence[Lot], rates: Mapping[tuple[str, str, str, str], Decimal]) -> Decimal | None:
    """What is expected of lots together: a mean by their sizes, over those of which something is expected."""
    known = [
        (lot.quantity, rate) for lot in lots if (rate := rates.get((lot.list_code, lot.segment, lot.channel, lot.message))) is not None
    ]
    pieces = sum(quantity for quantity, _ in known)
    return sum((quantity * rate for quantity, rate in known), Decimal(0)) / pieces if pieces else None
