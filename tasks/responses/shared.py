"""Which lists had the people who answered: read from what the merge-purge left, while it is there. Who is credited is not for here."""

import io
import zipfile
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tasks.registry import Work
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import MergePurgeRun, StoredFile

if TYPE_CHECKING:
    import polars as pl

DECISIONS = "decisions.parquet"


def dedupe_of(facts: CampaignFacts) -> StoredFile | None:
    """What the run left that the lots were made of."""
    assert facts.lot_plan is not None, "what was sent had a lot plan"
    run = facts.session.get(MergePurgeRun, facts.lot_plan.run_id)
    return facts.session.get(StoredFile, run.result_file_id) if run is not None and run.result_file_id else None


def lists_of(work: Work, lots: StoredFile, dedupe: StoredFile | None, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The codes of all lists that had a record of a person which might have stayed, in order, by the person's id in the mailing.

    People of whom nothing is known any more are left out: all of them, once what the run left is destroyed.
    """
    if not ids or dedupe is None or dedupe.purged_at is not None:
        return {}
    # Here and not above: every job is forked from what the worker has loaded, and few need Polars.
    import polars as pl

    with work.files.plaintext(dedupe) as path, zipfile.ZipFile(path) as archive:
        decided = pl.read_parquet(io.BytesIO(archive.read(DECISIONS)), columns=["source", "group", "decision"])
    decided = decided.filter(pl.col("decision").is_in(["kept", "inter"]))
    asked = _asked(work, lots, decided, ids)
    had = decided.join(asked.select("group").unique(), on="group", how="semi").select("group", "source").unique().sort("source")
    lists = had.group_by("group", maintain_order=True).agg("source")
    return {unique_id: tuple(sources) for unique_id, sources in asked.join(lists, on="group").select("unique_id", "source").iter_rows()}


def _asked(work: Work, lots: StoredFile, decided: "pl.DataFrame", ids: Collection[str]) -> "pl.DataFrame":
    """The groups of these ids, ``unique_id, group``. The net of a list is its kept records in the order in which they were delivered."""
    import polars as pl

    wanted = []
    with work.files.plaintext(lots) as path, zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("net/"):
                table = io.BytesIO(archive.read(name))
                net = pl.read_csv(table, separator=";", infer_schema=False, columns=["ID_UNIQUE"]).rename({"ID_UNIQUE": "unique_id"})
                kept = decided.filter((pl.col("source") == PurePosixPath(name).stem) & (pl.col("decision") == "kept"))["group"]
                wanted.append(net.with_columns(group=kept).filter(pl.col("unique_id").is_in(list(ids))))
    found: pl.DataFrame = pl.concat(wanted)
    return found
