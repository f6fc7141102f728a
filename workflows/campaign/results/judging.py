"""What the answers to a campaign's tests allow to be said: the one judge of pages and papers. How large a test has to be: `trials`.

Sizes are judged as they were before the mailing, at the rate that the plan expects of the control. Where its own answers contradict that,
a test that shows no difference is judged at the rate that they show: fewer answers than expected may have hidden one. A winner that fewer
answers have shown all the same stays one, if they are as many as policy wants.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.policy import Policy
from workflows.campaign.records import Lot
from workflows.campaign.results.trials import Pair, Reach, compared_lots, expected_rates, mean_rate, planned_trials, reach
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
    parted = [tuple(_by_place(trial.pairs)) for trial in trials]

    def held_together(compared: Sequence[tuple[Pair, ...]]) -> list[Judgement]:
        sides = [_Compared.of(pairs, samples, rates) for pairs in compared]
        differs = holm([one.p_value for one in sides])
        return [one.judged(differ, policy) for one, differ in zip(sides, differs, strict=True)]

    wholes = held_together([trial.pairs for trial in trials])
    singles = iter(held_together([pairs for places in parted if len(places) > 1 for pairs in places]))
    judged: list[Judgement] = []
    for whole, places in zip(wholes, parted, strict=True):
        judged.append(whole)
        if len(places) > 1:
            judged += [next(singles) for _ in places]
    return tuple(judged)


@dataclass(frozen=True)
class _Compared:
    """Lots compared, what each side brought, and what the plan expects of the control."""

    pairs: tuple[Pair, ...]
    controls: Sequence[Lot]
    variants: Sequence[Lot]
    control: Sample
    variant: Sample
    expected: Decimal | None

    @classmethod
    def of(cls, pairs: tuple[Pair, ...], samples: Mapping[str, Sample], rates: Mapping[tuple[str, str, str, str], Decimal]) -> "_Compared":
        controls, variants = compared_lots(pairs)
        control, variant = (sum((samples[lot.code] for lot in side), Sample(0, 0)) for side in (controls, variants))
        return cls(pairs, controls, variants, control, variant, mean_rate(controls, rates))

    @property
    def p_value(self) -> float:
        return two_proportion_p_value(self.control, self.variant)

    def judged(self, differs: bool, policy: Policy) -> Judgement:
        places = {pair.place for pair in self.pairs}
        rate, answering = self._rate_to_judge_by(differs), (self.control + self.variant).rate
        found = reach(self.control.trials, self.variant.trials, rate, policy, answering)
        return Judgement(
            channel=self.controls[0].channel,
            place=places.pop() if len(places) == 1 else "",
            control=self.controls[0].message,
            variant=self.variants[0].message,
            control_lot=self.controls[0].code if len(self.controls) == 1 else "",
            variant_lot=self.variants[0].code if len(self.variants) == 1 else "",
            control_sample=self.control,
            variant_sample=self.variant,
            reach=found,
            p_value=self.p_value,
            verdict=verdict_of(self.control, self.variant, enough=found.is_enough, differs=differs),
        )

    def _rate_to_judge_by(self, differs: bool) -> Decimal | None:
        seen, interval = self.control.rate, self.control.interval
        if self.expected is None or seen is None or interval is None:
            return seen if self.expected is None else self.expected
        if differs:
            return max(self.expected, seen)
        return self.expected if interval.low <= self.expected <= interval.high else seen


def _by_place(pairs: Iterable[Pair]) -> Iterable[tuple[Pair, ...]]:
    """The pairs of one list and segment together, in the order of their codes."""
    places: dict[str, list[Pair]] = {}
    for pair in pairs:
        places.setdefault(pair.place, []).append(pair)
    return (tuple(members) for _, members in sorted(places.items()))
