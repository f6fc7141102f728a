"""Each delivered record is counted once, by the first that applies: rejected, suppressed, intra, inter, kept.

Groups are found before; here they only meet the allocation rule (``allocation_rules``). Source of the order: trade reference,
dedupe accounting.
"""

from collections.abc import Callable

import numpy as np
import polars as pl

from tasks.merge_purge.numbering import looked_up

REJECTED, SUPPRESSED, INTRA, INTER, KEPT = "rejected", "suppressed", "intra", "inter", "kept"
DECISIONS = (REJECTED, SUPPRESSED, INTRA, INTER, KEPT)


def rejection() -> pl.Expr:
    """Why no post can reach a record; empty when it can.

    A CEDEX town or an overseas postcode is valid without a table, and so is an address that is only a place, a building or a box; or
    somebody at a company that the town's post knows.
    """
    nowhere = pl.all_horizontal(pl.col(name) == "" for name in ("flat", "building", "street", "place")) & (pl.col("kind") != "contact")
    return (
        pl.when(pl.col("kind") == "none")
        .then(pl.lit("no_name"))
        .when(pl.col("cp") == "")
        .then(pl.lit("no_postcode"))
        .when(~pl.col("cp_ok"))
        .then(pl.lit("bad_postcode"))
        .when(pl.col("town_line").str.contains("[A-Z]").not_())
        .then(pl.lit("no_town"))
        .when(nowhere)
        .then(pl.lit("no_address"))
        .otherwise(pl.lit(""))
    )


def spot() -> pl.Expr:
    """A list's place in a group, ``group`` and ``list_order``, as one number: what two columns tell at several times the cost."""
    return pl.col("group").cast(pl.Int64) * 2**20 + pl.col("list_order")


def files_of(groups: pl.Series) -> pl.DataFrame:
    """In how many files each group is: ``group, files``, of a group for each file that it is in."""
    count = np.bincount(groups.to_numpy())
    return pl.DataFrame({"group": np.flatnonzero(count), "files": count[count > 0].astype(np.uint32)})


def decide(
    records: pl.DataFrame, suppressed: pl.DataFrame, winners: Callable[[pl.DataFrame], pl.DataFrame]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Decide every record.

    :param records: delivered records with ``id, source, list_order, row, rank, group, reason`` (why rejected, or empty)
    :param suppressed: ``id, list`` of records held by a suppression list, the first list only
    :param winners: which of a group's lists keeps it: from ``group, source, id, list_order, rank`` to ``group, kept, winner``
    :returns: the records with ``decision``; ``by``: the reason, the suppression list, or the list whose record stays, empty when
        kept; ``against``: the ``id`` of the record that stays, for those lost to it; and ``files``, how many lists have a record of
        the group that may stay. Beside them, what ``winners`` was given
    """
    frame = records.select("id", "source", "list_order", "row", "rank", "group", "reason", spot=spot())
    frame = frame.with_columns(looked_up(frame["id"], suppressed, "id"))
    candidate = (pl.col("reason") == "") & pl.col("list").is_null()
    left = frame.filter(candidate).select("id", "source", "list_order", "row", "rank", "group", "spot").sort("rank", "row")
    first = left.unique("spot", keep="first", maintain_order=True).sort("spot")
    frame = frame.join(first.select("spot", kept_in_list="id"), on="spot", how="left", maintain_order="left")
    of_group = winners(first).join(files_of(first["group"]), on="group")
    frame = frame.with_columns(looked_up(frame["group"], of_group, "group"))
    is_rejected, is_suppressed = pl.col("reason") != "", pl.col("list").is_not_null()
    is_intra, is_inter = pl.col("id") != pl.col("kept_in_list"), pl.col("id") != pl.col("kept")
    decision = (
        pl.when(is_rejected).then(pl.lit(REJECTED)).when(is_suppressed).then(pl.lit(SUPPRESSED))
        .when(is_intra).then(pl.lit(INTRA)).when(is_inter).then(pl.lit(INTER)).otherwise(pl.lit(KEPT))
    )  # fmt: skip
    by = (
        pl.when(is_rejected).then("reason").when(is_suppressed).then("list")
        .when(is_intra).then("source").when(is_inter).then("winner").otherwise(pl.lit(""))
    )  # fmt: skip
    lost = ~is_rejected & ~is_suppressed
    against = pl.when(lost & is_intra).then("kept_in_list").when(lost & is_inter).then("kept")
    return records.with_columns(frame.select("files", decision=decision, by=by, against=against)), first
