"""What is counted from the day of the drop: the schedule, of which what is behind stays, and what speaks against a day."""

from datetime import UTC, date, datetime
from uuid import uuid4

from sqlmodel import Session

from workflows.campaign.default_policy import DEFAULT_POLICY
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.planning import day_warnings, mailing_window, retroplanning
from workflows.campaign.policy import PolicyVersion

FIRST, LATER = date(2026, 10, 13), date(2026, 10, 27)


def campaign(offer_ends_on: date | None = None) -> Campaign:
    policy = PolicyVersion(id=uuid4(), advertiser_id=uuid4(), number=1, body=DEFAULT_POLICY, sha256="", saved_at=datetime.now(UTC))
    made = Campaign(
        advertiser_id=policy.advertiser_id,
        code="26A",
        title="",
        policy_version_id=policy.id,
        policy_version=policy,
        policy_number=1,
        drop_on=FIRST,
        offer_ends_on=offer_ends_on,
    )
    made.retroplanning = retroplanning(made)
    return made


def ends(schedule: dict) -> dict[str, str]:
    return {step["step"]: step["finish_on"] for step in schedule["steps"]}


def test_without_anything_behind_the_whole_schedule_is_counted_anew() -> None:
    one = campaign()
    one.drop_on = LATER
    other = campaign()
    other.drop_on = LATER
    other.retroplanning = None

    assert retroplanning(one) == retroplanning(other)
    assert ends(retroplanning(one))["inserting"] == "2026-10-27"


def test_what_is_behind_keeps_its_days_with_its_controls_and_the_first_day_of_all() -> None:
    one = campaign()
    before = one.retroplanning
    one.drop_on = LATER
    after = retroplanning(one, done=["plan", "negotiation", "budget"])

    kept, counted = ("plan", "negotiation", "budget"), retroplanning(one)
    assert {step: ends(after)[step] for step in kept} == {step: ends(before)[step] for step in kept}
    assert {step: day for step, day in ends(after).items() if step not in kept} == {
        step: day for step, day in ends(counted).items() if step not in kept
    }
    assert (after["first_on"], after["last_on"]) == (before["first_on"], counted["last_on"])
    days = {one["code"]: one["due_on"] for one in after["control_points"]}
    assert days["C3"] == ends(before)["budget"]
    assert days["C4"] == ends(counted)["order"]


def test_a_day_of_a_drop_is_weighed_by_itself() -> None:
    one = CampaignFacts(Session(), campaign(offer_ends_on=date(2026, 12, 15)))
    one.live_lists = []

    assert day_warnings(one, FIRST) == []
    assert [(warning["code"], warning["actual"]) for warning in day_warnings(one, date(2026, 11, 24))] == [("offer_ends", 1)]
    assert "drop:not_a_working_day" in {warning["code"] for warning in day_warnings(one, date(2026, 11, 1))}


def test_the_window_of_another_day_is_as_long_as_that_of_the_day_planned() -> None:
    one = campaign()

    assert mailing_window(one) == (FIRST, date(2026, 10, 22))
    assert mailing_window(one, LATER) == (LATER, date(2026, 11, 5))
