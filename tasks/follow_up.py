"""Makes the files of a follow-up from those of the campaign that it follows up: whom that mailed, without those who are known not to wait.

Of each list: its records as they were delivered, of lots that were sent, without whoever answered, objected or came back since; and, where
its owner agreed, its group seconds that are billed, of people whom another list's record was mailed to. Not for whether that may be:
`workflows.campaign.follow_up` says that. The dedupe of the follow-up goes over all of it, with the suppression files of its own day.
"""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlmodel import select

from app.files import FilePurged
from tasks.files import id_columns, laid_out
from tasks.registry import Work, service_task
from workflows.campaign.contacted.records import ContactReport
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.follow_up.limits import followed, source_of
from workflows.campaign.follow_up.sources import lets_addresses, paid_seconds, refusals
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.records import Response, StoredFile, Undeliverable
from workflows.delivery.process import DeliverFile
from workflows.engine.command import Command
from workflows.trade.attribution import OBJECTION
from workflows.trade.working_days import local_day

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

TITLES = {
    "ID_SOURCE": "id_source",
    "CODE_SEG": "segment",
    "CIVILITE": "civility",
    "PRENOM": "first_name",
    "NOM": "last_name",
    "RAISON_SOCIALE": "company",
    **{f"ADR{number}": f"adr{number}" for number in range(1, 7)},
    "CP": "postcode",
    "LOCALITE": "town",
    "EMAIL": "email",
    "TELEPHONE": "phone",
    "DATE_MAJ": "updated_on",
}
"""Titles of a list's file (section 10 of the trade reference) by the canonical columns of what was delivered."""
ANSWERED, OBJECTED, RETURNED, UNPAID = "answered", "objected", "undeliverable", "seconds_unpaid"
"""Why somebody is left out, each counted once, by the first that holds: objected, returned, answered."""


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """A list that is to be brought over, and the one that it comes from, with its segments and files as delivered; `seconds` are paid."""

    list_id: UUID
    code: str
    addresses: bool
    seconds: int
    segments: tuple[str, ...]
    parts: tuple[tuple[StoredFile, str, str], ...]


@dataclass(frozen=True, kw_only=True)
class _Before:
    """The campaign before: its code and seed, what its runs left, its lots that were sent, and why each id is left out."""

    code: str
    seed: int
    lots: StoredFile
    dedupe: StoredFile
    sent: frozenset[str]
    gone: Mapping[str, str]
    wanted: tuple[_Wanted, ...]


@service_task("bring_lists_over")
def bring_lists_over(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Make and deliver the file of each list. Once those of the campaign before are destroyed there is nothing to make them of."""
    before = _read(work, {UUID(one) for one in payload["lists"]})
    if before is None:
        return []
    try:
        return list(_deliveries(work, before))
    except FilePurged:
        return []


def _read(work: Work, list_ids: set[UUID]) -> _Before | None:
    with work.reading() as session:
        facts = CampaignFacts(session, session.get(Campaign, work.campaign_id))
        earlier = followed(facts)
        assert earlier is not None, "only a follow-up brings lists over"
        assert earlier.lot_plan is not None, "a follow-up follows what was mailed"
        assert earlier.run is not None, "what was mailed was deduped"
        here = {file.list_id for file in facts.files}
        rows = [row for row in facts.live_lists if row.id in list_ids - here]
        wanted = tuple(_wanted(earlier, row, source) for row in rows if (source := source_of(facts, row)))
        before = _Before(
            code=earlier.campaign.code,
            seed=earlier.campaign.seed,
            lots=session.get_one(StoredFile, earlier.lot_plan.result_file_id),
            dedupe=session.get_one(StoredFile, earlier.run.result_file_id),
            sent=frozenset(lot.code for lot in earlier.lots if lot.is_sent),
            gone=_gone(session, earlier.campaign),
            wanted=wanted,
        )
        session.expunge_all()
    return before if wanted else None


def _wanted(earlier: CampaignFacts, row: CampaignList, source: CampaignList) -> _Wanted:
    session = earlier.session
    assert earlier.run is not None, "what was mailed was deduped"
    nothing: dict[str, Any] = {"parts": [], "ranks": {}}
    entry = next((one for one in earlier.run.brief["files"] if one["code"] == source.code), nothing)
    parts: list[dict[str, Any]] = entry["parts"]
    ids = id_columns(session, (UUID(part["file_id"]) for part in parts))
    return _Wanted(
        list_id=row.id,
        code=source.code,
        addresses=lets_addresses(source),
        seconds=paid_seconds(earlier, source),
        segments=tuple(entry["ranks"]),
        parts=tuple(
            (session.get_one(StoredFile, UUID(part["file_id"])), part["layout"] or "", ids.get(part["file_id"], "")) for part in parts
        ),
    )


def _gone(session: Any, campaign: Campaign) -> dict[str, str]:
    """Why each id of a piece is left out; later reasons stand before earlier ones."""
    answers = session.exec(select(Response).where(Response.campaign_id == campaign.id)).all()
    returned = session.exec(select(Undeliverable.unique_id).where(Undeliverable.campaign_id == campaign.id))
    refused = session.exec(select(ContactReport.unique_id).where(*refusals(campaign.id)))
    gone = dict.fromkeys(refused, ANSWERED) | {one: ANSWERED for row in answers for one in (row.unique_id, row.matched_id) if one}
    gone.update({one: RETURNED for one in returned if one})
    gone.update({one: OBJECTED for row in answers if row.kind == OBJECTION for one in (row.unique_id, row.matched_id) if one})
    return gone


def _deliveries(work: Work, before: _Before) -> Iterator[DeliverFile]:
    with work.files.scratch() as folder:
        for stored, name in ((before.lots, "lots"), (before.dedupe, "dedupe")):
            with work.files.plaintext(stored) as path, zipfile.ZipFile(path) as archive:
                archive.extractall(folder / name)
        for number, wanted in enumerate(before.wanted):
            work.progress("splitting", number, len(before.wanted))
            yield _delivery(work, before, wanted, folder)


def _delivery(work: Work, before: _Before, wanted: _Wanted, folder: "Path") -> DeliverFile:
    # Here and not above: every job is forked from what the worker has loaded, and few need Polars.
    import polars as pl

    mailed, people, left_out = _mailed(before, wanted, folder)
    seconds, unpaid = _seconds(work, before, wanted, folder) if wanted.seconds else (people.clear(), 0)
    table = pl.concat([people, seconds]).select(pl.col(name).alias(title) for title, name in TITLES.items())
    path = folder / f"{wanted.code}_{before.code}.csv"
    table.with_columns(pl.col(pl.String).replace({"": None})).write_csv(path, separator=";", line_terminator="\r\n")
    kept = work.files.keep(path, path.name)
    return DeliverFile(
        subject_id=wanted.list_id,
        file=kept,
        declared_count=table.height,
        declared_sha256=kept.sha256,
        declared_encoding="utf-8",
        extracted_on=local_day(work.now),
        declared_segments=dict(sorted(table.group_by("CODE_SEG").len().rows())),
        brought_over={
            "campaign": before.code,
            "sha256": before.lots.sha256,
            "mailed": mailed,
            "left_out": left_out | ({UNPAID: unpaid} if unpaid else {}),
            "seconds": seconds.height,
        },
    )


def _mailed(before: _Before, wanted: _Wanted, folder: "Path") -> tuple[int, "pl.DataFrame", dict[str, int]]:
    """How many of a list were mailed, those who may be written to again, and how many may not, by reason."""
    import polars as pl

    net = _net(folder, wanted.code)
    mailed = net.filter(pl.col("lot").is_in(list(before.sent)))
    if not wanted.addresses:
        return mailed.height, _records(net.clear()), {}
    reasons = pl.DataFrame(
        {"unique_id": list(before.gone), "reason": list(before.gone.values())}, schema={"unique_id": pl.String, "reason": pl.String}
    )
    judged = mailed.join(reasons, on="unique_id", how="left", maintain_order="left")
    counts = judged.drop_nulls("reason").group_by("reason").len().rows()
    return mailed.height, _records(judged.filter(pl.col("reason").is_null())), dict(sorted(counts))


def _net(folder: "Path", code: str) -> "pl.DataFrame":
    """A list's net as it was delivered, with the id and the lot of each piece: the same records in the same order in both archives."""
    import polars as pl

    delivered = pl.read_csv(folder / "dedupe" / "net" / f"{code}.csv", separator=";", infer_schema=False).fill_null("")
    placed = pl.read_csv(folder / "lots" / "net" / f"{code}.csv", separator=";", infer_schema=False, columns=["ID_UNIQUE", "CODE_LOT"])
    return delivered.rename({"id": "id_source"}).hstack(placed.rename({"ID_UNIQUE": "unique_id", "CODE_LOT": "lot"}))


def _records(frame: "pl.DataFrame") -> "pl.DataFrame":
    return frame.select(TITLES.values())


def _seconds(work: Work, before: _Before, wanted: _Wanted, folder: "Path") -> tuple["pl.DataFrame", int]:
    """The records of a list that another list's stood for in the mailing, so many as are paid; and how many are not.

    Which ones is drawn by the campaign's seed, whatever order they came in.
    """
    import polars as pl

    decided = pl.read_parquet(folder / "dedupe" / "decisions.parquet", columns=["source", "group", "decision", "row"])
    lost = decided.filter((pl.col("source") == wanted.code) & (pl.col("decision") == "inter"))
    kept = decided.filter((pl.col("decision") == "kept") & pl.col("group").is_in(lost["group"].implode()))
    reached = []
    for (source,), records in kept.group_by("source"):
        # The net of a list is its kept records in the order in which they were delivered.
        rows = decided.filter((pl.col("source") == source) & (pl.col("decision") == "kept"))["row"]
        placed = _net(folder, str(source)).select("unique_id", "lot").with_columns(row=rows)
        mailed = placed.filter(pl.col("lot").is_in(list(before.sent)) & ~pl.col("unique_id").is_in(list(before.gone)))
        reached.append(records.join(mailed, on="row", how="semi")["group"])
    groups = pl.concat(reached) if reached else lost["group"].clear()
    usable = lost.filter(pl.col("group").is_in(groups.implode()))["row"].to_list()
    drawn = sorted(usable, key=lambda row: sha256(f"{before.seed}|{wanted.code}|{row}".encode()).digest())[: wanted.seconds]
    delivered = _delivered(work, wanted)
    return _records(delivered.filter(pl.col("row").is_in(drawn))), len(usable) - len(drawn)


def _delivered(work: Work, wanted: _Wanted) -> "pl.DataFrame":
    """Every record of a list as it was delivered, numbered over its tranches as the dedupe numbered them."""
    import polars as pl

    from tasks.merge_purge.reading import take

    frames = []
    for stored, layout, named in wanted.parts:
        with laid_out(work, stored, layout) as (path, table):
            taken = take(path, layout=table, named={"id_source": named} if named else None, strict=True, segments=wanted.segments)
        frames.append(taken.frame)
    return pl.concat(frames).with_columns(row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
