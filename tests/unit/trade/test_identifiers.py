"""Identifiers that check themselves are checked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.trade.identifiers import (
    is_french_vat_number,
    is_postcode,
    is_siren,
    vat_number_of,
)


@pytest.mark.parametrize(
    ("siren", "vat"),
    [
        ("000908582", "FR58000908582"),
        ("000909853", "FR88000909853"),
        ("000900001", "FR20000900001"),
        ("000900027", "FR01000900027"),
        ("732829320", "FR44732829320"),
    ],
)
def test_a_company_and_its_vat_number_fit(siren: str, vat: str) -> None:
    assert is_siren(siren)
    assert vat_number_of(siren) == vat
    assert is_french_vat_number(vat)


@pytest.mark.parametrize("text", ["", "732829321", "73282932", "7328293200", "73282932O", "٧٣٢٨٢٩٣٢٠"])
def test_what_is_no_siren_is_refused(text: str) -> None:
    assert not is_siren(text)
    assert not is_french_vat_number(f"FR44{text}")
    with pytest.raises(ValueError, match="SIREN"):
        vat_number_of(text)


@given(st.integers(0, 99))
def test_only_one_key_fits_a_siren(key: int) -> None:
    assert is_french_vat_number(f"FR{key:02d}732829320") == (key == 44)


@pytest.mark.parametrize(
    ("text", "fits"), [("01000", True), ("20137", True), ("97110", True), ("1000", False), ("2A004", False), ("", False)]
)
def test_a_postcode_has_five_digits(text: str, fits: bool) -> None:
    assert is_postcode(text) == fits
