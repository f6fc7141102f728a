"""How near two different texts are: SQL over the texts ``a`` and ``b``, asked once for every two that meet, however many records bear them.

The SQL needs ``levenshtein`` and ``jaro_winkler_similarity``, which DuckDB has and other engines can be taught. A relation is a small
number, nought where there is none; ``features`` gives the numbers their names.
"""

from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from tasks.merge_purge.arrow import Stream
from tasks.merge_purge.match.fields import READ
from tasks.merge_purge.numbering import numbered, numbered_texts

# Numbers of the relation of two names.
TYPED, CLOSE_ALIKE, CLOSE, PART_OF_A, PART_OF_B, ALIKE = 1, 2, 3, 4, 5, 6
NEAR = 1


@dataclass(frozen=True)
class Relation:
    """A relation of field ``a`` of one record to field ``b`` of the other, asked where ``when`` holds of the pair (SQL over the fields).

    ``may`` holds wherever the relation is not nought, at a tenth of its cost: SQL over ``only_a`` and ``only_b``, how many letters only
    one of the texts has, and their lengths.
    """

    name: str
    a: str
    b: str
    when: str
    sql: str
    may: str = "true"


# A Jaro-Winkler likeness of .9 is one of Jaro of 5/6 at least, so three quarters of the shorter text's letters stand in the other; and
# all of them where it is a part of the other.
_SHORTER_IN_LONGER = "CASE WHEN length_a <= length_b THEN 4 * only_a <= length_a ELSE 4 * only_b <= length_b END"


def _wrong(most: int) -> str:
    """So many letters are wrong, and no more."""
    return f"only_a <= {most} AND only_b <= {most}"


def _part(long: str, short: str, least: int) -> str:
    """The shorter text opens or closes the longer one, which has three letters more at least."""
    return f"length({short}) >= {least} AND length({long}) >= length({short}) + 3 AND (prefix({long}, {short}) OR suffix({long}, {short}))"


def _names(long: int, least: int) -> str:
    """One letter wrong (two in a word of ``long`` letters); two letters otherwise; a part of a double name; alike."""
    near = "abs(length(a) - length(b)) <= 2 AND levenshtein(a, b)"
    alike = "jaro_winkler_similarity(a, b) >= 0.9"
    cases = (
        (f"{near} <= CASE WHEN least(length(a), length(b)) >= {long} THEN 2 ELSE 1 END", TYPED),
        (f"{near} <= 2 AND {alike}", CLOSE_ALIKE),
        (f"{near} <= 2", CLOSE),
        (_part("a", "b", least), PART_OF_A),
        (_part("b", "a", least), PART_OF_B),
        (alike, ALIKE),
    )
    return f"CASE {' '.join(f'WHEN {condition} THEN {number}' for condition, number in cases)} ELSE 0 END"


def _near(condition: str) -> str:
    return f"CASE WHEN {condition} THEN {NEAR} ELSE 0 END"


def _differ(name: str) -> str:
    return f"a.{name} <> b.{name} AND a.{name} <> 0 AND b.{name} <> 0"


def _long_enough(least: int) -> str:
    return f"length(a) >= {least} AND length(b) >= {least}"


RELATIONS = (
    Relation("last", "last", "last", _differ("last"), _names(7, 4), f"{_wrong(2)} OR {_SHORTER_IN_LONGER}"),
    Relation("first", "first", "first", _differ("first"), _names(8, 3), f"{_wrong(2)} OR {_SHORTER_IN_LONGER}"),
    Relation(
        "street",
        "street",
        "street",
        _differ("street"),
        _near(
            "jaro_winkler_similarity(a, b) >= 0.93 OR suffix(a, b) OR suffix(b, a) OR abs(length(a) - length(b)) <= 3"
            " AND levenshtein(a, b) <= CASE WHEN least(length(a), length(b)) >= 9 THEN 3 ELSE 1 END"
        ),
        f"{_wrong(3)} OR {_SHORTER_IN_LONGER}",
    ),
    Relation(
        "number",
        "number",
        "number",
        f"a.street = b.street AND {_differ('number')}",
        _near("length(a) + length(b) >= 4 AND levenshtein(a, b) <= 1"),
    ),
    Relation("cp", "cp", "cp", f"a.town = b.town AND a.town <> 0 AND {_differ('cp')}", _near("levenshtein(a, b) <= 2")),
    Relation(
        "town",
        "town",
        "town",
        f"a.dept = b.dept AND a.cp <> b.cp AND {_differ('town')}",
        _near("jaro_winkler_similarity(a, b) >= 0.9"),
    ),
    Relation(
        "org",
        "org",
        "org",
        _differ("org"),
        _near(
            "levenshtein(a, b) <= 2 OR jaro_winkler_similarity(a, b) >= 0.93"
            " OR length(b) >= 6 AND contains(a, b) OR length(a) >= 6 AND contains(b, a)"
        ),
    ),
    Relation(
        "stem",
        "stem",
        "stem",
        f"a.mail <> b.mail AND {_differ('stem')}",
        _near(f"{_long_enough(6)} AND abs(length(a) - length(b)) <= 1 AND levenshtein(a, b) <= 1"),
        _wrong(1),
    ),
    # the mailbox of one holds the surname of the other
    Relation(
        "a_names", "stem", "last", f"a.stem <> 0 AND {_differ('last')}", _near("length(b) >= 3 AND contains(upper(a), b)"), "only_b = 0"
    ),
    Relation(
        "b_names", "last", "stem", f"b.stem <> 0 AND {_differ('last')}", _near("length(a) >= 3 AND contains(upper(b), a)"), "only_a = 0"
    ),
)


class _Texts:
    """The texts of a field, each once, with the number of each record's."""

    def __init__(self, texts: pl.Series) -> None:
        self.number, self.values = numbered_texts(texts)
        self.letters, self.lengths = _letters(self.values)


def _letters(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Which letters each text has, small or capital, as the bits of a number, a digit as one of them; and its length."""
    lengths = texts.str.len_bytes()
    begins = lengths.cum_sum() - lengths
    bits = np.uint32(1) << (np.frombuffer(texts.str.join("").item().encode(), dtype=np.uint8) & 31).astype(np.uint32)
    found = np.zeros(texts.len(), dtype=np.uint32)
    given = (lengths > 0).to_numpy()
    if given.any():
        found[given] = np.bitwise_or.reduceat(bits, begins.filter(lengths > 0).to_numpy())
    return pl.Series(found), lengths


class Related:
    """The relations between records, by their texts."""

    def __init__(self, records: pl.DataFrame) -> None:
        """Take normalised records; a pair's ``a`` and ``b`` are places in this frame."""
        self._texts = {name: _Texts(records[column]) for name, column in READ.items()}
        self._connection = duckdb.connect(config={"threads": 2})

    def of(self, relation: Relation, pairs: pl.DataFrame, holds: pl.Series) -> pl.Series:
        """The relation's number for each pair of record numbers ``a, b``; ``holds`` tells where to ask."""
        a, b = self._texts[relation.a], self._texts[relation.b]
        which = holds.arg_true()
        met = pl.DataFrame({"a": a.number[pairs["a"].gather(which)], "b": b.number[pairs["b"].gather(which)]})
        if relation.may != "true":
            own, other = a.letters.gather(met["a"]), b.letters.gather(met["b"])
            only = {"only_a": (own & ~other).bitwise_count_ones(), "only_b": (other & ~own).bitwise_count_ones()}
            told = pl.DataFrame({**only, "length_a": a.lengths.gather(met["a"]), "length_b": b.lengths.gather(met["b"])})
            may = told.select(pl.sql_expr(relation.may)).to_series()
            which, met = which.filter(may), met.filter(may)
        number, place = numbered(met.select(pl.col("a").cast(pl.UInt64) * 2**32 + pl.col("b")).to_series().to_numpy())
        texts = pl.DataFrame({"a": a.values.gather(met["a"].gather(place)), "b": b.values.gather(met["b"].gather(place))})
        self._connection.register("met", Stream(texts))
        # the SQL is ours, of this module; the texts come as a table
        found = self._connection.execute(f"SELECT CAST({relation.sql} AS UTINYINT) AS level FROM met").fetchnumpy()["level"]  # noqa: S608
        level = pl.Series(found, dtype=pl.UInt8)
        return pl.zeros(pairs.height, dtype=pl.UInt8, eager=True).scatter(which, level[number]).alias(f"r_{relation.name}")
