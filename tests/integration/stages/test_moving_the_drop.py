"""A planned drop is moved: what follows from the day follows it, what was promised first is kept, and nothing is stale in silence."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import col

from app.queries.past import get_past
from tests.integration.papers.journey import Issued
from tests.integration.stages.played import Played
from tests.integration.stages.test_order import contact, current, decline
from tests.integration.stages.test_send import deposit, pieces
from workflows.campaign.any_stage.moving_drop import DropBeyondCalendar, DropHasBegun, DropNotAhead, DropUnchanged, MoveDrop
from workflows.campaign.any_stage.reworking import ReturnToStage
from workflows.campaign.budget.asking import AskAboutBudget
from workflows.campaign.records import DropMove, StoredFile
from workflows.campaign.rules import ReasonMissing
from workflows.campaign.stages.budget import ApproveBudget, BudgetDiffers
from workflows.campaign.stages.delivery import ExcludeList
from workflows.campaign.stages.negotiation import CloseNegotiation
from workflows.campaign.stages.order import ConfirmOrders
from workflows.campaign.stages.send import ConfirmDrop, OrderMailing
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import ConditionsUnmet, MoveNotOpen, NotYourMove
from workflows.order.proposing import ProposeChange
from workflows.trade.working_days import add_working_days

Campaigns = Callable[[str], Played]
FIRST, LATER = date(2026, 10, 13), date(2026, 10, 20)
WHY = "L’imprimeur a du retard."


def move(campaign: Played, drop_on: date = LATER, reason: str = WHY) -> None:
    campaign.ask(MoveDrop(subject_id=campaign.campaign_id, drop_on=drop_on, reason=reason))


def newest_orders(campaign: Played) -> dict[str, Issued]:
    """The last paper of each order, by number."""
    return {one.document.number: one for one in campaign.issued("purchase_order")}


def last_controls(campaign: Played) -> dict[str, dict[str, object]]:
    """The controls of the newest move of the drop, by code."""
    moved = campaign.rows(Checkpoint, col(Checkpoint.event) == "campaign.drop.moved", order=col(Checkpoint.seq))
    return {control["code"]: control for control in read_json(moved[-1].body)["checks"]}


# --- which day ------------------------------------------------------------------------------------------------------------------


def test_a_drop_is_moved_to_another_day_to_come_and_the_reason_is_kept(played: Campaigns) -> None:
    campaign = played("plan")
    move(campaign)

    assert campaign.campaign.drop_on == LATER
    assert last_controls(campaign)["drop_on"] == {
        "code": "drop_on",
        "expected": "2026-10-13",
        "actual": "2026-10-20",
        "tolerance": None,
        "verdict": "ok",
        "override": None,
    }
    assert [(one.from_on, one.to_on) for one in campaign.rows(DropMove)] == [(FIRST, LATER)]


def test_a_day_that_cannot_be_is_refused_and_leaves_no_trace(played: Campaigns) -> None:
    campaign = played("plan")
    before = campaign.trace()

    for day, refusal in (
        (FIRST, DropUnchanged),
        (campaign.now.date(), DropNotAhead),
        (date(2026, 1, 5), DropNotAhead),
        (date(9999, 12, 30), DropBeyondCalendar),
    ):
        with pytest.raises(refusal):
            move(campaign, day)
    with pytest.raises(ReasonMissing):
        move(campaign, reason="  ")
    with pytest.raises(NotYourMove):
        campaign.ask(MoveDrop(subject_id=campaign.campaign_id, drop_on=LATER, reason=WHY), by=campaign.president)

    assert campaign.trace() == before


def test_a_weak_day_is_warned_of_and_taken(played: Campaigns) -> None:
    campaign = played("plan")
    move(campaign, date(2026, 12, 26))

    warned = {code for code, control in last_controls(campaign).items() if control["verdict"] == "warning"}
    assert "drop:not_a_working_day" in warned
    assert any(code.startswith("drop:") and code != "drop:not_a_working_day" for code in warned)
    assert "offer_ends" in warned, "the offer ends before"


# --- what follows ---------------------------------------------------------------------------------------------------------------


def test_the_schedule_follows_what_is_behind_keeps_its_days_and_the_first_one_is_kept(played: Campaigns) -> None:
    campaign = played("delivery")
    first = campaign.campaign.retroplanning
    move(campaign)

    planned, ends = campaign.campaign.retroplanning, {}
    for name, schedule in (("first", first), ("now", planned)):
        ends[name] = {step["step"]: date.fromisoformat(step["finish_on"]) for step in schedule["steps"]}
    behind = ("plan", "negotiation", "budget", "order")
    assert {step: ends["now"][step] for step in behind} == {step: ends["first"][step] for step in behind}
    assert ends["now"]["delivery"] == add_working_days(ends["first"]["delivery"], 5)
    assert ends["now"]["inserting"] == LATER
    assert [one["due_on"] for one in planned["control_points"]][:4] == [one["due_on"] for one in first["control_points"]][:4]
    (moved,) = campaign.rows(DropMove)
    assert moved.retroplanning == first


def test_who_goes_back_to_an_earlier_day_sees_the_drop_of_that_day(played: Campaigns) -> None:
    campaign = played("delivery")
    campaign.now += timedelta(days=3)
    move(campaign)
    campaign.now += timedelta(days=3)
    move(campaign, date(2026, 10, 27))

    with campaign.reading() as session:
        known = [get_past(session, campaign.campaign, (campaign.now - timedelta(days=days)).date()).drop_on for days in (5, 2, 0)]
    assert known == [FIRST, LATER, date(2026, 10, 27)]


def test_address_files_end_counted_from_the_new_day(played: Campaigns) -> None:
    campaign = played("dedupe")
    before = {file.id: file.purge_on for file in campaign.rows(StoredFile)}
    planned_on = campaign.campaign.purge_on
    move(campaign)

    after = {file.id: file.purge_on for file in campaign.rows(StoredFile)}
    assert planned_on in before.values()
    assert after == {key: day + timedelta(days=7) if day == planned_on else day for key, day in before.items()}


# --- the budget -----------------------------------------------------------------------------------------------------------------


def test_a_budget_that_waits_is_made_anew_and_only_the_new_one_is_signed(played: Campaigns) -> None:
    campaign = played("budget")
    with campaign.reading() as session:
        shown = campaign.facts(session).budget.sha256
    campaign.ask(AskAboutBudget(subject_id=campaign.campaign_id, words="Pourquoi si tôt ?"), by=campaign.president)
    mailed = len(campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_budget"))
    move(campaign)

    with pytest.raises(BudgetDiffers):
        campaign.ask(ApproveBudget(subject_id=campaign.campaign_id, budget_sha256=shown), by=campaign.president)
    assert campaign.issued("budget_file")[-1].content.drop_on == LATER
    assert len(campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_budget")) == mailed + 1
    assert ("answer_question", "1") not in campaign.tasks()
    campaign.approve_budget()
    assert campaign.state == "order"
    assert {one.content.list_terms.mailing_from for one in campaign.issued("purchase_order") if one.content.list_terms} == {LATER}


def test_an_approval_stands_when_the_drop_is_moved_for_no_amount_depends_on_the_day(played: Campaigns) -> None:
    campaign = played("order")
    with campaign.reading() as session:
        approved = campaign.facts(session).budget
    move(campaign)
    campaign.accept_orders()
    campaign.ask(ConfirmOrders(subject_id=campaign.campaign_id))

    assert campaign.state == "delivery"
    with campaign.reading() as session:
        assert campaign.facts(session).budget.sha256 == approved.sha256


# --- the orders -----------------------------------------------------------------------------------------------------------------


def test_orders_go_out_anew_with_other_days_and_nothing_else_changed(played: Campaigns) -> None:
    campaign = played("delivery")
    before, papers = current(campaign), newest_orders(campaign)
    move(campaign)

    after, anew = current(campaign), newest_orders(campaign)
    assert {(one.number, one.revision, one.state, one.total_amount) for one in after.values()} == {
        (one.number, one.revision + 1, "issued", one.total_amount) for one in before.values()
    }
    for number, was in papers.items():
        said, says = was.content, anew[number].content
        assert says.head.supersedes == f"{number}/{said.head.revision}"
        assert (says.rows, says.total_amount, says.approved_budget) == (said.rows, said.total_amount, said.approved_budget)
        assert (says.drop_moved.from_on, says.drop_moved.to_on) == (FIRST, LATER)
        if says.list_terms:
            assert says.list_terms.mailing_from == LATER
            assert says.list_terms.mailing_until == add_working_days(LATER, 7)
            assert says.list_terms.purge_on == said.list_terms.purge_on + timedelta(days=7)
            assert says.list_terms.delivery_deadline_on == add_working_days(said.list_terms.delivery_deadline_on, 5)
            assert says.list_terms.selections == said.list_terms.selections
        else:
            assert says.service_due_on > said.service_due_on
            assert says.processing.ends_on == said.processing.ends_on + timedelta(days=7)
    assert {(one.number, one.content_sha256) for one in after.values()} == {
        (number, one.document.content_sha256) for number, one in anew.items()
    }


def test_suppliers_are_asked_again_and_reminded_and_lists_already_here_are_not_asked_for_again(played: Campaigns) -> None:
    campaign = played("dedupe")
    move(campaign)

    asked = [label for name, label in campaign.tasks() if name == "acknowledge_order"]
    assert sorted(asked) == sorted(order.number for order in current(campaign).values())
    assert campaign.rows(OutboxMessage, col(OutboxMessage.name) == "remind_orders", order=col(OutboxMessage.requested_seq))[-1].payload
    campaign.accept_orders()
    assert [name for name, _ in campaign.tasks() if name in ("acknowledge_order", "deliver_list")] == []


def test_a_list_still_to_come_is_asked_for_again_once_its_order_is_accepted(played: Campaigns) -> None:
    campaign = played("delivery")
    move(campaign)
    assert ("deliver_list", "ALZ") not in campaign.tasks()
    campaign.accept_orders(but=("BTN",))

    asked = [label for name, label in campaign.tasks() if name == "deliver_list"]
    assert "ALZ" in asked
    assert "BTN" not in asked


def test_files_are_merged_only_for_a_window_that_every_owner_cleared(played: Campaigns) -> None:
    campaign = played("delivery")
    campaign.deliver_everything()
    move(campaign)
    campaign.accept_orders(but=("ALZ", "CDR"))
    assert campaign.unmet("start_dedupe")["order.window_not_cleared"] == {"lists": ["ALZ", "CDR"]}

    decline(campaign, "CDR", "Le fichier est promis à un autre pour cette date.")
    assert campaign.unmet("start_dedupe")["order.window_refused"] == {"lists": ["CDR"]}
    campaign.ask(ExcludeList(subject_id=campaign.campaign_id, list_id=campaign.list_id("CDR"), reason="Sans l’accord du propriétaire."))
    campaign.accept_orders()

    assert set(campaign.unmet("start_dedupe")) == {"delivery.suppressions_missing"}


def test_an_owner_who_refuses_a_day_is_asked_for_the_next_one(played: Campaigns) -> None:
    campaign = played("order")
    move(campaign)
    decline(campaign, "ALZ", "Pas cette semaine-là.")
    move(campaign, date(2026, 10, 27))
    campaign.accept_orders()
    campaign.ask(ConfirmOrders(subject_id=campaign.campaign_id))

    assert current(campaign)["ALZ"].revision == 3
    assert campaign.state == "delivery"


def test_a_proposal_that_waits_goes_with_the_order_that_it_was_about(played: Campaigns) -> None:
    campaign = played("order")
    order = current(campaign)["ALZ"]
    campaign.ask(ProposeChange(subject_id=order.id, deliver_on=date(2026, 9, 30)), by=contact(campaign, order))
    move(campaign)

    assert ("answer_proposal", order.number) not in campaign.tasks()
    assert ("acknowledge_order", order.number) in campaign.tasks()


def test_orders_of_a_campaign_back_in_its_plan_wait_for_the_budget_and_say_the_new_day_then(played: Campaigns) -> None:
    campaign = played("delivery")
    campaign.ask(ReturnToStage(subject_id=campaign.campaign_id, stage="negotiation", reason="Une liste de plus."))
    move(campaign)
    assert {order.revision for order in current(campaign).values()} == {1}

    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    campaign.approve_budget()

    assert {order.revision for order in current(campaign).values()} == {2}
    terms = [one.content.list_terms for one in newest_orders(campaign).values() if one.content.list_terms]
    assert {one.mailing_from for one in terms} == {LATER}
    campaign.accept_orders()
    campaign.ask(ConfirmOrders(subject_id=campaign.campaign_id))
    assert campaign.state == "delivery"


def test_who_owes_an_answer_is_asked_once_wherever_the_campaign_goes_meanwhile(played: Campaigns) -> None:
    campaign = played("delivery")
    move(campaign)
    campaign.ask(ReturnToStage(subject_id=campaign.campaign_id, stage="negotiation", reason="Une liste de plus."))
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    campaign.approve_budget()

    asked = [label for name, label in campaign.tasks() if name == "acknowledge_order"]
    assert sorted(asked) == sorted({order.number for order in current(campaign).values()})


# --- the mailing ----------------------------------------------------------------------------------------------------------------


def test_the_mailing_order_goes_out_again_once_every_owner_cleared_the_new_window(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    move(campaign)

    assert campaign.unmet("record_deposit")["send.order_of_another_day"] == {"drop_on": LATER}
    assert campaign.tasks().count(("order_mailing", "")) == 1
    with pytest.raises(ConditionsUnmet):
        campaign.ask(OrderMailing(subject_id=campaign.campaign_id))
    campaign.accept_orders()
    campaign.ask(OrderMailing(subject_id=campaign.campaign_id))

    assert campaign.issued("mailing_order")[-1].content.drop_on == LATER
    campaign.now = max(campaign.now, campaign.now.replace(month=10, day=20))
    deposit(campaign, pieces(campaign), on=LATER)
    campaign.ask(ConfirmDrop(subject_id=campaign.campaign_id))
    assert campaign.state == "responses"
    assert campaign.campaign.dropped_on == LATER


def test_lots_go_on_while_owners_answer(played: Campaigns) -> None:
    campaign = played("lots")
    move(campaign)
    campaign.freeze_lots()

    assert campaign.state == "send"
    assert "acknowledge_order" in {name for name, _ in campaign.tasks()}
    campaign.sign_proofs()
    assert set(campaign.unmet("order_mailing")) == {"order.window_not_cleared"}


def test_what_is_with_the_post_has_dropped(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    code, *_ = pieces(campaign)
    deposit(campaign, {code: pieces(campaign)[code]})
    with pytest.raises(DropHasBegun):
        move(campaign, date(2026, 11, 3))

    after = played("responses")
    with pytest.raises(MoveNotOpen):
        move(after, date(2026, 11, 3))
