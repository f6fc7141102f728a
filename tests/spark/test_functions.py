"""A word of the declaration means on Spark what it means in DuckDB, whatever text it is given."""

from itertools import product
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

from tasks.merge_purge.arrow import Stream
from tasks.merge_purge.spark.dialect import NAMES, SAME, spark_sql
from tasks.merge_purge.spark.functions import jaro_winkler

NASTY = (
    "",
    " ",
    "A",
    "AB",
    "BA",
    "MARTIN",
    "MARTINE",
    "É",
    "È",
    "e\u0301",
    "Œ",
    "ß",
    "SS",
    "ﬁ",
    "😀",
    "😁",
    "\x00",
    "'; --",
    "A" * 300,
    "Ā" * 65,
    None,
)
PLAIN = ("", "A", "AB", "BA", "DUPONT", "DUPOND", "DUPONTEL", "MARTIN MARTIN", "12", "12B", "jdupont", "A" * 300, None)
"""What normalisation leaves: letters without accents, figures and spaces."""
CALLS = {
    "abs": "abs(length(a) - length(b))",
    "contains": "contains(a, b)",
    "greatest": "greatest(length(a), length(b))",
    "jaro_winkler_similarity": "jaro_winkler_similarity(a, b)",
    "least": "least(length(a), length(b))",
    "length": "length(a)",
    "levenshtein": "levenshtein(a, b)",
    "prefix": "prefix(a, b)",
    "suffix": "suffix(a, b)",
    "upper": "upper(a)",
}
OF_PLAIN_TEXTS = {"levenshtein", "upper"}
"""Spark counts letters where DuckDB counts bytes, and has more capitals."""


def both(texts: tuple[str | None, ...]) -> pl.DataFrame:
    """Every two texts, also with themselves."""
    a, b = zip(*product(texts, texts), strict=True)
    return pl.DataFrame({"n": range(len(a)), "a": a, "b": b}, schema={"n": pl.Int64, "a": pl.String, "b": pl.String})


def by_duckdb(call: str, texts: pl.DataFrame) -> list[Any]:
    with duckdb.connect() as connection:
        connection.register("texts", Stream(texts))
        return [row[0] for row in connection.execute(f"SELECT {call} FROM texts ORDER BY n").fetchall()]


@pytest.mark.parametrize("name", sorted(set(NAMES) | SAME))
def test_a_function_says_on_spark_what_duckdb_says(session: Any, name: str) -> None:
    texts = both(PLAIN if name in OF_PLAIN_TEXTS else NASTY)
    given = session.createDataFrame(texts.rows(), "n bigint, a string, b string")

    found = [row[0] for row in given.selectExpr("n", f"{spark_sql(CALLS[name])} AS found").orderBy("n").select("found").collect()]

    assert found == by_duckdb(CALLS[name], texts)


def test_a_batch_of_which_nothing_is_asked_is_answered_with_nothing() -> None:
    nothing = pd.Series([None, None], dtype=object)

    assert jaro_winkler(nothing, nothing).isna().all()
    assert jaro_winkler(nothing[:0], nothing[:0]).empty


def test_texts_that_hold_quotes_are_texts_to_the_similarity() -> None:
    text = pd.Series(["'); DROP TABLE x; --", "O'BRIEN"])

    assert jaro_winkler(text, text).tolist() == [1.0, 1.0]
