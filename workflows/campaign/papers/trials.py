"""What the answers to a campaign's tests allow to be said. How large a test has to be, and which lots are compared: `campaign.trials`."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from workflows.campaign.documents import TestVerdict
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.trials import message_pairs, needed_quantity
from workflows.trade.kpis import Counts, response_rate
from workflows.trade.sampling import Comparison, Sample, Verdict, compare, holm

VERDICTS = {Verdict.A_WINS: "control_wins", Verdict.B_WINS: "variant_wins"}


def verdicts(facts: CampaignFacts, by_lot: Mapping[str, Counts]) -> Iterable[TestVerdict]:
    """Each test against its control; several comparisons must hold together (Holm)."""
    pairs = [pair for pair in message_pairs(facts.lots) if pair.control.code in by_lot and pair.variant.code in by_lot]
    compared: list[Comparison] = []
    policy = facts.campaign.policy
    uplift, power = policy.share("lots", "least_uplift"), policy.test_power
    for pair in pairs:
        control, variant = by_lot[pair.control.code], by_lot[pair.variant.code]
        needed = needed_quantity(response_rate(control).value, uplift, power) or policy.whole("thresholds", "minimum_cell")
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
