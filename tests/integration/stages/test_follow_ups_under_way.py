"""A follow-up from its plan to its files: what it keeps to, what its owners are asked, and the days that end it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col

from tests.integration.papers.journey import kept
from tests.integration.stages.followed import AGAIN, AGREED, DROP_ON, UNTIL, Campaigns, followed_up, mailed, open_one
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.moving_drop import MoveDrop
from workflows.campaign.counts.counting import NobodyToAsk, RequestCounts
from workflows.campaign.data_protection.purging import PurgeFiles
from workflows.campaign.follow_up.limits import ListNotBroughtOver
from workflows.campaign.stages.negotiation import RecordConsent
from workflows.campaign.stages.plan import RevisePlan
from workflows.delivery.model import DeliveredFile
from workflows.delivery.process import AcceptDelivery, DeliverFile, ListIsBroughtOver, RecordExamination, RejectDelivery
from workflows.engine.outbox import OutboxMessage
from workflows.order.model import PurchaseOrder
from workflows.parties.actor import SYSTEM
from workflows.plan_line.model import PlanLine

# --- from its plan to its files ---------------------------------------------------------------------------------------------------------


def test_a_follow_up_takes_no_other_list(played: Campaigns) -> None:
    campaign = followed_up(played)
    brief = campaign.kit.brief

    with pytest.raises(ListNotBroughtOver) as refusal:
        campaign.ask(RevisePlan(subject_id=campaign.campaign_id, lists=brief.lists))
    assert refusal.value.params["list"] == "BTN"
    own = [row for row in brief.lists if row.code == "ALZ"]
    with pytest.raises(ListNotBroughtOver):
        campaign.ask(RevisePlan(subject_id=campaign.campaign_id, lists=(replace(own[0], nature="house", owner=None, broker=None),)))


def test_terms_that_were_agreed_are_agreed_and_owners_see_the_mail_piece(played: Campaigns) -> None:
    campaign = followed_up(played)
    campaign.submit_plan()

    states = {(line.list_code, line.state) for line in campaign.rows(PlanLine, col(PlanLine.to_seq).is_(None))}
    assert states == {("ALZ", "agreed"), ("MAI", "owner_approved")}
    assert ("settle_list", "ALZ") in campaign.tasks()
    assert set(campaign.unmet("close_negotiation")) == {"negotiation.lists_open"}
    campaign.ask(RecordConsent(subject_id=campaign.campaign_id, list_id=campaign.list_id("ALZ")))
    assert campaign.unmet("close_negotiation") == {}


def test_nobody_is_asked_to_count_what_is_brought_over(played: Campaigns) -> None:
    campaign = followed_up(played)
    campaign.submit_plan()

    with pytest.raises(NobodyToAsk):
        campaign.ask(RequestCounts(subject_id=campaign.campaign_id, list_ids=(campaign.list_id("ALZ"),)))


def test_a_price_that_is_changed_in_the_plan_is_negotiated(played: Campaigns) -> None:
    campaign = followed_up(played, "ALZ")
    (own,) = (row for row in campaign.kit.brief.lists if row.code == "ALZ")
    campaign.ask(RevisePlan(subject_id=campaign.campaign_id, lists=(replace(own, cpm=Decimal(80)),)))
    campaign.submit_plan()

    assert {line.state for line in campaign.rows(PlanLine, col(PlanLine.to_seq).is_(None))} == {"candidate"}


def ordered(campaign: Played) -> Played:
    """The follow-up with its orders out."""
    campaign.submit_plan()
    campaign.close_consent("ALZ")
    campaign.close_negotiation()
    campaign.approve_budget()
    return campaign


def test_an_owner_gets_an_order_at_the_price_of_the_second_use_and_is_asked_for_no_file(played: Campaigns) -> None:
    campaign = ordered(followed_up(played))

    (said,) = (one.content for one in campaign.issued("purchase_order") if one.content.list_terms)
    terms = said.list_terms
    assert (terms.use, terms.cpm, terms.list_code) == ("follow_up", Decimal(90), "ALZ")
    assert (terms.follow_up.campaign_code, terms.follow_up.dropped_on) == ("26A", DROP_ON)
    assert terms.follow_up.order_number.startswith("BC-26A-")
    campaign.confirm_orders()

    assert campaign.state == "delivery"
    assert [name for name, _label in campaign.tasks() if name == "deliver_list"] == []
    (asked,) = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "bring_lists_over")
    assert set(asked.payload["lists"]) == {str(campaign.list_id("ALZ")), str(campaign.list_id("MAI"))}


MADE_OF = {"campaign": "26A", "sha256": "a" * 64, "mailed": 900, "left_out": {"answered": 12}, "seconds": 0}


def bring(campaign: Played, code: str, count: int) -> Any:
    """What a machine does: make the file and look at it."""
    asked = DeliverFile(subject_id=campaign.list_id(code), file=kept(f"{code}_26A.csv"), declared_count=count, brought_over=MADE_OF)
    file_id = campaign.ask(asked, by=SYSTEM).subject.id
    report = {"kind": "csv", "encoding": "utf-8", "defects": []}
    campaign.ask(RecordExamination(subject_id=file_id, record_count=count, conforming=True, report=report, findings=()), by=SYSTEM)
    return file_id


def test_what_is_brought_over_is_all_there_is_however_many_answered_since(played: Campaigns) -> None:
    campaign = ordered(followed_up(played))
    campaign.confirm_orders()
    for code in ("ALZ", "MAI"):
        campaign.ask(AcceptDelivery(subject_id=bring(campaign, code, 10)))

    assert {line.state for line in campaign.rows(PlanLine, col(PlanLine.to_seq).is_(None))} == {"accepted"}
    assert campaign.controls("delivery.accepted")["list_delivered"][2] == "warning"
    (file,) = campaign.rows(DeliveredFile, col(DeliveredFile.list_code) == "ALZ")
    assert file.brought_over == MADE_OF


def test_nobody_delivers_what_is_brought_over_and_nobody_refuses_it(played: Campaigns) -> None:
    campaign = ordered(followed_up(played))
    campaign.confirm_orders()

    for by in (campaign.manager, campaign.actors["S-CRT"]):
        with pytest.raises(ListIsBroughtOver):
            campaign.ask(DeliverFile(subject_id=campaign.list_id("ALZ"), file=kept("autre.csv")), by=by)
    with pytest.raises(ListIsBroughtOver):
        campaign.ask(RejectDelivery(subject_id=bring(campaign, "ALZ", 10), reason="Non."))


def test_a_machine_brings_over_nothing_of_a_list_that_is_delivered(played: Campaigns) -> None:
    campaign = played("delivery")

    with pytest.raises(ListIsBroughtOver):
        campaign.ask(DeliverFile(subject_id=campaign.list_id("ALZ"), file=kept("a.csv"), brought_over=MADE_OF), by=SYSTEM)


# --- days -------------------------------------------------------------------------------------------------------------------------------


def test_a_drop_that_is_moved_beyond_the_second_use_holds_the_negotiation_up(played: Campaigns) -> None:
    campaign = mailed(played, **{**AGREED, "reuse_until_on": AGAIN})
    campaign.campaign_id = open_one(campaign, "ALZ").id
    campaign.submit_plan()
    campaign.close_consent("ALZ")
    campaign.ask(MoveDrop(subject_id=campaign.campaign_id, drop_on=AGAIN + timedelta(days=1), reason="Imprimeur en retard."))

    assert campaign.unmet("close_negotiation") == {"follow_up.reuse_ends_early": {"lists": ["ALZ"], "drop_on": AGAIN + timedelta(days=1)}}


def test_a_drop_that_is_moved_beyond_the_addresses_holds_the_negotiation_up(played: Campaigns) -> None:
    campaign = followed_up(played)
    campaign.submit_plan()
    campaign.close_consent("ALZ")
    campaign.ask(MoveDrop(subject_id=campaign.campaign_id, drop_on=UNTIL, reason="Imprimeur en retard."))

    (unmet,) = campaign.move("close_negotiation").unmet
    assert (unmet.code, unmet.params["lists"], unmet.params["campaign"]) == ("follow_up.addresses_end", ["ALZ", "MAI"], "26A")


def test_no_order_goes_out_for_addresses_that_are_destroyed(played: Campaigns) -> None:
    campaign = mailed(played)
    parent_id = campaign.campaign_id
    campaign.campaign_id = open_one(campaign, "ALZ").id
    campaign.submit_plan()
    campaign.close_consent("ALZ")
    campaign.close_negotiation()
    campaign.now = campaign.now + timedelta(days=91)
    campaign.ask(PurgeFiles(subject_id=parent_id), by=SYSTEM)
    campaign.approve_budget()

    assert campaign.rows(PurchaseOrder) == []
    assert set(campaign.unmet("issue_orders")) == {"follow_up.addresses_gone"}


def test_another_use_of_a_list_is_told_but_not_the_one_that_is_followed_up(played: Campaigns) -> None:
    campaign = followed_up(played)
    with campaign.behind_the_engine() as connection:
        connection.execute("update campaign set dropped_on = %s where code = '26A'", (AGAIN - timedelta(days=2),))
    campaign.submit_plan()

    assert not any(one["code"].startswith("other_use") for one in campaign.campaign.projection["warnings"])
