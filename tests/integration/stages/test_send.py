"""Send: nothing printed without its notice, every piece accounted for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlmodel import col

from tests.integration.papers.brought_contracts import contracts_wanted
from tests.integration.papers.journey import DROP
from tests.integration.stages.played import Played
from workflows.campaign.records import Deposit, Lot, Override, StoredFile
from workflows.campaign.send.handing_over import NothingToHandOver, TakeMailing
from workflows.campaign.send.not_sending import UnknownLot
from workflows.campaign.send.proving import (
    DepositDeviates,
    DepositEmpty,
    DepositIsToCome,
    DepositOutsideWindow,
    RecordDeposit,
)
from workflows.campaign.stages.send import ConfirmDrop, OrderMailing
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import ConditionsUnmet, NotFound, NotYourMove
from workflows.parties.actor import SYSTEM, Actor, Grant
from workflows.parties.roles import Role

Campaigns = Callable[[str], Played]


def pieces(campaign: Played) -> dict[str, int]:
    return {lot.code: lot.quantity + lot.seeds for lot in campaign.rows(Lot)}


def deposit(
    campaign: Played,
    quantities: dict[str, int],
    by: Actor | None = None,
    explanation: str = "",
    on: date = date(2026, 10, 13),
    rest_follows: bool = False,
) -> None:
    command = RecordDeposit(
        subject_id=campaign.campaign_id,
        deposited_on=on,
        slip_number="D-1",
        quantities=quantities,
        explanation=explanation,
        rest_follows=rest_follows,
    )
    campaign.reach_drop()
    campaign.ask(command, by=by)


def test_the_mailer_alone_among_suppliers_proves_a_deposit(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    assert [name for name, _ in campaign.tasks(but="send_invoice")] == ["confirm_drop", "prove_deposit"]

    for stranger in ("S-CAG", "S-CRT"):
        with pytest.raises(NotYourMove):
            deposit(campaign, pieces(campaign), by=campaign.actors[stranger])
    with pytest.raises(NotFound):
        deposit(campaign, pieces(campaign), by=campaign.actors["S-TEL"])
    deposit(campaign, pieces(campaign), by=campaign.actors["S-ROU"])

    assert campaign.tasks(but="send_invoice") == [("confirm_drop", "")]


@pytest.fixture
def of_two_channels(played: Campaigns) -> Played:
    """The campaign with message B sent as an e-mail, by a house that sends nothing else."""
    campaign = played("plan")
    with campaign.behind_the_engine() as connection:
        connection.execute("update cost_item set supplier_id = (select id from supplier where code = 'S-ESP') where nature = 'creation'")
    with campaign.database.writing(SYSTEM) as session:
        session.add_all(contracts_wanted(campaign.facts(session), campaign.now))
    campaign.reach("send")
    with campaign.behind_the_engine() as connection:
        connection.execute("update lot set channel = 'email' where message = 'B'")
    campaign.order_mailing()
    return campaign


def test_each_channel_is_ordered_from_who_sends_it_and_proved_by_them(of_two_channels: Played) -> None:
    campaign, posted = of_two_channels, pieces(of_two_channels)
    by_mail = {lot.code: posted[lot.code] for lot in campaign.rows(Lot) if lot.channel == "email"}
    by_post = {code: number for code, number in posted.items() if code not in by_mail}

    orders = {paper.content.channel: paper.content for paper in campaign.issued("mailing_order")}
    assert {channel: order.head.recipient.name for channel, order in orders.items()} == {
        "postal": "Routage Val-de-Saône",
        "email": "Courriels Fiables",
    }
    assert {row.code for row in orders["email"].lots} == set(by_mail)
    assert [name for name, _ in campaign.tasks()].count("prove_deposit") == 2

    with pytest.raises(UnknownLot):
        deposit(campaign, posted, by=campaign.actors["S-ROU"])
    deposit(campaign, by_post, by=campaign.actors["S-ROU"])
    assert [name for name, _ in campaign.tasks()].count("prove_deposit") == 1, "the house that sends e-mails is still asked"
    deposit(campaign, by_mail, by=campaign.actors["S-ESP"])
    assert "prove_deposit" not in [name for name, _ in campaign.tasks()]


def test_addresses_go_to_who_sends_their_channel_alone(of_two_channels: Played) -> None:
    mailing = TakeMailing(subject_id=of_two_channels.campaign_id, file="mailing_postal.csv")
    with pytest.raises(NothingToHandOver):
        of_two_channels.ask(mailing, by=of_two_channels.actors["S-ESP"])
    of_two_channels.ask(mailing, by=of_two_channels.actors["S-ROU"])


def test_mail_ordered_again_asks_its_mailer_once_for_a_deposit(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    campaign.ask(OrderMailing(subject_id=campaign.campaign_id))

    assert [name for name, _ in campaign.tasks()].count("prove_deposit") == 1
    assert [paper.document.revision for paper in campaign.issued("mailing_order")] == [1, 2]


def test_a_deposit_that_deviates_needs_an_explanation(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    code, expected = max(pieces(campaign).items(), key=lambda item: item[1])

    with pytest.raises(DepositDeviates) as refusal:
        deposit(campaign, {**pieces(campaign), code: expected - 30})
    assert refusal.value.params == {"lot": code, "expected": expected, "actual": expected - 30}
    assert campaign.rows(Deposit) == []

    deposit(campaign, {**pieces(campaign), code: expected - 30}, explanation="Trente plis gâchés à la mise sous pli.")
    assert {lot.code: lot.deposited for lot in campaign.rows(Lot)}[code] == expected - 30


def test_a_deviation_within_tolerance_needs_no_words(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    code, expected = max(pieces(campaign).items(), key=lambda item: item[1])
    assert expected * Decimal("0.001") >= 1

    deposit(campaign, {**pieces(campaign), code: expected - 1})
    assert campaign.move("confirm_drop").is_open


def test_a_manager_who_speaks_for_a_supplier_of_another_house_proves_any_deposit(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    elsewhere = Grant(advertiser_id=uuid4(), role=Role.SUPPLIER, supplier_id=uuid4())

    deposit(campaign, pieces(campaign), by=replace(campaign.manager, grants=(*campaign.manager.grants, elsewhere)))

    assert [row.supplier_id for row in campaign.rows(Deposit)] == [None]


def test_a_deposit_of_an_unknown_lot_is_refused(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()

    with pytest.raises(UnknownLot):
        deposit(campaign, {"26AXXX": 10})


@pytest.mark.parametrize("named", [False, True])
def test_a_deposit_that_posts_nothing_is_refused_and_closes_nothing(played: Campaigns, named: bool) -> None:
    campaign = played("send")
    campaign.order_mailing()

    with pytest.raises(DepositEmpty):
        deposit(campaign, dict.fromkeys(pieces(campaign), 0) if named else {}, explanation="Grève au centre de tri.")
    assert campaign.rows(Deposit) == []
    assert ("prove_deposit", "26A") in campaign.tasks()


def test_a_lot_is_posted_in_parts_and_the_drop_waits_for_the_rest(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    code, expected = max(pieces(campaign).items(), key=lambda item: item[1])
    deposit(campaign, {**pieces(campaign), code: expected - 30}, by=campaign.actors["S-ROU"], rest_follows=True)

    assert campaign.unmet("confirm_drop") == {"send.lots_deposited_in_part": {"lots": [code], "pieces": 30}}
    assert ("prove_deposit", "26A") in campaign.tasks(), "the mailer is asked for the rest"
    assert campaign.rows(Override) == [], "nothing deviates yet"

    deposit(campaign, {code: 30}, by=campaign.actors["S-ROU"])
    assert campaign.move("confirm_drop").is_open
    assert campaign.tasks(but="send_invoice") == [("confirm_drop", "")]


def test_more_than_was_handed_over_is_never_a_part(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    code, expected = max(pieces(campaign).items(), key=lambda item: item[1])

    with pytest.raises(DepositDeviates):
        deposit(campaign, {code: expected + 30}, rest_follows=True)


def test_the_drop_waits_until_each_lot_is_on_a_slip_and_is_the_day_of_the_first(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    first, *others = pieces(campaign).items()
    deposit(campaign, dict([first]))

    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(ConfirmDrop(subject_id=campaign.campaign_id))
    assert sorted(refusal.value.unmet[0].params["lots"]) == sorted(code for code, _ in others)

    deposit(campaign, dict(others))
    campaign.ask(ConfirmDrop(subject_id=campaign.campaign_id))
    assert (campaign.state, campaign.campaign.dropped_on) == ("responses", date(2026, 10, 13))


def test_a_deposit_that_is_still_to_come_is_not_proved(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()

    with pytest.raises(DepositIsToCome):
        deposit(campaign, pieces(campaign), on=date(2026, 10, 14))


@pytest.mark.parametrize("day", [date(2026, 10, 12), date(2026, 10, 23)])
def test_a_deposit_outside_the_window_for_which_files_were_lent_needs_an_explanation(played: Campaigns, day: date) -> None:
    campaign = played("send")
    campaign.order_mailing()
    campaign.now = max(campaign.now, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))

    with pytest.raises(DepositOutsideWindow) as refusal:
        deposit(campaign, pieces(campaign), on=day)
    assert refusal.value.params == {"deposited_on": day, "first": date(2026, 10, 13), "last": date(2026, 10, 22)}

    deposit(campaign, pieces(campaign), on=day, explanation="Grève au centre de tri.")
    assert campaign.move("confirm_drop").is_open


def test_what_answers_are_looked_up_in_ends_counted_from_the_drop_that_was(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    (planned_on,) = {row.purge_on for row in campaign.rows(StoredFile)}
    campaign.now = DROP + timedelta(days=30)

    deposit(campaign, pieces(campaign), on=campaign.now.date(), explanation="Grève au centre de tri.")
    campaign.ask(ConfirmDrop(subject_id=campaign.campaign_id))

    assert planned_on is not None
    assert {row.purge_on for row in campaign.rows(StoredFile)} == {planned_on + timedelta(days=30)}
    timers = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "purge_files", order=col(OutboxMessage.not_before))
    assert [one.not_before.date() for one in timers] == [planned_on, planned_on + timedelta(days=30)]
