"""What each list brought where people of several lists count for each of them: the shared view beside the credited one.

The list that kept a person is credited, and billed by; here every list that had the person has an equal part, so that the totals of both
are the same (trade reference, section 5). An answer of whom nobody knows any more stays with the list that is credited.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import Response
from workflows.campaign.results.credited import APART
from workflows.trade.apportionment import equal_parts
from workflows.trade.attribution import GIFT
from workflows.trade.money import ZERO

MEASURES = ("responses", "gifts", "amount")


@dataclass(frozen=True)
class _Answers:
    """Answers credited to a list, of people whom the same lists had; none of them where nobody knows."""

    credited: str
    had: tuple[str, ...]
    sums: tuple[Decimal, Decimal, Decimal]

    @property
    def among(self) -> list[str]:
        """The lists that share, the credited one first: it gets what is left over."""
        return [self.credited, *(code for code in self.had if code != self.credited)] if self.credited in self.had else [self.credited]


def shared_figures(facts: CampaignFacts, lists: Collection[str]) -> dict[str, Any] | None:
    """The parts of each list in answers, gifts and euros, to the hundredth; None where nobody who answered stood in several.

    `several` counts the answers of people of several lists, `untold` those of whom it is not known.
    """
    answers = list(_answers(facts))
    several = sum(int(one.sums[0]) for one in answers if len(one.among) > 1)
    if not several:
        return None
    parts = {code: dict.fromkeys(MEASURES, ZERO) for code in sorted(lists)}
    for one in answers:
        for measure, total in zip(MEASURES, one.sums, strict=True):
            for code, part in zip(one.among, equal_parts(total, len(one.among)), strict=True):
                parts[code][measure] += part
    return {
        "by_list": {code: {measure: f"{sums[measure]:.2f}" for measure in MEASURES} for code, sums in parts.items()},
        "several": several,
        "untold": sum(int(one.sums[0]) for one in answers if not one.had),
    }


def _answers(facts: CampaignFacts) -> Iterable[_Answers]:
    """What was credited, by the list and by all that had the person: what equal parts leave over is left over once for all of them."""
    gift = col(Response.kind) == GIFT
    statement = (
        sa.select(
            col(Response.lot_code),
            col(Response.lists),
            sa.func.count(),
            sa.func.count().filter(gift),
            sa.func.coalesce(sa.func.sum(col(Response.amount)).filter(gift), 0),
        )
        .where(col(Response.campaign_id) == facts.campaign.id, col(Response.attribution).not_in(APART))
        .group_by(col(Response.lot_code), col(Response.lists))
    )
    list_of = {lot.code: lot.list_code for lot in facts.lots}
    found: dict[tuple[str, tuple[str, ...]], tuple[Decimal, Decimal, Decimal]] = {}
    for lot_code, had, responses, gifts, amount in facts.session.connection().execute(statement):
        key = list_of[str(lot_code)], tuple(had)
        before = found.get(key, (ZERO, ZERO, ZERO))
        found[key] = before[0] + responses, before[1] + gifts, before[2] + Decimal(amount)
    return (_Answers(credited, had, sums) for (credited, had), sums in sorted(found.items()))
