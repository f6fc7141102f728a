"""Send: a lot that is not mailed after all leaves every count, with a reason, and the mailer is told by a new order."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col

from tests.integration.stages.played import Played
from tests.integration.stages.test_send import deposit, pieces
from workflows.campaign.records import Lot, Override
from workflows.campaign.results.figures import lot_counts
from workflows.campaign.rules import ReasonMissing
from workflows.campaign.send.not_sending import LeaveLotUnsent, LotNotLeftUnsent, LotPosted, NothingLeftToSend, SendLotAfterAll, UnknownLot
from workflows.campaign.stages.send import ConfirmDrop, OrderMailing
from workflows.engine.documents import Document
from workflows.engine.refusals import NotYourMove

Campaigns = Callable[[str], Played]
WHY = "Encart arrivé abîmé."


def leave(campaign: Played, code: str, reason: str = WHY) -> None:
    campaign.ask(LeaveLotUnsent(subject_id=campaign.campaign_id, lot=code, reason=reason))


def newest_order(campaign: Played) -> dict[str, Any]:
    issued = max(campaign.rows(Document, col(Document.kind) == "mailing_order"), key=lambda one: one.requested_seq)
    content: dict[str, Any] = json.loads(issued.content)
    return content


def test_the_others_are_posted_without_it_and_it_leaves_every_count(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    gone, *others = pieces(campaign)
    leave(campaign, gone)
    assert campaign.unmet("record_deposit") == {"send.order_of_other_lots": {"lots": [gone]}}
    campaign.ask(OrderMailing(subject_id=campaign.campaign_id))

    deposit(campaign, {code: pieces(campaign)[code] for code in others})
    campaign.ask(ConfirmDrop(subject_id=campaign.campaign_id))

    assert campaign.state == "responses"
    with campaign.reading() as session:
        mailed = {code: counts.mailed for code, counts in lot_counts(campaign.facts(session)).items()}
    assert mailed[gone] == 0
    assert all(mailed[code] for code in others)


def test_an_order_that_is_out_is_sent_again_and_names_what_is_not_to_be_posted(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    assert ("order_mailing", "") not in campaign.tasks("open")
    gone, *others = pieces(campaign)
    leave(campaign, gone)
    assert campaign.tasks("open").count(("order_mailing", "")) == 1
    leave(campaign, others[0])
    assert campaign.tasks("open").count(("order_mailing", "")) == 1, "one order tells of both"

    campaign.ask(OrderMailing(subject_id=campaign.campaign_id))

    content = newest_order(campaign)
    assert {row["code"] for row in content["left_unsent"]} == {gone, others[0]}
    assert {row["reason"] for row in content["left_unsent"]} == {WHY}
    assert {row["code"] for row in content["lots"]} == set(others[1:])


def test_before_the_order_nothing_more_is_asked(played: Campaigns) -> None:
    campaign = played("send")
    leave(campaign, next(iter(pieces(campaign))))
    assert campaign.tasks("open").count(("order_mailing", "")) == 1


def test_it_can_be_mailed_after_all(played: Campaigns) -> None:
    campaign = played("send")
    gone = next(iter(pieces(campaign)))
    leave(campaign, gone)
    campaign.ask(SendLotAfterAll(subject_id=campaign.campaign_id, lot=gone))
    assert {lot.not_sent_reason for lot in campaign.rows(Lot)} == {""}
    with pytest.raises(LotNotLeftUnsent):
        campaign.ask(SendLotAfterAll(subject_id=campaign.campaign_id, lot=gone))


def test_the_rest_of_a_lot_posted_in_part_is_left_with_a_reason_and_reviewed(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    code, expected = max(pieces(campaign).items(), key=lambda item: item[1])
    deposit(campaign, {**pieces(campaign), code: expected - 30}, rest_follows=True)

    leave(campaign, code)

    assert campaign.move("confirm_drop").is_open
    assert {(one.control, one.about, one.actual, one.reason) for one in campaign.rows(Override)} == {
        ("deposit", code, str(expected - 30), WHY)
    }
    assert sorted(name for name, _ in campaign.tasks(but="send_invoice")) == ["confirm_drop", "review_override"]
    assert {lot.not_sent_reason for lot in campaign.rows(Lot)} == {""}, "the lot itself was mailed"
    (lot,) = campaign.rows(Lot, col(Lot.code) == code)
    with campaign.reading() as session:
        assert lot_counts(campaign.facts(session))[code].mailed == lot.quantity - 30, "to fewer people"


def test_what_is_posted_what_is_last_and_what_is_unknown_stays(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    first, *others = pieces(campaign)
    deposit(campaign, {first: pieces(campaign)[first]})
    with pytest.raises(LotPosted):
        leave(campaign, first)
    with pytest.raises(UnknownLot):
        leave(campaign, "26AXXX")
    with pytest.raises(ReasonMissing):
        leave(campaign, others[0], " ")
    with pytest.raises(NotYourMove):
        campaign.ask(LeaveLotUnsent(subject_id=campaign.campaign_id, lot=others[0], reason=WHY), by=campaign.president)


def test_without_any_lot_the_campaign_is_to_be_cancelled(played: Campaigns) -> None:
    campaign = played("send")
    *others, last = pieces(campaign)
    for code in others:
        leave(campaign, code)
    with pytest.raises(NothingLeftToSend):
        leave(campaign, last)
