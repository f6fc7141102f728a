"""Each delivered record is counted once, by the first that applies: rejected, suppressed, intra, inter, net.

Groups are found before; here they only meet ranks. Source of the order: trade reference, dedupe accounting.
"""

import polars as pl

REJECTED, SUPPRESSED, INTRA, INTER, NET = "rejected", "suppressed", "intra", "inter", "net"
DECISIONS = (REJECTED, SUPPRESSED, INTRA, INTER, NET)


def rejection() -> pl.Expr:
    """Why no post can reach a record; empty when it can.

    A CEDEX town or an overseas postcode is valid without a table, and so is an address that is only a place, a building or a box.
    """
    nowhere = pl.all_horizontal(pl.col(line) == "" for line in ("L2", "L3", "L4", "L5"))
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


def decide(records: pl.DataFrame, suppressed: pl.DataFrame) -> pl.DataFrame:
    """Decide every record.

    :param records: delivered records with ``id, source, list_order, row, rank, group, reason`` (why rejected, or empty)
    :param suppressed: ``id, list`` of records held by a suppression list, the first list only
    :returns: the records with ``decision`` and ``by``: the reason, the suppression list, or the list whose record stays; empty for net
    """
    frame = records.join(suppressed, on="id", how="left", maintain_order="left")
    candidate = (pl.col("reason") == "") & pl.col("list").is_null()
    left = frame.filter(candidate).sort("rank", "list_order", "row")
    stays = left.group_by("group", "source", maintain_order=True).agg(kept_in_list=pl.col("id").first())
    wins = left.group_by("group", maintain_order=True).agg(kept=pl.col("id").first(), winner=pl.col("source").first())
    frame = frame.join(stays, on=["group", "source"], how="left", maintain_order="left").join(
        wins, on="group", how="left", maintain_order="left"
    )
    decision = (
        pl.when(pl.col("reason") != "")
        .then(pl.lit(REJECTED))
        .when(pl.col("list").is_not_null())
        .then(pl.lit(SUPPRESSED))
        .when(pl.col("id") != pl.col("kept_in_list"))
        .then(pl.lit(INTRA))
        .when(pl.col("id") != pl.col("kept"))
        .then(pl.lit(INTER))
        .otherwise(pl.lit(NET))
    )
    frame = frame.with_columns(decision=decision)
    by = (
        pl.when(pl.col("decision") == REJECTED)
        .then("reason")
        .when(pl.col("decision") == SUPPRESSED)
        .then("list")
        .when(pl.col("decision") == INTRA)
        .then("source")
        .when(pl.col("decision") == INTER)
        .then("winner")
        .otherwise(pl.lit(""))
    )
    return frame.with_columns(by=by).drop("kept_in_list", "kept", "winner", "list")
