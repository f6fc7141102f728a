"""Labelled records to a table of weights: who is who is told, the pairs are those that a run would compare.

The fit itself is ``match.calibrate``; this brings it a brief and a file of labels. Not used in a run.
"""

import os
from pathlib import Path

import polars as pl

from tasks.merge_purge.brief import Brief
from tasks.merge_purge.intake import read_brief
from tasks.merge_purge.match.calibrate import fit, write_table
from tasks.merge_purge.match.compare import FIELDS, Comparison
from tasks.merge_purge.match.keys import candidate_pairs, hashed
from tasks.merge_purge.match.records import normalised
from tasks.merge_purge.sentences import Sentence

_COLUMNS = ("SOURCE", "ID", "ENTITY")


class UnusableLabels(ValueError):
    """Labels from which nothing can be learned; the message says why."""


def calibrate(brief: Brief, labels: Path, out: Path) -> int:
    """Fit on every compared pair whose two records are labelled, and write the table to ``out``.

    :param labels: ``SOURCE;ID;ENTITY``: the code of a list or suppression, a record's id, and its person
    :returns: how many pairs it was fitted on
    :raises UnusableLabels: when the file has other columns, or not both pairs of one person and pairs of two
    """
    known = _read(labels)
    records = normalised(read_brief(brief)[0])
    entity = records.select("id", SOURCE="source", ID="id_source").join(known, on=["SOURCE", "ID"], how="inner").select("id", "ENTITY")
    comparison = Comparison(records)
    pairs = candidate_pairs(hashed(records, comparison.fields(FIELDS)))
    told = pairs.join(entity, left_on="a", right_on="id").join(entity, left_on="b", right_on="id", suffix="_b").sort("a", "b")
    same = told["ENTITY"] == told["ENTITY_b"]
    if not same.any() or same.all():
        raise UnusableLabels(
            Sentence(
                "{file}: {count} labelled pairs, {same} of one person: both kinds are needed",
                file=labels.name,
                count=told.height,
                same=int(same.sum()),
            )
        )
    points = fit(comparison.levels(told), same)
    provenance = [
        f"Fitted on {told.height} pairs of {labels.name}, {int(same.sum())} of one person, over {entity.height} labelled records",
        "of " + ", ".join([*(entry.code for entry in brief.files), *(entry.code for entry in brief.suppressions)]),
    ]
    beside = out.with_name(f".{out.name}.partial-{os.getpid()}")
    try:
        write_table(points, provenance, beside)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    return told.height


def _read(labels: Path) -> pl.DataFrame:
    try:
        known = pl.read_csv(labels, separator=";", infer_schema=False)
    except pl.exceptions.PolarsError as fault:
        raise UnusableLabels(Sentence("{file} is no table: {kind}", file=labels.name, kind=type(fault).__name__)) from fault
    if missing := [name for name in _COLUMNS if name not in known.columns]:
        raise UnusableLabels(Sentence("{file} has no column {columns}", file=labels.name, columns=", ".join(missing)))
    return known.select(_COLUMNS).unique(["SOURCE", "ID"], keep="first", maintain_order=True)
