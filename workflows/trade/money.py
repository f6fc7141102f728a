"""Euros: rounding, VAT, reading amounts as French people type them.

Use it for every amount. Not for what an amount is *made of*: list billing is in `billing`, a campaign's costs in
`costs`; nor for how it is written: `app.formats` knows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from workflows.trade.apportionment import largest_remainder

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
Cents = Annotated[Decimal, CENT]
"""An amount that is kept to the cent; any other number is a price or a rate, with up to six places."""
NARROW_NO_BREAK_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)"
    r"(?P<whole>[0-9]{1,3}(?:[ ][0-9]{3})+|[0-9]+)"
    r"(?:[.,](?P<decimals>[0-9]+))?"
)
_LONGEST = 18  # digits; beyond that it is an account number, not an amount


class NotANumber(ValueError):
    """A text that should have been a number and is none."""

    def __init__(self, text: str) -> None:
        super().__init__(f"not a number: {text!r}")
        self.text = text


@dataclass(frozen=True)
class Taxed:
    """An amount without VAT, its VAT, and the sum of the two, each in euros to the cent."""

    net_amount: Decimal
    vat_amount: Decimal
    gross_amount: Decimal

    def __add__(self, other: "Taxed") -> "Taxed":
        return Taxed(self.net_amount + other.net_amount, self.vat_amount + other.vat_amount, self.gross_amount + other.gross_amount)

    def __sub__(self, other: "Taxed") -> "Taxed":
        return Taxed(self.net_amount - other.net_amount, self.vat_amount - other.vat_amount, self.gross_amount - other.gross_amount)


def round_cents(amount: Decimal) -> Decimal:
    """Round to the cent, halves away from zero (trade reference, section 4: "half-up to cents")."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def parse_number(text: str) -> Decimal:
    """Read a number as it stands in a French or an English file: `1 234,56`, `165`, `0,85`, `0.118`, `12 €`.

    Groups of three digits may be parted by a space, U+00A0 or U+202F; the decimal sign is a comma or a point.
    Nothing is guessed: groups of another length, two decimal signs and words are refused.

    :raises NotANumber: when the text is no number, or one too long for any amount.
    """
    plain = text.replace(NO_BREAK_SPACE, " ").replace(NARROW_NO_BREAK_SPACE, " ")
    plain = plain.replace("\u2212", "-").strip().removesuffix("€").rstrip()
    found = _NUMBER.fullmatch(plain)
    if found is None:
        raise NotANumber(text)
    whole = found["whole"].replace(" ", "")
    decimals = found["decimals"] or ""
    if len(whole) + len(decimals) > _LONGEST:
        raise NotANumber(text)
    return Decimal(f"{found['sign']}{whole}.{decimals}")


def parse_quantity(text: str) -> int:
    """Read a whole number; `2,0`, as spreadsheets write it, is one.

    :raises NotANumber: when the text is no number or has a fraction.
    """
    number = parse_number(text)
    if number != number.to_integral_value():
        raise NotANumber(text)
    return int(number)


def tax(net_amount: Decimal, vat_rate: Decimal) -> Taxed:
    """Add VAT to an amount, the VAT rounded to the cent.

    :param vat_rate: as a fraction, 0.20 for the French standard rate.
    """
    net = round_cents(net_amount)
    vat = round_cents(net * vat_rate)
    return Taxed(net, vat, net + vat)


def share_amount(amount: Decimal, weights: Sequence[int | Decimal]) -> list[Decimal]:
    """Share an amount, zero or more, in proportion to `weights` so that the shares add up to it to the cent.

    :raises ValueError: as `largest_remainder`.
    """
    cents = int(round_cents(amount) * 100)
    return [part * CENT for part in largest_remainder(cents, weights)]
