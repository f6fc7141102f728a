"""What a comparison reads of a record, as numbers: a text is its hash, an absent one is nought. Equal numbers are equal texts.

Two texts in four thousand million share a hash; a comparison reads twenty, so chance never decides. What a number cannot tell (how
near two texts are) is asked of the texts themselves, in ``relations``.
"""

import polars as pl

from tasks.merge_purge.normalise.names import GENDER, GENERATION, KIND
from tasks.merge_purge.normalise.text import code

KINDS, GENDERS = ({word: number for number, word in enumerate(words.categories)} for words in (KIND, GENDER))

# Field of a comparison -> column of the normalised records.
_TEXTS = {
    "last": "last_key",
    "first": "first_key",
    "initials": "initials",
    "org": "org_key",
    "cp": "cp",
    "town": "town_key",
    "number": "number",
    "suffix": "suffix",
    "street": "street_key",
    "street_word": "street_word",
    "place": "place_key",
    "box": "box",
    "door": "door",
    "block": "block",
    "tel": "tel",
    "mail": "mail",
    "stem": "mail_stem",
    "mail_first": "mail_first",
    "host": "mail_host",
    "begins": "begins",
}
_NUMBERS = {"other": "other_key", "first_letters": "first_letters", "last_letters": "last_letters"}
_COUNTS = ("last_seen", "neighbours", "kin", "kin_gender", "kin_letter")
# Counts that say no more above 255.
_SMALL = ("namesakes", "family")
_FLAGS = ("last_usual", "first_usual", "first_used", "sparse")
# The texts that relations look into, beside what they are called there.
READ = {"last": "last_key", "first": "first_key", "street": "street_key", "town": "town_key", "number": "number", "cp": "cp"} | {
    "org": "org_key",
    "stem": "mail_stem",
}


def coded(records: pl.DataFrame) -> pl.DataFrame:
    """The fields of each normalised record, in the order of the records."""
    stem, last = pl.col("mail_stem").str.to_uppercase(), pl.col("last_key")
    return records.select(
        *(code(pl.col(column)).alias(name) for name, column in _TEXTS.items()),
        # Spark gives texts back for words, and other numbers for these
        *(pl.col(column).cast(pl.UInt32).alias(name) for name, column in _NUMBERS.items()),
        *(pl.col(name).cast(pl.UInt32) for name in _COUNTS),
        *(pl.col(name).clip(upper_bound=255).cast(pl.UInt8) for name in _SMALL),
        *_FLAGS,
        dept=code(pl.col("cp").str.slice(0, 2)),
        letter=code(pl.col("initials").str.slice(0, 1)),
        letters=pl.col("initials").str.len_chars().cast(pl.UInt8),
        first_length=pl.col("first_key").str.len_chars().cast(pl.UInt8),
        kind=pl.col("kind").cast(KIND).to_physical(),
        gender=pl.col("gender").cast(GENDER).to_physical(),
        generation=pl.col("generation").cast(GENERATION).to_physical(),
        last_letter=code(pl.col("last_key").str.slice(0, 1)),
        mobile=pl.col("tel").str.contains("^[67]"),
        digits=pl.col("mail").str.contains("[0-9]@"),
        names_own_first=pl.col("mail_first").str.starts_with(pl.col("first_key")),
        names_own_last=(last.str.len_chars() >= 3) & stem.str.contains(last, literal=True),
    )
