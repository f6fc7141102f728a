"""The lot plan of a campaign: its cells, its files and the checks they passed. Quantities are without seeds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from workflows.campaign.contacted.recounting import barred_in_lots, keys_not_looked_up
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import Lot, LotPlan
from workflows.campaign.results.trials import Trial, expected_rates, planned_trials


@dataclass(frozen=True, kw_only=True)
class LotRow:
    """One cell: list × segment × offer × message × channel × role."""

    code: str
    list_code: str
    segment: str
    offer: str
    message: str
    channel: str
    role: str
    quantity: int
    seeds: int
    is_sent: bool
    deposited: int | None
    in_several: bool = False
    not_sent_reason: str = ""

    @property
    def handed_over(self) -> int:
        """Pieces that the mailer gets, seeds included; none of what is held out or kept in reserve."""
        return self.quantity + self.seeds if self.is_sent else 0


@dataclass(frozen=True, kw_only=True)
class MailingFile:
    """A file that goes to the mailer, known by the hash of its bytes; `layout` and `encoding` say how it is written."""

    name: str
    channel: str
    rows: int
    sha256: str
    layout: str
    encoding: str


@dataclass(frozen=True, kw_only=True)
class PlannedTest:
    """A message tested against another, and what the test can show. Rates and `power` are fractions, None where nothing is expected.

    `least_responses` are what policy wants for a verdict, where only they are not to be counted on.
    """

    about: str
    channel: str
    places: int
    control_qty: int
    variant_qty: int
    rate: Decimal | None
    wanted: Decimal | None
    needed: int
    power: Decimal | None
    detectable: Decimal | None
    conclusive: bool
    least_responses: int | None


@dataclass(frozen=True, kw_only=True)
class LotsPage:
    """The lot plan that counts; without a hash while there is none.

    `barred` are the people of lots whom their channel leaves alone by now; `barred_elsewhere` the campaigns whose reports nobody looked up
    in them.
    """

    sha256: str
    frozen_at: datetime | None
    lots: tuple[LotRow, ...]
    files: tuple[MailingFile, ...]
    checks: tuple[dict[str, Any], ...]
    seed: int | None
    net: int
    tests: tuple[PlannedTest, ...] = ()
    weak_tests_refused: bool = False
    over_cap: int = 0
    resting: int = 0
    out_of_reach: int = 0
    at_rest: int = 0
    unreached: int = 0
    at_cap: int = 0
    barred: Mapping[str, int] = field(default_factory=dict)
    barred_elsewhere: tuple[str, ...] = ()

    @property
    def asks_for_reason(self) -> bool:
        """Whether freezing passes over a test that cannot show anything."""
        return self.weak_tests_refused and not all(test.conclusive for test in self.tests)

    @property
    def sent(self) -> int:
        return sum(lot.quantity for lot in self.lots if lot.is_sent)

    @property
    def kept_back(self) -> int:
        return sum(lot.quantity for lot in self.lots if not lot.is_sent)

    @property
    def seeds(self) -> int:
        return sum(lot.seeds for lot in self.lots)

    @property
    def failed(self) -> tuple[dict[str, Any], ...]:
        """Checks that did not pass."""
        return tuple(check for check in self.checks if check["verdict"] != "ok")


def get_lots(facts: CampaignFacts) -> LotsPage:
    """Everything the lots' room shows."""
    plan = facts.lot_plan
    summary: dict[str, Any] = plan.summary if plan else {}
    report = facts.run.report if facts.run and facts.run.report else {"lists": {}}
    # Those of contact pressure stand in the reserve together; the run tells who of them rests after a gift.
    resting = sum((report.get("pressure") or {}).get("resting", {}).values()) if "over_cap" in summary else 0
    return LotsPage(
        sha256=plan.sha256 if plan else "",
        frozen_at=plan.frozen_at if plan else None,
        lots=tuple(lot_row(lot) for lot in facts.lots),
        files=_files(plan),
        checks=tuple(summary.get("checks", ())),
        seed=summary.get("split", {}).get("seed"),
        net=sum(counts["net"] for counts in report["lists"].values()),
        tests=tuple(_test(one) for one in planned_trials(facts.lots, expected_rates(facts), facts.campaign.policy)),
        weak_tests_refused=facts.campaign.policy.refuses_weak_tests,
        over_cap=sum(summary.get("over_cap", {}).values()) - resting,
        resting=resting,
        out_of_reach=sum(summary.get("out_of_reach", {}).values()),
        at_rest=sum(summary.get("at_rest", {}).values()),
        unreached=sum(summary.get("unreached", {}).values()),
        at_cap=sum(summary.get("at_cap", {}).values()),
        barred=barred_in_lots(facts),
        barred_elsewhere=tuple(sorted({one.campaign for one in keys_not_looked_up(facts, facts.campaign.drop_on)})),
    )


def _test(trial: Trial) -> PlannedTest:
    return PlannedTest(
        about=trial.about,
        channel=trial.channel,
        places=len(trial.pairs),
        control_qty=trial.control_qty,
        variant_qty=trial.variant_qty,
        rate=trial.reach.rate,
        wanted=trial.reach.wanted,
        needed=trial.reach.needed,
        power=trial.reach.power,
        detectable=trial.reach.detectable,
        conclusive=trial.conclusive,
        least_responses=trial.reach.least_responses if trial.reach.too_few else None,
    )


def lot_row(lot: Lot) -> LotRow:
    """A lot as pages show it."""
    return LotRow(
        code=lot.code,
        list_code=lot.list_code,
        segment=lot.segment,
        offer=lot.offer,
        message=lot.message,
        channel=lot.channel,
        role=lot.role,
        quantity=lot.quantity,
        seeds=lot.seeds,
        is_sent=lot.is_sent,
        deposited=lot.deposited,
        in_several=lot.in_several,
        not_sent_reason=lot.not_sent_reason,
    )


def _files(plan: LotPlan | None) -> tuple[MailingFile, ...]:
    if plan is None:
        return ()
    return tuple(
        MailingFile(
            name=name,
            channel=file["channel"],
            rows=file["rows"],
            sha256=file["sha256"],
            layout=file.get("layout", ""),
            encoding=file.get("encoding", ""),
        )
        for name, file in sorted(plan.summary.get("files", {}).items())
    )
