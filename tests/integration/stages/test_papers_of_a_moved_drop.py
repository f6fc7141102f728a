"""A drop that is moved: papers that name its day are issued anew, signers are told, and contact pressure is counted for the new day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col

from tests.integration.stages.played import Played
from tests.integration.stages.test_contact_pressure import cap, keep
from workflows.campaign.any_stage.moving_drop import MoveDrop
from workflows.campaign.dedupe.pressure import sends_counted_otherwise
from workflows.campaign.dedupe.settings import RedoDedupe
from workflows.campaign.stages.dedupe import ApproveDedupe
from workflows.engine.canonical import read_json
from workflows.engine.outbox import OutboxMessage

Campaigns = Callable[[str], Played]
LATER = date(2026, 10, 20)


def move(campaign: Played, drop_on: date = LATER) -> None:
    campaign.ask(MoveDrop(subject_id=campaign.campaign_id, drop_on=drop_on, reason="L’imprimeur a du retard."))


def issued(campaign: Played, kind: str) -> list[Any]:
    return campaign.issued(kind)


def unlike(before: Any, after: Any) -> set[str]:
    """The fields in which two contents differ, but for their heads."""
    said = [{name: value for name, value in read_json(one.document.content).items() if name != "head"} for one in (before, after)]
    return {name for name in said[0].keys() | said[1].keys() if said[0].get(name) != said[1].get(name)}


def test_media_plan_brief_and_lot_plan_go_out_as_next_versions_with_other_days_and_nothing_else(played: Campaigns) -> None:
    campaign = played("send")
    move(campaign)

    changed = {}
    for kind in ("media_plan", "dedupe_brief", "lot_plan"):
        *_, before, after = issued(campaign, kind)
        changed[kind] = unlike(before, after)
        assert (after.document.number, after.document.revision) == (before.document.number, before.document.revision + 1)
        assert after.content.head.supersedes == f"{before.document.number}/{before.document.revision}"
        assert (after.document.supplier_id, after.document.subject_id) == (before.document.supplier_id, before.document.subject_id)

    assert changed == {"media_plan": {"drop_on", "retroplanning", "targets"}, "dedupe_brief": {"purge_on"}, "lot_plan": {"drop_on"}}
    *_, before, after = issued(campaign, "media_plan")
    of_the_day = {check.code for check in (*before.content.targets, *after.content.targets) if check not in before.content.targets}
    assert of_the_day == {"offer_ends"}, "the offer ends too soon after the new day"
    assert {issued(campaign, kind)[-1].content.drop_on for kind in ("media_plan", "lot_plan")} == {LATER}
    assert issued(campaign, "dedupe_brief")[-1].content.purge_on == campaign.campaign.purge_on


def test_a_plan_that_names_a_weak_day_says_so(played: Campaigns) -> None:
    campaign = played("negotiation")
    move(campaign, date(2026, 12, 26))

    weak = {check.about for check in issued(campaign, "media_plan")[-1].content.targets if check.code == "drop"}
    assert "not_a_working_day" in weak
    move(campaign, LATER)
    assert [check for check in issued(campaign, "media_plan")[-1].content.targets if check.code == "drop"] == []


def test_the_deadline_of_a_brief_moves_while_its_run_is_to_be_done(played: Campaigns) -> None:
    campaign = played("dedupe")
    move(campaign)

    before, after = issued(campaign, "dedupe_brief")
    assert unlike(before, after) == {"deadline_on", "purge_on"}
    assert after.content.deadline_on > before.content.deadline_on


@pytest.mark.parametrize(("stage", "kinds"), [("plan", set()), ("budget", {"media_plan"}), ("delivery", {"media_plan"})])
def test_what_is_not_out_or_is_being_made_is_not_issued(played: Campaigns, stage: str, kinds: set[str]) -> None:
    campaign = played(stage)
    before = {kind: len(issued(campaign, kind)) for kind in ("media_plan", "dedupe_brief", "lot_plan")}

    move(campaign)

    assert {kind for kind, number in before.items() if len(issued(campaign, kind)) > number} == kinds


def test_signers_of_a_budget_are_told_once_it_stands_and_not_while_it_waits(played: Campaigns) -> None:
    asked = {}
    for stage in ("negotiation", "budget", "order", "send"):
        campaign = played(stage)
        move(campaign)
        asked[stage] = len(campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_moved_drop"))

    assert asked == {"negotiation": 0, "budget": 0, "order": 1, "send": 1}


# --- contact pressure -----------------------------------------------------------------------------------------------------------------


def after_another(played: Campaigns, drop_on: date, **pressure: int) -> Played:
    """A campaign with its dedupe done and a drop on that day, under such a policy, after another of the advertiser was posted."""
    campaign = played("responses")
    keep(campaign)
    cap(campaign, **pressure)
    campaign.open("26C")
    move(campaign, drop_on)
    return campaign.reach("lots")


@pytest.fixture
def second(played: Campaigns) -> Played:
    """Another campaign of the advertiser, whose caps look thirty days back and whose dedupe left out the first, posted 40 days before."""
    return after_another(played, date(2026, 11, 22), person_30=1)


def test_a_drop_moved_to_where_a_cap_counts_more_has_to_be_deduped_again_before_lots_are_frozen(second: Played) -> None:
    assert "dedupe.pressure_outdated" not in second.unmet("freeze_lots")

    move(second, date(2026, 11, 10))

    assert second.unmet("freeze_lots")["dedupe.pressure_outdated"] == {"campaigns": ["26A"]}
    second.accept_orders()
    second.ask(RedoDedupe(subject_id=second.campaign_id, reason="Le dépôt est avancé."))
    second.record_dedupe()
    assert second.unmet("approve_dedupe") == {}
    second.ask(ApproveDedupe(subject_id=second.campaign_id, shortfall_reason="Le fichier reste rentable."))
    assert second.state == "lots"


def test_a_drop_moved_into_the_gap_after_another_send_has_to_be_deduped_again(played: Campaigns) -> None:
    campaign = after_another(played, date(2026, 10, 29), gap_days=15)
    assert "dedupe.pressure_outdated" not in campaign.unmet("freeze_lots")

    move(campaign, date(2026, 10, 28))

    assert campaign.unmet("freeze_lots")["dedupe.pressure_outdated"] == {"campaigns": ["26A"]}


@pytest.mark.parametrize("days", [1, -1], ids=["later", "sooner"])
def test_a_drop_moved_to_where_the_caps_count_alike_needs_nothing(second: Played, days: int) -> None:
    move(second, date(2026, 11, 22) + timedelta(days=days))

    assert "dedupe.pressure_outdated" not in second.unmet("freeze_lots")


def test_people_held_back_in_vain_hold_up_nothing_and_the_page_can_tell(second: Played) -> None:
    move(second, date(2026, 11, 10))
    second.accept_orders()
    second.ask(RedoDedupe(subject_id=second.campaign_id, reason="Le dépôt est avancé."))

    with second.reading() as session:
        found = sends_counted_otherwise(second.facts(session), date(2026, 11, 30))
    move(second, date(2026, 11, 30))

    assert (found.press, found.ease) == ((), ("26A",))
    assert "dedupe.pressure_outdated" not in second.unmet("approve_dedupe")


def test_a_mailing_is_not_ordered_for_a_day_on_which_the_caps_count_more(second: Played) -> None:
    second.reach("send")
    second.sign_proofs()

    move(second, date(2026, 11, 10))

    assert second.unmet("order_mailing")["dedupe.pressure_outdated"] == {"campaigns": ["26A"]}
