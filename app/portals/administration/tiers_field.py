"""Approval tiers as an administrator writes them: one a line, `ceiling | signatures`; a `*` as the last ceiling sets none. Shape only."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import formats, i18n
from app.portals.administration.lines_field import numbered
from app.portals.shared.fields import read_number
from workflows.campaign.policy import written_tiers
from workflows.trade.approval import ApprovalTier, tier_fault

OPEN = "*"
MOST_SIGNATURES = 20
_FAULTS: dict[str, LazyString] = {
    "none": _l("Write at least one tier: without any, nobody could approve a budget."),
    "signatures": _l("Line %(number)s: at least one approver signs."),
    "after_open": _l("Line %(number)s: only the last line may be without ceiling."),
    "not_ascending": _l("Line %(number)s: the amount is to be above that of the line before, and above zero."),
}


def written_lines(tiers: Sequence[Mapping[str, Any]]) -> str:
    """Tiers as lines, amounts in the language being written."""
    return "\n".join(f"{_ceiling(one['up_to'])} | {one['signatures']}" for one in tiers)


def _ceiling(up_to: str | None) -> str:
    return OPEN if up_to is None else formats.number(Decimal(up_to), i18n.language(), 2)


def read_tiers(text: str) -> list[dict[str, Any]]:
    """Tiers from lines; empty lines are left out.

    :raises ValueError: with a sentence for the writer, when a line is no tier or the tiers do not rise.
    """
    lines = numbered(text)
    tiers = [_tier(number, line) for number, line in lines]
    if fault := tier_fault(tiers):
        place, code = fault
        raise ValueError(str(_FAULTS[code]) % {"number": lines[place - 1][0] if lines else 1})
    return written_tiers(tiers)


def _tier(number: int, line: str) -> ApprovalTier:
    ceiling, _bar, signatures = (part.strip() for part in line.partition("|"))
    if not re.fullmatch(r"\d{1,9}", signatures, re.ASCII) or int(signatures) > MOST_SIGNATURES:
        raise ValueError(
            _(
                "Line %(number)s: write an amount, a bar | and how many approvers sign, a whole number from 1 to %(most)s.",
                number=number,
                most=MOST_SIGNATURES,
            )
        )
    if ceiling == OPEN:
        return ApprovalTier(up_to=None, signatures=int(signatures))
    try:
        up_to = read_number(ceiling)
        if up_to != up_to.quantize(Decimal("0.01")):
            raise ValueError(ceiling)
    except (ValueError, ArithmeticError) as error:
        raise ValueError(_("Line %(number)s: write an amount to the cent, such as 1,234.50, or a *.", number=number)) from error
    return ApprovalTier(up_to=up_to, signatures=int(signatures))
