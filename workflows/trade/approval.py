"""Approval tiers: how many different people have to sign an amount, and how many of those who signed are different; and under which
conditions they do. Pure.

Not for how much one person may accept: that is their own limit.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ApprovalTier:
    """Amounts up to a ceiling, in euros without VAT, that take so many signatures; a tier without ceiling takes all that is above."""

    up_to: Decimal | None
    signatures: int


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What an approval asks for: a cap on the total, in euros without VAT, None for none; and lists, by code, that are not ordered."""

    cap_amount: Decimal | None = None
    excluded_lists: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.cap_amount is not None or bool(self.excluded_lists)


NO_CONDITIONS = Conditions()


def add_up(conditions: Iterable[Conditions]) -> Conditions:
    """What several approvals ask for together: the lowest cap, and no list that one of them excludes."""
    each = list(conditions)
    return Conditions(
        cap_amount=min((one.cap_amount for one in each if one.cap_amount is not None), default=None),
        excluded_lists=tuple(sorted({code for one in each for code in one.excluded_lists})),
    )


def tier_of(tiers: Iterable[ApprovalTier], amount: Decimal) -> ApprovalTier | None:
    """The first tier that holds the amount; None above the last ceiling, where nobody may approve."""
    return next((tier for tier in tiers if tier.up_to is None or amount <= tier.up_to), None)


def tier_floor(tiers: Iterable[ApprovalTier], tier: ApprovalTier | None) -> Decimal:
    """The amount above which a tier begins; for None, above which nobody may approve."""
    ceilings = (one.up_to for one in tiers if one.up_to is not None)
    return max((one for one in ceilings if tier is None or tier.up_to is None or one < tier.up_to), default=Decimal(0))


def tier_fault(tiers: Sequence[ApprovalTier]) -> tuple[int, str] | None:
    """The first tier that cannot stand, counted from 1, and why; None where all can.

    `none`: there is no tier. `signatures`: fewer than one. `after_open`: it follows one without ceiling. `not_ascending`: its ceiling is
    not above the one before, or above zero.
    """
    if not tiers:
        return 1, "none"
    reached: Decimal | None = Decimal(0)
    for number, tier in enumerate(tiers, start=1):
        if tier.signatures < 1:
            return number, "signatures"
        if reached is None:
            return number, "after_open"
        if tier.up_to is not None and tier.up_to <= reached:
            return number, "not_ascending"
        reached = tier.up_to
    return None


def count_signatures(hands: Iterable[Collection[Any]]) -> int:
    """How many of these signatures are of different pairs of hands, each given as whoever signed and whoever they stood in for.

    Two that share somebody count once. Those of one person come first, so that a substitute's never hides two that stand for themselves.
    """
    counted: set[Any] = set()
    different = 0
    for pair in sorted(hands, key=len):
        if counted.isdisjoint(pair):
            counted.update(pair)
            different += 1
    return different
