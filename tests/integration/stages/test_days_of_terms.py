"""The days of a list's terms: an offer that has to hold until the orders are out, dates that are protected, and lists that others use."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col

from tests.integration.stages.played import Played
from workflows.campaign.any_stage.moving_drop import MoveDrop
from workflows.campaign.budget.conditions import LeaveOutList
from workflows.campaign.model import CampaignList
from workflows.campaign.records import BudgetVersion
from workflows.campaign.stages.budget import ApproveBudget
from workflows.campaign.stages.negotiation import AgreeTerms, CloseNegotiation, RefuseTerms, ReopenTerms
from workflows.campaign.stages.order import IssueOrders, ReturnToNegotiation
from workflows.campaign.terms.days import DropUnprotected, OfferHasEnded, ProtectedDatesUnclear
from workflows.engine.refusals import ConditionsUnmet
from workflows.order.model import PurchaseOrder
from workflows.parties.roles import Role

Campaigns = Callable[[str], Played]
DROP_ON = date(2026, 10, 13)
ORDERS_ON = date(2026, 8, 21)
"""The day on which the kit's retroplanning sends the orders out."""
AROUND = {"protected_from_on": date(2026, 10, 5), "protected_until_on": date(2026, 10, 24)}


def agree(campaign: Played, code: str, **days: Any) -> None:
    campaign.ask(AgreeTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id(code), **days))


def settle(campaign: Played, code: str, **days: Any) -> None:
    """Agree a list in these terms, and every other one as the brief has it."""
    agree(campaign, code, **days)
    campaign.close_consent(code)
    campaign.settle_lists()


def row_of(campaign: Played, code: str) -> CampaignList:
    (row,) = campaign.rows(CampaignList, col(CampaignList.code) == code, col(CampaignList.to_seq).is_(None))
    found: CampaignList = row
    return found


def orders_of(campaign: Played, code: str) -> list[PurchaseOrder]:
    return campaign.rows(PurchaseOrder, col(PurchaseOrder.list_code) == code, order=col(PurchaseOrder.revision))


# --- an offer's last day --------------------------------------------------------------------------------------------------------------


def test_an_offer_that_has_ended_is_not_agreed_to(played: Campaigns) -> None:
    campaign = played("negotiation")

    with pytest.raises(OfferHasEnded):
        agree(campaign, "ALZ", offer_until_on=campaign.now.date() - timedelta(days=1))
    agree(campaign, "ALZ", offer_until_on=campaign.now.date())


def test_a_negotiation_is_closed_while_every_offer_holds_until_the_orders_go_out(played: Campaigns) -> None:
    campaign = played("negotiation")
    settle(campaign, "ALZ", offer_until_on=ORDERS_ON - timedelta(days=1))

    (unmet,) = campaign.move("close_negotiation").unmet
    assert (unmet.code, unmet.lifted_by) == ("terms.offers_end_early", Role.PROJECT_MANAGER)
    assert unmet.params == {"lists": ["ALZ"], "orders_on": ORDERS_ON}
    with pytest.raises(ConditionsUnmet):
        campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))

    campaign.ask(ReopenTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id("ALZ"), reason="Offre prolongée."))
    settle(campaign, "ALZ", offer_until_on=ORDERS_ON)
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    assert campaign.state == "budget"


def test_a_list_that_is_left_out_holds_nothing_up(played: Campaigns) -> None:
    campaign = played("negotiation")
    settle(campaign, "ALZ", offer_until_on=ORDERS_ON - timedelta(days=1))
    campaign.ask(RefuseTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id("ALZ"), reason="Offre trop courte."))

    assert campaign.unmet("close_negotiation") == {}


def test_agreed_again_without_a_day_an_offer_has_none(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "ALZ", offer_until_on=ORDERS_ON, **AROUND)
    campaign.ask(ReopenTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id("ALZ"), reason="Reprise."))
    assert row_of(campaign, "ALZ").offer_until_on == ORDERS_ON, "kept until something else is agreed"

    agree(campaign, "ALZ")

    row = row_of(campaign, "ALZ")
    assert (row.offer_until_on, row.protected_from_on, row.protected_until_on) == (None, None, None)


def test_an_offer_that_ended_while_the_negotiation_was_late_holds_it_up_though_the_plan_had_it_in_time(played: Campaigns) -> None:
    campaign = played("negotiation")
    settle(campaign, "ALZ", offer_until_on=ORDERS_ON)
    campaign.now = campaign.now.replace(month=9)

    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))

    assert [(unmet.code, unmet.params) for unmet in refusal.value.unmet] == [("terms.offers_ended", {"lists": ["ALZ"]})]


def test_no_order_goes_out_at_an_approval_that_comes_after_an_offer_ended(played: Campaigns) -> None:
    campaign = played("negotiation")
    settle(campaign, "ALZ", offer_until_on=ORDERS_ON)
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    campaign.now = campaign.now.replace(month=9)

    campaign.approve_budget()

    assert (campaign.state, campaign.rows(PurchaseOrder)) == ("order", [])
    assert ("issue_orders", "") in campaign.tasks()
    assert campaign.unmet("issue_orders") == {"terms.offers_ended": {"lists": ["ALZ"]}}
    assert campaign.unmet("confirm_orders") == {"order.withheld": {}}

    campaign.ask(ReturnToNegotiation(subject_id=campaign.campaign_id, reason="L’offre a pris fin."))
    campaign.ask(ReopenTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id("ALZ"), reason="Offre prolongée."))
    settle(campaign, "ALZ", offer_until_on=campaign.now.date() + timedelta(days=10))
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    campaign.approve_budget()
    assert len(orders_of(campaign, "ALZ")) == 1


def test_orders_that_wait_for_something_else_are_not_sent_once_an_offer_has_ended(played: Campaigns) -> None:
    campaign = played("negotiation")
    settle(campaign, "ALZ", offer_until_on=ORDERS_ON)
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    (budget,) = campaign.rows(BudgetVersion)
    asked = ApproveBudget(subject_id=campaign.campaign_id, budget_sha256=budget.sha256, excluded_lists=("DOM",))
    campaign.ask(asked, by=campaign.president)
    campaign.ask(LeaveOutList(subject_id=campaign.campaign_id, list_id=campaign.list_id("DOM"), reason="Condition de l’accord."))
    campaign.now = campaign.now.replace(month=9)

    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(IssueOrders(subject_id=campaign.campaign_id))

    assert [unmet.code for unmet in refusal.value.unmet] == ["terms.offers_ended"]
    assert campaign.rows(PurchaseOrder) == []


# --- protected dates ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "refusal"),
    [
        pytest.param({"protected_from_on": date(2026, 10, 5)}, ProtectedDatesUnclear, id="without an end"),
        pytest.param({"protected_until_on": date(2026, 10, 24)}, ProtectedDatesUnclear, id="without a beginning"),
        pytest.param({"protected_from_on": DROP_ON, "protected_until_on": date(2026, 10, 1)}, ProtectedDatesUnclear, id="turned round"),
        pytest.param({"protected_from_on": date(2026, 9, 1), "protected_until_on": date(2026, 10, 1)}, DropUnprotected, id="too early"),
        pytest.param({"protected_from_on": date(2026, 11, 1), "protected_until_on": date(2026, 11, 9)}, DropUnprotected, id="too late"),
    ],
)
def test_protected_dates_have_two_ends_with_the_drop_between(played: Campaigns, days: dict[str, date], refusal: type[Exception]) -> None:
    campaign = played("negotiation")

    with pytest.raises(refusal):
        agree(campaign, "ALZ", **days)

    assert row_of(campaign, "ALZ").terms_agreed_at is None


def test_the_order_of_a_list_says_its_protected_dates_and_another_none(played: Campaigns) -> None:
    campaign = played("negotiation")
    settle(campaign, "ALZ", **AROUND)
    campaign.close_negotiation()
    campaign.approve_budget()

    said = {one.content.list_terms.list_code: one.content.list_terms for one in campaign.issued("purchase_order") if one.content.list_terms}
    assert (said["ALZ"].protected_from, said["ALZ"].protected_until) == tuple(AROUND.values())
    assert (said["BTN"].protected_from, said["BTN"].protected_until) == (None, None)


def test_protected_dates_follow_a_drop_that_is_moved_with_the_order_that_its_owner_answers_anew(played: Campaigns) -> None:
    campaign = played("negotiation")
    settle(campaign, "ALZ", **AROUND)
    campaign.close_negotiation()
    campaign.approve_budget()

    campaign.ask(MoveDrop(subject_id=campaign.campaign_id, drop_on=DROP_ON + timedelta(days=7), reason="Imprimeur en retard."))

    row, (_first, again) = row_of(campaign, "ALZ"), orders_of(campaign, "ALZ")
    assert (row.protected_from_on, row.protected_until_on) == tuple(day + timedelta(days=7) for day in AROUND.values())
    terms = next(one.content.list_terms for one in campaign.issued("purchase_order") if one.document.subject_id == again.id)
    assert (terms.protected_from, terms.protected_until) == (row.protected_from_on, row.protected_until_on)
    assert again.body["protected"] == [row.protected_from_on.isoformat(), row.protected_until_on.isoformat()]


def test_other_protected_dates_are_another_order_and_the_same_ones_none(played: Campaigns) -> None:
    campaign = played("negotiation")
    settle(campaign, "ALZ", **AROUND)
    campaign.close_negotiation()
    campaign.approve_budget()
    for days, revisions in ((AROUND, 1), (AROUND | {"protected_until_on": date(2026, 10, 31)}, 2)):
        campaign.ask(ReturnToNegotiation(subject_id=campaign.campaign_id, reason="Dates à revoir."))
        campaign.ask(ReopenTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id("ALZ"), reason="Dates à revoir."))
        settle(campaign, "ALZ", **days)
        campaign.close_negotiation()
        campaign.approve_budget()
        assert len(orders_of(campaign, "ALZ")) == revisions


# --- lists that another campaign uses -------------------------------------------------------------------------------------------------


def second(campaign: Played, *, days: int) -> None:
    """Another campaign of the same brief that drops so many days later."""
    campaign.open("26B")
    with campaign.behind_the_engine() as connection:
        connection.execute("update campaign set drop_on = drop_on + %s where code = '26B'", (days,))


def test_a_list_that_another_running_campaign_uses_around_the_same_days_is_told_and_not_refused(played: Campaigns) -> None:
    campaign = played("negotiation")
    second(campaign, days=9)
    campaign.submit_plan()
    warned = {one["code"]: one for one in campaign.campaign.projection["warnings"]}
    told = {code.partition(":")[2]: one for code, one in warned.items() if code.startswith("other_use")}
    assert set(told) == {"ALZ", "BTN", "CDR", "DOM", "ECL"}, "a house list is used as often as the house likes"
    assert (told["ALZ"]["expected"], told["ALZ"]["actual"], told["ALZ"]["campaign"]) == (15, 9, "26A")

    campaign.close_negotiation()

    assert campaign.state == "budget"
    assert campaign.controls("campaign.negotiation.closed")["other_use:ALZ"] == (15, 9, "warning")
    assert "other_use" in {check.code for check in campaign.issued("media_plan")[-1].content.targets}


def test_a_drop_that_is_moved_towards_another_use_is_told_of_it(played: Campaigns) -> None:
    campaign = played("negotiation")
    second(campaign, days=20)
    campaign.submit_plan()
    assert not any(one["code"].startswith("other_use") for one in campaign.campaign.projection["warnings"])

    campaign.ask(MoveDrop(subject_id=campaign.campaign_id, drop_on=campaign.campaign.drop_on - timedelta(days=7), reason="Avancé."))

    assert campaign.controls("campaign.drop.moved")["other_use:BTN"] == (15, 13, "warning")


OF_THE_OTHER = "where campaign_id = (select id from campaign where code = '26A')"


@pytest.mark.parametrize(
    "otherwise",
    [
        pytest.param("update campaign set state = 'cancelled' where code = '26A'", id="given up"),
        pytest.param("update campaign set drop_on = drop_on - 6 where code = '26A'", id="far enough"),
        pytest.param(f"update campaign_list set code = 'X' || code {OF_THE_OTHER}", id="other lists"),
        pytest.param(f"update plan_line set state = 'refused' {OF_THE_OTHER}", id="done without"),
    ],
)
def test_what_is_no_use_around_the_same_days_is_not_told(played: Campaigns, otherwise: str) -> None:
    campaign = played("negotiation")
    second(campaign, days=9)
    with campaign.behind_the_engine() as connection:
        connection.execute(otherwise)

    campaign.submit_plan()

    assert not any(one["code"].startswith("other_use") for one in campaign.campaign.projection["warnings"])


def test_a_policy_may_keep_none_apart(played: Campaigns) -> None:
    campaign = played("negotiation")
    second(campaign, days=0)
    campaign.tune_policy({"thresholds": {"use_days_apart": 0}})

    campaign.submit_plan()

    assert not any(one["code"].startswith("other_use") for one in campaign.campaign.projection["warnings"])
