"""Checklists from policy: a task is not done before its required points are ticked, by whoever may do it, each on record."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col

from tests.integration.stages.played import Played
from workflows.campaign.stages.budget import ApproveBudget, RefuseBudget
from workflows.campaign.stages.negotiation import AgreeTerms, RecordConsent
from workflows.campaign.stages.order import ConfirmOrders
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.refusals import ConditionsUnmet, NotFound
from workflows.engine.user_tasks import UserTask
from workflows.order.process import AcknowledgeOrder, DeclineOrder
from workflows.user_task.rules import NotACandidate
from workflows.user_task.ticking import PointNotTicked, PointTicked, PointUnknown, TickPoint, UntickPoint

Campaigns = Callable[[str], Played]


def points(*codes: str, optional: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    return [{"code": code, "required": code not in optional, "fr": f"Point {code}", "en": f"Point {code}"} for code in codes]


def task_of(campaign: Played, name: str) -> UserTask:
    return campaign.rows(UserTask, UserTask.name == name, UserTask.state == "open", order=col(UserTask.label))[0]


def approval(campaign: Played) -> ApproveBudget:
    with campaign.reading() as session:
        return ApproveBudget(subject_id=campaign.campaign_id, budget_sha256=campaign.facts(session).budget.sha256)


@pytest.fixture
def campaign(played: Campaigns) -> Played:
    """A campaign whose budget is decided with a checklist of three points."""
    campaign = played("budget")
    campaign.tune_policy({"checklists": {"review_budget": points("envelope", "treasurer", "photo", optional=("photo",))}})
    return campaign


def test_a_move_is_closed_until_each_required_point_is_ticked_and_says_which_are_not(campaign: Played) -> None:
    task = task_of(campaign, "review_budget")
    assert [one["fr"] for one in campaign.unmet("approve_budget")["user_task.points_unticked"]["points"]] == [
        "Point envelope",
        "Point treasurer",
    ]
    campaign.ask(TickPoint(subject_id=task.id, point="treasurer"), by=campaign.deputy)

    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(approval(campaign), by=campaign.president)
    (unmet,) = refusal.value.unmet
    assert (unmet.code, unmet.lifted_by, unmet.params["task_id"]) == ("user_task.points_unticked", "budget_approver", str(task.id))
    assert [one["en"] for one in unmet.params["points"]] == ["Point envelope"]
    campaign.ask(TickPoint(subject_id=task.id, point="envelope"), by=campaign.president)

    assert "user_task.points_unticked" not in campaign.unmet("approve_budget")
    campaign.ask(approval(campaign), by=campaign.president)
    assert campaign.state == "order"


def test_a_tick_names_its_point_who_vouched_and_when_in_the_chain(campaign: Played) -> None:
    task = task_of(campaign, "review_budget")
    before = campaign.now

    outcome = campaign.ask(TickPoint(subject_id=task.id, point="envelope"), by=campaign.president)

    (entry,) = campaign.rows(Checkpoint, Checkpoint.seq == outcome.seq)
    body = read_json(entry.body)
    assert (body["event"], body["command"]["point"], body["subject"]["id"]) == ("user_task.point_ticked", "envelope", str(task.id))
    assert (body["actor"]["id"], body["at"]) == (str(campaign.president.person_id), before.isoformat())
    assert task_of(campaign, "review_budget").ticks == {"envelope": {"by": str(campaign.president.person_id), "at": before.isoformat()}}


def test_only_who_may_do_the_task_ticks_and_each_point_once(campaign: Played) -> None:
    task = task_of(campaign, "review_budget").id

    with pytest.raises(NotACandidate):
        campaign.ask(TickPoint(subject_id=task, point="envelope"))
    with pytest.raises(PointUnknown):
        campaign.ask(TickPoint(subject_id=task, point="nothing"), by=campaign.president)
    with pytest.raises(PointNotTicked):
        campaign.ask(UntickPoint(subject_id=task, point="envelope"), by=campaign.president)
    campaign.ask(TickPoint(subject_id=task, point="envelope"), by=campaign.president)
    with pytest.raises(PointTicked) as refusal:
        campaign.ask(TickPoint(subject_id=task, point="envelope"), by=campaign.deputy)

    assert refusal.value.params == {"who": campaign.president.name}
    campaign.ask(UntickPoint(subject_id=task, point="envelope"), by=campaign.deputy)
    assert task_of(campaign, "review_budget").ticks == {}


def test_declining_with_a_reason_needs_no_tick(campaign: Played) -> None:
    campaign.ask(RefuseBudget(subject_id=campaign.campaign_id, reason="Trop cher."), by=campaign.president)

    assert campaign.state == "negotiation"


def test_a_point_that_a_newer_policy_adds_is_asked_for_once_the_campaign_follows_it(campaign: Played) -> None:
    task = task_of(campaign, "review_budget").id
    for code in ("envelope", "treasurer"):
        campaign.ask(TickPoint(subject_id=task, point=code), by=campaign.president)

    campaign.tune_policy({"checklists": {"review_budget": points("envelope", "notice")}})

    with pytest.raises(ConditionsUnmet):
        campaign.ask(approval(campaign), by=campaign.president)


def test_a_task_that_is_done_for_one_of_many_waits_for_its_own_points_only(played: Campaigns) -> None:
    campaign = played("negotiation")
    campaign.tune_policy({"checklists": {"settle_list": points("consent_in_writing")}})
    tasks = {task.label: task for task in campaign.rows(UserTask, UserTask.name == "settle_list", UserTask.state == "open")}
    alz, other = tasks["ALZ"], next(task for label, task in tasks.items() if label != "ALZ")
    about: dict[str, UUID] = {"subject_id": campaign.campaign_id, "list_id": campaign.list_id("ALZ")}
    campaign.ask(TickPoint(subject_id=other.id, point="consent_in_writing"))
    campaign.ask(AgreeTerms(**about))

    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(RecordConsent(**about))
    assert [one.params["task_id"] for one in refusal.value.unmet] == [str(alz.id)]
    campaign.ask(TickPoint(subject_id=alz.id, point="consent_in_writing"))
    campaign.ask(RecordConsent(**about))


def test_a_supplier_ticks_for_its_own_order_and_a_project_manager_in_its_place(played: Campaigns) -> None:
    campaign = played("order")
    campaign.tune_policy({"checklists": {"acknowledge_order": points("date_held")}})
    first, second, third = campaign.rows(
        UserTask, UserTask.name == "acknowledge_order", UserTask.state == "open", order=col(UserTask.label)
    )[:3]
    supplier = next(actor for actor in campaign.actors.values() if first.supplier_id in actor.supplier_ids)
    stranger = next(actor for actor in campaign.actors.values() if actor.supplier_ids and first.supplier_id not in actor.supplier_ids)

    def answer(task: UserTask) -> AcknowledgeOrder:
        with campaign.reading() as session:
            order = next(one for one in campaign.facts(session).live_orders if one.id == task.subject_id)
            return AcknowledgeOrder(subject_id=order.id, content_sha256=order.content_sha256)

    with pytest.raises(ConditionsUnmet):
        campaign.ask(answer(first), by=supplier)
    with pytest.raises(NotFound):
        campaign.ask(TickPoint(subject_id=first.id, point="date_held"), by=stranger)
    campaign.ask(TickPoint(subject_id=first.id, point="date_held"), by=supplier)
    campaign.ask(answer(first), by=supplier)
    campaign.ask(TickPoint(subject_id=second.id, point="date_held"))
    campaign.ask(answer(second))
    campaign.ask(DeclineOrder(subject_id=third.subject_id, reason="Fichier retiré."))

    assert {task.state for task in campaign.rows(UserTask, col(UserTask.id).in_([first.id, second.id, third.id]))} == {"done"}


def test_where_policy_asks_for_nothing_nothing_changes(played: Campaigns) -> None:
    campaign = played("order")
    campaign.accept_orders()
    campaign.tune_policy({"checklists": {"confirm_orders": points("photo", optional=("photo",))}})

    campaign.ask(ConfirmOrders(subject_id=campaign.campaign_id))

    assert campaign.state == "delivery"
