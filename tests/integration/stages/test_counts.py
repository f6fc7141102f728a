"""Counts of lists: asked for, given by suppliers or recorded for them, and what becomes of a list that falls short."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import col

from tests.integration.stages.played import Played
from workflows.campaign.any_stage.holding import HoldCampaign
from workflows.campaign.any_stage.overriding import OverrideNotAllowed
from workflows.campaign.counts import counting as rules
from workflows.campaign.counts.counting import AcceptShortCount, GiveCounts, RequestCounts
from workflows.campaign.counts.records import CountRequest, ListCount
from workflows.campaign.records import Override
from workflows.campaign.rules import NotOfThisCampaign, ReasonMissing
from workflows.campaign.stages.negotiation import CloseNegotiation, RefuseTerms, ReopenTerms, ReturnToPlan
from workflows.campaign.stages.plan import RevisePlan
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.refusals import ConditionsUnmet, MoveNotOpen, NotFound, NotYourMove, Paused
from workflows.engine.user_tasks import UserTask
from workflows.parties.roles import Role
from workflows.trade.working_days import add_working_days

Campaigns = Callable[[str], Played]
ALZ = {"P12": 843, "P24": 716}
"""What the kit wants of ALZ, whose broker is S-CRT."""
CDR = {"M1": 885, "M2": 2095}
"""What it wants of CDR, whose owner S-CDR has no broker."""


def ask(campaign: Played, *codes: str, exclusions: str = "") -> None:
    lists = tuple(campaign.list_id(code) for code in codes)
    campaign.ask(RequestCounts(subject_id=campaign.campaign_id, list_ids=lists, exclusions=exclusions))


def give(campaign: Played, available: dict[str, int], *, code: str = "CDR", by: str | None = "S-CDR", **more: Any) -> None:
    """The supplier answers, or the project manager records what it said."""
    asked = GiveCounts(subject_id=campaign.campaign_id, list_id=campaign.list_id(code), available=available, **more)
    campaign.ask(asked, by=campaign.actors[by] if by else None)


def accept_short(campaign: Played, code: str = "CDR", reason: str = "Le propriétaire complète avant l’extraction.") -> None:
    campaign.ask(AcceptShortCount(subject_id=campaign.campaign_id, list_id=campaign.list_id(code), reason=reason))


def current(campaign: Played, table: type[Any]) -> list[Any]:
    return campaign.rows(table, col(table.to_seq).is_(None), order=col(table.from_seq))


def waiting(campaign: Played) -> list[str]:
    """The lists whose suppliers are asked to count, now."""
    return [label for name, label in campaign.tasks() if name == "give_counts"]


def control(campaign: Played, event: str) -> dict[str, Any]:
    """The one control of the newest entry of an event."""
    entries = campaign.rows(Checkpoint, col(Checkpoint.event) == event, order=col(Checkpoint.seq))
    (found,) = read_json(entries[-1].body)["checks"]
    return dict(found)


# --- asking ---------------------------------------------------------------------------------------------------------------------------


def test_each_list_that_is_asked_about_gets_a_paper_and_a_task_for_its_supplier_by_a_working_day_of_policy(played: Campaigns) -> None:
    campaign = played("negotiation")
    asked_on = campaign.now.date()

    ask(campaign, "ALZ", "CDR", exclusions="Adresses déjà louées pour 26P.")

    tasks = {task.label: task for task in campaign.rows(UserTask, col(UserTask.name) == "give_counts")}
    assert {code: task.supplier_id for code, task in tasks.items()} == {
        "ALZ": campaign.supplier_id("S-CRT"),
        "CDR": campaign.supplier_id("S-CDR"),
    }
    answer_by = add_working_days(asked_on, 2, campaign.campaign.policy.region)
    assert {task.due_at.date() for task in tasks.values()} == {answer_by}
    papers = {one.content.list_code: one for one in campaign.issued("count_request")}
    assert papers["ALZ"].document.number == "DC-26A-ALZ"
    assert papers["ALZ"].document.supplier_id == campaign.supplier_id("S-CRT")
    said = papers["ALZ"].content
    assert [(row.segment, row.quantity, row.roles, row.universe_qty) for row in said.rows] == [
        ("P12", 843, ("rollout", "test"), 87500),
        ("P24", 716, ("rollout",), 71200),
    ]
    assert (said.answer_by, said.exclusions, said.owner.name) == (answer_by, "Adresses déjà louées pour 26P.", "Alizés Presse SAS")


def test_an_exchanged_list_is_asked_about_as_one(played: Campaigns) -> None:
    campaign = played("negotiation")
    ask(campaign, "DOM", "ALZ")

    assert {one.content.list_code: one.content.exchange for one in campaign.issued("count_request")} == {"DOM": True, "ALZ": False}


def test_asked_anew_the_request_before_is_superseded_and_its_task_dropped(played: Campaigns) -> None:
    campaign = played("negotiation")
    ask(campaign, "CDR")
    ask(campaign, "CDR")

    assert waiting(campaign) == ["CDR"]
    assert len(current(campaign, CountRequest)) == 1
    assert [(one.document.number, one.document.revision) for one in campaign.issued("count_request")] == [
        ("DC-26A-CDR", 1),
        ("DC-26A-CDR", 2),
    ]


def test_nobody_is_asked_about_a_list_of_the_house_a_list_left_out_or_none_at_all(played: Campaigns) -> None:
    campaign = played("negotiation")
    campaign.ask(RefuseTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id("BTN"), reason="Trop cher."))

    for codes in (("MAI",), ("BTN",), ("CDR", "MAI")):
        with pytest.raises(rules.NobodyToAsk):
            ask(campaign, *codes)
    with pytest.raises(rules.NothingAsked):
        ask(campaign)
    with pytest.raises(NotOfThisCampaign):
        campaign.ask(RequestCounts(subject_id=campaign.campaign_id, list_ids=(campaign.supplier_id("S-CDR"),)))
    assert waiting(campaign) == []


def test_a_project_manager_asks_and_nobody_else(played: Campaigns) -> None:
    campaign = played("negotiation")

    with pytest.raises(NotYourMove):
        campaign.ask(RequestCounts(subject_id=campaign.campaign_id, list_ids=(campaign.list_id("CDR"),)), by=campaign.as_role(Role.AUDITOR))


# --- answering ------------------------------------------------------------------------------------------------------------------------


def test_a_supplier_s_counts_are_kept_with_its_words_close_its_task_and_are_compared_with_what_is_wanted(played: Campaigns) -> None:
    campaign = played("negotiation")
    ask(campaign, "CDR")

    give(campaign, {"M1": 900, "M2": 5000}, held_until_on=date(2026, 9, 30), remark="Hors Corse.")

    (count,) = current(campaign, ListCount)
    assert (count.available, count.held_until_on, count.remark) == ({"M1": 900, "M2": 5000}, date(2026, 9, 30), "Hors Corse.")
    assert (count.supplier_id, count.on_behalf) == (campaign.supplier_id("S-CDR"), False)
    assert waiting(campaign) == []
    assert control(campaign, "campaign.counts.given") == {
        "code": "list_counted:CDR",
        "expected": 2980,
        "actual": 5900,
        "tolerance": None,
        "verdict": "ok",
        "override": None,
    }


def test_the_broker_that_was_asked_answers_and_the_owner_does_not(played: Campaigns) -> None:
    campaign = played("negotiation")
    ask(campaign, "ALZ", "CDR")

    with pytest.raises(NotFound):
        give(campaign, ALZ, code="ALZ", by="S-ALZ")
    with pytest.raises(NotOfThisCampaign):
        give(campaign, ALZ, code="ALZ", by="S-CDR")
    give(campaign, ALZ, code="ALZ", by="S-CRT")
    assert waiting(campaign) == ["CDR"]


def test_who_was_asked_for_no_counts_knows_of_no_campaign_to_give_them_to(played: Campaigns) -> None:
    campaign = played("negotiation")

    with pytest.raises(NotFound):
        give(campaign, CDR)


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"available": {"M1": 885}}, rules.CountsIncomplete),
        ({"available": CDR | {"M9": 1}}, rules.SegmentNotWanted),
        ({"available": CDR | {"M1": -1}}, rules.CountBelowZero),
        ({"held_until_on": date(2026, 1, 1)}, rules.HeldUntilPast),
    ],
    ids=["a segment missing", "a segment too many", "fewer than none", "kept until a day that is past"],
)
def test_an_answer_that_cannot_be_is_refused_and_its_task_stays(
    played: Campaigns, changes: dict[str, Any], refused: type[Exception]
) -> None:
    campaign = played("negotiation")
    ask(campaign, "CDR")

    with pytest.raises(refused):
        give(campaign, **({"available": CDR} | changes))
    assert waiting(campaign) == ["CDR"]


def test_an_answer_is_corrected_by_another_and_both_stay_on_record(played: Campaigns) -> None:
    campaign = played("negotiation")
    ask(campaign, "CDR")
    give(campaign, {"M1": 0, "M2": 5000})
    give(campaign, {"M1": 1000, "M2": 5000})

    assert [one.available["M1"] for one in campaign.rows(ListCount, order=col(ListCount.from_seq))] == [0, 1000]
    assert [one.available["M1"] for one in current(campaign, ListCount)] == [1000]
    assert "counts.short" not in campaign.unmet("close_negotiation")


def test_what_came_by_telephone_is_recorded_whether_it_was_asked_for_or_not(played: Campaigns) -> None:
    campaign = played("negotiation")
    ask(campaign, "CDR")

    give(campaign, CDR, by=None, remark="M. Rivière, au téléphone.")
    give(campaign, ALZ, code="ALZ", by=None)

    assert {one.supplier_id: one.on_behalf for one in current(campaign, ListCount)} == {
        campaign.supplier_id("S-CDR"): True,
        campaign.supplier_id("S-CRT"): True,
    }
    assert waiting(campaign) == []


# --- what falls short -----------------------------------------------------------------------------------------------------------------


def test_a_negotiation_is_closed_though_nobody_counted_and_waits_for_no_count_from_then_on(played: Campaigns) -> None:
    campaign = played("negotiation")
    ask(campaign, "CDR", "ALZ")
    give(campaign, CDR)

    campaign.close_negotiation()

    assert campaign.state == "budget"
    assert waiting(campaign) == []
    assert [one.supplier_id for one in current(campaign, CountRequest)] == [campaign.supplier_id("S-CDR")], "the answered one stays"
    with pytest.raises(MoveNotOpen):
        give(campaign, CDR)


def test_a_count_below_what_is_wanted_holds_the_negotiation_up_and_says_of_which_lists(played: Campaigns) -> None:
    campaign = played("negotiation")
    campaign.settle_lists()
    ask(campaign, "CDR")

    give(campaign, {"M1": 884, "M2": 9000})

    assert campaign.unmet("close_negotiation") == {"counts.short": {"lists": ["CDR"]}}
    assert control(campaign, "campaign.counts.given")["verdict"] == "warning", "one segment cannot make up for another"
    with pytest.raises(ConditionsUnmet):
        campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))


def test_doing_without_the_list_settles_it_and_negotiating_it_again_brings_it_back(played: Campaigns) -> None:
    campaign = played("negotiation")
    ask(campaign, "CDR", "ALZ")
    give(campaign, CDR | {"M1": 1})

    for code in ("CDR", "ALZ"):
        campaign.ask(RefuseTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id(code), reason="Trop peu d’adresses."))

    assert "counts.short" not in campaign.unmet("close_negotiation")
    assert waiting(campaign) == []
    for code in ("CDR", "ALZ"):
        campaign.ask(ReopenTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id(code), reason="Faute de mieux."))
    assert campaign.unmet("close_negotiation")["counts.short"] == {"lists": ["CDR"]}
    ask(campaign, "ALZ")
    assert waiting(campaign) == ["ALZ"]


def test_fewer_addresses_in_the_plan_settle_it(played: Campaigns) -> None:
    campaign = played("negotiation")
    ask(campaign, "CDR")
    give(campaign, CDR | {"M1": 800})
    campaign.ask(ReturnToPlan(subject_id=campaign.campaign_id, reason="Moins d’adresses que prévu."))
    plan = tuple(replace(row, gross_qty=800) if (row.list_code, row.segment) == ("CDR", "M1") else row for row in campaign.kit.brief.plan)
    campaign.ask(RevisePlan(subject_id=campaign.campaign_id, plan=plan))
    campaign.submit_plan()

    assert "counts.short" not in campaign.unmet("close_negotiation")


def test_more_addresses_in_the_plan_than_were_counted_fall_short(played: Campaigns) -> None:
    campaign = played("negotiation")
    ask(campaign, "CDR")
    give(campaign, CDR)
    campaign.ask(ReturnToPlan(subject_id=campaign.campaign_id, reason="Plus d’adresses."))
    plan = tuple(replace(row, gross_qty=900) if (row.list_code, row.segment) == ("CDR", "M1") else row for row in campaign.kit.brief.plan)
    campaign.ask(RevisePlan(subject_id=campaign.campaign_id, plan=plan))
    campaign.submit_plan()

    assert campaign.unmet("close_negotiation")["counts.short"] == {"lists": ["CDR"]}


def test_ordering_as_planned_takes_a_reason_is_an_override_that_an_approver_reviews_and_holds_for_these_figures(played: Campaigns) -> None:
    campaign = played("negotiation")
    ask(campaign, "CDR")
    give(campaign, {"M1": 800, "M2": 2000})
    with pytest.raises(ReasonMissing):
        accept_short(campaign, reason=" ")

    accept_short(campaign)

    (passed,) = campaign.rows(Override)
    assert (passed.control, passed.about, passed.expected, passed.actual) == ("list_counted", "CDR", "2980", "2800")
    assert ("review_override", "list_counted") in campaign.tasks()
    assert "counts.short" not in campaign.unmet("close_negotiation")
    with pytest.raises(rules.NothingFallsShort):
        accept_short(campaign)
    give(campaign, {"M1": 700, "M2": 2000})
    assert campaign.unmet("close_negotiation")["counts.short"] == {"lists": ["CDR"]}


def test_nothing_is_let_pass_that_does_not_fall_short(played: Campaigns) -> None:
    campaign = played("negotiation")
    with pytest.raises(rules.NothingFallsShort):
        accept_short(campaign)
    give(campaign, CDR, by=None)
    with pytest.raises(rules.NothingFallsShort):
        accept_short(campaign)


def test_policy_may_let_nobody_order_more_than_was_counted(played: Campaigns) -> None:
    campaign = played("negotiation")
    campaign.tune_policy({"overrides": {"list_counted": "nobody"}})
    give(campaign, CDR | {"M1": 1}, by=None)

    with pytest.raises(OverrideNotAllowed):
        accept_short(campaign)


# --- between plan and negotiation -----------------------------------------------------------------------------------------------------


def test_a_supplier_answers_while_the_plan_is_made_anew(played: Campaigns) -> None:
    campaign = played("negotiation")
    ask(campaign, "CDR", "ALZ")
    campaign.ask(ReturnToPlan(subject_id=campaign.campaign_id, reason="Un message change."))

    assert waiting(campaign) == ["ALZ", "CDR"]
    give(campaign, CDR)
    campaign.submit_plan()
    assert waiting(campaign) == ["ALZ"]


def test_a_list_that_the_new_plan_wants_no_more_is_asked_about_no_more(played: Campaigns) -> None:
    campaign = played("negotiation")
    ask(campaign, "CDR", "ALZ")
    campaign.ask(ReturnToPlan(subject_id=campaign.campaign_id, reason="Sans Cadre et Rivière."))
    campaign.ask(RevisePlan(subject_id=campaign.campaign_id, plan=tuple(row for row in campaign.kit.brief.plan if row.list_code != "CDR")))
    campaign.submit_plan()

    assert waiting(campaign) == ["ALZ"]


def test_a_list_is_to_be_asked_about_once_and_again_where_other_quantities_are_wanted(played: Campaigns) -> None:
    campaign = played("negotiation")

    def to_ask() -> list[str]:
        with campaign.reading() as session:
            facts = campaign.facts(session)
            return [row.code for row in rules.countable(facts) if rules.is_to_ask(facts, row)]

    assert to_ask() == ["ALZ", "BTN", "CDR", "DOM", "ECL"]
    ask(campaign, "CDR", "DOM", "BTN", "ECL")
    give(campaign, ALZ, code="ALZ", by=None)
    assert to_ask() == []
    campaign.ask(ReturnToPlan(subject_id=campaign.campaign_id, reason="Plus de multi-acheteurs."))
    plan = tuple(replace(row, gross_qty=950) if row.segment == "M1" else row for row in campaign.kit.brief.plan)
    campaign.ask(RevisePlan(subject_id=campaign.campaign_id, plan=plan))
    campaign.submit_plan()
    assert to_ask() == ["CDR"]


def test_while_the_campaign_rests_nobody_counts_and_the_task_rests_too(played: Campaigns) -> None:
    campaign = played("negotiation")
    ask(campaign, "CDR")
    campaign.ask(HoldCampaign(subject_id=campaign.campaign_id, reason="Attente."))

    with pytest.raises(Paused):
        give(campaign, CDR)
    assert ("give_counts", "CDR") in campaign.tasks("suspended")


# --- when nothing comes ---------------------------------------------------------------------------------------------------------------


def test_the_day_is_counted_in_working_days(played: Campaigns) -> None:
    campaign = played("negotiation")
    campaign.now = datetime(2026, 7, 16, 8, 0, tzinfo=UTC)  # a Thursday

    ask(campaign, "CDR")

    (request,) = current(campaign, CountRequest)
    assert request.due_on == date(2026, 7, 20)
