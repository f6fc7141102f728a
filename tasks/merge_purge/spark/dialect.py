"""DuckDB's words in Spark's: the SQL of ``relations`` and ``features`` as Spark reads it. Text in, text out; no session needed.

Most of that SQL is everybody's. Some functions have another name, and one Spark lacks or means otherwise (``LACKING``): ``functions``
brings it as a pandas UDF. Jaro-Winkler is in no Spark before 4.2, and there it counts letters, not bytes, and has its own rounding.
"""

import re

from tasks.merge_purge.match.compare import flat
from tasks.merge_purge.match.relations import Relation

# DuckDB's name -> Spark's
NAMES = {"prefix": "startswith", "suffix": "endswith", "jaro_winkler_similarity": "duckdb_jaro_winkler_similarity"}
# names that mean the same in both
SAME = frozenset({"abs", "contains", "greatest", "least", "length", "levenshtein", "upper"})
# names that only `functions` gives a meaning
LACKING = frozenset({"duckdb_jaro_winkler_similarity"})
_WORDS = frozenset({"AND", "OR", "NOT", "IN", "WHEN", "THEN", "ELSE"})

_CALL = re.compile(r"\b([A-Za-z_]\w*)\s*\(")
_TEXT = re.compile(r"\b([ab])\b(?!\.)")


class UnknownFunction(LookupError):
    """A function of the declaration that nobody has said in Spark's words."""


def spark_sql(sql: str) -> str:
    """An expression of the declaration, for Spark.

    :raises UnknownFunction: for a function without a word of its own here: better than one that means something else there
    """

    def word(match: re.Match[str]) -> str:
        name = match[1]
        if name in _WORDS or name in SAME:
            return match[0]
        if name not in NAMES:
            raise UnknownFunction(name)
        return f"{NAMES[name]}("

    return flat(_CALL.sub(word, sql))


def relation_sql(relation: Relation) -> str:
    """A relation's number, from its two texts in ``a_asked_NAME`` and ``b_asked_NAME``, null where it is not asked."""
    return spark_sql(_TEXT.sub(rf"\1_asked_{relation.name}", relation.sql))
