"""Rows of bounces and calls: what a sender's words mean, whom a row is about, and why one cannot be kept."""

from datetime import date
from decimal import Decimal

import pytest

from workflows.trade.contact_reports import CALLS, MESSAGES, Outcome, Report, RowFault, Sent, hour_of, outcome_of, read_report

SENT = Sent(
    lot_of_piece={"P-1": "26AE", "P-2": "26AT", "P-3": "26AP", "P-4": "26AX"},
    channel_of_lot={"26AE": "email", "26AT": "phone", "26AP": "postal"},
    control_prefixes=("T01-",),
)


def bounce(**columns: str) -> Report | RowFault:
    row = {"DATE": "14/10/2026", "CODE_LOT": "", "ID_UNIQUE": "P-1", "TYPE": "hard"} | columns
    return read_report(row, "TYPE", MESSAGES, SENT, ("email", "sms"), date(2026, 10, 13))


def call(**columns: str) -> Report | RowFault:
    row = {"DATE": "2026-10-14", "CODE_LOT": "26AT", "ID_UNIQUE": "P-2", "RESULTAT": "accord"} | columns
    return read_report(row, "RESULTAT", CALLS, SENT, ("phone",), date(2026, 10, 13))


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("hard", Outcome.HARD),
        ("HARD_BOUNCE", Outcome.HARD),
        ("Définitif", Outcome.HARD),
        ("rebond mou", Outcome.SOFT),
        ("Temporaire", Outcome.SOFT),
        ("Désinscription", Outcome.UNSUBSCRIBED),
        ("STOP", Outcome.UNSUBSCRIBED),
        ("Plainte", Outcome.COMPLAINT),
        ("spam_complaint", Outcome.COMPLAINT),
        ("accord", None),
        ("", None),
    ],
)
def test_what_comes_back_of_messages_is_named_in_either_language_however_it_is_written(words: str, outcome: Outcome | None) -> None:
    assert outcome_of(words, MESSAGES) is outcome


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("reached", Outcome.REACHED),
        ("Joint", Outcome.REACHED),
        ("promesse de don", Outcome.AGREED),
        ("refusé", Outcome.REFUSED),
        ("à rappeler", Outcome.CALLBACK),
        ("Répondeur", Outcome.CALLBACK),
        ("wrong_number", Outcome.WRONG_NUMBER),
        ("Faux numéro", Outcome.WRONG_NUMBER),
        ("opt-out", Outcome.OPT_OUT),
        ("Ne plus appeler", Outcome.OPT_OUT),
        ("stop", Outcome.OPT_OUT),
        ("plainte", None),
        ("dur", None),
    ],
)
def test_ends_of_calls_are_named_in_either_language(words: str, outcome: Outcome | None) -> None:
    assert outcome_of(words, CALLS) is outcome


def test_the_id_alone_says_which_lot_it_was() -> None:
    read = bounce(CODE_LOT="26AP")

    assert isinstance(read, Report)
    assert (read.lot_code, read.unique_id, read.on, read.outcome) == ("26AE", "P-1", date(2026, 10, 14), Outcome.HARD)


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"ID_UNIQUE": " "}, RowFault.ID_MISSING),
        ({"ID_UNIQUE": "P-9"}, RowFault.ID_UNKNOWN),
        ({"ID_UNIQUE": "T01-26AE"}, RowFault.CONTROL_ADDRESS),
        ({"ID_UNIQUE": "P-4"}, RowFault.NOT_SENT),
        ({"ID_UNIQUE": "P-3"}, RowFault.OTHER_CHANNEL),
        ({"ID_UNIQUE": "P-2"}, RowFault.OTHER_CHANNEL),
        ({"DATE": "hier"}, RowFault.DATE_UNREADABLE),
        ({"DATE": "12/10/2026"}, RowFault.DATE_BEFORE_DROP),
        ({"TYPE": "bizarre"}, RowFault.OUTCOME_UNKNOWN),
    ],
)
def test_a_row_that_cannot_be_kept_says_why(columns: dict[str, str], fault: RowFault) -> None:
    assert bounce(**columns) is fault


def test_a_promise_may_have_an_amount_and_nothing_else_has_one() -> None:
    promised, refused = call(MONTANT="25,00"), call(MONTANT="25,00", RESULTAT="refus")

    assert isinstance(promised, Report)
    assert isinstance(refused, Report)
    assert (promised.amount, refused.amount) == (Decimal("25.00"), Decimal(0))
    assert call(MONTANT="beaucoup") is RowFault.AMOUNT_NOT_A_NUMBER


def test_rows_that_say_the_same_are_one_however_they_are_written_unless_the_hour_differs() -> None:
    hashes = [
        one.row_hash
        for one in (
            call(),
            call(DATE="14/10/2026", RESULTAT="Promesse", CODE_LOT=""),
            call(HEURE="10:00"),
            call(HEURE="18:00"),
            call(RESULTAT="rappel"),
            call(MONTANT="25"),
        )
        if isinstance(one, Report)
    ]

    assert len(hashes) == 6
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 5


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("", ""),
        ("9:05", "09:05"),
        ("18h30", "18:30"),
        ("18H", "18:00"),
        ("10:05:33", "10:05"),
        ("10.05", "10:05"),
        ("14/10/2026 10:05", "10:05"),
        ("2026-10-14T10:05:33+02:00", "10:05"),
        ("soir", "?"),
        ("25:00", "?"),
        ("10:75", "?"),
        ("1005", "?"),
    ],
)
def test_an_hour_is_read_however_it_is_written(text: str, hour: str) -> None:
    assert hour_of(text) == hour
    read = call(HEURE=text)
    assert isinstance(read, Report)
    assert read.hour == hour
