"""Returned mail is counted to its lot by whatever stands on it, each piece once; what tells no piece is named and not lost."""

from datetime import date

import pytest

from workflows.trade.attribution import Mailing, Piece
from workflows.trade.contact_reports import RowFault
from workflows.trade.returned_mail import REASON_WORDS, Returned, read_returns, reason_of

LOT = "26NO1P03S2A18"
MAILING = Mailing.of([LOT], [Piece("26NLOU010000001", LOT, "DURAND", "75001")], control_prefixes=("TEM001-",))


def row(**other: str) -> dict[str, str | None]:
    return {"DATE": "12/12/2026", "CODE_LOT": LOT, "ID_UNIQUE": "26NLOU010000001", "MOTIF": "inconnu", **other}


def read(*rows: dict[str, str | None]) -> list[Returned | RowFault]:
    return [one for _, one in read_returns(enumerate(rows, start=2), MAILING)]


def test_a_piece_is_known_by_the_id_that_was_printed_on_it() -> None:
    assert read(row(CODE_LOT="")) == [Returned(date(2026, 12, 12), LOT, "26NLOU010000001", "unknown")]


def test_pieces_whose_id_cannot_be_read_count_to_their_lot_each_for_itself() -> None:
    found = [one for one in read(*[row(ID_UNIQUE="")] * 3) if isinstance(one, Returned)]

    assert {one.lot_code for one in found} == {LOT}
    assert len({one.unique_id for one in found}) == 3


def test_a_file_that_holds_what_the_one_before_held_names_the_same_pieces() -> None:
    before = read(*[row(ID_UNIQUE="")] * 2)
    after = read(*[row(ID_UNIQUE="")] * 2, row(ID_UNIQUE="", DATE="13/12/2026"))

    assert after[:2] == before
    assert after[2] not in before


def test_a_lot_typed_with_a_confusion_that_its_check_character_tells_is_known() -> None:
    (found,) = read(row(ID_UNIQUE="", CODE_LOT="26N01P03S2A18"))

    assert isinstance(found, Returned)
    assert found.lot_code == LOT


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        ({"ID_UNIQUE": f"TEM001-{LOT}"}, RowFault.CONTROL_ADDRESS),
        ({"CODE_LOT": "", "ID_UNIQUE": ""}, RowFault.ID_MISSING),
        ({"CODE_LOT": "", "ID_UNIQUE": "26NLOU019999999"}, RowFault.ID_UNKNOWN),
        ({"CODE_LOT": "27XX1P03S2A18", "ID_UNIQUE": ""}, RowFault.ID_MISSING),
    ],
)
def test_what_tells_no_piece_is_told_by_its_line(other: dict[str, str], fault: RowFault) -> None:
    assert list(read_returns([(7, row(**other))], MAILING)) == [(7, fault)]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("inconnu", "unknown"),
        ("NPAI", "unknown"),
        ("Destinataire inconnu à l’adresse", "unknown"),
        ("Défaut d'accès ou d'adressage", "address_defect"),
        ("Refusé", "refused"),
        ("Pli avisé et non réclamé", "unclaimed"),
        ("non_reclame", "unclaimed"),
        ("décédé", "deceased"),
        ("Zone inondée", "zone inondée"),
    ],
)
def test_the_post_s_words_are_read_however_they_are_written(words: str, reason: str) -> None:
    assert reason_of(words) == reason


def test_every_reason_is_read_back_from_the_word_that_files_have_for_it() -> None:
    assert {reason_of(word) for word in REASON_WORDS.values()} == set(REASON_WORDS)
