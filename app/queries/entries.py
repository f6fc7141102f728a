"""The entries of a campaign's chain as pages show them: what happened, who did it, with which words. Not for verifying it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from app.queries.names import names_by_id
from app.queries.policy import no_drop_windows
from workflows.campaign.model import Campaign
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint, ErasableText
from workflows.trade.working_days import NoDropWindow

QUIET = ("plan_line.",)
"""Events that only repeat, line by line, what the list's own event says."""


@dataclass(frozen=True, kw_only=True)
class Control:
    """A control of a checkpoint: `ok`, `warning`, `failed` or `overridden`."""

    code: str
    expected: Any
    actual: Any
    verdict: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One checkpoint. `who` is empty for a machine, `stood_in_for` where they acted for themselves; `words` are what was said with it,
    where they were not erased; `windows` those of the policy that it names, where a control is about a day that policy has words for.
    """

    seq: int
    at: datetime
    event: str
    who: str
    sha256: str
    state_from: str
    state_to: str
    subject_kind: str
    words: tuple[str, ...]
    controls: tuple[Control, ...]
    windows: tuple[NoDropWindow, ...]
    documents: tuple[str, ...]
    command: dict[str, Any]
    stood_in_for: str = ""


@dataclass(frozen=True, kw_only=True)
class EntryPage:
    """A page of a chain, the newest first; pages count from 1."""

    entries: tuple[Entry, ...]
    page: int
    pages: int
    total: int
    head: str


def list_entries(session: Session, campaign: Campaign, *, page: int = 1, size: int = 40, all_events: bool = False) -> EntryPage:
    """A page of the campaign's chain; without the lines' own events, unless all are asked for. The head is the chain's in either case."""
    statement = _chain(campaign.id, all_events=all_events)
    total = session.exec(select(func.count()).select_from(statement.subquery())).one()
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    shown = list(session.exec(statement.order_by(col(Checkpoint.seq).desc()).offset((page - 1) * size).limit(size)))
    entries = tuple(_entries(session, campaign.id, shown))
    return EntryPage(entries=entries, page=page, pages=pages, total=total, head=campaign.chain_head)


def recent_entries(session: Session, campaign_id: UUID, *, most: int = 6) -> tuple[Entry, ...]:
    """The last things that happened."""
    statement = _chain(campaign_id, all_events=False).order_by(col(Checkpoint.seq).desc()).limit(most)
    return tuple(_entries(session, campaign_id, list(session.exec(statement))))


def _chain(campaign_id: UUID, *, all_events: bool) -> SelectOfScalar[Checkpoint]:
    statement = select(Checkpoint).where(Checkpoint.campaign_id == campaign_id)
    quiet = () if all_events else QUIET
    return statement.where(*(~col(Checkpoint.event).startswith(prefix) for prefix in quiet))


def _entries(session: Session, campaign_id: UUID, rows: list[Checkpoint]) -> list[Entry]:
    bodies = {row.seq: read_json(row.body) for row in rows}
    actors = {UUID(one) for body in bodies.values() for one in (body["actor"]["id"], body["actor"]["stands_in_for"]) if one}
    names = names_by_id(session, actors)
    words: dict[int, list[str]] = {}
    texts = select(ErasableText).where(ErasableText.campaign_id == campaign_id, col(ErasableText.seq).in_(list(bodies)))
    for text in session.exec(texts.order_by(col(ErasableText.seq), col(ErasableText.field))):
        words.setdefault(text.seq, []).append(text.text)
    windows = windows_of(session, campaign_id, bodies)
    return [_entry(row, bodies[row.seq], names, words.get(row.seq, []), windows.get(row.seq, ())) for row in rows]


def windows_of(session: Session, campaign_id: UUID, bodies: Mapping[int, Mapping[str, Any]]) -> dict[int, tuple[NoDropWindow, ...]]:
    """By entry, the windows of the policy that it names: of entries that warn of a drop on a weak day."""
    weak = [seq for seq, body in bodies.items() if any(one["code"].startswith("drop:") for one in body["checks"])]
    warned = {seq: bodies[seq]["policy"]["version"] for seq in weak}
    found = no_drop_windows(session, campaign_id, warned.values()) if warned else {}
    return {seq: found.get(number, ()) for seq, number in warned.items()}


def _entry(
    row: Checkpoint, body: dict[str, Any], names: Mapping[UUID | None, str], words: list[str], windows: tuple[NoDropWindow, ...]
) -> Entry:
    actor = body["actor"]["id"]
    return Entry(
        seq=row.seq,
        at=row.at,
        event=row.event,
        who=names.get(UUID(actor), "") if actor else "",
        sha256=row.sha256,
        state_from=body["from"] or "",
        state_to=body["to"],
        subject_kind=body["subject"]["kind"],
        words=tuple(words),
        controls=tuple(
            Control(code=one["code"], expected=one["expected"], actual=one["actual"], verdict=one["verdict"])
            for one in body.get("checks", ())
        ),
        windows=windows,
        documents=tuple(f"{one['number']}/{one['revision']}" for one in body.get("documents", ())),
        command=body.get("command", {}),
        stood_in_for=names.get(UUID(absent), "") if (absent := body["actor"]["stands_in_for"]) else "",
    )
