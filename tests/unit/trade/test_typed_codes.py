"""A code typed from a coupon: whose it is, whether its check character holds, and where the slip is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.trade.lot_codes import ALPHABET, check_character, fold, has_valid_check
from workflows.trade.typed_codes import Slip, SlipKind, find_slip, read_typed_code

CODE = "26NO1P03S2A18"
"""The trade reference's own."""
BODY = "26A1ZDOM1A2R"
OTHER = BODY + check_character(BODY)
CODES = (CODE, OTHER)


@pytest.mark.parametrize("typed", [CODE, "26no1 p03-s2a1.8", f"  {CODE}\t"])
def test_a_code_as_printed_is_known_however_it_is_spaced(typed: str) -> None:
    found = read_typed_code(typed, CODES)
    assert (found.text, found.meant, found.read_as, found.check_holds, found.guesses) == (CODE, CODE, False, True, ())


def test_o_and_0_i_and_1_are_taken_for_each_other_and_it_is_said() -> None:
    found = read_typed_code("26N0IPO3S2AI8", CODES)
    assert (found.meant, found.read_as, found.check_holds) == (CODE, True, True)


@pytest.mark.parametrize(
    ("typed", "slip"),
    [
        ("26NO1P08S2A18", Slip(SlipKind.OTHER, 8, "8", "3")),
        ("26NO1P03S2A1B", Slip(SlipKind.OTHER, 13, "B", "8")),
        ("Z6NO1P03S2A18", Slip(SlipKind.OTHER, 1, "Z", "2")),
        ("26NO1P30S2A18", Slip(SlipKind.SWAPPED, 7, "30", "03")),
        ("26NO1P03S2A81", Slip(SlipKind.SWAPPED, 12, "81", "18")),
        ("26NO1P0S2A18", Slip(SlipKind.MISSING, 8, "", "3")),
        ("26NO1P03S2A1", Slip(SlipKind.MISSING, 13, "", "8")),
        ("26NO1P03S2A188", Slip(SlipKind.EXTRA, 14, "8", "")),
        ("26NO1P033S2A18", Slip(SlipKind.EXTRA, 9, "3", "")),
        ("26N01P08S2A18", Slip(SlipKind.OTHER, 8, "8", "3")),
    ],
)
def test_one_slip_is_found_with_its_place(typed: str, slip: Slip) -> None:
    found = read_typed_code(typed, CODES)
    assert found.meant is None
    assert not found.check_holds
    assert [(guess.code, guess.slip) for guess in found.guesses] == [(CODE, slip)]


def test_a_slip_between_two_codes_names_both() -> None:
    body = "26A1ZDOM1A3R"
    near = body + OTHER[-1]
    found = read_typed_code("26A1ZDOM1A9R" + OTHER[-1], [OTHER, near])
    assert [guess.code for guess in found.guesses] == sorted([OTHER, near])


def test_a_code_that_holds_and_is_nobody_s_is_told_apart_from_a_slip() -> None:
    body = "25ZZZQQQ11AR"
    found = read_typed_code(body + check_character(body), CODES)
    assert (found.meant, found.check_holds, found.guesses) == (None, True, ())


@pytest.mark.parametrize(
    ("typed", "strange", "differs"), [("26NÔ1P03S2A18", (4,), 0), ("26", (), -11), ("", (), -13), (CODE + "123", (), 3)]
)
def test_what_no_code_looks_like_is_said(typed: str, strange: tuple[int, ...], differs: int) -> None:
    found = read_typed_code(typed, CODES)
    assert (found.meant, found.strange, found.length_differs) == (None, strange, differs)
    assert not found.check_holds


@given(st.integers(0, 12), st.sampled_from(ALPHABET))
def test_every_wrong_character_breaks_the_check_and_is_found(place: int, character: str) -> None:
    typed = CODE[:place] + character + CODE[place + 1 :]
    if fold(typed) == fold(CODE):
        return
    assert not has_valid_check(typed)
    (guess,) = read_typed_code(typed, [CODE]).guesses
    assert (guess.slip.position, guess.slip.meant) == (place + 1, CODE[place])


@given(st.text(ALPHABET, min_size=1, max_size=16), st.text(ALPHABET, min_size=1, max_size=16))
def test_a_slip_that_is_found_is_one(typed: str, code: str) -> None:
    slip = find_slip(typed, code)
    if slip is None:
        return
    start = slip.position - 1
    mended = typed[:start] + slip.meant + typed[start + len(slip.typed) :]
    assert fold(mended) == fold(code)
