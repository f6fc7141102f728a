"""A whole run: read, normalise, match, decide, write. Everything is written to a folder beside and renamed at the end."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from tasks.merge_purge.allocate import NET, decide, rejection
from tasks.merge_purge.brief import Brief
from tasks.merge_purge.intake import read_brief
from tasks.merge_purge.levels import Grouping, addresses, households, persons
from tasks.merge_purge.match.keys import candidate_pairs
from tasks.merge_purge.match.records import normalised
from tasks.merge_purge.normalise import with_postal_lines
from tasks.merge_purge.report import account, matrix_csv

Progress = Callable[[str, int, int], None]
STEPS = ("reading", "normalising", "pairing", "matching", "deciding", "writing")
_DECISION_COLUMNS = ("source", "row", "id_source", "segment", "rank", "group", "decision", "by")
_NET_COLUMNS = (
    "row",
    "id_source",
    "segment",
    "civility",
    "first_name",
    "last_name",
    "company",
    "L1",
    "L2",
    "L3",
    "L4",
    "L5",
    "L6",
    "postcode",
    "town",
    "group",
    "match_key",
)


class OutputTaken(ValueError):
    """The output folder holds something that is no earlier run."""


def run(brief: Brief, out: Path, progress: Progress | None = None) -> dict[str, Any]:
    """Run a brief and leave its files in ``out``, which an earlier run may fill already: it is replaced whole.

    :param progress: called with the step's name, how many steps are done and how many there are
    :returns: the report, also written as ``report.json``
    :raises UnreadableFile: naming the file, when one must be refused; nothing is written then
    :raises BrokenAccounting: when the counts do not add up; nothing is written then
    """

    def tell(step: str) -> None:
        if progress:
            progress(step, STEPS.index(step), len(STEPS))

    _refuse_taken(out)
    _sweep(out)
    tell("reading")
    intake = read_brief(brief)
    tell("normalising")
    records = with_postal_lines(normalised(intake.frame))
    size = sum(intake.delivered.values())
    tell("pairing")
    pairs = candidate_pairs(records)
    tell("matching")
    by_level = _groupings(brief, records, size, pairs)
    tell("deciding")
    decided = _decided(brief, records.head(size), by_level)
    report = account(brief, decided, intake.delivered, intake.repairs)
    tell("writing")
    _write(brief, decided, report, out)
    if progress:
        progress("done", len(STEPS), len(STEPS))
    return report


def _groupings(brief: Brief, records: pl.DataFrame, size: int, pairs: pl.DataFrame) -> dict[str, Grouping]:
    wanted = {brief.level, *(entry.level for entry in brief.suppressions)}
    found = {"individual": persons(records, size, pairs)}
    if "household" in wanted:
        found["household"] = households(records, size, pairs, found["individual"].label)
    if "address" in wanted:
        found["address"] = addresses(records, size, pairs)
    return found


def _decided(brief: Brief, records: pl.DataFrame, by_level: dict[str, Grouping]) -> pl.DataFrame:
    label = by_level[brief.level].label
    frame = records.with_columns(group=pl.Series(label, dtype=pl.Int64) + 1, reason=rejection())
    return decide(frame, _first_list(brief, by_level))


def _first_list(brief: Brief, by_level: dict[str, Grouping]) -> pl.DataFrame:
    """The first list, in the brief's order, that holds each record; what holds one record of a person holds them all."""
    person = pl.DataFrame(
        {"id": pl.Series(range(len(by_level["individual"].label)), dtype=pl.UInt32), "person": by_level["individual"].label}
    )
    found = []
    for order, entry in enumerate(brief.suppressions):
        grouping = by_level[entry.level]
        held = grouping.held.filter(pl.col("list") == entry.code)["group"]
        ids = person.filter(pl.Series(grouping.label).is_in(held.implode()))
        found.append(
            person.join(ids.select("person").unique(), on="person", how="semi").select("id", list=pl.lit(entry.code), order=pl.lit(order))
        )
    if not found:
        return pl.DataFrame(schema={"id": pl.UInt32, "list": pl.String})
    return pl.concat(found).sort("id", "order").group_by("id", maintain_order=True).first().select("id", "list")


def _write(brief: Brief, decided: pl.DataFrame, report: dict[str, Any], out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    work = out.parent / f".{out.name}.partial-{os.getpid()}"
    try:
        (work / "net").mkdir(parents=True)
        decided.select(_DECISION_COLUMNS).write_parquet(work / "decisions.parquet")
        for entry in brief.files:
            _net(decided.filter((pl.col("source") == entry.code) & (pl.col("decision") == NET))).write_parquet(
                work / "net" / f"{entry.code}.parquet"
            )
        (work / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        (work / "matrix.csv").write_text(matrix_csv(report), encoding="utf-8", newline="")
        _refuse_taken(out)
        shutil.rmtree(out, ignore_errors=True)
        work.rename(out)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _net(frame: pl.DataFrame) -> pl.DataFrame:
    # CP(5) + number(4) + last street word(5) + surname consonants(4) + first initial(1): the trade's own match key
    consonants = pl.col("last_key").str.replace_all("[AEIOUY]", "").str.slice(0, 4)
    named = pl.when(pl.col("last_key") == "").then(pl.col("org_key").str.slice(0, 4)).otherwise(consonants)
    key = pl.concat_str(
        [
            pl.col("cp"),
            pl.col("number").str.zfill(4),
            pl.col("street_word").str.slice(0, 5).str.pad_end(5, "-"),
            named.str.pad_end(4, "-"),
            pl.col("initials").str.slice(0, 1).str.pad_end(1, "-"),
        ]
    )
    return frame.with_columns(
        match_key=key, civility="civ", first_name="first", last_name="name", company="org", postcode="cp", town=pl.col("L6").str.slice(6)
    ).select(_NET_COLUMNS)


def _sweep(out: Path) -> None:
    """Remove what killed runs left half written: it holds addresses."""
    for left in out.parent.glob(f".{out.name}.partial-*"):
        try:
            os.kill(int(left.name.rpartition("-")[2]), 0)
        except ProcessLookupError:
            shutil.rmtree(left, ignore_errors=True)
        except (ValueError, PermissionError):
            continue


def _refuse_taken(out: Path) -> None:
    if out.exists() and not (out.is_dir() and ((out / "report.json").exists() or not any(out.iterdir()))):
        raise OutputTaken(f"{out} exists and holds no earlier run")
