"""The six lines of a French address: NF Z10-011, 38 characters, capitals, no punctuation, no accents.

L1 identity, L2 flat, L3 building, L4 number and street, L5 place or post-office box, L6 postcode and town. At a company
L1 is the company and L2 the person, so that flat and building share L3.
"""

import polars as pl

from tasks.merge_purge.normalise.text import replace_words
from tasks.merge_purge.normalise.words import ARTICLES, SHORTER

WIDTH = 38
POSTAL_LINES = ("L1", "L2", "L3", "L4", "L5", "L6")


def with_postal_lines(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``L1`` to ``L6`` and ``name``, the surname as it is posted. Needs the columns of ``with_names`` and ``with_address``."""
    plain_name = (pl.col("other") == "") & (pl.col("generation") == "")
    frame = frame.with_columns(name=pl.when(plain_name).then("last").otherwise("surname"), **_not_twice())
    frame = _fitted(frame.with_columns(person=_joined("civ", "first", "name")), "person", words=False)
    person = pl.col("person")
    at_company = pl.col("org") != ""
    unit = _joined("flat", "more_flat", "building", "more_building")
    lines = frame.with_columns(
        L1=pl.when(at_company).then("org").otherwise(person),
        L2=pl.when(at_company)
        .then(pl.when(pl.col("kind") == "contact").then(person).otherwise(pl.lit("")))
        .otherwise(_joined("flat", "more_flat")),
        L3=pl.when(at_company).then(unit).otherwise(_joined("building", "more_building")),
        L4=pl.col("street").str.replace(r"^(\d+)(BIS|TER|QUATER|[A-HT])\b", "$1 $2"),
        L5=_joined("place", "more_place"),
        L6=_joined("cp", "town_line"),
    )
    for name in POSTAL_LINES:
        lines = _fitted(lines, name)
    return lines.drop("person")


def _not_twice() -> dict[str, pl.Expr]:
    """What stood beside the address, unless it is the name, the company or the town once more: some files give all six lines besides."""
    named = (pl.col("last") != "") & pl.col("more_flat").str.contains(pl.col("last"), literal=True)
    named = named & pl.col("more_flat").str.contains(pl.col("first"), literal=True)
    told = {
        "more_flat": named | (pl.col("more_flat") == pl.col("org")),
        "more_place": (pl.col("more_place") == pl.col("town_line")) | pl.col("more_place").str.contains(r"^\d{5} "),
    }
    return {name: pl.when(again).then(pl.lit("")).otherwise(name) for name, again in told.items()}


def _joined(*columns: str) -> pl.Expr:
    # two absent in a row leave three spaces
    joined = pl.concat_str(columns, separator=" ")
    for _ in range(2 if len(columns) > 2 else 1):
        joined = joined.str.replace_all("  ", " ", literal=True)
    return joined.str.strip_chars()


def _fitted(frame: pl.DataFrame, line: str, *, words: bool = True) -> pl.DataFrame:
    """Bring a line to 38 characters: its words shortened, its articles left out, then initials; a person's name keeps its words."""
    long = frame.select(line).filter(pl.col(line).str.len_bytes() > WIDTH).unique(maintain_order=True)  # a plain text: bytes are letters
    if not long.height:
        return frame
    short = long.with_columns(fitted=pl.col(line))
    if words:
        short = short.with_columns(fitted=replace_words(pl.col("fitted"), dict(SHORTER)))
        without = replace_words(pl.col("fitted").str.replace(r"^(\d+) ", "${1}_"), dict.fromkeys(ARTICLES, "")).str.replace(
            "_", " ", literal=True
        )
        short = short.with_columns(fitted=pl.when(pl.col("fitted").str.len_chars() > WIDTH).then(without).otherwise("fitted"))
    # still too long: long words in the middle lose all but their initial, from the left; then a cut
    short = short.with_columns(fitted=pl.Series("fitted", [initialled(value) for value in short["fitted"].to_list()], dtype=pl.String))
    return (
        frame.join(short, on=line, how="left", maintain_order="left").with_columns(pl.coalesce("fitted", line).alias(line)).drop("fitted")
    )


def initialled(text: str) -> str:
    """Bring a line to 38 characters: long middle words to their initials, left to right, then a cut.

    >>> initialled("M JEAN BAPTISTE MARIE DE LA ROCHEFOUCAULD LIANCOURT")
    'M J B M DE LA ROCHEFOUCAULD LIANCOURT'
    """
    words = text.split(" ")
    for i in range(1, len(words) - 1):
        if len(" ".join(words)) <= WIDTH:
            break
        if len(words[i]) > 3 and words[i].isalpha():
            words[i] = words[i][0]
    return " ".join(words)[:WIDTH].strip()
