"""Exchanges of address files: what two houses owe each other in addresses. Their invoices are mutual and made like those of rentals, by
`billing`; nothing here is money.

Source: trade reference, section 4: balance = received - given, kept within a limit.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Direction(StrEnum):
    """Which way addresses went, as the advertiser sees it."""

    RECEIVED = "received"
    GIVEN = "given"


class Basis(StrEnum):
    """What is counted of a file: every address delivered, or those that may be billed after the dedupe."""

    GROSS = "gross"
    NET = "net"


@dataclass(frozen=True, kw_only=True)
class Exchanged:
    """One entry between two houses: so many addresses, on that day; it counts through `expires_on`, for ever where that is None."""

    direction: Direction
    quantity: int
    dealt_on: date
    expires_on: date | None = None


def basis_of(min_billing_rate: Decimal, unbilled_reasons: Collection[str] = ()) -> Basis:
    """On which basis a list is exchanged: gross where every address is billed whatever the dedupe keeps, else net."""
    return Basis.GROSS if min_billing_rate >= 1 and not unbilled_reasons else Basis.NET


def exchange_balance(entries: Iterable[Exchanged], on: date) -> int:
    """Addresses received less addresses given, of the entries that count on that day: above zero the advertiser owes, below it is owed."""
    counting = [one for one in entries if one.expires_on is None or one.expires_on >= on]
    return sum(one.quantity if one.direction is Direction.RECEIVED else -one.quantity for one in counting)


def is_within(balance: int, limit: int) -> bool:
    """Whether a balance, either way, keeps to the limit; a limit of zero sets none."""
    return not limit or abs(balance) <= limit
