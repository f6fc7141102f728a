"""The files of a campaign as they come in: list by list, version by version, with what the examination found; and the suppression files."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from app.queries.campaign import Blocker, blocker, supplier_name
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.follow_up.limits import files_are_there
from workflows.campaign.keeping import EVERY_SUPPRESSION, suppression_kind, suppression_name
from workflows.campaign.model import CampaignList
from workflows.campaign.records import StoredFile
from workflows.campaign.suppressions.receiving import readings
from workflows.delivery.model import DeliveredFile, FileState
from workflows.delivery.process import delivery_conforms
from workflows.plan_line.model import LineState

DONE = {LineState.ACCEPTED, LineState.PROCESSED}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One check of a file: what was expected, what is, and whether that is `ok`, a `warning` or `failed`; the first `rows` concerned."""

    code: str
    expected: Any
    actual: Any
    verdict: str
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """One version of one tranche, with what its examination found; its bytes are destroyed on `purge_on`, or were at `purged_at`."""

    id: UUID
    tranche: int
    file_version: int
    version: int
    name: str
    state: str
    sha256: str
    size: int
    declared_count: int | None
    record_count: int | None
    encoding: str
    received_at: datetime
    extracted_on: date | None
    criteria: str
    brought_over: dict[str, Any] | None
    findings: tuple[Finding, ...]
    rejection_reason: str
    purge_on: date | None
    purged_at: datetime | None
    closed_by: tuple[Blocker, ...]

    @property
    def waits(self) -> bool:
        return self.state == FileState.EXAMINED


@dataclass(frozen=True, kw_only=True)
class ListPath:
    """A list on its way in. `state`: expected, partial, accepted, cancelled or later."""

    id: UUID
    code: str
    name: str
    is_house: bool
    is_brought_over: bool
    supplier_name: str
    ordered: int
    accepted: int
    state: str
    files: tuple[FileRow, ...]
    next_tranche: int
    next_version: int
    takes_files: bool

    @property
    def has_accepted(self) -> bool:
        return any(file.state == FileState.ACCEPTED for file in self.files)


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """A suppression list the brief names, and the file that stands for it, if any.

    `record_count` is None until a machine has read it; `fault` is the code of why it cannot be read, `detail` the same in English.
    """

    name: str
    file_name: str
    sha256: str
    size: int | None
    stored_at: datetime | None
    purge_on: date | None
    purged_at: datetime | None
    record_count: int | None = None
    fault: str = ""
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class DeliveryPage:
    """All files of a campaign; `floor` is the share of the plan that policy wants accepted.

    `lost` says that lists cannot be brought over any more, because those of the campaign before are destroyed.
    """

    lists: tuple[ListPath, ...]
    suppressions: tuple[Suppression, ...]
    planned: int
    accepted: int
    floor: Any
    lost: Blocker | None = None


def get_deliveries(facts: CampaignFacts) -> DeliveryPage:
    """Every list with a line, and every suppression file wanted or given."""
    lists = tuple(_path(row, facts) for row in facts.lists if facts.lines_of(row.id))
    gone = files_are_there(facts)
    return DeliveryPage(
        lists=lists,
        suppressions=_suppressions(facts),
        planned=sum(line.gross_qty for line in facts.lines),
        accepted=sum(path.accepted for path in lists),
        floor=facts.campaign.policy.share("thresholds", "accepted_share"),
        lost=blocker(gone, facts) if gone else None,
    )


def _path(row: CampaignList, facts: CampaignFacts) -> ListPath:
    files = [file for file in facts.files if file.list_id == row.id]
    stored = {file.id: facts.session.get(StoredFile, file.file_id) for file in files}
    lines = facts.lines_of(row.id)
    alive = [LineState(line.state) for line in lines if line.is_alive]
    accepted = sum(file.record_count or 0 for file in files if file.state == FileState.ACCEPTED)
    tranche, version = _next(files)
    return ListPath(
        id=row.id,
        code=row.code,
        name=row.name,
        is_house=row.is_house,
        is_brought_over=row.is_brought_over,
        supplier_name=supplier_name(facts.supplier(row.supplier_id)),
        ordered=sum(line.gross_qty for line in lines if line.is_alive),
        accepted=accepted,
        state=_state(alive, accepted, files),
        files=tuple(_file(file, stored[file.id], facts) for file in reversed(files)),
        next_tranche=tranche,
        next_version=version,
        takes_files=not row.is_brought_over and any(state in (LineState.CONFIRMED, LineState.DELIVERED) for state in alive),
    )


def _state(alive: list[LineState], accepted: int, files: list[DeliveredFile]) -> str:
    if not alive:
        return "cancelled"
    if all(state in DONE for state in alive):
        return "accepted"
    if accepted:
        return "partial"
    return "delivered" if any(file.state in (FileState.RECEIVED, FileState.EXAMINED) for file in files) else "expected"


def _next(files: list[DeliveredFile]) -> tuple[int, int]:
    """The tranche and version that would come next: a new version of what was rejected, else a new tranche."""
    if not files:
        return 1, 1
    last = files[-1]
    if last.state == FileState.ACCEPTED:
        return last.tranche + 1, 1
    return last.tranche, last.file_version + 1


def _file(file: DeliveredFile, stored: StoredFile | None, facts: CampaignFacts) -> FileRow:
    unmet = delivery_conforms(file) if file.state == FileState.EXAMINED else None
    checks = (file.findings or {}).get("checks", ())
    return FileRow(
        id=file.id,
        tranche=file.tranche,
        file_version=file.file_version,
        version=file.version,
        name=file.name,
        state=file.state,
        sha256=stored.sha256 if stored else "",
        size=stored.size if stored else 0,
        declared_count=file.declared_count,
        record_count=file.record_count,
        encoding=(file.report or {}).get("encoding") or "",
        received_at=file.received_at,
        extracted_on=file.extracted_on,
        criteria=file.criteria,
        brought_over=file.brought_over,
        findings=tuple(_finding(one, file.report or {}) for one in checks),
        rejection_reason=file.rejection_reason,
        purge_on=stored.purge_on if stored else None,
        purged_at=stored.purged_at if stored else None,
        closed_by=(blocker(unmet, facts),) if unmet else (),
    )


def _finding(check: dict[str, Any], report: dict[str, Any]) -> Finding:
    kind, _colon, about = check["code"].partition(":")
    rows: list[int] = []
    if kind == "empty":
        rows = report.get("empty", {}).get(about, {}).get("rows", [])
    elif kind == "defect":
        rows = next((one.get("rows", []) for one in report.get("defects", ()) if one["code"] == about), [])
    return Finding(code=check["code"], expected=check["expected"], actual=check["actual"], verdict=check["verdict"], rows=tuple(rows))


def _given(facts: CampaignFacts) -> list[StoredFile]:
    """The suppression files that count, also once their bytes are destroyed."""
    statement = select(StoredFile).where(
        StoredFile.campaign_id == facts.campaign.id, col(StoredFile.to_seq).is_(None), col(StoredFile.kind).startswith(EVERY_SUPPRESSION)
    )
    return list(facts.session.exec(statement.order_by(col(StoredFile.from_seq), col(StoredFile.name))))


def _suppressions(facts: CampaignFacts) -> tuple[Suppression, ...]:
    campaign = facts.campaign
    found = {file.kind: file for file in _given(facts)}
    names = list(campaign.dedupe.get("suppressions", ()))
    known = {suppression_kind(name) for name in names}
    names += [suppression_name(file) for file in found.values() if file.kind not in known]
    read = {row.file_id: row for row in readings(facts)}
    rows = []
    for name in names:
        file = found.get(suppression_kind(name))
        reading = read.get(file.id) if file else None
        rows.append(
            Suppression(
                name=name,
                file_name=file.name if file else "",
                sha256=file.sha256 if file else "",
                size=file.size if file else None,
                stored_at=file.stored_at if file else None,
                purge_on=file.purge_on if file else None,
                purged_at=file.purged_at if file else None,
                record_count=reading.record_count if reading else None,
                fault=reading.fault if reading else "",
                detail=reading.detail if reading else "",
            )
        )
    return tuple(rows)
