"""What became of a record of a run, and of those it is one with: read from what the run left, without matching anything again."""

from pathlib import Path
from typing import Any

import polars as pl

from tasks.merge_purge.allocate import KEPT

MOST_ROWS, MOST_TOLD = 10, 30
"""Rows of one id that are told (a file may repeat its ids), and records of a group."""


def look_up(decisions: Path, source: str, record_id: str) -> dict[str, Any]:
    """What the run decided about the record of a list with this id.

    :param decisions: the ``decisions.parquet`` of the run
    :returns: ``missing`` where there is none; else ``rows``, one for each record of the id: ``row`` (in its file, from 1), ``decision``,
        ``by`` and ``score`` (text, or None) as decided, ``size`` of its group, and ``group``: the others in it, those kept first, each
        with ``source, id, decision``
    """
    run = pl.scan_parquet(decisions)
    found = run.filter((pl.col("source") == source) & (pl.col("id") == record_id)).sort("row").head(MOST_ROWS).collect()
    if found.is_empty():
        return {"missing": f"{source}:{record_id}"}
    whole = run.filter(pl.col("group").is_in(found["group"].implode())).sort(pl.col("decision") != KEPT, "source", "row").collect()
    return {"rows": [_told(one, whole.filter(pl.col("group") == one["group"])) for one in found.iter_rows(named=True)]}


def _told(record: dict[str, Any], group: pl.DataFrame) -> dict[str, Any]:
    others = group.filter((pl.col("source") != record["source"]) | (pl.col("row") != record["row"]))
    return {
        "row": record["row"],
        "decision": record["decision"],
        "by": record["by"],
        "score": None if record["score"] is None else f"{record['score']:.2f}",
        "size": group.height,
        "group": others.select("source", "id", "decision").head(MOST_TOLD).to_dicts(),
    }
