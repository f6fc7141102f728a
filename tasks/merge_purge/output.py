"""The files that a run leaves, written beside and put in place whole; never over anything but an earlier run."""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from tasks.merge_purge.allocate import KEPT, REJECTED
from tasks.merge_purge.brief import Brief
from tasks.merge_purge.normalise import with_postal_lines
from tasks.merge_purge.reading import CANONICAL
from tasks.merge_purge.report import matrix_csv
from tasks.merge_purge.sentences import Sentence
from tasks.merge_purge.shelf import Shelf
from tasks.merge_purge.spreadsheet import defused

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
CARRIED = ("id", "source", "list_order", "row", "rank", "segment", "place_repair", "reason")
"""What the decision and the report read of a record; the rest is put by."""
# What tells two persons apart in ``possible.csv``.
_FACE = {"source": "source", "id": "id_source"} | {name: name for name in ("L1", "L2", "L4", "L5", "L6", "email", "phone")}
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
            raise OutputTaken(Sentence("{folder} exists and holds no earlier run: name another folder", folder=out))
    whole = out.resolve()
    for path in inputs:
        if path.resolve().is_relative_to(whole):
            raise OutputTaken(Sentence("{path} stands in {folder}, which the run would replace", path=path, folder=out))


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


def write_files(brief: Brief, decided: pl.DataFrame, near: pl.DataFrame, report: dict[str, Any], work: Path, shelf: Shelf) -> None:
    """Write everything of a run that is plain data, list by list.

    :param decided: every delivered record in order, with ``group, decision, by, score`` and what was ``CARRIED``
    :param near: the pairs of ``near_pairs``
    :param shelf: the rest of each record
    """
    (work / "net").mkdir()
    (work / "rejects").mkdir()
    decided = decided.drop("segment")
    shown = pl.concat([near["a"], near["b"]]).unique()
    told, faces, start = [], [], 0
    for entry in brief.files:
        net, rejects = _Csv(work / "net" / f"{entry.code}.csv"), _Csv(work / "rejects" / f"{entry.code}.csv")
        with net, rejects:
            for records, extra in shelf.batches(entry.code):
                whole = pl.concat([decided[start : start + records.height], records], how="horizontal")
                start += records.height
                told.append(whole.select("source", "group", "decision", "by", "score", "row", "segment", id="id_source"))
                refused = whole.filter(pl.col("decision") == REJECTED).select("row", *_ORIGINAL, id="id_source", reason="by")
                rejects.write(defused(refused.select("id", "row", "reason", *_ORIGINAL)))
                kept = with_postal_lines(whole.filter(pl.col("decision") == KEPT))
                faces.append(kept.filter(pl.col("id").is_in(shown.implode())).select("id", *_FACE.values()))
                net.write(_net(kept, extra))
    decisions = pl.concat(told, rechunk=True).select("source", "id", "group", "decision", "by", "score", "row", "segment")
    decisions.write_parquet(work / "decisions.parquet")
    with _Csv(work / "possible.csv") as possible:
        possible.write(defused(_possible(near, pl.concat(faces))))
    (work / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (work / "matrix.csv").write_text(matrix_csv(report), encoding="utf-8", newline="")


class _Csv:
    """A file that tables are written to one below the other, under one header."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> "_Csv":
        self._file = self._path.open("wb")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, table: pl.DataFrame) -> None:
        # an empty text would be written as two quotes
        bare = table.with_columns(pl.col(pl.String).replace({"": None}))
        bare.write_csv(self._file, include_header=not self._file.tell(), separator=";", line_terminator="\r\n")


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
    """Pairs ``a, b, score`` that were nearly taken for one person and are both kept: the likeliest, no more than a person reads."""
    kept = decided.filter(pl.col("decision") == KEPT).select("id")
    pairs = near.join(kept, left_on="a", right_on="id", how="semi").join(kept, left_on="b", right_on="id", how="semi")
    return pairs.sort(["score", "a", "b"], descending=[True, False, False]).head(MOST_POSSIBLE)


def _possible(near: pl.DataFrame, faces: pl.DataFrame) -> pl.DataFrame:
    """The near pairs with what a person needs to tell."""
    pairs = near.join(faces, left_on="a", right_on="id", how="left", maintain_order="left")
    pairs = pairs.join(faces, left_on="b", right_on="id", how="left", maintain_order="left", suffix="_b")
    return pairs.select(
        pl.col("score").round(2),
        **{f"{title}_a": pl.col(name) for title, name in _FACE.items()},
        **{f"{title}_b": pl.col(f"{name}_b") for title, name in _FACE.items()},
    )
