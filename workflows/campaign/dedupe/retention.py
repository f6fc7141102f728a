"""How much of each list the merge-purge kept: against what the plan reckoned with, and against what earlier campaigns kept of it.

The one judge of pages and papers. Neither holds the approval: the report's reader is told, and decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.planning import history
from workflows.trade.kpis import Counts, Ratio, sum_counts
from workflows.trade.usual import Usual, usual


@dataclass(frozen=True, kw_only=True)
class Retention:
    """What was kept of one list's records, as a fraction; None of what nobody planned, or where too few campaigns used the list."""

    actual: Decimal | None
    planned: Decimal | None
    tolerance: Decimal
    usual: Usual | None

    @property
    def is_as_planned(self) -> bool:
        """Whether it is within policy's points of the plan, as far as there is something to compare."""
        return self.actual is None or self.planned is None or abs(self.actual - self.planned) <= self.tolerance

    @property
    def is_usual(self) -> bool:
        """Whether it is nothing unusual for the list, as far as that is known."""
        return self.actual is None or self.usual is None or self.usual.holds(self.actual)


def list_retentions(facts: CampaignFacts, lists: Mapping[str, Mapping[str, Any]]) -> dict[str, Retention]:
    """Judge each list of a merge-purge's report, by code."""
    tolerance, planned, earlier = facts.campaign.policy.share("tolerances", "retention_points"), _planned(facts), _earlier(facts)
    return {
        code: Retention(
            actual=Ratio.of(counts["net"], counts["delivered"]).value,
            planned=planned.get(code),
            tolerance=tolerance,
            usual=usual(earlier.get(code, ()), counts["delivered"]),
        )
        for code, counts in lists.items()
    }


def _planned(facts: CampaignFacts) -> dict[str, Decimal]:
    """What the plan that was submitted reckoned with, by list: sums first, the rate after."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in (facts.campaign.projection or {}).get("lines", ()):
        found.setdefault(line["list"], []).append(line)
    rates = {code: Ratio.of(sum(line["net"] for line in lines), sum(line["gross"] for line in lines)) for code, lines in found.items()}
    return {code: rate.value for code, rate in rates.items() if rate.value is not None}


def _earlier(facts: CampaignFacts) -> dict[str, list[Decimal]]:
    """What each earlier campaign kept of each list, by list."""
    counts: dict[tuple[str, str], list[Counts]] = {}
    for row in history(facts):
        counts.setdefault((row.list_code, row.campaign), []).append(row.counts)
    rates: dict[str, list[Decimal]] = {}
    for (code, _campaign), rows in sorted(counts.items()):
        whole = sum_counts(rows)
        if whole.gross:
            rates.setdefault(code, []).append(Decimal(whole.net) / whole.gross)
    return rates
