"""What senders reported of e-mails, messages and calls: who bounced, or waits for another bounce, or left; how calls ended by day."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func
from sqlmodel import col, select

from workflows.campaign.contacted.complaints import complaint_rate
from workflows.campaign.contacted.records import ContactReport
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import Undeliverable
from workflows.trade.calling import Broken
from workflows.trade.contact_reports import CALLS, MESSAGES, UNREACHED, Outcome


@dataclass(frozen=True, kw_only=True)
class BouncePage:
    """Pieces that bounced: hard, softly often enough, and softly but not `enough` times yet; people who unsubscribed or complained, and the
    share of complaints among those who were e-mailed, of which policy tells from `most_complaining` on.
    """

    hard: int
    soft: int
    waiting: int
    enough: int
    unsubscribed: int
    complaining: int
    complaint_rate: Decimal
    most_complaining: Decimal

    @property
    def complain_too_many(self) -> bool:
        return 0 < self.most_complaining < self.complaint_rate


@dataclass(frozen=True, kw_only=True)
class CallDay:
    """Calls of one day by how they ended."""

    on: date
    outcomes: dict[str, int]

    @property
    def calls(self) -> int:
        return sum(self.outcomes.values())


@dataclass(frozen=True, kw_only=True)
class ContactPage:
    """None of bounces or of calls where none were reported. `broken` are the calls that broke a rule, by the rule."""

    bounces: BouncePage | None
    call_days: tuple[CallDay, ...]
    broken: dict[str, int]


def get_contact_reports(facts: CampaignFacts) -> ContactPage:
    """Everything that was reported."""
    number = func.count()
    statement = (
        select(col(ContactReport.reported_on), col(ContactReport.outcome), number)
        .where(ContactReport.campaign_id == facts.campaign.id)
        .group_by(col(ContactReport.reported_on), col(ContactReport.outcome))
        .order_by(col(ContactReport.reported_on))
    )
    by_day: dict[date, Counter[str]] = {}
    found: Counter[str] = Counter()
    for on, outcome, rows in facts.session.exec(statement):
        found[outcome] += rows
        if outcome in CALLS:
            by_day.setdefault(on, Counter())[outcome] += rows
    return ContactPage(
        bounces=_bounces(facts, found) if any(found[one] for one in MESSAGES) else None,
        call_days=tuple(CallDay(on=on, outcomes=dict(counts)) for on, counts in by_day.items()),
        broken=_broken(facts),
    )


def _broken(facts: CampaignFacts) -> dict[str, int]:
    found: Counter[str] = Counter()
    for batch in facts.batches:
        found.update({str(rule): batch.counts[rule] for rule in Broken if rule in batch.counts})
    return dict(found)


def _bounces(facts: CampaignFacts, found: Mapping[str, int]) -> BouncePage:
    campaign_id = facts.campaign.id
    number = func.count()
    grouped = select(col(Undeliverable.reason), number).where(Undeliverable.campaign_id == campaign_id)
    unreached = dict(facts.session.exec(grouped.group_by(col(Undeliverable.reason))).all())
    gone = select(col(Undeliverable.unique_id)).where(Undeliverable.campaign_id == campaign_id)
    waiting = select(func.count(func.distinct(col(ContactReport.unique_id)))).where(
        ContactReport.campaign_id == campaign_id,
        ContactReport.outcome == str(Outcome.SOFT),
        col(ContactReport.unique_id).not_in(gone),
    )
    return BouncePage(
        hard=unreached.get(UNREACHED[Outcome.HARD], 0),
        soft=unreached.get(UNREACHED[Outcome.SOFT], 0),
        waiting=facts.session.exec(waiting).one(),
        enough=facts.campaign.policy.whole("thresholds", "soft_bounces"),
        unsubscribed=found[Outcome.UNSUBSCRIBED],
        complaining=found[Outcome.COMPLAINT],
        complaint_rate=complaint_rate(facts),
        most_complaining=facts.campaign.policy.share("thresholds", "complaint_share"),
    )
