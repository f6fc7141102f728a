"""Who a record is: civility, first name, surname, other surname, generation, company; and the gender that names imply."""

from functools import partial

import polars as pl

from tasks.merge_purge.normalise.text import by_distinct, code, compact, drop_words, letters, mark, on_distinct, plain, sound, where_given
from tasks.merge_purge.normalise.words import CIVILITIES, LEGAL_FORMS, MEN, WOMEN

# Words that are few take a byte each.
KIND = pl.Enum(["none", "person", "contact", "company"])
GENDER = pl.Enum(["", "M", "F"])
GENERATION = pl.Enum(["", "older", "younger"])
_COUPLE = "M ET MME|MR ET MME|MME ET M|M OU MME|MONSIEUR ET MADAME|MADAME ET MONSIEUR|MONSIEUR OU MADAME"
_TITLE = rf"^({_COUPLE}|MONSIEUR|MADAME|MADEMOISELLE|MELLE|MLLE|MME|MR)\s+"
_GENERATION = r"\b(PERE|FILS|SENIOR|JUNIOR|SR|JR|AINE|CADET)$"
_OLDER = ("PERE", "SENIOR", "SR", "AINE")
_OTHER_NAME = r"\s(NEE|NE|EPOUSE|EPSE|EPS|EP|VEUVE|VVE|DITE|DIT)\s(.+)$"
# A first name is taken for a man's or a woman's when the files themselves say so this often.
_GENDER_SHARE, _GENDER_SEEN = 0.8, 4
# A pair of names is turned round when the files use each of its parts the other way this many times more.
_SWAP_RATIO, _SWAP_SEEN = 30.0, 3


def with_names(frame: pl.DataFrame) -> pl.DataFrame:
    """Add who a record is.

    New columns: ``civ, first, last, other, generation, org, org_key, last_key, last_sound, last_letters, first_key, first_sound,
    first_letters, begins, initials, gender, kind``.

    ``last`` and ``first`` are plain text for the mail; ``*_key`` are compact for the matcher, ``begins`` are two letters of ``first_key``.
    ``other_key``, ``first_sound`` and ``*_letters`` are numbers (``code``) that stand for such a text.
    ``kind`` is ``person``, ``company`` (no name), ``contact`` (a person at a company) or ``none``. Gender is ``M``, ``F`` or empty: by the
    first name where the files agree about it, else by the civility. The columns that it is read from go; what ``adr1`` gave as a company
    goes from there.
    """
    frame = on_distinct(frame, "civility", {"civ": plain(pl.col("civility")).replace_strict(CIVILITIES, default="")})
    frame = by_distinct(frame, "last_name", _surname)
    frame = by_distinct(frame, "first_name", partial(_without_title, given="first_name", name="first"))
    frame = where_given(frame, ("company",), lambda given: on_distinct(given, "company", {"org": plain(pl.col("company"))}))
    frame = _named_by_address(frame.drop("civility", "last_name", "first_name", "company"))
    frame = _turned_round(_surnames(frame))
    return _keys(_gender(frame))


def _surname(texts: pl.DataFrame) -> pl.DataFrame:
    """Without a title, and its parts: ``surname, surname_title, generation, other, last``."""
    return by_distinct(_without_title(texts, "last_name", "surname"), "surname", _parts_of_surname)


def _without_title(texts: pl.DataFrame, given: str, name: str) -> pl.DataFrame:
    """A title before a name is a civility: ``name`` and ``name_title``."""
    told = texts.with_columns(plain(pl.col(given)).alias(name))
    title = pl.col(name).str.extract(_TITLE, 1).fill_null("").replace_strict(CIVILITIES, default="")
    return told.with_columns(title.alias(f"{name}_title"), pl.col(name).str.replace(_TITLE, ""))


def _named_by_address(frame: pl.DataFrame) -> pl.DataFrame:
    """A file without a company column puts the company on the first address line."""
    nameless = (pl.col("surname") == "") & (pl.col("first") == "") & (pl.col("org") == "") & (pl.col("adr1") != "")
    at = frame.select(nameless.arg_true()).to_series()
    named = frame["adr1"].gather(at).to_frame().select(plain(pl.col("adr1"))).to_series()
    return frame.with_columns(org=frame["org"].clone().scatter(at, named), adr1=frame["adr1"].clone().scatter(at, ""))


def _surnames(frame: pl.DataFrame) -> pl.DataFrame:
    titles = pl.when(pl.col("surname_title") != "").then("surname_title").otherwise("first_title")
    frame = frame.with_columns(civ=pl.when(pl.col("civ") == "").then(titles).otherwise("civ")).drop("surname_title", "first_title")
    alone = (pl.col("last") == "") & (pl.col("first") != "")  # only one name given: it is the surname
    frame = frame.with_columns(
        last=pl.when(alone).then("first").otherwise("last"), first=pl.when(alone).then(pl.lit("")).otherwise("first")
    )
    older = pl.col("generation").is_in(_OLDER)
    return frame.with_columns(
        generation=pl.when(older)
        .then(pl.lit("older"))
        .when(pl.col("generation") != "")
        .then(pl.lit("younger"))
        .otherwise(pl.lit(""))
        .cast(GENERATION)
    )


def _parts_of_surname(surnames: pl.DataFrame) -> pl.DataFrame:
    generation = pl.col("surname").str.extract(_GENERATION, 1).fill_null("")
    bare = pl.col("surname").str.replace(_GENERATION, "").str.strip_chars()
    told = surnames.select("surname", generation=generation, bare=bare)
    other = pl.col("bare").str.extract(_OTHER_NAME, 2).fill_null("")
    return told.with_columns(other=other, last=pl.col("bare").str.replace(_OTHER_NAME, "")).drop("bare")


def _turned_round(frame: pl.DataFrame) -> pl.DataFrame:
    """Repair a surname typed as first name and the other way round, where the files themselves show it."""
    both = (pl.col("first").str.len_chars() > 2) & (pl.col("last") != "")
    full = both & (pl.col("last").str.len_chars() > 2)
    marks = frame.select(first=mark(pl.col("first")), last=mark(pl.col("last")))
    used = marks.filter(frame.select(full).to_series())
    firsts, lasts = (used.group_by(pl.col(name).alias("word")).len(f"as_{name}") for name in ("first", "last"))
    seen = firsts.join(lasts, on="word", how="full", coalesce=True).with_columns(pl.col("as_first", "as_last").fill_null(0))
    of_first, of_last = (marks.join(seen, left_on=name, right_on="word", how="left", maintain_order="left") for name in ("first", "last"))
    told = pl.DataFrame({"ff": of_first["as_first"], "fl": of_first["as_last"], "lf": of_last["as_first"], "ll": of_last["as_last"]})
    frame = frame.with_columns(told)
    first_like, last_like = (pl.col("lf") + 0.5) / (pl.col("ll") + 0.5), (pl.col("fl") + 0.5) / (pl.col("ff") + 0.5)
    swap = full & (pl.col("lf") >= _SWAP_SEEN) & (first_like > 1) & (last_like >= 1) & (first_like * last_like >= _SWAP_RATIO)
    # an initial in the surname's place, and before it a word that the files use as a surname
    swap = swap | (
        both
        & ~full
        & (pl.col("fl") > pl.col("ff"))
        & pl.col("last").str.contains("^[B-DF-HJ-NP-TV-XZ]?[A-Z]$")
        & (pl.col("ll").fill_null(0) == 0)
    )
    return (
        frame.with_columns(swapped=swap.fill_null(False))
        .with_columns(first=pl.when("swapped").then("last").otherwise("first"), last=pl.when("swapped").then("first").otherwise("last"))
        .drop("swapped", "ff", "fl", "lf", "ll")
    )


def _gender(frame: pl.DataFrame) -> pl.DataFrame:
    stated = pl.when(pl.col("civ").is_in(MEN)).then(pl.lit("M")).when(pl.col("civ").is_in(WOMEN)).then(pl.lit("F")).otherwise(pl.lit(""))
    frame = frame.with_columns(stated=stated)
    told = frame.select("stated", first=pl.when(pl.col("first").str.len_chars() > 2).then(mark(pl.col("first"))))
    known = (
        told.filter(pl.col("stated") != "").drop_nulls("first").group_by("first").agg(share=(pl.col("stated") == "M").mean(), seen=pl.len())
    )
    implied = known.filter(pl.col("seen") >= _GENDER_SEEN).select(
        "first",
        implied=pl.when(pl.col("share") >= _GENDER_SHARE)
        .then(pl.lit("M"))
        .when(pl.col("share") <= 1 - _GENDER_SHARE)
        .then(pl.lit("F"))
        .otherwise(pl.lit("")),
    )
    frame = frame.with_columns(told.join(implied, on="first", how="left", maintain_order="left").select(pl.col("implied").fill_null("")))
    gender = pl.when(pl.col("implied") != "").then("implied").otherwise("stated").cast(GENDER)
    return frame.with_columns(gender=gender).drop("stated", "implied")


def _keys(frame: pl.DataFrame) -> pl.DataFrame:
    frame = by_distinct(frame, "last", _keys_of_surname)
    frame = by_distinct(frame, "first", _keys_of_first_name)
    legal = {"org_key": compact(drop_words(pl.col("org"), LEGAL_FORMS))}
    frame = where_given(frame, ("org",), lambda given: on_distinct(given, "org", legal))
    person, company = pl.col("last") != "", pl.col("org") != ""
    kind = (
        pl.when(person & company)
        .then(pl.lit("contact"))
        .when(person)
        .then(pl.lit("person"))
        .when(company)
        .then(pl.lit("company"))
        .otherwise(pl.lit("none"))
        .cast(KIND)
    )
    return frame.with_columns(kind=kind, other_key=code(compact(pl.col("other"))))


def _keys_of_surname(surnames: pl.DataFrame) -> pl.DataFrame:
    keys, key = surnames.select("last", last_key=compact(pl.col("last"))), pl.col("last_key")
    return on_distinct(keys, "last_key", {"last_sound": sound(key), "last_letters": code(letters(key))})


def _keys_of_first_name(firsts: pl.DataFrame) -> pl.DataFrame:
    short = compact(pl.col("first")).str.len_chars() <= 2
    keys = firsts.select(
        "first",
        first_key=pl.when(pl.col("first").str.contains(r"^(\w ?){1,3}$") & short).then(pl.lit("")).otherwise(compact(pl.col("first"))),
        initials=pl.when(short).then(compact(pl.col("first"))).otherwise(pl.col("first").str.replace_all(r"(\w)\w*\s*", "$1")),
    )
    key = pl.col("first_key")
    begins = pl.when(key.str.len_bytes() >= 2).then(key.str.slice(0, 2)).otherwise(pl.lit(""))
    return on_distinct(keys, "first_key", {"first_sound": code(sound(key)), "first_letters": code(letters(key)), "begins": begins})
