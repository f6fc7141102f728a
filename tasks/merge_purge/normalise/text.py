"""Small steps on text columns, shared by names and addresses. All are Polars expressions: no row is touched in Python."""

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from tasks.merge_purge.numbering import numbered_texts

_LIGATURES = {"œ": "OE", "Œ": "OE", "æ": "AE", "Æ": "AE", "ß": "SS", "ø": "O", "Ø": "O", "ł": "L", "Ł": "L", "đ": "D", "Đ": "D", "’": " "}


# Letters that sound as others do; of two that begin at one place the first.
_SPOKEN = {
    "PH": "F",
    "SCH": "S",
    "CH": "S",
    "SH": "S",
    "QU": "C",
    "Q": "C",
    "CK": "C",
    "K": "C",
    "GU": "G",
    "Y": "I",
    "Z": "S",
    "X": "S",
    "Ç": "S",
    "H": "",
    "W": "V",
}
_ONCE = list("BCDFGLMNPRSTV")
_TWICE = [letter * 2 for letter in _ONCE]


def plain(column: pl.Expr) -> pl.Expr:
    """Upper case, no accents, letters and digits with single spaces.

    An accent lost for good (U+FFFD) becomes the letter it most often was in French: C between N or A and O or A (BESANCON), else E.
    """
    unaccented = column.map_batches(_unaccented, return_dtype=pl.String, is_elementwise=True)
    # one space alone is right as it is, and most are: they are passed over
    return unaccented.str.to_uppercase().str.replace_all(r"[^A-Z0-9 ][^A-Z0-9]*| [^A-Z0-9]+", " ").str.strip_chars()


def _unaccented(texts: pl.Series) -> pl.Series:
    """Only texts of more than ASCII are worth the costly expressions."""
    at = (texts.str.len_bytes() != texts.str.len_chars()).arg_true()
    if not at.len():
        return texts
    lost = texts[at].str.replace_all("([NnAa])\ufffd([OoAa])", "${1}C${2}").str.replace_all("\ufffd", "E")
    apart = lost.to_frame("text").select(pl.col("text").str.replace_many(list(_LIGATURES), list(_LIGATURES.values()))).to_series()
    return texts.clone().scatter(at, apart.str.normalize("NFKD").str.replace_all(r"\p{M}", ""))


def compact(column: pl.Expr) -> pl.Expr:
    """Without spaces."""
    return column.str.replace_all(" ", "", literal=True)


def replace_words(column: pl.Expr, table: dict[str, str]) -> pl.Expr:
    """Replace whole words (or runs of words) of a plain text by a table, each word once, the leftmost first."""
    changed = {found: put for found, put in table.items() if found != put}
    found = [" " + word.replace(" ", "  ") + " " for word in changed]
    put = [" " + word.replace(" ", "  ") + " " for word in changed.values()]
    doubled = " " + column.str.replace_all(" ", "  ", literal=True) + " "
    return doubled.str.replace_many(found, put, leftmost=True).str.replace_all(r" +", " ").str.strip_chars()


def drop_words(column: pl.Expr, words: tuple[str, ...]) -> pl.Expr:
    """Take whole words out of a plain text; a text made of nothing else stays as it is."""
    without = replace_words(column, dict.fromkeys(words, ""))
    return pl.when(without == "").then(column).otherwise(without)


def mark(text: pl.Expr) -> pl.Expr:
    """A number for a text, null for none: grouping numbers costs a tenth of grouping texts."""
    return pl.when(text != "").then(text.hash(seed=11))


def code(text: pl.Expr) -> pl.Expr:
    """A number of half the length, nought for none, for a text that is only ever asked whether it equals another."""
    return pl.when(text == "").then(0).otherwise(text.hash(seed=3) // 2**32).fill_null(0).cast(pl.UInt32)


def letters(column: pl.Expr) -> pl.Expr:
    """The letters of a word in order of the alphabet: two words typed with letters swapped have the same."""
    return column.str.split("").list.sort().list.join("")


def sound(column: pl.Expr) -> pl.Expr:
    """A rough French phonetic key of a compact word: the consonants that survive typing, first letter by its sound."""
    spoken = column.str.replace_many(list(_SPOKEN), list(_SPOKEN.values()), leftmost=True)
    ended = spoken.str.replace("(AULT|AUD|AUT|EAUX|EAU|AUX|AU|OT|OD)$", "O").str.replace_all("[AEIOU]+", "A").str.strip_chars_end("TDSAE")
    key = ended.str.slice(0, 1) + ended.str.slice(1).str.replace_all("A", "", literal=True)
    for _ in range(3):  # each halves what is left of a run of one letter
        key = key.str.replace_many(_TWICE, _ONCE)
    return pl.when(key == "").then(column.str.slice(0, 3)).otherwise(key)


def by_distinct(frame: pl.DataFrame, column: str, work: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
    """Let ``work`` look at each distinct text of a column without nulls once, and bring what it adds back to every row, in order."""
    number, texts = numbered_texts(frame[column])
    done = work(texts.to_frame())
    return frame.with_columns(done.drop(column, strict=False)[number])


def on_distinct(frame: pl.DataFrame, column: str, work: dict[str, pl.Expr]) -> pl.DataFrame:
    """Compute text work once per distinct text of a column without nulls, and bring it back to every row, in the frame's order."""
    return by_distinct(frame, column, lambda texts: computed_once(texts, work))


def computed_once(frame: pl.DataFrame, work: dict[str, pl.Expr]) -> pl.DataFrame:
    """Select expressions; what they share is computed once, where a frame's own ``select`` computes it anew wherever it stands."""
    return frame.lazy().select(**work).collect()


def where_given(frame: pl.DataFrame, columns: Sequence[str], work: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
    """Let ``work`` look at some columns where the first is not empty, and bring the texts it adds back; elsewhere they are empty."""
    at = frame.select((pl.col(columns[0]) != "").arg_true()).to_series()
    done = work(_gathered(frame, columns, at)).drop(columns)
    nothing = pl.repeat("", frame.height, eager=True)
    return frame.with_columns(nothing.clone().scatter(at, text).alias(text.name) for text in done)


def _gathered(frame: pl.DataFrame, columns: Sequence[str], at: pl.Series | np.ndarray) -> pl.DataFrame:
    """Some columns of some rows. Column by column: of a frame at once, the texts would be copied together, for nothing here."""
    return pl.DataFrame([frame[column].gather(at) for column in columns])
