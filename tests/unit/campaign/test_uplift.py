"""What the mailing brought that would not have come without it: mailed against held out, in all and list by list."""

from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any

from workflows.campaign.policy import DEFAULT_POLICY, Policy
from workflows.campaign.results.uplift import Side, Uplift, judge_uplift
from workflows.trade.sampling import Interval, Verdict


def policy(**changes: Mapping[str, Any]) -> Policy:
    body = deepcopy(DEFAULT_POLICY)
    for section, values in changes.items():
        body[section].update(values)
    return Policy(body)


def side(people: int, answering: int, gift: int = 30) -> Side:
    return Side(people=people, answering=answering, amount=Decimal(answering * gift))


def whole(held_out: Side, mailed: Side, rules: Policy | None = None) -> Uplift:
    (found,) = judge_uplift({"ALZ": (held_out, mailed)}, rules or policy())
    return found


def test_answers_that_came_without_the_mail_are_taken_from_those_that_came_with_it() -> None:
    found = whole(side(5_000, 25), side(95_000, 1_425))

    assert found.difference == Decimal("0.01")
    assert found.interval == Interval(Decimal("0.007512"), Decimal("0.011796"))
    assert found.answers == 950
    assert found.answers_interval == (714, 1_121)
    assert found.amount == Decimal("28500.00"), "1,425 gifts of 30 euros less the 25 of the held out, nineteen times"
    assert found.verdict is Verdict.B_WINS


def test_a_mailing_without_effect_is_told_only_where_the_sizes_would_have_shown_one() -> None:
    # Trade reference, section 7: 2.0 % against 2.5 % needs 13,809 on each side.
    assert whole(side(14_000, 280), side(14_000, 285)).verdict is Verdict.NO_DIFFERENCE

    found = whole(side(2_500, 50), side(47_500, 960))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reach.missing[0] > 1_000, "more people held out are needed"
    assert found.reach.missing[1] == 0


def test_a_difference_shown_needs_no_size_that_nobody_could_plan() -> None:
    # At one answer in a thousand, sizes for a difference of a quarter are far above a million.
    assert whole(side(4_000, 4), side(76_000, 1_140)).verdict is Verdict.B_WINS
    assert whole(side(4_000, 0), side(76_000, 1_140)).verdict is Verdict.B_WINS


def test_those_who_were_mailed_may_answer_less() -> None:
    found = whole(side(14_000, 420), side(14_000, 280))

    assert (found.verdict, found.answers, found.amount) == (Verdict.A_WINS, -140, Decimal("-4200.00"))


def test_hardly_any_people_or_answers_say_nothing_however_large_the_difference_looks() -> None:
    few_people = whole(side(400, 0), side(7_600, 380))
    assert (few_people.verdict, few_people.reach.missing) == (Verdict.INCONCLUSIVE, (1_600, 0))

    few_answers = whole(side(2_000, 0), side(38_000, 380))
    assert (few_answers.verdict, few_answers.reach.too_few, few_answers.reach.responses) == (Verdict.INCONCLUSIVE, True, 19)
    assert few_answers.reach.missing == (3_264, 0), "50 answers at the rate of all who answered"
    assert whole(side(2_000, 0), side(38_000, 380), policy(thresholds={"minimum_responses": 10})).verdict is Verdict.B_WINS


def test_all_lists_come_first_and_then_those_that_are_large_enough() -> None:
    lists = {
        "ALZ": (side(2_500, 13), side(47_500, 713)),
        "BTN": (side(400, 2), side(7_600, 100)),
        "DOM": (side(2_100, 30), side(39_900, 600)),
    }

    first, *single = judge_uplift(lists, policy())

    assert (first.list_code, first.held_out, first.mailed) == ("", side(5_000, 45), side(95_000, 1_413))
    assert [one.list_code for one in single] == ["ALZ", "DOM"]


def test_a_single_list_is_said_once() -> None:
    assert [one.list_code for one in judge_uplift({"ALZ": (side(5_000, 25), side(95_000, 1_425))}, policy())] == [""]


def test_single_lists_hold_together() -> None:
    apart, even = (side(3_000, 43), side(57_000, 1_140)), (side(3_000, 60), side(57_000, 1_140))

    alone = judge_uplift({"ALZ": apart, "BTN": (side(100, 2), side(1_900, 40))}, policy())[1]
    _, among_others, *_ = judge_uplift({"ALZ": apart, "BTN": even, "CDR": even, "DOM": even}, policy())

    assert 0.0125 < alone.p_value == among_others.p_value < 0.05
    assert (alone.verdict, among_others.verdict) == (Verdict.B_WINS, Verdict.INCONCLUSIVE)


def test_nothing_is_said_where_nobody_was_held_out_or_nobody_mailed() -> None:
    assert judge_uplift({}, policy()) == ()
    assert judge_uplift({"ALZ": (side(2_000, 3), Side())}, policy()) == ()
