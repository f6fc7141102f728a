"""French identifiers that can be checked by themselves: SIREN, VAT number, postcode.

Use it for the shape and the arithmetic. Whether a company or a town exists is not known here.
"""

import re

_SIREN = re.compile(r"[0-9]{9}")
_VAT = re.compile(r"FR([0-9]{2})([0-9]{9})")
_POSTCODE = re.compile(r"[0-9]{5}")


def is_siren(text: str) -> bool:
    """Whether `text` is nine digits that pass the Luhn check (ISO/IEC 7812-1, as INSEE uses it)."""
    if _SIREN.fullmatch(text) is None:
        return False
    total = 0
    for place, digit in enumerate(reversed(text)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def vat_number_of(siren: str) -> str:
    """The French VAT number of a company: `FR`, the key `(12 + 3 (SIREN mod 97)) mod 97`, the SIREN.

    :raises ValueError: when `siren` is none.
    """
    if not is_siren(siren):
        raise ValueError(f"not a SIREN: {siren!r}")
    key = (12 + 3 * (int(siren) % 97)) % 97
    return f"FR{key:02d}{siren}"


def is_french_vat_number(text: str) -> bool:
    """Whether `text` is a French VAT number with a numeric key that fits its SIREN."""
    found = _VAT.fullmatch(text)
    return found is not None and is_siren(found[2]) and vat_number_of(found[2]) == text


def is_postcode(text: str) -> bool:
    """Whether `text` has the shape of a French postcode: five digits (trade reference, section 3.5)."""
    return _POSTCODE.fullmatch(text) is not None
