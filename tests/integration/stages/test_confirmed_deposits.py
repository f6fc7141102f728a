"""What is found wrong of a deposit once the posting is confirmed: the project manager corrects it by what shows it; the rest follows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col

from tests.integration.papers.journey import DROP, a_return, kept
from tests.integration.stages.played import Played
from tests.integration.stages.test_responses import gift, import_file, record
from workflows.campaign.records import CampaignResult, Deposit, Lot, Override, StoredFile
from workflows.campaign.rules import ReasonMissing
from workflows.campaign.send.correcting import DepositIsOver, DepositUnchanged
from workflows.campaign.send.correcting_confirmed import (
    CameBeforeDrop,
    CorrectConfirmedDeposit,
    EvidenceMissing,
    LeftOutBeforeDrop,
    LotsWouldLack,
    MoreCameBack,
)
from workflows.campaign.send.proving import DepositDeviates
from workflows.campaign.stages.responses import RecordBatch
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import ConditionsUnmet, NotYourMove
from workflows.parties.actor import SYSTEM

DAY = DROP.date()
LOT = "26AALZP12AR"


@pytest.fixture
def campaign(played: Callable[[str], Played]) -> Played:
    """A campaign that waits for answers, a week after its drop."""
    there = played("responses")
    there.now = DROP + timedelta(days=7)
    return there


def standing(campaign: Played) -> Deposit:
    (found,) = campaign.rows(Deposit, col(Deposit.to_seq).is_(None))
    deposit: Deposit = found
    return deposit


def correct(campaign: Played, by: Any = None, **asked: Any) -> None:
    deposit = standing(campaign)
    as_it_was = {name: getattr(deposit, name) for name in ("deposited_on", "slip_number", "quantities", "rest_follows", "explanation")}
    more = {"deposit_id": deposit.id, "reason": "Relevé de La Poste.", "slip": kept("releve.pdf")}
    campaign.ask(CorrectConfirmedDeposit(subject_id=campaign.campaign_id, **(as_it_was | more | asked)), by=by)


def lot_of(campaign: Played, code: str = LOT) -> Lot:
    (found,) = campaign.rows(Lot, col(Lot.code) == code, col(Lot.to_seq).is_(None))
    lot: Lot = found
    return lot


def fewer(campaign: Played, by: int = 100) -> dict[str, Any]:
    """A hundred pieces of a lot that the post never had, and why."""
    wanted = standing(campaign).quantities
    return {"quantities": wanted | {LOT: wanted[LOT] - by}, "explanation": "Une palette perdue."}


def test_counts_are_corrected_with_what_shows_them_and_both_stay_on_record(campaign: Played) -> None:
    first, handed = standing(campaign), lot_of(campaign).pieces
    correct(campaign, **fewer(campaign))

    second = standing(campaign)
    assert (second.version, second.corrects_id, second.correction) == (2, first.id, "Relevé de La Poste.")
    assert (first.quantities[LOT], second.quantities[LOT]) == (handed, handed - 100)
    assert [one.name for one in campaign.rows(StoredFile, col(StoredFile.id) == second.file_id)] == ["releve.pdf"]
    assert lot_of(campaign).deposited == handed - 100
    (let_pass,) = campaign.rows(Override, col(Override.about) == LOT)
    assert let_pass.reason == "Une palette perdue."
    assert "review_override" in [name for name, _ in campaign.tasks()]
    assert campaign.controls("campaign.deposit.amended")[f"deposit:{LOT}"][:2] == (handed, handed - 100)
    with pytest.raises(DepositIsOver):
        correct(campaign, deposit_id=first.id)


def test_the_mailer_s_invoice_is_controlled_anew_by_the_pieces_that_are_right(campaign: Played) -> None:
    invoice = campaign.send_invoice("S-ROU")
    assert invoice.state == "matched"
    correct(campaign, **fewer(campaign))

    (again,) = campaign.rows(type(invoice), col(type(invoice).id) == invoice.id)
    assert again.due_amount < invoice.due_amount
    assert again.state != "matched"
    assert ("decide_invoice", invoice.number) in campaign.tasks()


def test_another_first_day_moves_the_drop_and_the_days_on_which_files_end(campaign: Played) -> None:
    before = campaign.campaign
    ended = {row.id for row in campaign.rows(StoredFile, col(StoredFile.purge_on) == before.purge_on)}
    assert ended
    correct(campaign, deposited_on=DAY + timedelta(days=2))

    after = campaign.campaign
    assert after.dropped_on == DAY + timedelta(days=2)
    assert {row.id for row in campaign.rows(StoredFile, col(StoredFile.purge_on) == before.purge_on + timedelta(days=2))} >= ended
    assert campaign.controls("campaign.deposit.amended")["drop_on"] == (DAY.isoformat(), (DAY + timedelta(days=2)).isoformat(), "warning")
    purges = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "purge_files")
    assert after.purge_on in {one.not_before.date() for one in purges}


def test_a_drop_that_stays_is_not_told_of(campaign: Played) -> None:
    correct(campaign, slip_number="D-9")
    assert "drop_on" not in campaign.controls("campaign.deposit.amended")
    assert campaign.campaign.dropped_on == DAY


def test_it_takes_a_reason_a_paper_and_the_project_manager(campaign: Played) -> None:
    with pytest.raises(ReasonMissing):
        correct(campaign, slip_number="D-2", reason=" ")
    with pytest.raises(EvidenceMissing):
        correct(campaign, slip_number="D-2", slip=None)
    with pytest.raises(NotYourMove):
        correct(campaign, slip_number="D-2", by=campaign.actors["S-ROU"])
    correct(campaign, slip_number="D-2")
    with pytest.raises(DepositUnchanged):
        correct(campaign)


def test_what_was_confirmed_still_accounts_for_every_lot(campaign: Played) -> None:
    wanted = standing(campaign).quantities
    with pytest.raises(DepositDeviates):
        correct(campaign, **(fewer(campaign) | {"explanation": ""}))
    with pytest.raises(LotsWouldLack) as refusal:
        correct(campaign, **(fewer(campaign) | {"explanation": "", "rest_follows": True}))
    assert refusal.value.params == {"lots": [LOT]}
    with pytest.raises(LotsWouldLack):
        correct(campaign, quantities={code: pieces for code, pieces in wanted.items() if code != LOT})
    assert standing(campaign).version == 1


def test_no_lot_brings_back_more_than_went_out(campaign: Played) -> None:
    back = tuple(a_return(LOT, number) for number in range(4))
    batch = import_file(campaign, "pnd.csv", kind="undeliverables")
    campaign.ask(RecordBatch(subject_id=campaign.campaign_id, batch_id=batch, undeliverables=back), by=SYSTEM)
    with pytest.raises(MoreCameBack) as refusal:
        correct(campaign, **fewer(campaign, by=lot_of(campaign).pieces - 3))
    assert refusal.value.params == {"lot": LOT, "returned": 4, "pieces": 3}
    correct(campaign, **fewer(campaign, by=lot_of(campaign).pieces - 4))


def test_no_answer_comes_before_the_drop(campaign: Played) -> None:
    record(campaign, import_file(campaign, "lundi.csv"), gift(1, responded_on=date(2026, 10, 15)))
    with pytest.raises(CameBeforeDrop) as refusal:
        correct(campaign, deposited_on=date(2026, 10, 16))
    assert refusal.value.params == {"dropped_on": date(2026, 10, 16), "came_on": date(2026, 10, 15)}
    correct(campaign, deposited_on=date(2026, 10, 15))


def test_an_earlier_drop_is_refused_where_answers_were_left_out_for_coming_before_it(campaign: Played) -> None:
    earlier = {"deposited_on": DAY - timedelta(days=1), "explanation": "Déposé la veille."}
    set_aside = replace(gift(1), attribution="set_aside", reason="date_before_drop", responded_on=None, lot_code=None, unique_id="")
    record(campaign, import_file(campaign, "lundi.csv"), gift(2), set_aside)
    with pytest.raises(LeftOutBeforeDrop) as refusal:
        correct(campaign, **earlier)
    assert refusal.value.params == {"dropped_on": DAY - timedelta(days=1), "answers": 1}


def test_figures_are_computed_and_published_anew(played: Callable[[str], Played]) -> None:
    campaign = played("analysis")
    campaign.publish()
    asked = len(campaign.rows(OutboxMessage, col(OutboxMessage.name) == "compute_results"))
    correct(campaign, **fewer(campaign, by=1))

    assert len(campaign.rows(OutboxMessage, col(OutboxMessage.name) == "compute_results")) == asked + 1
    campaign.publish()
    assert len(campaign.rows(CampaignResult, col(CampaignResult.to_seq).is_(None))) == 1


def test_a_closed_campaign_says_that_its_analysis_is_opened_first(played: Callable[[str], Played]) -> None:
    campaign = played("closed")
    assert set(campaign.unmet("correct_confirmed_deposit")) == {"send.analysis_is_closed"}
    with pytest.raises(ConditionsUnmet):
        correct(campaign, slip_number="D-2")
