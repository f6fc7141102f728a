"""The rules of calling: hours as people write them, and calls that were made held against the rules."""

from datetime import date, time, timedelta

import pytest

from workflows.trade.calling import Broken, Call, CallRules, broken_rules, read_hours, written_hours
from workflows.trade.working_days import Region

RULES = CallRules(hours=read_hours("10:00-13:00 14:00-20:00"), most=4, rest_days=60)
MONDAY = date(2026, 10, 12)


@pytest.mark.parametrize(
    "text",
    ["10:00-13:00 14:00-20:00", "10h-13h, 14h-20h", "10 - 13 / 14 - 20", " 10H00\u201313H00;14:00-20:00 "],
)
def test_hours_are_read_however_they_are_written_and_kept_in_one_way(text: str) -> None:
    hours = read_hours(text)

    assert hours == ((time(10), time(13)), (time(14), time(20)))
    assert written_hours(hours) == "10:00-13:00 14:00-20:00"


def test_no_hours_are_no_rule() -> None:
    assert read_hours(" ") == ()
    assert written_hours(()) == ""


@pytest.mark.parametrize(
    "text",
    [
        "in the morning",
        "10:00",
        "10:00-",
        "13:00-10:00",
        "10:00-10:00",
        "10:00-25:00",
        "10:00-13:60",
        "14:00-20:00 10:00-13:00",
        "10-14 13-20",
        "10-13 x",
    ],
)
def test_hours_that_are_none_or_out_of_order_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        read_hours(text)


def call(after: int = 0, hour: str = "", outcome: str = "callback", who: str = "P1") -> Call:
    """A call so many days after a Monday."""
    return Call(unique_id=who, on=MONDAY + timedelta(days=after), hour=hour, outcome=outcome)


def held(*calls: Call, rules: CallRules = RULES, known: tuple[Call, ...] = ()) -> list[tuple[Broken, ...]]:
    return broken_rules(rules, calls, known)


@pytest.mark.parametrize(
    ("hour", "told"),
    [
        ("", ()),
        ("09:59", (Broken.HOURS,)),
        ("10:00", ()),
        ("13:00", ()),
        ("13:01", (Broken.HOURS,)),
        ("20:00", ()),
        ("20:01", (Broken.HOURS,)),
        ("?", (Broken.HOUR_UNREADABLE,)),
    ],
)
def test_a_call_is_made_within_hours_where_its_hour_is_known(hour: str, told: tuple[Broken, ...]) -> None:
    assert held(call(hour=hour)) == [told]
    assert held(call(hour=hour), rules=CallRules(hours=(), most=0, rest_days=0)) == [()]


def test_nobody_is_called_on_weekends_and_holidays_of_the_region_at_whatever_hour() -> None:
    saturday, sunday, all_saints = call(5, "11:00"), call(6), Call(unique_id="P2", on=date(2028, 11, 1), outcome="reached")
    boxing_day = Call(unique_id="P3", on=date(2028, 12, 26), outcome="reached", hour="08:00")

    assert held(saturday, sunday, all_saints) == [(Broken.DAY,)] * 3
    assert held(boxing_day) == [(Broken.HOURS,)]
    alsace = CallRules(hours=RULES.hours, most=4, rest_days=60, region=Region.ALSACE_MOSELLE)
    assert held(boxing_day, rules=alsace) == [(Broken.DAY,)]


def test_the_fifth_call_of_a_person_in_thirty_days_is_told_in_whatever_order_they_are_written() -> None:
    five = [call(n) for n in (4, 1, 0, 3, 2)]

    assert held(*five) == [(Broken.TOO_OFTEN,), (), (), (), ()]
    assert held(*five, rules=CallRules(hours=(), most=0, rest_days=60)) == [()] * 5
    assert held(*(call(n, who=f"P{n}") for n in range(5))) == [()] * 5


def test_calls_are_counted_over_thirty_days_the_last_included() -> None:
    four, at_any_hour = tuple(call(n) for n in (0, 1, 2, 3)), CallRules(hours=(), most=4, rest_days=60)

    assert held(call(29), known=four, rules=at_any_hour) == [(Broken.TOO_OFTEN,)]
    assert held(call(30), known=four, rules=at_any_hour) == [()]
    assert held(call(-14), known=four, rules=at_any_hour) == [(Broken.TOO_OFTEN,)], "a call that is reported late makes five all the same"


@pytest.mark.parametrize("refusal", ["refused", "opt_out"])
def test_a_call_after_a_refusal_is_told_for_as_many_days_as_the_rules_say(refusal: str) -> None:
    said_no = call(0, outcome=refusal)

    assert held(said_no, call(1), call(1, who="P2")) == [(), (Broken.AFTER_REFUSAL,), ()]
    assert held(call(60), known=(said_no,)) == [(Broken.AFTER_REFUSAL,)]
    assert held(call(63), known=(said_no,)) == [()]
    assert held(call(-3), known=(said_no,)) == [()]
    assert held(said_no, known=(call(1),)) == [(Broken.AFTER_REFUSAL,)], "the refusal is reported late"
    assert held(said_no, call(1), rules=CallRules(hours=(), most=4, rest_days=0)) == [(), ()]


def test_on_one_day_it_is_the_hours_that_say_which_call_came_after_the_refusal() -> None:
    refusal = call(hour="11:00", outcome="refused")

    assert held(refusal, call(hour="18:00")) == [(), (Broken.AFTER_REFUSAL,)]
    assert held(refusal, call(hour="10:30")) == [(), ()]
    assert held(refusal, call()) == [(), ()]
    assert held(refusal, call(hour="?")) == [(), (Broken.HOUR_UNREADABLE,)]


def test_one_call_may_break_several_rules() -> None:
    known = (*(call(n) for n in (0, 1, 2)), call(3, outcome="refused"))

    assert held(call(5, "22:00"), known=known) == [(Broken.DAY, Broken.TOO_OFTEN, Broken.AFTER_REFUSAL)]
