"""What senders reported of a campaign's e-mails, messages and calls: who bounced, who waits for another bounce, how calls ended by day."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlmodel import col, select

from workflows.campaign.contacted.records import ContactReport
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import Undeliverable
from workflows.trade.calling import Broken
from workflows.trade.contact_reports import CALLS, UNREACHED, Outcome


@dataclass(frozen=True, kw_only=True)
class BouncePage:
    """Pieces that bounced: hard, softly often enough, and softly but not `enough` times yet."""

    hard: int
    soft: int
    waiting: int
    enough: int


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
        bounces=_bounces(facts) if found[Outcome.HARD] or found[Outcome.SOFT] else None,
        call_days=tuple(CallDay(on=on, outcomes=dict(counts)) for on, counts in by_day.items()),
        broken=_broken(facts),
    )


def _broken(facts: CampaignFacts) -> dict[str, int]:
    found: Counter[str] = Counter()
    for batch in facts.batches:
        found.update({str(rule): batch.counts[rule] for rule in Broken if rule in batch.counts})
    return dict(found)


def _bounces(facts: CampaignFacts) -> BouncePage:
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
    )
