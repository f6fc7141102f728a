"""A response is credited by what identifies it, counted once, or set aside with its reason."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.trade.attribution import (
    Credit,
    Mailing,
    Method,
    OtherMail,
    Piece,
    Response,
    ResponseRow,
    SetAside,
    SetAsideReason,
    attribute_row,
    credit_row,
    parse_day,
)
from workflows.trade.lot_codes import KnownCodes, check_character
from workflows.trade.tracking import Kind, TrackedLots, TrackedReference

DROP_ON = date(2026, 10, 13)
FIRST, SECOND = (body + check_character(body) for body in ("2626AALZP1AR", "2626ADOMD1BT"))
MAILING = Mailing.of(
    [FIRST, SECOND],
    [
        Piece("ALZ-1", FIRST, "LEFEVRE", "69007"),
        Piece("ALZ-2", FIRST, "MARTIN", "69007"),
        Piece("DOM-1", SECOND, "MARTIN", "69007"),
        Piece("DOM-2", SECOND, "Étangs & Cie", "01330"),
        Piece("DOM-3", SECOND, "", "01330"),
    ],
)
ROW = ResponseRow(
    date="28/10/2026",
    lot_code=FIRST,
    unique_id="ALZ-1",
    channel="courrier",
    kind="don",
    amount="30,00",
    payment="cheque",
    new="1",
    name="LEFEVRE",
    postcode="69007",
)

ROW_OF_UNSENT = replace(ROW, lot_code=SECOND, unique_id="DOM-2", name="", postcode="")


def credit_of(row: ResponseRow) -> Credit:
    outcome = attribute_row(row, MAILING, DROP_ON)
    assert isinstance(outcome, Response)
    return outcome.credit


def test_a_row_is_read_by_its_columns() -> None:
    row = ResponseRow.from_columns(
        {
            "DATE": "28/10/2026",
            "CODE_LOT": f" {FIRST} ",
            "ID_UNIQUE": "ALZ-1",
            "CANAL": "courrier",
            "TYPE": "DON",
            "MONTANT": "30,00",
            "MODE": "cheque",
            "NOUVEAU": "1",
            "NOM": None,
            "RAISON_SOCIALE": "LEFEVRE",
            "CP": "69007",
        }
    )
    assert row == ROW


def test_a_good_row_is_a_response() -> None:
    outcome = attribute_row(ROW, MAILING, DROP_ON)
    assert outcome == Response(ROW.row_hash, date(2026, 10, 28), "don", Decimal(30), True, Credit(Method.LOT_CODE, FIRST, "ALZ-1"))
    assert outcome.is_gift


def test_a_known_lot_code_decides_even_against_the_unique_id() -> None:
    assert credit_of(replace(ROW, unique_id="DOM-1")) == Credit(Method.LOT_CODE, FIRST, "DOM-1")
    assert credit_of(replace(ROW, unique_id="?")) == Credit(Method.LOT_CODE, FIRST, None)


def test_letters_typed_for_digits_still_find_the_lot() -> None:
    typed = FIRST.replace("1", "I", 1)
    assert typed != FIRST
    assert credit_of(replace(ROW, lot_code=typed, unique_id="")) == Credit(Method.TYPED_LOT_CODE, FIRST, None)


@pytest.mark.parametrize("lot_code", ["", "X" + FIRST[1:], FIRST[:-1]])
def test_without_a_good_code_the_unique_id_decides(lot_code: str) -> None:
    row = replace(ROW, lot_code=lot_code, unique_id="DOM-1")
    assert credit_of(row) == Credit(Method.UNIQUE_ID, SECOND, "DOM-1")


def test_without_either_the_name_and_postcode_of_one_piece_decide() -> None:
    row = replace(ROW, lot_code="", unique_id="")
    assert credit_of(row) == Credit(Method.NAME_AND_POSTCODE, FIRST, "ALZ-1")
    assert credit_of(replace(row, name="Lefèvre")) == Credit(Method.NAME_AND_POSTCODE, FIRST, "ALZ-1")
    company = replace(row, name="ETANGS CIE", postcode="01330")
    assert credit_of(company) == Credit(Method.NAME_AND_POSTCODE, SECOND, "DOM-2")


@pytest.mark.parametrize(("name", "postcode"), [("MARTIN", "69007"), ("LEFEVRE", "69008"), ("", "01330"), ("", "")])
def test_a_name_of_several_pieces_or_of_none_leaves_the_response_unattributed(name: str, postcode: str) -> None:
    row = replace(ROW, lot_code="", unique_id="", name=name, postcode=postcode)
    assert credit_of(row) == Credit(Method.UNATTRIBUTED, None, None)


HELD_OUT = Mailing.of(
    [FIRST],
    [Piece("ALZ-1", FIRST, "LEFEVRE", "69007"), Piece("ALZ-2", FIRST, "ROUX", "69002")],
    [Piece("ALZ-3", "26HELD", "GUÉRIN", "69002"), Piece("ALZ-4", "26HELD", "ROUX", "69002")],
)


def test_what_a_lot_that_was_left_unsent_would_have_brought_is_credited_to_none_and_its_sender_is_known() -> None:
    mailing = replace(MAILING, known_codes=KnownCodes.of([FIRST]))
    for row in (
        ROW_OF_UNSENT,
        replace(ROW_OF_UNSENT, lot_code=""),
        replace(ROW_OF_UNSENT, unique_id="", name="Étangs & Cie", postcode="01330"),
    ):
        outcome = attribute_row(row, mailing, DROP_ON)
        assert isinstance(outcome, Response)
        assert outcome.credit == Credit(Method.UNATTRIBUTED, None, "DOM-2")


def test_somebody_held_out_is_known_by_name_and_postcode_and_counted_to_the_lot_that_was_held_out() -> None:
    assert credit_row("", "", "Guerin", "69002", HELD_OUT) == Credit(Method.HELD_OUT, "26HELD", "ALZ-3")
    assert credit_row("", "", "LEFEVRE", "69007", HELD_OUT) == Credit(Method.NAME_AND_POSTCODE, FIRST, "ALZ-1")


def test_nothing_that_was_printed_leads_to_a_lot_that_was_held_out() -> None:
    assert credit_row("26HELD", "", "", "", HELD_OUT) == Credit(Method.UNATTRIBUTED, None, None)
    assert credit_row("", "ALZ-3", "", "", HELD_OUT) == Credit(Method.UNATTRIBUTED, None, None)
    assert credit_row(FIRST, "", "GUÉRIN", "69002", HELD_OUT) == Credit(Method.LOT_CODE, FIRST, None)


def test_a_name_of_one_who_was_mailed_and_one_held_out_tells_neither() -> None:
    assert credit_row("", "", "ROUX", "69002", HELD_OUT) == Credit(Method.UNATTRIBUTED, None, None)
    assert HELD_OUT.person_matched("ROUX", "69002") is None


def test_mailed_and_held_out_are_told_by_the_same_key_and_nobody_is_where_none_was_held_out() -> None:
    assert HELD_OUT.person_matched("Lefèvre", "69007") == ("ALZ-1", FIRST)
    assert HELD_OUT.person_matched("GUÉRIN", "69002") == ("ALZ-3", "26HELD")
    assert HELD_OUT.person_matched("GUÉRIN", "13001") is None
    assert MAILING.person_matched("LEFEVRE", "69007") is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": "abc"}, SetAsideReason.AMOUNT_NOT_A_NUMBER),
        ({"amount": ""}, SetAsideReason.AMOUNT_NOT_A_NUMBER),
        ({"date": "12/10/2026"}, SetAsideReason.DATE_BEFORE_DROP),
        ({"date": "31/02/2027"}, SetAsideReason.DATE_UNREADABLE),
        ({"date": ""}, SetAsideReason.DATE_UNREADABLE),
        ({"amount": "abc", "date": ""}, SetAsideReason.AMOUNT_NOT_A_NUMBER),
    ],
)
def test_what_is_impossible_is_set_aside_with_its_reason(changes: dict[str, str], reason: SetAsideReason) -> None:
    row = replace(ROW, **changes)
    assert attribute_row(row, MAILING, DROP_ON) == SetAside(row.row_hash, reason)


def test_an_answer_of_a_year_to_come_is_set_aside() -> None:
    row = replace(ROW, date="13/10/2126")
    assert attribute_row(row, MAILING, DROP_ON, latest_on=date(2027, 2, 1)) == SetAside(row.row_hash, SetAsideReason.DATE_TOO_LATE)
    last = replace(ROW, date="01/02/2027")
    assert isinstance(attribute_row(last, MAILING, DROP_ON, latest_on=date(2027, 2, 1)), Response)


def test_the_answer_of_a_monitor_seed_is_set_aside_whatever_lot_it_names() -> None:
    row = replace(ROW, lot_code=FIRST, unique_id=f"TEM001-{FIRST}")
    assert attribute_row(row, replace(MAILING, control_prefixes=("TEM001-",)), DROP_ON) == SetAside(
        row.row_hash, SetAsideReason.CONTROL_ADDRESS
    )


THEIRS = "2726RALZP1AR" + check_character("2726RALZP1AR")
THEIR_ID = "26RALZ010000007"
OTHERS = OtherMail(KnownCodes.of([FIRST, THEIRS]), frozenset({"26RALZ"}))
BY_NAME = replace(ROW, lot_code="", unique_id="")


@pytest.mark.parametrize(
    "printed",
    [
        {"lot_code": THEIRS},
        {"lot_code": THEIRS.lower()},
        {"unique_id": "26RALZ010000007"},
        {"lot_code": THEIRS, "unique_id": "26RALZ010000007"},
    ],
)
def test_what_another_campaign_printed_is_not_credited_by_the_name_of_somebody_who_was_mailed_here_too(printed: dict[str, str]) -> None:
    row = replace(BY_NAME, **printed)
    assert credit_of(row).method == Method.NAME_AND_POSTCODE
    assert attribute_row(row, MAILING, DROP_ON, OTHERS) == SetAside(row.row_hash, SetAsideReason.OF_OTHER_CAMPAIGN, Decimal(30))


@pytest.mark.parametrize("printed", [{"lot_code": FIRST}, {"unique_id": "ALZ-1"}, {"lot_code": THEIRS, "unique_id": "ALZ-1"}])
def test_what_was_printed_here_is_credited_here_whatever_others_printed_or_counted(printed: dict[str, str]) -> None:
    row = replace(BY_NAME, **printed)
    outcome = attribute_row(row, MAILING, DROP_ON, replace(OTHERS, credited_rows=frozenset({row.row_hash})))
    assert isinstance(outcome, Response)
    assert outcome.credit.lot_code == FIRST


def test_a_row_that_only_a_name_tells_counts_in_the_campaign_that_counted_it_first() -> None:
    others = OtherMail(credited_rows=frozenset({BY_NAME.row_hash}))
    assert attribute_row(BY_NAME, MAILING, DROP_ON, others) == SetAside(BY_NAME.row_hash, SetAsideReason.COUNTED_ELSEWHERE, Decimal(30))
    nobodys = replace(BY_NAME, name="PERSONNE")
    outcome = attribute_row(nobodys, MAILING, DROP_ON, OtherMail(credited_rows=frozenset({nobodys.row_hash})))
    assert isinstance(outcome, Response)
    assert outcome.credit.method == Method.UNATTRIBUTED


NUMBER = TrackedReference(lot_code=SECOND, kind=Kind.PHONE, value="09 70 12 34 56")
OF_UNSENT = TrackedReference(lot_code="26UNSENT", kind=Kind.QR, value="https://don.example.org/unsent")
TRACKING = replace(MAILING, tracked=Mailing.of([FIRST, SECOND], (), (), (NUMBER, OF_UNSENT)).tracked)
CALLED = TRACKING.marked(replace(BY_NAME, trace="+33 9 70 12 34 56"))


def tracked_credit(row: ResponseRow) -> Credit:
    outcome = attribute_row(TRACKING.marked(row), TRACKING, DROP_ON)
    assert isinstance(outcome, Response)
    return outcome.credit


def test_what_an_answer_came_by_is_read_from_the_first_column_that_says_it() -> None:
    assert ResponseRow.from_columns({"TRACE": " ", "NUMERO_APPELE": " 0970123456 ", "URL": "x.org"}).trace == "0970123456"
    assert ResponseRow.from_columns({"TELEPHONE": "0970123456"}).trace == "", "that is the answering person's own"


def test_a_number_that_one_lot_carries_decides_after_what_is_printed_for_one_piece_and_before_the_name() -> None:
    assert tracked_credit(replace(CALLED, name="")) == Credit(Method.TRACKED, SECOND, None)
    assert tracked_credit(CALLED) == Credit(Method.TRACKED, SECOND, "ALZ-1"), "whoever a name tells is named, so that an objection is heard"
    assert tracked_credit(replace(CALLED, unique_id="ALZ-1")) == Credit(Method.UNIQUE_ID, FIRST, "ALZ-1")
    assert tracked_credit(replace(CALLED, lot_code=FIRST)) == Credit(Method.LOT_CODE, FIRST, None)
    assert tracked_credit(replace(CALLED, lot_code="nothing")) == Credit(Method.TRACKED, SECOND, "ALZ-1")


@pytest.mark.parametrize("trace", ["", "0970123457", "courrier", "don.example.org/unsent"])
def test_what_no_lot_that_was_sent_carries_leaves_the_name_to_decide(trace: str) -> None:
    assert tracked_credit(replace(BY_NAME, trace=trace)) == Credit(Method.NAME_AND_POSTCODE, FIRST, "ALZ-1")


def test_what_an_answer_came_by_is_part_of_the_row_only_where_a_lot_carries_it() -> None:
    bare = BY_NAME.row_hash
    assert TRACKING.marked(replace(BY_NAME, trace="0970123457")).row_hash == bare
    assert replace(BY_NAME, trace="0970123456").row_hash == bare
    assert CALLED.row_hash != bare
    assert TRACKING.marked(replace(BY_NAME, trace="09.70.12.34.56")).row_hash == CALLED.row_hash


def test_a_number_that_another_campaign_s_lot_carries_makes_the_answer_its_own() -> None:
    theirs = OtherMail(tracked=TrackedLots.of([replace(NUMBER, lot_code=THEIRS)]))
    row = replace(BY_NAME, trace="0970123456")
    assert attribute_row(row, MAILING, DROP_ON, theirs) == SetAside(row.row_hash, SetAsideReason.OF_OTHER_CAMPAIGN, Decimal(30))
    of_code = attribute_row(replace(row, lot_code=FIRST), MAILING, DROP_ON, theirs)
    assert isinstance(of_code, Response)


def test_a_number_that_two_campaigns_carry_one_after_the_other_counts_once() -> None:
    theirs = OtherMail(tracked=TrackedLots.of([replace(NUMBER, lot_code=THEIRS)]))
    ours = attribute_row(CALLED, TRACKING, DROP_ON, theirs)
    assert isinstance(ours, Response)
    assert ours.credit.method == Method.TRACKED
    counted = replace(theirs, credited_rows=frozenset({CALLED.row_hash}))
    assert attribute_row(CALLED, TRACKING, DROP_ON, counted) == SetAside(CALLED.row_hash, SetAsideReason.COUNTED_ELSEWHERE, Decimal(30))
    theirs_by_code = OtherMail(KnownCodes.of([THEIRS]))
    of_their_code = replace(CALLED, lot_code=THEIRS)
    assert attribute_row(of_their_code, TRACKING, DROP_ON, theirs_by_code) == SetAside(
        of_their_code.row_hash, SetAsideReason.OF_OTHER_CAMPAIGN, Decimal(30)
    )


def test_an_answer_on_the_day_of_the_drop_without_money_counts() -> None:
    outcome = attribute_row(replace(ROW, date="13/10/2026", kind="opposition", amount=""), MAILING, DROP_ON)
    assert isinstance(outcome, Response)
    assert not outcome.is_gift
    assert outcome.amount == 0


@given(st.tuples(*[st.text(max_size=4)] * 10), st.tuples(*[st.text(max_size=4)] * 10))
def test_rows_that_differ_have_different_hashes(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert (ResponseRow(*one).row_hash == ResponseRow(*other).row_hash) == (one == other)


def test_an_undeliverable_piece_is_credited_without_a_name() -> None:
    assert credit_row(SECOND, "DOM-2", "", "", MAILING) == Credit(Method.LOT_CODE, SECOND, "DOM-2")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("28/10/2026", date(2026, 10, 28)),
        ("2026-10-28", date(2026, 10, 28)),
        ("28/10/26", None),
        ("28102026", None),
        ("x/10/2026", None),
        ("2026-13-01", None),
    ],
)
def test_days_are_read_in_two_forms_only(text: str, day: date | None) -> None:
    assert parse_day(text) == day
