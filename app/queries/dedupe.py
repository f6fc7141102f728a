"""The merge-purge of a campaign: what each list lost and to what, against what the plan assumed, and which lists share their people."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.queries.dedupe_questions import Comparison, LookedUp, comparisons_of, lookups_of
from workflows.campaign.dedupe.retention import Retention, list_retentions
from workflows.campaign.dedupe.settings import DedupeSettings
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import MergePurgeRun
from workflows.trade.dedupe_rules import ALLOCATIONS
from workflows.trade.usual import Usual


@dataclass(frozen=True, kw_only=True)
class DedupedList:
    """One list's account. Rates are fractions; `assumed` is what the plan reckoned with, `unusual` what is usual of the
    list where this is not. What the report does not say is None."""

    code: str
    name: str
    delivered: int
    rejected: int
    suppressed: dict[str, int]
    intra: int
    inter: int
    net: int
    unique: int | None
    retention: Decimal | None
    assumed: Decimal | None
    overlap: Decimal | None
    outside: bool
    unusual: Usual | None

    @property
    def suppressed_total(self) -> int:
        return sum(self.suppressed.values())


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run there has been. `state`: requested, done, approved or void."""

    number: int
    state: str
    finished_at: datetime | None
    void_reason: str
    net: int | None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What an allocation rule would leave, list by list, and what that net costs at the lists' prices."""

    name: str
    chosen: bool
    net: tuple[int, ...]
    cost: Decimal


@dataclass(frozen=True, kw_only=True)
class EarlierSend:
    """A send of the advertiser's whose people were looked up; `days` before the drop of this one."""

    campaign: str
    posted_on: date
    days: int


@dataclass(frozen=True, kw_only=True)
class PressurePart:
    """What policy says of contact pressure and what came of it; `over` and `resting` are None until the machine has counted.

    `caps` are (kind, days, most); `action` is `suppress` or `reserve`. Where givers rest, `gave_since` is the day, and `givers` are the
    campaigns whose givers were looked up.
    """

    action: str
    caps: tuple[tuple[str, int, int], ...]
    sends: tuple[EarlierSend, ...]
    over: dict[str, int] | None
    resting: dict[str, int] | None
    gave_since: date | None = None
    givers: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum((self.over or {}).values())

    @property
    def total_resting(self) -> int:
        return sum((self.resting or {}).values())

    @property
    def by_list(self) -> list[dict[str, Any]]:
        resting = self.resting or {}
        return [{"code": code, "over": over, "resting": resting.get(code, 0)} for code, over in sorted((self.over or {}).items())]


@dataclass(frozen=True, kw_only=True)
class DedupePage:
    """The run that counts and those before it; `shared` and `lost` are the file × file matrices, None against itself."""

    run: Run | None
    earlier: tuple[Run, ...]
    lists: tuple[DedupedList, ...]
    names: tuple[str, ...]
    shared: tuple[tuple[int | None, ...], ...]
    lost: tuple[tuple[int | None, ...], ...]
    suppressions: tuple[str, ...]
    total: dict[str, int]
    minimum: int | None
    tolerance: Decimal
    settings: DedupeSettings
    comparisons: tuple[Comparison, ...] = ()
    lookups: tuple[LookedUp, ...] = ()
    files: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    rules: tuple["Rule", ...] = ()
    pressure: PressurePart | None = None

    @property
    def unusual(self) -> tuple[DedupedList, ...]:
        """Lists of which more or less was kept than is usual."""
        return tuple(row for row in self.lists if row.unusual is not None)

    @property
    def is_done(self) -> bool:
        return bool(self.lists)

    @property
    def below_minimum(self) -> bool:
        return self.minimum is not None and self.is_done and self.total["net"] < self.minimum


def get_dedupe(facts: CampaignFacts) -> DedupePage:
    """Everything the dedupe's room shows."""
    run = facts.run
    report: dict[str, Any] = run.report or {} if run else {}
    retentions = list_retentions(facts, report.get("lists", {}))
    names = {row.code: row.name for row in facts.lists}
    matrix = report.get("matrix") or {"lists": [], "shared": {}, "lost": {}}
    lists = tuple(_list(code, names.get(code, ""), report["lists"][code], retentions[code]) for code in matrix["lists"])
    return DedupePage(
        run=_run(run) if run else None,
        earlier=tuple(_run(one) for one in reversed(facts.runs) if run is None or one.id != run.id),
        lists=lists,
        names=tuple(matrix["lists"]),
        shared=_square(matrix["lists"], matrix["shared"]),
        lost=_square(matrix["lists"], matrix["lost"]),
        suppressions=tuple(report.get("suppressions", ())),
        total=_total(lists),
        minimum=facts.campaign.minimum_net_quantity,
        tolerance=facts.campaign.policy.share("tolerances", "retention_points"),
        settings=DedupeSettings.of(facts),
        comparisons=tuple(comparisons_of(run)) if run else (),
        lookups=tuple(lookups_of(run)) if run else (),
        files=tuple(one["code"] for one in run.brief["files"]) if run else (),
        rules=tuple(
            Rule(
                name=rule,
                chosen=rule == report["allocation"],
                net=tuple(report["simulation"][rule]["net"][code] for code in matrix["lists"]),
                cost=cost,
            )
            for rule, cost in rule_costs(run).items()
        ),
        sources=tuple(one["code"] for one in (*run.brief["files"], *run.brief["suppressions"])) if run else (),
        pressure=_pressure(run.brief.get("pressure"), report) if run else None,
    )


def rule_costs(run: MergePurgeRun | None) -> dict[str, Decimal]:
    """What the net of each allocation rule would cost, as a finished run found it."""
    simulated = ((run and run.report) or {}).get("simulation", {})
    return {rule: Decimal(simulated[rule]["total_cost"]) for rule in ALLOCATIONS if rule in simulated}


def _pressure(asked: dict[str, Any] | None, report: dict[str, Any]) -> PressurePart | None:
    rest = (asked or {}).get("gift_rest")
    if not asked or not (asked["caps"] or rest):
        return None
    counted = report.get("pressure") or {"over": None}
    sends = (
        EarlierSend(campaign=one["campaign"], posted_on=date.fromisoformat(one["posted_on"]), days=one["days"]) for one in asked["sends"]
    )
    return PressurePart(
        action=asked["action"],
        caps=tuple((cap["kind"], cap["days"], cap["most"]) for cap in asked["caps"]),
        sends=tuple(sends),
        over=counted["over"],
        resting=counted.get("resting"),
        gave_since=date.fromisoformat(rest["since"]) if rest else None,
        givers=tuple(dict.fromkeys(one["campaign"] for one in rest["files"])) if rest else (),
    )


def _total(lists: tuple[DedupedList, ...]) -> dict[str, int]:
    """The sums over all lists; empty while there is no report."""
    names = ("delivered", "rejected", "suppressed_total", "intra", "inter", "net", "unique")
    return {name: sum(getattr(row, name) or 0 for row in lists) for name in names} if lists else {}


def _run(run: MergePurgeRun) -> Run:
    return Run(
        number=run.number,
        state=run.state,
        finished_at=run.finished_at,
        void_reason=run.void_reason,
        net=sum(counts["net"] for counts in run.report["lists"].values()) if run.report else None,
    )


def _list(code: str, name: str, counts: dict[str, Any], retention: Retention) -> DedupedList:
    return DedupedList(
        code=code,
        name=name,
        delivered=counts["delivered"],
        rejected=counts["rejected"],
        suppressed=counts["suppressed"],
        intra=counts["intra"],
        inter=counts["inter"],
        net=counts["net"],
        unique=counts.get("unique"),
        retention=retention.actual,
        assumed=retention.planned,
        overlap=_ratio(counts["overlap"]) if "overlap" in counts else None,
        outside=not retention.is_as_planned,
        unusual=None if retention.is_usual else retention.usual,
    )


def _ratio(value: dict[str, int]) -> Decimal | None:
    return Decimal(value["numerator"]) / value["denominator"] if value["denominator"] else None


def _square(codes: list[str], cells: dict[str, dict[str, int]]) -> tuple[tuple[int | None, ...], ...]:
    return tuple(tuple(None if row == column else cells[row][column] for column in codes) for row in codes)
