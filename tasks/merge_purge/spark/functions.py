"""What Spark lacks of the declaration's functions (``dialect.LACKING``), as pandas UDFs that ask DuckDB itself on every executor.

So a word means on a cluster what it means on a laptop, to the last digit. Spark's own ``levenshtein`` counts letters where DuckDB's counts
bytes: of normalised texts, which are unaccented, that is the same.
"""

from functools import cache

import duckdb
import pandas as pd
import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.functions import pandas_udf

from tasks.merge_purge.spark.dialect import LACKING


def teach(session: SparkSession) -> None:
    """Make the functions known to a session."""
    taught = {"duckdb_jaro_winkler_similarity": jaro_winkler}
    assert set(taught) == LACKING
    for name, function in taught.items():
        session.udf.register(name, pandas_udf(function, "double"))


def jaro_winkler(a: pd.Series, b: pd.Series) -> pd.Series:
    """Jaro-Winkler similarity of texts side by side; null where either is."""
    # a batch of which nothing is asked comes often, and with no type to tell
    texts = pa.table({"a": pa.array(a, pa.string(), from_pandas=True), "b": pa.array(b, pa.string(), from_pandas=True)})
    found = _duckdb().from_arrow(texts).project("jaro_winkler_similarity(a, b)").fetchnumpy()
    return pd.Series(next(iter(found.values())), dtype="float64")


@cache
def _duckdb() -> duckdb.DuckDBPyConnection:
    """One connection a Python worker; Spark has as many workers as cores."""
    return duckdb.connect(config={"threads": 1})
