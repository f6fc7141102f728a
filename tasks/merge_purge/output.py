"""The files that a run leaves, written beside and put in place whole; never over anything but an earlier run."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from tasks.merge_purge.allocate import KEPT, REJECTED, SUPPRESSED
from tasks.merge_purge.brief import Brief
from tasks.merge_purge.reading import CANONICAL
from tasks.merge_purge.report import matrix_csv

LEFT = frozenset(
    {"decisions.parquet", "net", "rejects", "report.json", "report.xlsx", "report.pdf", "matrix.csv", "possible.csv", "contacts"}
)  # fmt: skip
LINES = ("L1", "L2", "L3", "L4", "L5", "L6")
_ORIGINAL = tuple(name for name in CANONICAL if name not in ("row", "id_source"))
# The record as it is posted, beside the supplier's own values: what a mailing is made of.
_POSTED = {
    "posted_civility": "civ",
    "posted_first_name": "first",
    "posted_last_name": "name",
    "posted_company": "org",
    "posted_postcode": "cp",
}
# What a record carries from the matching to the files: what decides, what was delivered, what is posted, and what its match code says.
_DECIDING = ("id", "source", "list_order", "rank", "kind", "cp_ok", "town_line", "place_repair")
_CODED = ("last_key", "org_key", "number", "street_word", "initials")
CARRIED = tuple(dict.fromkeys((*_DECIDING, *CANONICAL, *LINES, *_POSTED.values(), *_CODED)))
MOST_POSSIBLE = 50_000
"""Pairs that ``possible.csv`` holds at most, the likeliest first: more than a person will ever look at."""


class OutputTaken(ValueError):
    """The output folder holds something that is no earlier run."""


def refuse_taken(out: Path, inputs: Sequence[Path]) -> None:
    """Refuse a folder that holds anything but an earlier run.

    :raises OutputTaken: for such a folder, and for one that holds a file of the brief
    """
    if out.exists():
        names = {path.name for path in out.iterdir()} if out.is_dir() else {""}
        if names and not ("report.json" in names and names <= LEFT):
            raise OutputTaken(f"{out} exists and holds no earlier run")
    whole = out.resolve()
    for path in inputs:
        if path.resolve().is_relative_to(whole):
            raise OutputTaken(f"{path} stands in {out}, which the run would replace")


def sweep(out: Path) -> None:
    """Remove what killed runs left half written: it holds addresses. An earlier run that was being replaced comes back."""
    for left in out.parent.glob(f".{out.name}.partial-*"):
        if not _alive(left):
            shutil.rmtree(left, ignore_errors=True)
    for left in out.parent.glob(f".{out.name}.earlier-*"):
        if not _alive(left):
            if out.exists():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.rename(out)


def _alive(left: Path) -> bool:
    try:
        os.kill(int(left.name.rpartition("-")[2]), 0)
    except ProcessLookupError:
        return False
    except (ValueError, PermissionError):
        return True
    return True


@contextmanager
def put_in_place(out: Path, inputs: Sequence[Path]) -> Iterator[Path]:
    """A folder to write in, which becomes ``out`` when everything went well and vanishes when not."""
    out.parent.mkdir(parents=True, exist_ok=True)
    work = out.parent / f".{out.name}.partial-{os.getpid()}"
    earlier = out.parent / f".{out.name}.earlier-{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    try:
        work.mkdir()
        yield work
        refuse_taken(out, inputs)
        if out.exists():
            out.rename(earlier)
        work.rename(out)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if earlier.exists() and not out.exists():
            earlier.rename(out)
        shutil.rmtree(earlier, ignore_errors=True)


def write_files(
    brief: Brief, decided: pl.DataFrame, near: pl.DataFrame, report: dict[str, Any], work: Path, extra: Mapping[str, pl.DataFrame]
) -> None:
    """Write everything of a run that is plain data; ``extra`` has the columns of a list that have no canonical name, by ``row``."""
    decided.select("source", "group", "decision", "by", "score", "row", "segment", id="id_source").select(
        "source", "id", "group", "decision", "by", "score", "row", "segment"
    ).write_parquet(work / "decisions.parquet")
    (work / "net").mkdir()
    (work / "rejects").mkdir()
    spread = decided.filter(~pl.col("decision").is_in([REJECTED, SUPPRESSED])).group_by("group").agg(files=pl.col("source").n_unique())
    decided = decided.join(spread, on="group", how="left", maintain_order="left")
    for entry in brief.files:
        own = decided.filter(pl.col("source") == entry.code)
        _csv(_net(own.filter(pl.col("decision") == KEPT), extra.get(entry.code)), work / "net" / f"{entry.code}.csv")
        refused = own.filter(pl.col("decision") == REJECTED).select("row", *_ORIGINAL, id="id_source", reason="by")
        _csv(refused.select("id", "row", "reason", *_ORIGINAL), work / "rejects" / f"{entry.code}.csv")
    _csv(near, work / "possible.csv")
    (work / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (work / "matrix.csv").write_text(matrix_csv(report), encoding="utf-8", newline="")


def _csv(frame: pl.DataFrame, path: Path) -> None:
    # an empty text would be written as two quotes
    frame.with_columns(pl.col(pl.String).replace({"": None})).write_csv(path, separator=";", line_terminator="\r\n")


def _net(frame: pl.DataFrame, extra: pl.DataFrame | None) -> pl.DataFrame:
    # CP(5) + number(4) + last street word(5) + surname consonants(4) + first initial(1): the trade's own match key
    consonants = pl.col("last_key").str.replace_all("[AEIOUY]", "").str.slice(0, 4)
    named = pl.when(pl.col("last_key") == "").then(pl.col("org_key").str.slice(0, 4)).otherwise(consonants)
    code = pl.concat_str(
        [
            pl.col("cp"),
            pl.col("number").str.zfill(4),
            pl.col("street_word").str.slice(0, 5).str.pad_end(5, "-"),
            named.str.pad_end(4, "-"),
            pl.col("initials").str.slice(0, 1).str.pad_end(1, "-"),
        ]
    )
    posted = {title: pl.col(name) for title, name in _POSTED.items()}
    made = {"match_code": code, "posted_town": pl.col("L6").str.slice(6), **posted}
    whole = frame.select("row", "files", *_ORIGINAL, *LINES, id="id_source", **made)
    columns = ["id", *_ORIGINAL, *LINES, "match_code", "files", *_POSTED, "posted_town"]
    if extra is None:
        return whole.select(columns)
    own = extra.rename({name: f"original_{name}" for name in extra.columns if name in columns})
    added = [name for name in own.columns if name != "row"]
    return whole.join(own, on="row", how="left", maintain_order="left").select(*columns, *added)


def near_pairs(near: pl.DataFrame, decided: pl.DataFrame) -> pl.DataFrame:
    """Pairs that were nearly taken for one person, both of them kept, with what a person needs to tell; the likeliest first."""
    shown = decided.filter(pl.col("decision") == KEPT).select("id", "source", "id_source", "L1", "L2", "L4", "L5", "L6", "email", "phone")
    pairs = near.join(shown, left_on="a", right_on="id").join(shown, left_on="b", right_on="id", suffix="_b")
    pairs = pairs.sort(["score", "a", "b"], descending=[True, False, False]).head(MOST_POSSIBLE)
    columns = {"source": "source", "id": "id_source", **{name: name for name in ("L1", "L2", "L4", "L5", "L6", "email", "phone")}}
    return pairs.select(
        pl.col("score").round(2),
        **{f"{title}_a": pl.col(name) for title, name in columns.items()},
        **{f"{title}_b": pl.col(f"{name}_b") for title, name in columns.items()},
    )
