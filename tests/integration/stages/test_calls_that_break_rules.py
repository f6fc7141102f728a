"""Calls that were reported are held against the policy's rules: what broke one is kept and counted like the others, and told once."""

from dataclasses import replace
from typing import Any

import pytest

from tests.integration.stages.played import Played
from tests.integration.stages.test_bounces_and_calls import CALLED, MAILED, bring, campaign, report, sent, sent_once  # noqa: F401
from workflows.campaign.contacted.recording import ReportRow
from workflows.campaign.contacted.records import ContactReport

PLAIN = {"rows", "new", "repeated", "unreadable", "undeliverable"}


def call(row: int, piece: int = 1, outcome: str = "callback", on: int = 14, hour: str = "") -> ReportRow:
    """A call of the lot that was called; the 14th of October is a Wednesday."""
    return replace(report(piece, f"{outcome} {hour}", on, CALLED), outcome=outcome, row=row, hour=hour)


def told(counts: dict[str, object]) -> dict[str, Any]:
    """What a batch tells of rules."""
    return {name: value for name, value in counts.items() if name not in PLAIN | {"callback", "refused", "opt_out", "reached"}}


def controls(campaign: Played) -> dict[str, tuple[int, str]]:  # noqa: F811
    """The controls of rules in the entry that recorded the last file."""
    found = campaign.controls("campaign.responses.imported")
    return {code: (actual, verdict) for code, (_, actual, verdict) in found.items() if code.startswith("call_rules")}


def test_calls_on_days_and_at_hours_without_calls_are_kept_and_told_by_their_lines(campaign: Played) -> None:  # noqa: F811
    rows = [call(2, 1, on=17, hour="11:00"), call(3, 2, hour="09:30"), call(4, 3, hour="10:00"), call(5, 4), call(6, 5, hour="?")]

    counts = bring(campaign, "calls", rows)

    assert (counts["rows"], counts["new"], counts["callback"]) == (5, 5, 5)
    assert told(counts) == {
        "not_a_day_of_calls": 1,
        "outside_hours": 1,
        "hour_unreadable": 1,
        "broken": [[2, "not_a_day_of_calls"], [3, "outside_hours"], [6, "hour_unreadable"]],
    }
    assert controls(campaign) == {
        "call_rules:not_a_day_of_calls": (1, "warning"),
        "call_rules:outside_hours": (1, "warning"),
        "call_rules:hour_unreadable": (1, "warning"),
    }
    assert {(one.unique_id, one.hour) for one in campaign.rows(ContactReport)} == {
        (f"{CALLED}-{piece}", hour) for piece, hour in ((1, "11:00"), (2, "09:30"), (3, "10:00"), (4, ""), (5, "?"))
    }


def test_a_person_is_followed_over_all_files_and_a_call_is_told_once(campaign: Played) -> None:  # noqa: F811
    four = [call(n, on=on) for n, on in ((2, 14), (3, 15), (4, 16), (5, 19))]
    assert told(bring(campaign, "calls", four)) == {}
    assert controls(campaign) == {"call_rules": (0, "ok")}

    fifth = call(2, on=20)
    assert told(bring(campaign, "calls", [fifth, call(3, 2, on=20)])) == {"too_often": 1, "broken": [[2, "too_often"]]}

    assert told(bring(campaign, "calls", [fifth, *four], name="encore.csv")) == {}
    assert controls(campaign) == {}, "nothing was new"


@pytest.mark.parametrize("refusal", ["refused", "opt_out"])
def test_a_call_after_the_persons_refusal_in_an_earlier_file_is_told(campaign: Played, refusal: str) -> None:  # noqa: F811
    bring(campaign, "calls", [call(2, outcome=refusal, hour="11:00")])

    counts = bring(campaign, "calls", [call(2, hour="18:00"), call(3, on=20), call(4, 2, on=20)])

    assert told(counts) == {"after_refusal": 2, "broken": [[2, "after_refusal"], [3, "after_refusal"]]}


def test_rules_are_those_of_the_policy(campaign: Played) -> None:  # noqa: F811
    campaign.tune_policy({"calls": {"hours": "", "person_30": 1, "refusal_days": 0}})

    counts = bring(campaign, "calls", [call(2, on=17, outcome="refused", hour="23:00"), call(3, on=18)])

    assert told(counts) == {"too_often": 1, "broken": [[3, "too_often"]]}


def test_bounces_are_held_against_no_rule_of_calling(campaign: Played) -> None:  # noqa: F811
    counts = bring(campaign, "bounces", [report(1, "soft", on) for on in (17, 18, 19, 20, 21)])

    assert set(counts) == PLAIN | {"soft"}
    assert controls(campaign) == {}
    assert MAILED in campaign.rows(ContactReport)[0].unique_id


def test_of_many_calls_that_broke_a_rule_all_are_counted_and_the_first_named(campaign: Played) -> None:  # noqa: F811
    counts = bring(campaign, "calls", [call(n, n, on=17) for n in range(2, 102)])

    assert counts["not_a_day_of_calls"] == 100
    assert counts["broken"] == [[n, "not_a_day_of_calls"] for n in range(2, 52)]
