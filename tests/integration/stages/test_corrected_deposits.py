"""A deposit that was proved wrongly is corrected by its mailer or refused by the project manager; what ended stays and counts nowhere."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col

from tests.integration.papers.journey import DROP, kept
from tests.integration.stages.played import Played
from workflows.campaign.records import Deposit, Lot, Override
from workflows.campaign.rules import NotOfThisCampaign, ReasonMissing
from workflows.campaign.send.correcting import CorrectDeposit, DepositIsOver, DepositUnchanged, RefuseDeposit
from workflows.campaign.send.proving import DepositDeviates, RecordDeposit
from workflows.campaign.stages.send import ConfirmDrop
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import ConditionsUnmet, NotYourMove
from workflows.parties.actor import Actor

DAY = DROP.date()


@pytest.fixture
def campaign(played: Callable[[str], Played]) -> Played:
    """A campaign whose mailing is ordered, on the day of its drop."""
    there = played("send")
    there.order_mailing()
    there.reach_drop()
    return there


def mailer(campaign: Played) -> Actor:
    return campaign.actors["S-ROU"]


def pieces(campaign: Played) -> dict[str, int]:
    return {lot.code: lot.pieces for lot in campaign.rows(Lot) if lot.is_sent}


def prove(campaign: Played, **asked: Any) -> Deposit:
    """The mailer proves a deposit of all pieces, but for what is asked."""
    proved = {"deposited_on": DAY, "slip_number": "D-1", "quantities": pieces(campaign), "slip": kept("D-1.pdf")} | asked
    campaign.ask(RecordDeposit(subject_id=campaign.campaign_id, **proved), by=mailer(campaign))
    return standing(campaign)[-1]


def standing(campaign: Played) -> list[Deposit]:
    return campaign.rows(Deposit, col(Deposit.to_seq).is_(None), order=col(Deposit.from_seq))


def correct(campaign: Played, deposit: Deposit, *, by: Actor | None = None, **changed: Any) -> None:
    as_it_was = {name: getattr(deposit, name) for name in ("deposited_on", "slip_number", "quantities", "rest_follows", "explanation")}
    asked = as_it_was | {"reason": "Chiffres d’un autre dépôt."} | changed
    campaign.ask(CorrectDeposit(subject_id=campaign.campaign_id, deposit_id=deposit.id, **asked), by=by or mailer(campaign))


def refuse(campaign: Played, deposit: Deposit, reason: str = "Bordereau illisible.", by: Actor | None = None) -> None:
    campaign.ask(RefuseDeposit(subject_id=campaign.campaign_id, deposit_id=deposit.id, reason=reason), by=by)


def deposited(campaign: Played) -> dict[str, int | None]:
    return {lot.code: lot.deposited for lot in campaign.rows(Lot) if lot.is_sent}


def waiting(campaign: Played) -> list[str]:
    return [name for name, _label in campaign.tasks() if name == "prove_deposit"]


def test_a_mailer_corrects_what_it_proved_and_the_first_version_stays_with_the_reason(campaign: Played) -> None:
    wanted = pieces(campaign)
    code = min(wanted)
    first = prove(campaign, quantities=wanted | {code: 1}, explanation="Faute de frappe.")
    assert [one.about for one in campaign.rows(Override, col(Override.control) == "deposit")] == [code]

    correct(campaign, first, quantities=wanted, explanation="")

    (second,) = standing(campaign)
    assert (second.version, second.corrects_id, second.correction) == (2, first.id, "Chiffres d’un autre dépôt.")
    assert (second.supplier_id, second.file_id) == (first.supplier_id, first.file_id), "the slip that came stays"
    assert deposited(campaign) == wanted
    (override,) = campaign.rows(Override, col(Override.control) == "deposit")
    assert (override.review, override.to_seq is not None) == ("void", True), "nobody reviews what is there no more"
    assert "review_override" not in [name for name, _label in campaign.tasks()]
    (before,) = campaign.rows(Deposit, col(Deposit.id) == first.id)
    assert (before.quantities[code], before.to_seq) == (1, second.from_seq)
    campaign.ask(ConfirmDrop(subject_id=campaign.campaign_id))
    assert campaign.state == "responses"


def test_a_correction_is_held_to_the_rules_of_a_proof_and_needs_its_reason(campaign: Played) -> None:
    wanted = pieces(campaign)
    first = prove(campaign)
    code = min(wanted)
    with pytest.raises(DepositDeviates):
        correct(campaign, first, quantities=wanted | {code: 1})
    with pytest.raises(DepositUnchanged):
        correct(campaign, first)
    with pytest.raises(ReasonMissing):
        correct(campaign, first, slip_number="D-2", reason=" ")
    assert [one.id for one in standing(campaign)] == [first.id]
    assert deposited(campaign) == wanted


def test_a_correction_that_takes_pieces_away_asks_the_mailer_for_them(campaign: Played) -> None:
    wanted = pieces(campaign)
    code = min(wanted)
    first = prove(campaign)
    assert waiting(campaign) == []

    correct(campaign, first, quantities={lot: number for lot, number in wanted.items() if lot != code})

    assert deposited(campaign)[code] is None
    assert waiting(campaign) == ["prove_deposit"]
    assert set(campaign.unmet("confirm_drop")) == {"send.lots_not_deposited"}
    prove(campaign, slip_number="D-2", quantities={code: wanted[code]})
    assert waiting(campaign) == []
    assert campaign.unmet("confirm_drop") == {}


def test_a_refused_deposit_counts_for_nothing_and_its_mailer_is_asked_again_by_mail(campaign: Played) -> None:
    first = prove(campaign)

    refuse(campaign, first)

    assert standing(campaign) == []
    assert set(deposited(campaign).values()) == {None}
    (row,) = campaign.rows(Deposit)
    assert (row.refusal, row.refused_by_id) == ("Bordereau illisible.", campaign.manager.person_id)
    assert row.refused_at is not None
    assert waiting(campaign) == ["prove_deposit"]
    (mail,) = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_deposit_refused")
    assert mail.payload == {"deposit_id": str(first.id)}
    with pytest.raises(DepositIsOver):
        refuse(campaign, first)
    with pytest.raises(DepositIsOver):
        correct(campaign, first, slip_number="D-9")
    prove(campaign, slip_number="D-2")
    assert deposited(campaign) == pieces(campaign)


def test_only_the_project_manager_refuses_and_only_its_mailer_corrects(campaign: Played) -> None:
    first = prove(campaign)
    with pytest.raises(NotYourMove):
        refuse(campaign, first, by=mailer(campaign))
    with pytest.raises(NotYourMove):
        correct(campaign, first, slip_number="D-2", by=campaign.actors["S-CRT"])
    campaign.ask(
        CorrectDeposit(
            subject_id=campaign.campaign_id,
            deposit_id=first.id,
            deposited_on=DAY,
            slip_number="D-2",
            quantities=pieces(campaign),
            reason="Corrigé au téléphone.",
        )
    )
    (second,) = standing(campaign)
    assert second.supplier_id == first.supplier_id, "the proof stays its mailer's"


def test_a_deposit_that_the_manager_recorded_is_none_of_a_mailer_s(campaign: Played) -> None:
    campaign.ask(
        RecordDeposit(subject_id=campaign.campaign_id, deposited_on=DAY, slip_number="D-1", quantities=pieces(campaign)),
        by=campaign.manager,
    )
    (recorded,) = standing(campaign)
    with pytest.raises(NotOfThisCampaign):
        correct(campaign, recorded, slip_number="D-2")


def test_nothing_is_corrected_or_refused_once_the_posting_is_confirmed(campaign: Played) -> None:
    first = prove(campaign)
    campaign.ask(ConfirmDrop(subject_id=campaign.campaign_id))

    for name in ("correct_deposit", "refuse_deposit"):
        assert set(campaign.unmet(name)) == {"send.posting_is_confirmed"}
    with pytest.raises(ConditionsUnmet):
        correct(campaign, first, slip_number="D-2")
    with pytest.raises(ConditionsUnmet):
        refuse(campaign, first)
    assert [one.id for one in standing(campaign)] == [first.id]
