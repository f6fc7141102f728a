"""Examines delivered files: what each is, and whether it is what its note and its order say. Reads suppression files."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from tasks.files.findings import compare
from tasks.registry import Work, service_task
from workflows.campaign.dedupe.settings import DedupeSettings
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.records import StoredFile
from workflows.campaign.suppressions.receiving import RecordSuppression
from workflows.delivery.model import DeliveredFile
from workflows.delivery.process import RecordExamination
from workflows.engine.command import Command


@service_task("examine_delivery")
def examine_delivery(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Read the file as a merge-purge would, and hold it against its delivery note and the plan."""
    # Here and not above: every job is forked from what the worker has loaded, and few need Polars.
    from tasks.merge_purge.reading import examine

    with work.reading() as session:
        delivered = session.get(DeliveredFile, UUID(payload["file_id"]))
        stored = session.get(StoredFile, delivered.file_id)
        facts = CampaignFacts(session, session.get(Campaign, work.campaign_id))
        earlier = [file for file in facts.accepted_files if file.list_id == delivered.list_id]
        segments = Counter[str]()
        for line in facts.live_lines:
            if line.list_id == delivered.list_id:
                segments[line.segment] += line.gross_qty
        for file in earlier:
            segments.subtract({code: taken for code, taken in (file.report or {}).get("segment_counts", {}).items() if code in segments})
        ordered = facts.ordered_qty(delivered.list_id)
        taken = sum(file.record_count or 0 for file in earlier)
        policy = facts.campaign.policy
        session.expunge_all()
    with laid_out(work, stored, delivered.layout) as (path, layout):
        examination = examine(path, layout=layout, segments=list(segments))
    findings = compare(examination, delivered, stored.sha256, segments=segments, expected=ordered - taken, policy=policy)
    return [
        RecordExamination(
            subject_id=delivered.id,
            record_count=examination.record_count,
            conforming=all(finding["verdict"] != "failed" for finding in findings),
            report=without_floats(examination.to_dict()),
            findings=tuple(findings),
        )
    ]


@service_task("read_suppression")
def read_suppression(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Read the file as the merge-purge will, and count its records, or tell why it cannot be read."""
    from tasks.merge_purge.reading import UnreadableFile, take

    with work.reading() as session:
        stored = session.get(StoredFile, UUID(payload["file_id"]))
        level = DedupeSettings.of(CampaignFacts(session, session.get(Campaign, work.campaign_id))).level
        session.expunge_all()
    if stored.purged_at is not None:
        return []
    records, fault, detail = 0, "", ""
    with work.files.plaintext(stored) as path:
        try:
            records = take(path, held_at=level).frame.height
        except UnreadableFile as refusal:
            fault, detail = refusal.code, str(refusal.detail)
    return [RecordSuppression(subject_id=work.campaign_id, file_id=stored.id, record_count=records, fault=fault, detail=detail)]


@contextmanager
def laid_out(work: Work, stored: StoredFile, layout: str) -> Iterator[tuple[Path, Path | None]]:
    """A delivered file and its layout table, where there is one, while the block runs; in two folders, since the data may have any name."""
    with work.files.plaintext(stored) as path, work.files.scratch() as beside:
        if not layout:
            yield path, None
            return
        table = beside / "layout.csv"
        table.write_text(layout, encoding="utf-8")
        yield path, table


def id_columns(session: Session, file_ids: Iterable[UUID]) -> dict[str, str]:
    """The id column that the examination took of each delivered file, by the stored file's id; empty where it found none."""
    examined = session.exec(select(DeliveredFile).where(col(DeliveredFile.file_id).in_(list(file_ids))))
    return {str(file.file_id): (file.report or {}).get("columns", {}).get("id_source", "") for file in examined}


def without_floats(value: Any) -> Any:
    """The same data with shares as decimal strings: what is hashed holds no floats."""
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, dict):
        return {key: without_floats(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_floats(item) for item in value]
    return value
