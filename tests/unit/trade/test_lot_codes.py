"""Lot codes are unlike one another, check themselves, and survive being typed."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.trade.lot_codes import (
    ALPHABET,
    CodesExhausted,
    InvalidCharacter,
    KnownCodes,
    LotKey,
    LotRole,
    assign_lot_codes,
    campaign_abbreviation,
    check_character,
    fold,
    has_valid_check,
    resolve_typed_code,
)

texts = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=15)
names = st.text(st.sampled_from("OI01AB2é- "), max_size=5)
lot_keys = st.builds(
    LotKey,
    st.sampled_from(["ALZ", "BTN", "MAISON", "OI1", "0I1", "A", ""]),
    names,
    st.sampled_from(["don-libre", "grille"]),
    st.sampled_from(["A", "B", "lettre-1", "lettre-2", "O", "0"]),
    st.sampled_from(["postal", "email"]),
    st.sampled_from(LotRole),
)


def rollout(list_code: str, segment: str, message: str = "A", offer: str = "don-libre") -> LotKey:
    return LotKey(list_code, segment, offer, message, "postal", LotRole.ROLLOUT)


def test_the_vector_of_the_trade_reference_holds() -> None:
    assert "26NO1P03S2A1" + check_character("26NO1P03S2A1") == "26NO1P03S2A18"
    assert has_valid_check("26NO1P03S2A18")


def test_a_published_vector_of_the_norm_holds() -> None:
    # The worked example of the Global Release Identifier, which also uses MOD 37,36.
    assert check_character("A12425GABC1234002") == "M"


@given(texts, st.data())
def test_one_wrong_character_is_always_noticed(text: str, data: st.DataObject) -> None:
    code = text + check_character(text)
    place = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from(ALPHABET.replace(code[place], "")))
    assert has_valid_check(code)
    assert not has_valid_check(code[:place] + wrong + code[place + 1 :])


def test_two_neighbours_exchanged_are_nearly_always_noticed() -> None:
    codes = [body + check_character(body) for body in map("".join, product(ALPHABET, repeat=2))]
    exchanged = [(code, code[1] + code[0] + code[2]) for code in codes if code[0] != code[1]]
    exchanged += [(code, code[0] + code[2] + code[1]) for code in codes if code[1] != code[2]]
    unnoticed = sum(has_valid_check(wrong) for _, wrong in exchanged)
    assert unnoticed / len(exchanged) < 0.01


@pytest.mark.parametrize("text", ["a", "É", "26 A", "-"])
def test_other_characters_have_no_check_character(text: str) -> None:
    with pytest.raises(InvalidCharacter):
        check_character(text)
    assert not has_valid_check(text + "A")


def test_the_lots_of_a_real_plan_read_like_the_plan() -> None:
    lots = [
        rollout("MAI", "INA"),
        rollout("MAI", "ANC"),
        rollout("DOM", "D12"),
        LotKey("DOM", "D12", "grille-montants", "B", "postal", LotRole.TEST),
        rollout("DOM", "D36"),
        rollout("CDR", "M1"),
        rollout("CDR", "M2"),
        rollout("ALZ", "P12"),
        rollout("ALZ", "P24"),
    ]
    codes = assign_lot_codes("26A", 2026, lots)
    assert [code[:-1] for code in codes.values()] == [
        "2626AMAIINAR",
        "2626AMAIANAR",
        "2626ADOMD1AR",
        "2626ADOMD1BT",
        "2626ADOMD3AR",
        "2626ACDRM1AR",
        "2626ACDRM2AR",
        "2626AALZP1AR",
        "2626AALZP2AR",
    ]
    assert all(has_valid_check(code) and len(code) == 13 for code in codes.values())


def test_segments_that_share_their_first_letters_are_told_apart() -> None:
    lots = [rollout("ALZ", segment) for segment in ("P12", "P14", "P1", "P12A", "p12", "P 12")]
    codes = assign_lot_codes("26A", 2026, lots)
    assert len(set(codes.values())) == len(lots)
    assert codes[lots[0]][8:10] == "P1"
    assert codes[lots[1]][8:10] == "P4"


def test_one_segment_with_two_offers_or_channels_has_two_codes() -> None:
    lots = [
        rollout("ALZ", "P12"),
        rollout("ALZ", "P12", offer="grille-montants"),
        LotKey("ALZ", "P12", "don-libre", "A", "email", LotRole.ROLLOUT),
    ]
    assert len(set(assign_lot_codes("26A", 2026, lots).values())) == 3


def test_lists_and_messages_of_any_length_fit() -> None:
    lots = [
        rollout("ALIZES", "P12", "lettre 1"),
        rollout("ALIX", "P12", "lettre 2"),
        rollout("A", "P12", "lettre 1"),
        rollout("É*", "", "***"),
    ]
    codes = list(assign_lot_codes("26A", 2026, lots).values())
    assert [code[5:8] for code in codes] == ["ALI", "ALX", "AXX", "EXX"]
    assert [code[10] for code in codes] == ["L", "E", "L", "X"]
    assert all(has_valid_check(code) for code in codes)


@given(st.lists(lot_keys, unique=True, max_size=25))
def test_codes_differ_even_when_letters_are_taken_for_digits(lots: list[LotKey]) -> None:
    codes = assign_lot_codes("27P", 2027, lots)
    assert list(codes) == lots
    assert len({fold(code[:-1]) for code in codes.values()}) == len(lots)
    assert all(has_valid_check(code) and len(code) == 13 for code in codes.values())


@given(st.lists(lot_keys, unique=True, min_size=1, max_size=12))
def test_lots_added_later_leave_the_earlier_codes_alone(lots: list[LotKey]) -> None:
    first = assign_lot_codes("27P", 2027, lots[:-1])
    assert dict(list(assign_lot_codes("27P", 2027, lots).items())[:-1]) == first


@given(st.lists(lot_keys, unique=True, max_size=12))
def test_codes_of_void_lots_are_not_given_again(lots: list[LotKey]) -> None:
    void = assign_lot_codes("27P", 2027, lots).values()
    again = assign_lot_codes("27P", 2027, lots, taken=void).values()
    assert not set(void) & set(again)


def test_a_lot_that_comes_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        assign_lot_codes("26A", 2026, [rollout("ALZ", "P12"), rollout("ALZ", "P12")])


def test_more_messages_than_characters_are_refused() -> None:
    lots = [rollout("ALZ", "P12", f"m{i}") for i in range(34)]
    assert len(assign_lot_codes("26A", 2026, lots)) == 34
    with pytest.raises(CodesExhausted):
        assign_lot_codes("26A", 2026, [*lots, rollout("ALZ", "P12", "one more")])


def test_long_campaign_codes_stay_apart() -> None:
    assert campaign_abbreviation("26A") == "26A"
    assert campaign_abbreviation("Né") == "NEX"
    assert campaign_abbreviation("26A-BIS") != campaign_abbreviation("26A-TER")
    assert len(campaign_abbreviation("26A-BIS")) == 3


@given(st.lists(lot_keys, unique=True, min_size=1, max_size=12), st.data())
def test_every_mixture_of_letters_and_digits_finds_its_lot(lots: list[LotKey], data: st.DataObject) -> None:
    codes = list(assign_lot_codes("26A", 2026, lots).values())
    known = KnownCodes.of(codes)
    code = data.draw(st.sampled_from(codes))
    mixed = "".join(data.draw(st.sampled_from({"O": "O0", "0": "O0", "I": "I1", "1": "I1"}.get(c, c))) for c in code)
    assert resolve_typed_code(mixed, known) == code


@given(st.lists(lot_keys, unique=True, min_size=1, max_size=12), st.data())
def test_a_code_with_one_wrong_character_finds_no_lot(lots: list[LotKey], data: st.DataObject) -> None:
    codes = list(assign_lot_codes("26A", 2026, lots).values())
    code = data.draw(st.sampled_from(codes))
    place = data.draw(st.integers(0, 12))
    wrong = data.draw(st.sampled_from([c for c in ALPHABET if fold(c) != fold(code[place])]))
    typed = code[:place] + wrong + code[place + 1 :]
    assert resolve_typed_code(typed, KnownCodes.of(codes)) is None


def test_a_typed_code_may_have_spaces_and_small_letters() -> None:
    known = KnownCodes.of(["26NO1P03S2A18"])
    assert resolve_typed_code("26no1-p03 s2a18 ", known) == "26NO1P03S2A18"
    assert resolve_typed_code("26N0IPO3S2AI8", known) == "26NO1P03S2A18"
    assert resolve_typed_code("", known) is None


def test_an_ambiguous_typed_code_finds_no_lot() -> None:
    by_check: dict[str, list[str]] = {}
    for body in map("".join, product("O0", repeat=6)):  # 64 bodies, 36 check characters
        by_check.setdefault(check_character(body), []).append(body + check_character(body))
    first, second = next(codes for codes in by_check.values() if len(codes) == 2)
    typed = next(mixed for mixed in (body + first[-1] for body in map("".join, product("O0", repeat=6))) if mixed not in (first, second))
    known = KnownCodes.of([first, second])
    assert resolve_typed_code(typed, known) is None
    assert resolve_typed_code(typed, KnownCodes.of([first])) == first
    assert resolve_typed_code(second, known) == second


def test_a_known_code_with_a_wrong_check_character_is_only_found_as_it_is() -> None:
    known = KnownCodes.of(["AB0X"])
    assert not has_valid_check("AB0X")
    assert resolve_typed_code("AB0X", known) == "AB0X"
    assert resolve_typed_code("ABOX", known) is None
