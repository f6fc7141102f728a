"""The records as the matcher sees them: numbered, normalised, files and suppression lists in one frame."""

import polars as pl

from tasks.merge_purge.normalise import with_address, with_contacts, with_names


def normalised(frame: pl.DataFrame) -> pl.DataFrame:
    """Normalise a frame of canonical records for the matcher and the mail; adds ``id`` (row number) and ``last_seen`` (how common the surname is)."""
    frame = with_address(with_contacts(with_names(frame)))
    seen = frame.filter(pl.col("last_key") != "").group_by("last_key").agg(last_seen=pl.len())
    frame = frame.join(seen, on="last_key", how="left", maintain_order="left").with_columns(pl.col("last_seen").fill_null(0))
    return frame.drop("id", strict=False).with_row_index("id")
