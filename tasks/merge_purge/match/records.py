"""The records as the matcher sees them: numbered, normalised, files and suppression lists in one frame."""

import polars as pl

from tasks.merge_purge.normalise import with_address, with_contacts, with_names


def normalised(frame: pl.DataFrame) -> pl.DataFrame:
    """Normalise a frame of canonical records for the matcher and the mail.

    Adds ``id`` (row number), ``last_seen`` (how common the surname is) and ``neighbours`` (how many surnames share the door).
    """
    frame = with_address(with_contacts(with_names(frame)))
    seen = frame.filter(pl.col("last_key") != "").group_by("last_key").agg(last_seen=pl.len())
    frame = frame.join(seen, on="last_key", how="left", maintain_order="left").with_columns(pl.col("last_seen").fill_null(0))
    at_door = ["cp", "number", "street_key"]
    return (
        frame.with_columns(neighbours=pl.when(pl.col("last_key") != "").then("last_key").n_unique().over(at_door))
        .with_columns(pl.col("neighbours").fill_null(1))
        .drop("id", strict=False)
        .with_row_index("id")
    )
