"""One judge says what the answers to a test allow to be said: three verdicts, and for the third what was missing."""

from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from workflows.campaign.default_policy import DEFAULT_POLICY
from workflows.campaign.policy import Policy
from workflows.campaign.records import Lot
from workflows.campaign.results.judging import Judgement, judge
from workflows.campaign.results.trials import planned_trials, reach
from workflows.trade.sampling import Sample, Verdict

SOMEBODY = UUID(int=1)
AT_TWO_PER_CENT = Decimal("0.02")


def lot(message: str, quantity: int, *, list_code: str = "ALZ", role: str = "", channel: str = "postal") -> Lot:
    return Lot(
        campaign_id=SOMEBODY,
        advertiser_id=SOMEBODY,
        run_id=SOMEBODY,
        from_seq=1,
        code=f"{list_code}{channel}{message}",
        list_code=list_code,
        segment="P12",
        offer="don-libre",
        message=message,
        channel=channel,
        role=role or ("rollout" if message == "A" else "test"),
        quantity=quantity,
        seeds=4,
    )


def policy(**changes: Mapping[str, Any]) -> Policy:
    body = deepcopy(DEFAULT_POLICY)
    for section, values in changes.items():
        body[section].update(values)
    return Policy(body)


def expected(lots: list[Lot], rate: Decimal) -> dict[tuple[str, str, str, str], Decimal]:
    return {(one.list_code, one.segment, one.channel, one.message): rate for one in lots}


def judged(*answers: tuple[Lot, int], rate: Decimal | None = AT_TWO_PER_CENT, rules: Policy | None = None) -> tuple[Judgement, ...]:
    lots = [one for one, _ in answers]
    samples = {one.code: Sample(number, one.quantity) for one, number in answers}
    return judge(lots, samples, {} if rate is None else expected(lots, rate), rules or policy())


def two(control: int, variant: int, pieces: tuple[int, int] = (14_000, 14_000), **more: Any) -> Judgement:
    """Two messages in one place, by the responses that they brought."""
    (found,) = judged((lot("A", pieces[0]), control), (lot("B", pieces[1]), variant), **more)
    return found


@pytest.mark.parametrize(
    ("control", "variant", "verdict"),
    [(280, 360, Verdict.B_WINS), (280, 200, Verdict.A_WINS), (280, 285, Verdict.NO_DIFFERENCE), (280, 3, Verdict.A_WINS)],
)
def test_a_test_of_the_size_that_is_needed_is_judged(control: int, variant: int, verdict: Verdict) -> None:
    found = two(control, variant)

    assert (found.verdict, found.reach.missing) == (verdict, (0, 0))
    assert (found.place, found.about) == ("ALZ/P12", "B > A (ALZ/P12)")


def test_a_test_that_is_too_small_is_not_judged_however_large_the_difference_looks() -> None:
    # Trade reference, section 7: 2.0 % against 2.5 % needs 13,809 in each cell.
    found = two(276, 500, (13_808, 13_808))

    assert (found.verdict, found.reach.missing) == (Verdict.INCONCLUSIVE, (1, 1))
    assert two(276, 500, (13_809, 13_809)).verdict is Verdict.B_WINS


def test_places_that_are_too_small_one_by_one_conclude_together() -> None:
    places = [
        (lot(message, 8_000, list_code=code), answers) for code in ("ALZ", "BTN", "DOM") for message, answers in (("A", 160), ("B", 240))
    ]

    whole, *single = judged(*places)

    assert (whole.verdict, whole.place, whole.control_lot) == (Verdict.B_WINS, "", "")
    assert [one.place for one in single] == ["ALZ/P12", "BTN/P12", "DOM/P12"]
    assert {(one.verdict, one.reach.missing) for one in single} == {(Verdict.INCONCLUSIVE, (5_809, 5_809))}


def test_what_could_conclude_before_the_mailing_can_conclude_after_it() -> None:
    lots = [lot("A", 100_000), lot("B", 12_000)]
    (planned,) = planned_trials(lots, expected(lots, AT_TWO_PER_CENT), policy())
    assert planned.conclusive

    after = two(2_000, 300, (100_000, 12_000))

    assert (after.reach.rate, after.reach.power, after.reach.missing) == (planned.reach.rate, planned.reach.power, (0, 0))
    assert after.verdict is Verdict.B_WINS


def test_a_rate_that_falls_a_little_short_of_the_plan_takes_no_verdict_away() -> None:
    assert two(270, 350, (13_809, 13_809)).verdict is Verdict.B_WINS


def test_answers_that_contradict_the_plan_size_the_test_anew() -> None:
    found = two(70, 72)

    assert found.reach.rate == Decimal("0.005")
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reach.missing[0] == found.reach.missing[1] > 40_000


def test_a_winner_that_fewer_answers_than_planned_have_shown_stays_one() -> None:
    # The control stays far below its two per cent; what it lacks is not what the verdict stands on.
    assert two(42, 280).verdict is Verdict.B_WINS
    assert two(280, 42).verdict is Verdict.A_WINS


def test_a_winner_of_hardly_any_answers_is_none() -> None:
    found = two(12, 40)

    assert found.p_value < 0.001
    assert (found.verdict, found.reach.too_few, found.reach.responses) == (Verdict.INCONCLUSIVE, True, 26)


def test_only_the_smaller_side_lacks_pieces_where_the_larger_one_is_large_enough() -> None:
    found = two(2_000, 100, (100_000, 4_000))

    assert found.reach.missing[0] == 0
    assert 0 < found.reach.missing[1] < 13_809 - 4_000


def test_few_responses_give_no_verdict_and_policy_says_how_few() -> None:
    # A difference of three times the rate is seen in a thousand pieces, from ten responses.
    rules = {"lots": {"least_uplift": "2"}}
    answers = (10, 40, (1_000, 1_000))

    found = two(*answers, rate=Decimal("0.01"), rules=policy(**rules))
    assert (found.verdict, found.reach.too_few, found.reach.responses) == (Verdict.INCONCLUSIVE, True, 25)
    assert found.reach.missing == (1_000, 1_000)

    none_wanted = policy(**rules, thresholds={"minimum_responses": 0})
    assert two(*answers, rate=Decimal("0.01"), rules=none_wanted).verdict is Verdict.B_WINS


def test_few_responses_are_known_before_the_mailing() -> None:
    found = reach(1_000, 1_000, Decimal("0.01"), policy(lots={"least_uplift": "2"}))

    assert (found.is_enough, found.too_few, found.needed) == (False, True, 5_000)


def test_nothing_is_concluded_from_no_response_at_all() -> None:
    found = two(0, 0, rate=None)

    assert (found.verdict, found.reach.too_few, found.reach.missing) == (Verdict.INCONCLUSIVE, True, (0, 0))


def test_single_places_take_nothing_from_the_verdict_over_all() -> None:
    # p is 0.03 over all: too much for one of five comparisons that hold together, enough for the only test.
    places = [
        (lot(message, 8_000, list_code=code), answers)
        for code in ("ALZ", "BTN", "CDR", "DOM")
        for message, answers in (("A", 160), ("B", 179))
    ]

    whole, *single = judged(*places)

    assert 0.01 < whole.p_value < 0.05
    assert whole.verdict is Verdict.B_WINS
    assert len(single) == 4


def test_several_tests_hold_together() -> None:
    alone = judged((lot("A", 20_000), 400), (lot("B", 20_000), 460))
    beside = judged((lot("A", 20_000), 400), (lot("B", 20_000), 460), (lot("C", 20_000), 402))

    assert 0.025 < alone[0].p_value < 0.05
    assert [one.verdict for one in alone] == [Verdict.B_WINS]
    assert [(one.variant, one.verdict) for one in beside] == [("B", Verdict.NO_DIFFERENCE), ("C", Verdict.NO_DIFFERENCE)]


def test_where_every_lot_is_a_test_the_first_message_is_what_the_others_are_tested_against() -> None:
    (found,) = judged((lot("A", 14_000, role="test"), 280), (lot("B", 14_000), 360))

    assert (found.control, found.variant, found.verdict) == ("A", "B", Verdict.B_WINS)


def test_channels_are_judged_apart() -> None:
    found = judged(*((lot(message, 14_000, channel=channel), 280) for channel in ("email", "postal") for message in "AB"))

    assert [one.channel for one in found] == ["email", "postal"]


def test_a_lot_without_results_is_in_no_test() -> None:
    assert judge([lot("A", 14_000), lot("B", 14_000)], {"ALZpostalA": Sample(280, 14_000)}, {}, policy()) == ()
