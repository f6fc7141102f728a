"""Identifiers that check themselves are checked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.trade.identifiers import (
    department_of,
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
    ("postcode", "department"),
    [
        ("01000", "01"),
        ("75010", "75"),
        ("20000", "2A"),
        ("20137", "2A"),
        ("20200", "2B"),
        ("20600", "2B"),
        ("97110", "971"),
        ("98800", "988"),
        ("1000", None),
        ("2A004", None),
        ("", None),
    ],
)
def test_a_postcode_tells_its_department(postcode: str, department: str | None) -> None:
    assert is_postcode(postcode) == (department is not None)
    assert department_of(postcode) == department
