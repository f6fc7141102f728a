"""Telephone and e-mail: comparable forms, and the first name that a mailbox gives away."""

import polars as pl

from tasks.merge_purge.normalise.text import on_distinct


def with_contacts(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``tel`` (nine digits), ``mail``, ``mail_stem`` (mailbox without its digits) and ``mail_first`` (first name it implies).

    Needs the columns of ``with_names``. A record without a first name takes the one its mailbox gives, in ``first_key``.
    """
    digits = pl.col("phone").str.replace_all(r"\D", "").str.replace(r"^(0033|33)0?(\d{9})$", "$2").str.replace(r"^0+", "")
    frame = on_distinct(frame, "phone", {"tel": pl.when(digits.str.len_chars() == 9).then(digits).otherwise(pl.lit(""))})
    mail = pl.col("email").str.to_lowercase().str.replace_all(r"\s", "")
    frame = frame.with_columns(mail=pl.when(mail.str.contains(r"^[^@]+@[^@]+\.[a-z]+$")).then(mail).otherwise(pl.lit("")))
    box = pl.col("mail").str.extract(r"^([^@]+)@", 1).fill_null("")
    frame = frame.with_columns(box=box.str.replace(r"\d+$", ""))
    frame = frame.with_columns(mail_stem=pl.when(box == "").then(pl.lit("")).otherwise(pl.col("box").str.replace_all(r"[^a-z]", "")))
    head = pl.col("box").str.extract(r"^([a-z-]{3,})[._]", 1).str.replace_all("-", "").str.to_uppercase()
    tail = pl.col("box").str.extract(r"^[^._]+[._](.+)$", 1).str.replace_all("[^a-z]", "").str.to_uppercase()
    # first.last, only where the last part is the record's own surname: another's mailbox says nothing of this person
    own = (tail == pl.col("last_key")) | (tail.str.slice(0, 4) == pl.col("last_key").str.slice(0, 4))
    frame = frame.with_columns(mail_first=pl.when(own & (pl.col("last_key") != "")).then(head).otherwise(pl.lit("")).fill_null(""))
    # jdupont@ and dupontje@: no first name, but how it begins
    stem = pl.col("mail_stem").str.to_uppercase()
    known = pl.col("last_key").str.len_chars() >= 3
    begins = (
        pl.when(known & (stem.str.slice(1) == pl.col("last_key")))
        .then(stem.str.slice(0, 1))
        .when(known & stem.str.starts_with(pl.col("last_key")) & (stem.str.len_chars() == pl.col("last_key").str.len_chars() + 2))
        .then(stem.str.tail(2).str.slice(0, 1))
        .otherwise(pl.lit(""))
    )
    fits = (pl.col("initials") == "") | (pl.col("mail_first").str.slice(0, 1) == pl.col("initials").str.slice(0, 1))
    implied = (pl.col("first_key") == "") & (pl.col("mail_first") != "") & fits
    return frame.with_columns(
        first_key=pl.when(implied).then("mail_first").otherwise("first_key"),
        initials=pl.when(implied & (pl.col("initials") == ""))
        .then(pl.col("mail_first").str.slice(0, 1))
        .when(pl.col("initials") == "")
        .then(begins)
        .otherwise("initials"),
    ).drop("box")
