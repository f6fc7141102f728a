"""Policy: the numbers an organisation tunes, as versioned data that each campaign pins when it opens. Not for what a process is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time
from decimal import Decimal
from itertools import product
from typing import Any
from uuid import UUID

from sqlmodel import Session, SQLModel, UniqueConstraint, col, select

from workflows.campaign.default_policy import BEFORE_IT_WAS_ASKED, DEFAULT_POLICY
from workflows.engine.checklists import Point
from workflows.engine.columns import document, instant, key, reference
from workflows.engine.command import sha256_of
from workflows.parties.roles import Role
from workflows.trade.approval import ApprovalTier
from workflows.trade.calling import CallRules, read_hours
from workflows.trade.channels import WITHOUT_PAPER
from workflows.trade.retroplanning import DEFAULT_LEAD_TIMES, LeadTime
from workflows.trade.working_days import (
    NoDropWindow,
    Region,
    add_working_days,
    instant_at,
    local_day,
    read_day_of_year,
    working_days_between,
)

LANGUAGES = ("fr", "en")
"""In which the words of a policy are written."""


@dataclass(frozen=True, kw_only=True)
class PressureCap:
    """The most sends that a person or a household gets within so many days, the one in hand included."""

    kind: str
    days: int
    most: int


class PolicyVersion(SQLModel, table=True):
    """One version of an advertiser's policy. Never changed: a new version is a new row."""

    __tablename__ = "policy_version"
    __table_args__ = (UniqueConstraint("advertiser_id", "number"),)

    id: UUID = key()
    advertiser_id: UUID = reference("advertiser.id")
    number: int
    body: dict[str, Any] = document()
    sha256: str
    saved_at: datetime = instant()
    saved_by_id: UUID | None = reference("person.id", nullable=True)


class Policy:
    """A reader of one policy version's body; what an older version lacks has its default."""

    def __init__(self, body: dict[str, Any]) -> None:
        self._body = body

    def _find(self, section: str, name: str) -> Any:
        lacking = BEFORE_IT_WAS_ASKED.get(section, {}).get(name, DEFAULT_POLICY[section][name])
        return self._body.get(section, {}).get(name, lacking)

    def days(self, name: str) -> int:
        """Working days of a delay."""
        return int(self._find("delays", name))

    def hours(self, name: str) -> int:
        """Hours of a delay by the clock."""
        return self.whole("thresholds", name)

    def share(self, section: str, name: str) -> Decimal:
        """A share or rate, exact."""
        return Decimal(str(self._find(section, name)))

    def whole(self, section: str, name: str) -> int:
        """A whole number."""
        return int(self._find(section, name))

    @property
    def region(self) -> Region:
        """Where the advertiser works, for its public holidays."""
        return Region(self._body.get("region", DEFAULT_POLICY["region"]))

    @property
    def lead_times(self) -> tuple[LeadTime, ...]:
        """When each step starts and finishes, for the retroplanning."""
        return tuple(replace(lead, start=self._lead(lead, "start"), finish=self._lead(lead, "finish")) for lead in DEFAULT_LEAD_TIMES)

    def _lead(self, lead: LeadTime, edge: str) -> int:
        days = self.whole("lead_times", f"{lead.step}_{edge}")
        return -days if lead.is_before_drop else days

    def overrider(self, control: str) -> Role | None:
        """Who may let this control be passed over: a project manager, an approver's grant, or nobody."""
        name = str(self._find("overrides", control))
        return None if name == "nobody" else Role(name)

    def escalates_to(self, candidate_role: str) -> Role | None:
        """Who is told when a task of that role stays undone after its reminder."""
        name = str(self._find("escalation", candidate_role))
        return None if name == "nobody" else Role(name)

    @property
    def test_power(self) -> Decimal:
        """The chance that a test has to have of showing its difference: never none and never certainty, whatever was saved."""
        return min(max(self.share("lots", "test_power"), Decimal("0.01")), Decimal("0.99"))

    @property
    def refuses_weak_tests(self) -> bool:
        """Whether a lot plan with a test that cannot show what it is meant to may not simply be frozen."""
        return bool(self._find("lots", "weak_tests") == "refuse")

    @property
    def refuses_doubtful_bases(self) -> bool:
        """Whether a negotiation is closed only once every list states a legal basis that carries its channels."""
        return bool(self._find("negotiation", "legal_basis") == "refuse")

    @property
    def contracts_required(self) -> bool:
        """Whether orders go to processors only once their contracts are on record."""
        return bool(self._find("order", "contracts_required"))

    @property
    def proof_required(self) -> bool:
        """Whether a message is signed off only with a proof that was deposited."""
        return bool(self._find("send", "proof_required"))

    @property
    def certificates_required(self) -> bool:
        """Whether a campaign is closed only once everybody who was handed addresses has certified that they are destroyed."""
        return bool(self._find("analysis", "certificates_required"))

    @property
    def invoices_required(self) -> bool:
        """Whether a campaign is closed only once the invoices of suppliers of lists are matched, accepted or disputed."""
        return bool(self._find("analysis", "invoices_required"))

    @property
    def service_invoices_required(self) -> bool:
        """The same for the invoices of suppliers of services."""
        return bool(self._find("analysis", "service_invoices_required"))

    @property
    def pressure_action(self) -> str:
        """What becomes of those over a cap: `suppress` or `reserve`."""
        return str(self._find("pressure", "action"))

    @property
    def pressure_caps(self) -> tuple[PressureCap, ...]:
        """The caps that are set, each once. The gap between two sends to a person is a cap too: one within so many days."""
        gap = self.whole("pressure", "gap_days")
        caps = [PressureCap(kind="person", days=gap, most=1)] if gap else []
        for kind, days in product(("person", "household"), (30, 90, 365)):
            if most := self.whole("pressure", f"{kind}_{days}"):
                caps.append(PressureCap(kind=kind, days=days, most=most))
        return tuple(dict.fromkeys(caps))

    @property
    def channel_caps(self) -> dict[str, int]:
        """The most sends to a person by a channel within 30 days, the one in hand included, of each channel that has a cap."""
        caps = {channel: self.whole("pressure", f"{channel}_30") for channel in WITHOUT_PAPER}
        return {channel: most for channel, most in caps.items() if most}

    @property
    def call_rules(self) -> CallRules:
        """What whoever calls people has to keep to."""
        return CallRules(
            hours=read_hours(str(self._find("calls", "hours"))),
            most=self.whole("calls", "person_30"),
            rest_days=self.whole("calls", "refusal_days"),
            region=self.region,
        )

    @property
    def message_hours(self) -> str:
        """From when until when text messages go out, as policy keeps it; empty for any hour."""
        return str(self._find("messages", "hours"))

    def checklist(self, task: str) -> tuple[Point, ...]:
        """The points to be ticked before a user task of that name is done, in their order."""
        points = self._body.get("checklists", {}).get(task, ())
        return tuple(
            Point(code=one["code"], required=one["required"], words={language: one[language] for language in LANGUAGES}) for one in points
        )

    @property
    def approval_tiers(self) -> tuple[ApprovalTier, ...]:
        """How many signatures a budget takes, by its total."""
        return tuple(
            ApprovalTier(up_to=None if one["up_to"] is None else Decimal(one["up_to"]), signatures=one["signatures"])
            for one in self._body.get("approval_tiers", DEFAULT_POLICY["approval_tiers"])
        )

    @property
    def no_drop_windows(self) -> tuple[NoDropWindow, ...]:
        """When mail should not drop."""
        return tuple(
            NoDropWindow(
                code=one["code"],
                first=read_day_of_year(one["first"]),
                last=read_day_of_year(one["last"]),
                words={language: one[language] for language in LANGUAGES},
            )
            for one in self._body.get("no_drop_windows", DEFAULT_POLICY["no_drop_windows"])
        )

    @property
    def purge_days(self) -> int:
        """Calendar days after the drop when rented data must be gone."""
        return int(self._body.get("purge_days", DEFAULT_POLICY["purge_days"]))

    def after(self, now: datetime, name: str) -> datetime:
        """The end of the last of the delay's working days, in UTC."""
        return self.after_days(now, self.days(name))

    def working_days_left(self, now: datetime, until: datetime) -> int:
        """Working days from today to the day of `until`; negative when that day is past."""
        return working_days_between(local_day(now), local_day(until), self.region)

    def after_days(self, now: datetime, days: int) -> datetime:
        """The end of the day that many working days from today, or before it when negative, in UTC."""
        day = add_working_days(local_day(now), days, self.region)
        return instant_at(day, self.day_ends_at)

    @property
    def day_ends_at(self) -> time:
        """When a working day ends, by the clock on the wall."""
        return time.fromisoformat(self._body.get("day_ends_at", DEFAULT_POLICY["day_ends_at"]))


def written_tiers(tiers: Iterable[ApprovalTier]) -> list[dict[str, Any]]:
    """Approval tiers as policy keeps them."""
    return [{"up_to": None if tier.up_to is None else f"{tier.up_to:.2f}", "signatures": tier.signatures} for tier in tiers]


_MOST_REMEMBERED = 256
_remembered: dict[UUID, Policy] = {}


def policy_of(version_id: UUID, read: Callable[[], dict[str, Any]]) -> Policy:
    """The policy of one version, whose body `read` gives. A version never changes: a process reads each once."""
    found = _remembered.get(version_id)
    if found is None:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        found = _remembered[version_id] = Policy(read())
    return found


def newest_policy(session: Session, advertiser_id: UUID, *, now: datetime) -> PolicyVersion:
    """The advertiser's policy as it stands; the first campaign of an advertiser without one begins with the default."""
    statement = select(PolicyVersion).where(PolicyVersion.advertiser_id == advertiser_id).order_by(col(PolicyVersion.number).desc())
    found = session.exec(statement).first()
    if found is None:
        found = PolicyVersion(advertiser_id=advertiser_id, number=1, body=DEFAULT_POLICY, sha256=sha256_of(DEFAULT_POLICY), saved_at=now)
        session.add(found)
        session.flush()
    return found
