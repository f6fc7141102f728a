"""Telephone and e-mail: comparable forms, and the first name that a mailbox gives away."""

import polars as pl

from tasks.merge_purge.normalise.text import where_given

_TOLD = ("first_key", "begins", "initials")
"""What a mailbox may tell of a first name that its record does not give."""


def with_contacts(frame: pl.DataFrame) -> pl.DataFrame:
    """Add what a record is reached by.

    New columns: ``tel`` (nine digits), ``mail``, ``mail_stem`` (mailbox: its letters), ``mail_host`` (its provider) and ``mail_first``
    (first name it implies). Needs the columns of ``with_names``; ``phone`` and ``email`` go.

    A record without a first name takes the one its mailbox gives, in ``first_key``, ``begins`` and ``initials``; or how it begins.
    """
    frame = where_given(frame, ("phone",), _telephone)
    frame = where_given(frame, ("email", "last_key", *_TOLD), _mailbox)
    given = pl.col("email") != ""
    told = (pl.when(given).then(f"told_{name}").otherwise(name).alias(name) for name in _TOLD)
    return frame.with_columns(told).drop("phone", "email", *(f"told_{name}" for name in _TOLD))


def telephone(texts: pl.Series) -> pl.Series:
    """The nine digits of French numbers, without their 0 or +33; empty where there are not nine."""
    digits = texts.str.replace_all("[^0-9]", "").str.replace("^(?:00)?330?([0-9]{9})$", "$1").str.strip_chars_start("0")
    return _where(digits.str.len_bytes() == 9, digits)


def mailbox(texts: pl.Series) -> pl.Series:
    """E-mail addresses in small letters; empty where there is none."""
    addresses = texts.str.to_lowercase().str.replace_all(r"\s", "")
    return _where(addresses.str.contains(r"^[^@]+@[^@]+\.[a-z]+$"), addresses)


def _where(right: pl.Series, texts: pl.Series) -> pl.Series:
    return pl.select(pl.when(right).then(texts).otherwise(pl.lit(""))).to_series()


def _telephone(given: pl.DataFrame) -> pl.DataFrame:
    return given.with_columns(tel=telephone(given["phone"]))


def _mailbox(given: pl.DataFrame) -> pl.DataFrame:
    # lazily: what the expressions share is computed once
    told = given.with_columns(mail=mailbox(given["email"])).lazy()
    box, host = pl.col("mail").str.split_exact("@", 1).struct[0], pl.col("mail").str.split_exact("@", 1).struct[1]
    told = told.with_columns(box=box.str.strip_chars_end("0123456789"), mail_host=host.fill_null(""))
    told = told.with_columns(
        mail_stem=pl.col("box").str.replace_all("[^a-z]", ""),
        head=pl.col("box").str.extract("^([a-z-]{3,})[._]", 1).str.replace_all("-", "", literal=True).str.to_uppercase(),
        tail=pl.col("box").str.extract("^[^._]+[._](.+)$", 1).str.replace_all("[^a-z]", "").str.to_uppercase(),
    )
    stem, last = pl.col("mail_stem").str.to_uppercase(), pl.col("last_key")
    # first.last, only where the last part is the record's own surname: another's mailbox says nothing of this person
    own = (last != "") & (pl.col("tail").str.slice(0, 4) == last.str.slice(0, 4))
    # jdupont@ and dupontje@: no first name, but how it begins
    more = stem.str.len_bytes().cast(pl.Int64) - last.str.len_bytes()
    before, behind = (more == 1) & stem.str.ends_with(last), (more == 2) & stem.str.starts_with(last)
    hint = pl.when(before).then(stem.str.slice(0, 1)).when(behind).then(stem.str.tail(2)).otherwise(pl.lit(""))
    told = told.with_columns(
        mail_first=pl.when(own).then("head").otherwise(pl.lit("")).fill_null(""),
        hint=pl.when(last.str.len_bytes() >= 3).then(hint).otherwise(pl.lit("")),
    )
    return _with_first_name(told).drop("box", "head", "tail", "hint").collect()


def _with_first_name(given: pl.LazyFrame) -> pl.LazyFrame:
    fits = (pl.col("initials") == "") | (pl.col("mail_first").str.slice(0, 1) == pl.col("initials").str.slice(0, 1))
    implied = (pl.col("first_key") == "") & (pl.col("mail_first") != "") & fits
    begins = pl.when(implied).then(pl.col("mail_first").str.slice(0, 2)).otherwise("begins")
    return given.with_columns(
        told_first_key=pl.when(implied).then("mail_first").otherwise("first_key"),
        told_begins=pl.when((begins == "") & (pl.col("hint").str.len_bytes() == 2)).then("hint").otherwise(begins),
        told_initials=pl.when(pl.col("initials") != "")
        .then("initials")
        .otherwise(pl.when(implied).then("mail_first").otherwise("hint").str.slice(0, 1)),
    )
