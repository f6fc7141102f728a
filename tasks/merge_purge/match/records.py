"""The records as the matcher sees them: numbered, normalised, files and suppression lists in one frame."""

import polars as pl

from tasks.merge_purge.normalise import with_address, with_contacts, with_names

# One family more must use a first name for every so many records, before it counts as a name of its own.
_FAMILIES = 50_000


def normalised(frame: pl.DataFrame) -> pl.DataFrame:
    """Normalise a frame of canonical records for the matcher and the mail.

    Adds ``id`` (row number), ``last_seen`` (records of the surname in 100,000), ``first_used`` (whether several families use the first
    name: a slip of the keyboard seldom comes twice), ``neighbours`` (how many surnames share the door) and, of the
    same surname at the same door, how many first initials there are: ``kin`` in all, ``kin_gender`` among those who may have the
    record's gender; and ``kin_letter``, how many first names begin as the record's does.
    """
    frame = with_address(with_contacts(with_names(frame)))
    frame = _with_use(frame)
    at_door = ["cp", "number", "street_key"]
    frame = _with_kin(frame)
    return (
        frame.with_columns(neighbours=pl.when(pl.col("last_key") != "").then("last_key").n_unique().over(at_door))
        .with_columns(pl.col("neighbours").fill_null(1))
        .drop("id", strict=False)
        .with_row_index("id")
    )


def _with_use(frame: pl.DataFrame) -> pl.DataFrame:
    """How common surnames and first names are, as shares: the files are their own directory of names, whatever their size."""
    seen = frame.filter(pl.col("last_key") != "").group_by("last_key").agg(last_seen=pl.len() * 100_000 // max(frame.height, 1))
    named = frame.filter((pl.col("first_key") != "") & (pl.col("last_key") != "")).select("first_key", "last_key").unique()
    used = named.group_by("first_key").agg(first_used=pl.len() >= 2 + frame.height // _FAMILIES)
    frame = frame.join(seen, on="last_key", how="left", maintain_order="left").join(used, on="first_key", how="left", maintain_order="left")
    return frame.with_columns(pl.col("last_seen").fill_null(0), pl.col("first_used").fill_null(False))


def _with_kin(frame: pl.DataFrame) -> pl.DataFrame:
    """Who else of the surname lives at the door: a record without a first name is that person only where there is but one."""
    door = pl.concat_str("cp", "number", "street_key", "last_key", separator="|").hash(seed=11)
    frame = frame.with_columns(family=pl.when(pl.col("last_key") != "").then(door), letter=pl.col("initials").str.slice(0, 1))
    known = frame.filter((pl.col("letter") != "") & pl.col("family").is_not_null())
    letters = known.select("family", "letter", "gender").unique()
    whole = letters.group_by("family").agg(
        kin=pl.col("letter").n_unique(),
        kin_M=pl.col("letter").filter(pl.col("gender") != "F").n_unique(),
        kin_F=pl.col("letter").filter(pl.col("gender") != "M").n_unique(),
    )
    names = known.filter(pl.col("first_key") != "").select("family", "letter", "first_key").unique()
    named = names.group_by("family", "letter").agg(kin_letter=pl.len())
    frame = frame.join(whole, on="family", how="left", maintain_order="left")
    frame = frame.join(named, on=["family", "letter"], how="left", maintain_order="left")
    gendered = pl.when(pl.col("gender") == "M").then("kin_M").when(pl.col("gender") == "F").then("kin_F").otherwise("kin")
    return frame.with_columns(pl.col("kin").fill_null(0), pl.col("kin_letter").fill_null(0), kin_gender=gendered.fill_null(0)).drop(
        "family", "letter", "kin_M", "kin_F"
    )
