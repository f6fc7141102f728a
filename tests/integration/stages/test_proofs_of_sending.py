"""Messages and calls are proved as the post's pieces are, but apart from them; calls have a first and a last day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.integration.papers.journey import DROP
from tests.integration.stages.played import Played
from workflows.campaign.records import Deposit, Lot
from workflows.campaign.send.correcting import CorrectDeposit, DepositUnchanged
from workflows.campaign.send.proving import (
    DepositEndsOtherwise,
    DepositIsToCome,
    DepositOfSeveralWays,
    DepositOutsideWindow,
    RecordDeposit,
)
from workflows.campaign.stages.send import ConfirmDrop
from workflows.engine.refusals import ConditionsUnmet

FIRST = DROP.date()


@pytest.fixture
def campaign(played: Callable[[str], Played]) -> Played:
    """Message A is posted, message B told by telephone, three days after the drop was planned."""
    there = played("send")
    with there.behind_the_engine() as connection:
        connection.execute("update lot set channel = 'phone' where message = 'B'")
    there.order_mailing()
    there.now = DROP + timedelta(days=3)
    return there


def of(campaign: Played, message: str) -> dict[str, int]:
    return {lot.code: lot.pieces for lot in campaign.rows(Lot) if lot.is_sent and lot.message == message}


def prove(campaign: Played, quantities: dict[str, int], **said: Any) -> None:
    proved = {"deposited_on": FIRST, "slip_number": "A-1", "quantities": quantities} | said
    campaign.ask(RecordDeposit(subject_id=campaign.campaign_id, **proved))


def test_what_is_posted_and_who_is_called_are_proved_apart(campaign: Played) -> None:
    with pytest.raises(DepositOfSeveralWays):
        prove(campaign, of(campaign, "A") | of(campaign, "B"))
    prove(campaign, of(campaign, "A"))
    with pytest.raises(ConditionsUnmet):
        campaign.ask(ConfirmDrop(subject_id=campaign.campaign_id))
    prove(campaign, of(campaign, "B"))
    campaign.ask(ConfirmDrop(subject_id=campaign.campaign_id))


def test_calls_have_a_first_and_a_last_day_and_the_first_counts_as_the_drop(campaign: Played) -> None:
    last = FIRST + timedelta(days=3)
    prove(campaign, of(campaign, "A"), deposited_on=FIRST + timedelta(days=1))
    prove(campaign, of(campaign, "B"), ended_on=last)
    campaign.ask(ConfirmDrop(subject_id=campaign.campaign_id))

    calls = next(one for one in campaign.rows(Deposit) if one.ended_on)
    assert (calls.deposited_on, calls.ended_on) == (FIRST, last)
    assert campaign.campaign.dropped_on == FIRST


def test_pieces_have_no_last_day_and_calls_none_before_the_first(campaign: Played) -> None:
    with pytest.raises(DepositEndsOtherwise):
        prove(campaign, of(campaign, "A"), ended_on=FIRST + timedelta(days=1))
    with pytest.raises(DepositEndsOtherwise):
        prove(campaign, of(campaign, "B"), ended_on=FIRST - timedelta(days=1))


def test_calls_are_proved_once_the_last_is_made(campaign: Played) -> None:
    with pytest.raises(DepositIsToCome) as refusal:
        prove(campaign, of(campaign, "B"), ended_on=FIRST + timedelta(days=4))
    assert refusal.value.params == {"deposited_on": FIRST + timedelta(days=4)}


def test_calls_that_last_longer_than_files_are_lent_need_a_word(campaign: Played) -> None:
    campaign.now = DROP + timedelta(days=20)
    late = {"ended_on": FIRST + timedelta(days=20)}
    with pytest.raises(DepositOutsideWindow) as refusal:
        prove(campaign, of(campaign, "B"), **late)
    assert refusal.value.params["deposited_on"] == date(2026, 11, 2)
    prove(campaign, of(campaign, "B"), explanation="Les propriétaires l’ont accepté.", **late)


def test_a_last_day_alone_is_enough_to_correct(campaign: Played) -> None:
    prove(campaign, of(campaign, "B"))
    (calls,) = campaign.rows(Deposit)
    as_it_was = {
        "deposited_on": FIRST,
        "slip_number": "A-1",
        "quantities": of(campaign, "B"),
        "deposit_id": calls.id,
        "reason": "Fin oubliée.",
    }
    with pytest.raises(DepositUnchanged):
        campaign.ask(CorrectDeposit(subject_id=campaign.campaign_id, **as_it_was))
    campaign.ask(CorrectDeposit(subject_id=campaign.campaign_id, ended_on=FIRST + timedelta(days=2), **as_it_was))
    assert [(one.version, one.ended_on) for one in campaign.rows(Deposit) if one.to_seq is None] == [(2, FIRST + timedelta(days=2))]
