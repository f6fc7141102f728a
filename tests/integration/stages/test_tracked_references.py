"""Numbers, addresses and QR codes that lots carry: stated, printed, ordered again when they change, and told by answers."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from app.queries.responses import count_credited, get_responses
from app.queries.results import get_results
from tasks.responses.other_mail import other_mail
from tests.integration.stages import test_people_held_out as answering
from tests.integration.stages.followed import open_one
from tests.integration.stages.played import Played
from tests.integration.stages.test_people_held_out import HELD_OUT, bring, lots
from tests.integration.stages.test_send import deposit, pieces
from workflows.campaign.documents import MailingChange, words
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.records import CampaignResult, Lot, LotPlan, Response
from workflows.campaign.results.figures import compute
from workflows.campaign.send.describing import MailingIsPosted, MailingUnchanged
from workflows.campaign.send.not_sending import LeaveLotUnsent
from workflows.campaign.send.records import LotTracking
from workflows.campaign.send.tracking import (
    LotNotMailed,
    ReferenceShared,
    ReferenceTwice,
    ReferenceUnreadable,
    TrackLots,
    tracked_references,
)
from workflows.campaign.stages.lots import FreezeLots
from workflows.campaign.stages.send import ConfirmDrop, OrderMailing
from workflows.engine.canonical import read_json
from workflows.engine.refusals import NotYourMove
from workflows.trade.tracking import Kind, TrackedReference

Campaigns = Callable[[str], Played]


def track(campaign: Played, *references: TrackedReference, **by: Any) -> None:
    campaign.ask(TrackLots(subject_id=campaign.campaign_id, references=references), **by)


def mailed(campaign: Played) -> list[str]:
    return [lot.code for lot in campaign.rows(Lot, col(Lot.to_seq).is_(None), order=col(Lot.code)) if lot.is_sent]


def phone(lot: str, number: str = "09 70 12 34 56") -> TrackedReference:
    return TrackedReference(lot_code=lot, kind=Kind.PHONE, value=number)


def address(lot: str, kind: Kind = Kind.URL) -> TrackedReference:
    return TrackedReference(lot_code=lot, kind=kind, value=f"https://don.example.org/{lot}")


def test_plan_and_order_print_what_is_said_before_the_lots_are_frozen(played: Campaigns) -> None:
    campaign = played("lots")
    assert "lots.not_made" in campaign.unmet("track_lots")
    campaign.record_lots()
    first, second, *_rest = mailed(campaign)
    track(campaign, phone(first, " 09 70 12 34 56 "), address(first), address(first, Kind.QR), address(second, Kind.QR))
    (made,) = campaign.rows(LotPlan)
    campaign.ask(FreezeLots(subject_id=campaign.campaign_id, lot_plan_sha256=made.sha256))
    campaign.accept_overrun()
    campaign.order_mailing()

    for kind in ("lot_plan", "mailing_order"):
        (paper,) = campaign.issued(kind)
        carried = {lot.code: (lot.phone, lot.url, lot.qr) for lot in paper.content.lots if lot.is_tracked}
        own = {code: f"https://don.example.org/{code}" for code in (first, second)}
        assert carried == {first: ("09 70 12 34 56", own[first], own[first]), second: ("", "", own[second])}
    (plan,) = campaign.issued("lot_plan")
    message = {lot.code: lot.message for lot in plan.content.lots}[first]
    assert {row.code: row.tracked_by for row in plan.content.messages}[message] == "CODE_LOT · ID_UNIQUE · TEL · URL · QR"


def test_papers_of_lots_that_carry_nothing_have_no_field_more(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()

    for kind in ("lot_plan", "mailing_order"):
        (issued,) = campaign.issued(kind)
        content = read_json(issued.document.content)
        assert not any(lot.keys() & {"phone", "url", "qr"} for lot in content["lots"])
        assert {row["tracked_by"] for row in content.get("messages", ())} <= {"CODE_LOT · ID_UNIQUE"}


def test_what_changes_after_the_order_is_ordered_again_and_the_plan_is_issued_anew(played: Campaigns) -> None:
    campaign = played("send")
    first, second, *_rest = mailed(campaign)
    track(campaign, phone(first), address(second))
    campaign.order_mailing()
    track(campaign, phone(second), address(second))

    assert campaign.unmet("record_deposit") == {"send.order_of_other_references": {}}
    assert "send.order_of_other_references" in campaign.unmet("confirm_drop")
    assert campaign.tasks().count(("order_mailing", "")) == 1
    campaign.ask(OrderMailing(subject_id=campaign.campaign_id))

    order, plan = campaign.issued("mailing_order")[-1].content, campaign.issued("lot_plan")[-1].content
    assert order.changes == (
        MailingChange(field="tracked_phone", lot=first, before=words("09 70 12 34 56"), after=None),
        MailingChange(field="tracked_phone", lot=second, before=None, after=words("09 70 12 34 56")),
    )
    assert [paper.content.head.revision for paper in campaign.issued("lot_plan")] == [1, 2, 3]
    assert {lot.code: lot.phone for lot in plan.lots if lot.phone} == {second: "09 70 12 34 56"}
    assert order.lot_plan_number == plan.reference == f"{plan.head.number}/3"
    deposit(campaign, pieces(campaign), by=campaign.actors["S-ROU"])
    campaign.ask(ConfirmDrop(subject_id=campaign.campaign_id))


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda first, _second: (phone("26NOBODY"),), LotNotMailed),
        (lambda first, _second: (phone(first, "12"),), ReferenceUnreadable),
        (lambda first, _second: (replace(address(first), value="no address"),), ReferenceUnreadable),
        (lambda first, _second: (replace(address(first), value=f"x.org/{'x' * 200}"),), ReferenceUnreadable),
        (lambda first, _second: (phone(first), phone(first, "3620")), ReferenceTwice),
        (lambda first, second: (phone(first), phone(second, "+33970123456")), ReferenceShared),
        (lambda first, second: (address(first), replace(address(second, Kind.QR), value=f"DON.example.org/{first}/")), ReferenceShared),
    ],
)
def test_what_tells_no_lot_is_refused(played: Campaigns, make: Any, refusal: type[Exception]) -> None:
    campaign = played("send")
    before = campaign.trace()
    with pytest.raises(refusal):
        track(campaign, *make(*mailed(campaign)[:2]))
    assert campaign.trace() == before


def test_people_held_out_carry_nothing_and_a_manager_says_what_lots_carry(played: Campaigns) -> None:
    campaign = played("lots")
    campaign.held_out = HELD_OUT
    campaign.tune_policy({"thresholds": {"minimum_cell": 50, "minimum_responses": 5}})
    campaign.reach("send")
    (held,) = lots(campaign, "ALZ", "holdout")
    with pytest.raises(LotNotMailed):
        track(campaign, phone(held.code))
    with pytest.raises(NotYourMove):
        track(campaign, phone(mailed(campaign)[0]), by=campaign.president)


def test_saying_it_again_is_no_version_and_every_version_is_kept(played: Campaigns) -> None:
    campaign = played("send")
    first = mailed(campaign)[0]
    with pytest.raises(MailingUnchanged):
        track(campaign)
    track(campaign, address(first), phone(first))
    with pytest.raises(MailingUnchanged):
        track(campaign, phone(first), address(first))
    track(campaign)

    before, now = campaign.rows(LotTracking, order=LotTracking.from_seq)
    assert (before.to_seq, now.to_seq) == (now.from_seq, None)
    assert [one["kind"] for one in before.body["references"]] == ["phone", "url"]
    assert now.body == {"references": []}


def test_once_something_is_posted_lots_carry_what_they_carry(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    first = next(iter(pieces(campaign)))
    deposit(campaign, {first: pieces(campaign)[first]})
    with pytest.raises(MailingIsPosted):
        track(campaign, phone(first))


# --- answers ----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def tracking(played: Campaigns) -> Played:
    """A campaign that held people out and was mailed; its first test lot carries a number, its rollout an address."""
    campaign = played("lots")
    campaign.held_out = HELD_OUT
    campaign.tune_policy({"thresholds": {"minimum_cell": 50, "minimum_responses": 5}})
    campaign.reach("send")
    (rollout,), (test,) = (lots(campaign, "ALZ", role) for role in ("rollout", "test"))
    track(campaign, phone(test.code), address(rollout.code), address(rollout.code, Kind.QR))
    return campaign


def answers_of(campaign: Played) -> tuple[list[str], Lot, Lot]:
    """Of both lots: by number and by address, by code against the number, by a name, and by a number that nobody carries."""
    (rollout,), (test,) = (lots(campaign, "ALZ", role) for role in ("rollout", "test"))
    rows = [
        "20/10/2026;;;phone;don;30,00;carte;1;;;09 70 12 34 56",
        "20/10/2026;;;phone;information;;;1;;;+33970123456",
        f"20/10/2026;;;web;don;20,00;carte;1;;;/{rollout.code}",
        f"20/10/2026;{rollout.code};;web;don;10,00;carte;1;;;0970123456",
        f"20/10/2026;{test.code};;web;don;10,00;carte;1;;;0970123456",
        f"{answering.answer(test, 1)};0999999999",
        "20/10/2026;;;phone;don;30,00;carte;1;;;0999999999",
    ]
    return rows, rollout, test


def test_answers_are_credited_by_what_lots_carry_and_each_step_is_counted(
    tracking: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = tracking.reach("responses")
    rows, rollout, test = answers_of(campaign)
    monkeypatch.setattr(answering, "HEAD", f"{answering.HEAD};TRACE")
    bring(campaign, tmp_path, rows)

    with campaign.reading() as session:
        facts = campaign.facts(session)
        page, counted, figures = get_responses(facts, now=campaign.now), count_credited(facts), compute(facts)
    by_step = {"lot_code": 2, "tracked": 3, "name_and_postcode": 1, "unattributed": 1}
    assert counted == (by_step, 1)
    assert (page.by_attribution, page.disagreed, page.attributed) == (by_step, 1, 6)
    credited = {(row.attribution, row.lot_code) for row in campaign.rows(Response)}
    assert {("tracked", test.code), ("tracked", rollout.code), ("lot_code", rollout.code)} <= credited
    assert figures["credited"] == {
        "steps": {
            "lot_code": {"responses": 2, "amount": "20.00"},
            "tracked": {"responses": 3, "amount": "50.00"},
            "name_and_postcode": {"responses": 1, "amount": "30.00"},
            "unattributed": {"responses": 1, "amount": "30.00"},
        },
        "disagreed": 1,
    }
    assert sum(one["responses"] for one in figures["lists"].values()) == 6


def test_figures_of_a_campaign_whose_lots_carry_nothing_say_nothing_of_steps(played: Campaigns, tmp_path: Path) -> None:
    campaign = played("responses")
    with campaign.reading() as session:
        assert "credited" not in compute(campaign.facts(session))


def test_results_and_their_report_say_by_what_answers_were_credited(tracking: Played) -> None:
    campaign = tracking.reach("closed")
    (result,) = campaign.rows(CampaignResult)
    with campaign.reading() as session:
        assert get_results(campaign.facts(session)).credited == result.body["credited"]
    report = campaign.issued("results_report")[-1].content
    taken = result.body["credited"]["steps"]
    assert taken
    assert {row.code: (row.responses, f"{row.amount:.2f}") for row in report.credited} == {
        step: (one["responses"], one["amount"]) for step, one in taken.items()
    }


def test_a_lot_that_was_left_unsent_is_credited_by_nothing_that_it_carries(
    tracking: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (test,) = lots(tracking, "ALZ", "test")
    tracking.ask(LeaveLotUnsent(subject_id=tracking.campaign_id, lot=test.code, reason="l'imprimeur n'a plus de papier"))
    campaign = tracking.reach("responses")
    monkeypatch.setattr(answering, "HEAD", f"{answering.HEAD};TRACE")
    bring(campaign, tmp_path, ["20/10/2026;;;phone;don;30,00;carte;1;;;09 70 12 34 56"])

    (row,) = campaign.rows(Response)
    assert (row.attribution, row.traced_lot) == ("unattributed", "")


def test_a_follow_up_knows_what_the_lots_before_it_carry_and_carries_nothing_itself(tracking: Played) -> None:
    campaign = tracking.reach("responses")
    open_one(campaign, "MAI", campaign_code="26R")
    (test,) = lots(campaign, "ALZ", "test")
    with campaign.reading() as session:
        follow_up = session.exec(select(Campaign).where(Campaign.follow_up_of_id == campaign.campaign_id)).one()
        others = other_mail(session, follow_up, [])
        assert others.tracked.lot_by_mark[others.tracked.mark_in("0970123456")] == test.code
        assert tracked_references(CampaignFacts(session, follow_up)) == ()
