"""What the answers to a campaign's tests allow to be said: the one judge of pages and papers. How large a test has to be: `trials`.

Sizes are judged as they were before the mailing: at the rate that the plan expects of the control, unless the control's own answers
contradict it; then at the rate that they show.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.policy import Policy
from workflows.campaign.records import Lot
from workflows.campaign.trials import Pair, Reach, compared_lots, expected_rates, mean_rate, planned_trials, reach
from workflows.trade.sampling import Sample, Verdict, holm, two_proportion_p_value, verdict_of


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What may be said of one message tested against another, A the control and B the variant.

    `place` is the list and segment where they were compared, empty where it is over several. A lot's code stands where a side was one lot.
    """

    channel: str
    place: str
    control: str
    variant: str
    control_lot: str
    variant_lot: str
    control_sample: Sample
    variant_sample: Sample
    reach: Reach
    p_value: float
    verdict: Verdict

    @property
    def about(self) -> str:
        """What the test is about, in signs that need no language."""
        return f"{self.variant} > {self.control} ({self.place})" if self.place else f"{self.variant} > {self.control}"


def judgements(facts: CampaignFacts) -> tuple[Judgement, ...]:
    """Every test of the campaign as its computed results judge it; none before there are results."""
    if facts.result is None:
        return ()
    rates = {code: row["response_rate"] for code, row in facts.result.body["kpis"]["by_lot"].items()}
    samples = {code: Sample(int(rate["numerator"]), int(rate["denominator"])) for code, rate in rates.items()}
    return judge(facts.lots, samples, expected_rates(facts), facts.campaign.policy)


def judge(
    lots: Sequence[Lot], samples: Mapping[str, Sample], rates: Mapping[tuple[str, str, str, str], Decimal], policy: Policy
) -> tuple[Judgement, ...]:
    """Each test over all its places, then its places one by one where there are several.

    The tests hold together (Holm), and so do the single places: that a test is also looked at place by place takes nothing from its own
    verdict.

    :param samples: what each lot brought, by its code; lots that are not in it are in no test.
    :param rates: what the plan expects, as `expected_rates` gives it.
    """
    trials = planned_trials([lot for lot in lots if lot.code in samples], rates, policy)
    wholes = _held_together([_Compared.of(trial.pairs, samples, rates, policy) for trial in trials])
    parted = [tuple(_by_place(trial.pairs)) for trial in trials]
    singles = iter(
        _held_together([_Compared.of(pairs, samples, rates, policy) for places in parted if len(places) > 1 for pairs in places])
    )
    judged: list[Judgement] = []
    for whole, places in zip(wholes, parted, strict=True):
        judged.append(whole)
        if len(places) > 1:
            judged += [next(singles) for _ in places]
    return tuple(judged)


@dataclass(frozen=True)
class _Compared:
    """Lots compared, what each side brought, and what their sizes can show."""

    pairs: tuple[Pair, ...]
    control: Sample
    variant: Sample
    reach: Reach

    @classmethod
    def of(
        cls,
        pairs: tuple[Pair, ...],
        samples: Mapping[str, Sample],
        rates: Mapping[tuple[str, str, str, str], Decimal],
        policy: Policy,
    ) -> "_Compared":
        controls, variants = compared_lots(pairs)
        control, variant = (sum((samples[lot.code] for lot in side), Sample(0, 0)) for side in (controls, variants))
        rate = _rate_to_judge_by(control, mean_rate(controls, rates))
        return cls(pairs, control, variant, reach(control.trials, variant.trials, rate, policy))

    @property
    def p_value(self) -> float:
        return two_proportion_p_value(self.control, self.variant)


def _rate_to_judge_by(control: Sample, expected: Decimal | None) -> Decimal | None:
    """What was expected of the control, while the 95 % interval of its answers holds that; else what they show."""
    interval = control.interval
    if expected is not None and interval is not None and interval.low <= expected <= interval.high:
        return expected
    return control.rate


def _by_place(pairs: Iterable[Pair]) -> Iterable[tuple[Pair, ...]]:
    """The pairs of one list and segment together, in the order of their codes."""
    places: dict[str, list[Pair]] = {}
    for pair in pairs:
        places.setdefault(pair.place, []).append(pair)
    return (tuple(members) for _, members in sorted(places.items()))


def _held_together(compared: Sequence[_Compared]) -> list[Judgement]:
    """A verdict for each of several comparisons, corrected for their number."""
    differs = holm([one.p_value for one in compared])
    return [_judgement(one, differ) for one, differ in zip(compared, differs, strict=True)]


def _judgement(one: _Compared, differs: bool) -> Judgement:
    controls, variants = compared_lots(one.pairs)
    places = {pair.place for pair in one.pairs}
    return Judgement(
        channel=controls[0].channel,
        place=places.pop() if len(places) == 1 else "",
        control=controls[0].message,
        variant=variants[0].message,
        control_lot=controls[0].code if len(controls) == 1 else "",
        variant_lot=variants[0].code if len(variants) == 1 else "",
        control_sample=one.control,
        variant_sample=one.variant,
        reach=one.reach,
        p_value=one.p_value,
        verdict=verdict_of(one.control, one.variant, enough=one.reach.is_enough, differs=differs),
    )
