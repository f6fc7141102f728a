"""The numbers, addresses and QR codes that a campaign's lots carry, for whoever states or reads them, and every version there was."""

from dataclasses import dataclass
from datetime import datetime

from app.queries.lots import LotRow, lot_row
from app.queries.names import names_by_id
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.orders.mailing_order import ordered_seq
from workflows.campaign.results.credited import brought_by_lot
from workflows.campaign.send.tracking import (
    ReferenceDifference,
    reference_differences,
    references_of,
    tracked_at,
    tracked_references,
)
from workflows.trade.tracking import Kind, TrackedReference


@dataclass(frozen=True, kw_only=True)
class TrackedLot:
    """A lot that is mailed, what it carries of each kind, and the responses that it was credited with by that."""

    lot: LotRow
    carries: dict[Kind, str]
    brought: int


@dataclass(frozen=True, kw_only=True)
class TrackingVersion:
    """One version of it: by whom, when, in which entry, its `references`, and what of them is otherwise than in the one before."""

    number: int
    said_by: str
    said_at: datetime
    seq: int
    sha256: str
    references: tuple[TrackedReference, ...]
    differences: tuple[ReferenceDifference, ...]


@dataclass(frozen=True, kw_only=True)
class TrackingPage:
    """Everything about it. `since_order` is what was said otherwise since the newest mailing order, empty where none is out.

    `references` are those of lots that are left unsent too, whom `lots` does not show.
    """

    lots: tuple[TrackedLot, ...]
    references: tuple[TrackedReference, ...]
    versions: tuple[TrackingVersion, ...]
    since_order: tuple[ReferenceDifference, ...]
    is_posted: bool


def get_tracking(facts: CampaignFacts) -> TrackingPage:
    """Everything that is said of what lots carry."""
    now, seq = tracked_references(facts), ordered_seq(facts)
    brought = brought_by_lot(facts)
    carries: dict[str, dict[Kind, str]] = {}
    for one in now:
        carries.setdefault(one.lot_code, {})[one.kind] = one.value
    return TrackingPage(
        lots=tuple(
            TrackedLot(lot=lot_row(lot), carries=carries.get(lot.code, {}), brought=brought.get(lot.code, 0))
            for lot in facts.lots
            if lot.is_sent
        ),
        references=now,
        versions=list_trackings(facts),
        since_order=tuple(reference_differences(tracked_at(facts, seq), now)) if seq is not None else (),
        is_posted=bool(facts.deposits),
    )


def list_trackings(facts: CampaignFacts) -> tuple[TrackingVersion, ...]:
    """Every version, the newest first."""
    names = names_by_id(facts.session, (one.stated_by_id for one in facts.trackings))
    rows, before = [], tuple[TrackedReference, ...]()
    for number, one in enumerate(facts.trackings, start=1):
        after = references_of(one.body)
        rows.append(
            TrackingVersion(
                number=number,
                said_by=names.get(one.stated_by_id, ""),
                said_at=one.stated_at,
                seq=one.from_seq,
                sha256=one.sha256,
                references=after,
                differences=tuple(reference_differences(before, after)),
            )
        )
        before = after
    return tuple(reversed(rows))
