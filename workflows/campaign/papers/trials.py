"""The tests of a campaign as its papers show them: which lots are compared, how large they had to be, and what may be said afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workflows.campaign.documents import TestVerdict
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import Lot
from workflows.trade.kpis import Counts, response_rate
from workflows.trade.lot_codes import LotRole
from workflows.trade.sampling import Comparison, Sample, Verdict, compare, comparison_sample_size, holm

WORTH_SEEING = Decimal("1.25")
"""A test is sized to see a variant that answers a quarter better than its control."""
VERDICTS = {Verdict.A_WINS: "control_wins", Verdict.B_WINS: "variant_wins"}


@dataclass(frozen=True)
class Pair:
    """Two sent lots of one list, segment and channel that differ in the message: a test and what it is tested against."""

    control: Lot
    variant: Lot

    @property
    def hypothesis(self) -> str:
        """What the test is about, in signs that need no language."""
        return f"{self.variant.message} > {self.control.message} ({self.control.list_code}/{self.control.segment})"


def message_pairs(lots: Sequence[Lot]) -> list[Pair]:
    """Each test lot with the lot of the same list, segment and channel that has another message and is no test."""
    pairs = []
    for variant in lots:
        if variant.role != LotRole.TEST:
            continue
        for control in lots:
            same = (control.list_code, control.segment, control.channel) == (variant.list_code, variant.segment, variant.channel)
            if same and control.is_sent and control.role != LotRole.TEST and control.message != variant.message:
                pairs.append(Pair(control, variant))
    return pairs


def needed_quantity(rate: Decimal | None) -> int | None:
    """Pieces that each cell of a test needs at a control's response rate; None where the rate allows no answer."""
    if rate is None or not 0 < rate < rate * WORTH_SEEING < 1:
        return None
    return comparison_sample_size(rate, rate * WORTH_SEEING)


def verdicts(facts: CampaignFacts, by_lot: Mapping[str, Counts]) -> Iterable[TestVerdict]:
    """Each test against its control; several comparisons must hold together (Holm)."""
    pairs = [pair for pair in message_pairs(facts.lots) if pair.control.code in by_lot and pair.variant.code in by_lot]
    compared: list[Comparison] = []
    for pair in pairs:
        control, variant = by_lot[pair.control.code], by_lot[pair.variant.code]
        needed = needed_quantity(response_rate(control).value) or facts.campaign.policy.whole("thresholds", "minimum_cell")
        compared.append(compare(Sample(control.responses, control.mailed), Sample(variant.responses, variant.mailed), needed))
    for pair, one, holds in zip(pairs, compared, holm([one.p_value for one in compared]), strict=True):
        yield TestVerdict(
            hypothesis=pair.hypothesis,
            control=pair.control.code,
            variant=pair.variant.code,
            control_rate=response_rate(by_lot[pair.control.code]).value,
            variant_rate=response_rate(by_lot[pair.variant.code]).value,
            verdict=VERDICTS.get(one.verdict, "inconclusive") if holds else "inconclusive",
            p_value=Decimal(f"{one.p_value:.6f}"),
            more_needed_qty=one.missing or None,
        )
