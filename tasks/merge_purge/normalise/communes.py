"""Postcode and town repaired against each other by the commune table: former communes, arrondissements and the post's own labels included.

Only what is certain is repaired, and every repair is named: a postcode or a town that is missing or misspelt where the other leaves but
one answer. A CEDEX is no commune and stays as it is. Source: ``communes.MANIFEST.json``; not for telling where somebody lives.
"""

import functools
from pathlib import Path

import duckdb
import polars as pl

from tasks.merge_purge.arrow import Stream
from tasks.merge_purge.normalise.text import compact, drop_words, plain, replace_words
from tasks.merge_purge.normalise.words import TOWN_ARTICLES, TOWN_WORDS

TABLE = Path(__file__).with_name("communes.csv")
# The cities whose postcodes end with the arrondissement.
_CITIES = {"PARIS": "750", "LYON": "690", "MARSEILLE": "130"}
_ARRONDISSEMENT = r"\s+(\d{1,2}) ?(?:ER|E|EME)?(?: ARRONDISSEMENT| ARR)?$"
# One letter wrong in a short name, two in a long one; in a postcode one digit wrong, or two neighbours changed over.
_NEAR_NAME = "levenshtein(key, key_known) <= CASE WHEN length(key) >= 8 THEN 2 ELSE 1 END AND length(key) >= 4"
_SOMEHOW_LIKE = "length(key) < 4 OR levenshtein(key, key_known) <= 2 OR substr(key, 1, 4) = substr(key_known, 1, 4)"
_NEAR_POSTCODE = "damerau_levenshtein(cp, postcode_known) <= 1"


def town_key(line: pl.Expr) -> pl.Expr:
    """The comparable form of a town's line: no CEDEX, no arrondissement, no article, no abbreviation."""
    bare = line.str.replace(r"\s*\bCEDEX\b.*$", "").str.replace(_ARRONDISSEMENT, "")
    return compact(drop_words(replace_words(bare, TOWN_WORDS), TOWN_ARTICLES))


def of_the_army(town: pl.Expr) -> pl.Expr:
    """Whether a town is the army's, whose postal sectors have postcodes of their own that begin with two noughts."""
    return town.str.contains(r"(?i)\barm[eé]es?\b")


@functools.cache
def communes() -> pl.DataFrame:
    """A line for each name that a postcode has: ``postcode, key, line, insee``, and ``official``, the key of the commune's own name."""
    table = pl.read_csv(TABLE, separator=";", infer_schema=False).with_columns(pl.col("population").cast(pl.Int64))
    table = table.with_columns(line=plain(pl.col("name"))).with_columns(key=town_key(pl.col("line")))
    table = table.sort("postcode", "insee", "population", "line", descending=[False, False, True, False])
    table = table.with_columns(official=pl.col("key").first().over("postcode", "insee"))
    return table.unique(["postcode", "key"], keep="first", maintain_order=True).select("postcode", "key", "line", "insee", "official")


def with_commune(frame: pl.DataFrame) -> pl.DataFrame:
    """Repair ``cp, cp_ok, town_line, town_key`` and say how in ``place_repair``, which is empty where nothing was done.

    ``town_key`` becomes that of the commune where the town goes by another name, so that Lomme is found in Lille.
    """
    columns = ("cp", "cp_ok", "town_line", "town_key")
    names = communes().with_columns(mark=_mark("postcode", "key"))
    mark = frame.select(mark=_mark("cp", "town_key"))["mark"]
    own_name = names.filter(pl.col("key") == pl.col("official"))["mark"]
    asked = ~mark.is_in(own_name.implode()) & ~frame["town_line"].str.contains(r"\bCEDEX\b")
    at = asked.arg_true().cast(pl.UInt32)
    places = frame.select(columns)[at]
    mended = _mended(places.unique(["cp", "town_line"], maintain_order=True))
    told = places.join(mended, on=["cp", "town_line"], how="left", maintain_order="left", suffix="_new")
    told = told.select(
        *(pl.coalesce(f"{name}_new", name).alias(name) for name in ("cp", "town_line", "town_key")),
        cp_ok=pl.col("cp_ok") | pl.col("cp_new").is_not_null(),
        place_repair=pl.col("place_repair").fill_null(""),
    )
    frame = frame.with_columns(place_repair=pl.repeat("", frame.height, eager=True))
    for name in told.columns:  # one by one, so that the old goes as the new comes
        frame = frame.with_columns(frame[name].clone().scatter(at, told[name]).alias(name))
    return frame


def strange(places: pl.DataFrame) -> pl.DataFrame:
    """The ``department, key`` of which no commune of the department has nearly the name, nor begins as it does."""
    table = communes().select(department=pl.col("postcode").str.slice(0, 2), key_known="key").unique(maintain_order=True)
    places = places.unique(maintain_order=True)
    others = places.join(table, left_on=["department", "key"], right_on=["department", "key_known"], how="anti", maintain_order="left")
    if not others.height:
        return others
    met = others.join(table, on="department", maintain_order="left_right")
    return others.join(_where(met, _SOMEHOW_LIKE), on=["department", "key"], how="anti", maintain_order="left")


def _mark(postcode: str, key: str) -> pl.Expr:
    return pl.col(postcode).hash(seed=1) * 3 + pl.col(key).hash(seed=2)


def _mended(places: pl.DataFrame) -> pl.DataFrame:
    """``cp, town_line`` as they stand, what they should be (``cp_new, town_line_new, town_key_new``, null where right), and the repair."""
    places = places.select("cp", "cp_ok", "town_line", key="town_key")
    table = communes().rename({"postcode": "postcode_known", "key": "key_known"})
    rules = (_another_name, _arrondissement, _postcode_of_the_town, _town_of_the_postcode, _near_town, _near_postcode)
    shape = {"cp": pl.String, "town_line": pl.String, "cp_new": pl.String, "town_line_new": pl.String, "town_key_new": pl.String}
    columns = (*shape, "place_repair")
    answers = [pl.DataFrame(schema={**shape, "place_repair": pl.String})]
    for rule in rules:
        answer = rule(places, table)
        missing = [pl.lit(None, dtype=pl.String).alias(name) for name in columns if name not in answer.columns]
        answers.append(answer.with_columns(missing).select(columns))
        places = places.join(answer, on=["cp", "town_line"], how="anti", maintain_order="left")
    return pl.concat(answers).unique(["cp", "town_line"], keep="first", maintain_order=True)


def _another_name(places: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """A former commune, or the post's own label: right as it is, and compared as the commune."""
    known = places.join(table, left_on=["cp", "key"], right_on=["postcode_known", "key_known"], maintain_order="left")
    return known.select("cp", "town_line", town_key_new="official", place_repair=pl.lit(""))


def _arrondissement(places: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """`75000 PARIS 12` is 75012."""
    start = pl.col("key").replace_strict(_CITIES, default=None, return_dtype=pl.String)
    number = pl.col("town_line").str.extract(_ARRONDISSEMENT, 1).str.zfill(2)
    found = places.with_columns(cp_new=start + number).filter((pl.col("cp") == "") | pl.col("cp").str.starts_with(start.str.slice(0, 2)))
    found = found.join(table, left_on=["cp_new", "key"], right_on=["postcode_known", "key_known"], how="semi", maintain_order="left")
    return found.select("cp", "town_line", "cp_new", place_repair=_of_postcode())


def _postcode_of_the_town(places: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """No postcode, or none that can be: that of the town, where only one town of the name has but one."""
    sole = table.filter(pl.col("postcode_known").n_unique().over("key_known") == 1).select("key_known", "postcode_known", "official")
    found = places.filter(~pl.col("cp_ok")).join(sole.unique("key_known"), left_on="key", right_on="key_known", maintain_order="left")
    return found.select("cp", "town_line", cp_new="postcode_known", town_key_new="official", place_repair=_of_postcode())


def _town_of_the_postcode(places: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """No town: that of the postcode, where it serves but one."""
    sole = table.filter((pl.col("insee").n_unique().over("postcode_known") == 1) & (pl.col("key_known") == pl.col("official")))
    found = places.filter(~pl.col("town_line").str.contains("[A-Z]")).join(
        sole, left_on="cp", right_on="postcode_known", maintain_order="left"
    )
    return found.select("cp", "town_line", town_line_new="line", town_key_new="official", place_repair=pl.lit("town_found"))


def _near_town(places: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """A town misspelt, where one commune of the postcode is near."""
    met = places.join(table.with_columns(cp="postcode_known"), on="cp", maintain_order="left_right")
    near = _where(met, _NEAR_NAME).filter(pl.col("official").n_unique().over("cp", "town_line") == 1)
    near = near.unique(["cp", "town_line"], keep="first", maintain_order=True)
    return near.select("cp", "town_line", town_line_new="line", town_key_new="official", place_repair=pl.lit("town_corrected"))


def _near_postcode(places: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """A postcode mistyped, where one of the town's is near."""
    met = places.join(table.with_columns(key="key_known"), on="key", maintain_order="left_right")
    near = _where(met, _NEAR_POSTCODE).filter(pl.col("postcode_known").n_unique().over("cp", "town_line") == 1)
    near = near.unique(["cp", "town_line"], keep="first", maintain_order=True)
    return near.select("cp", "town_line", cp_new="postcode_known", town_key_new="official", place_repair=pl.lit("postcode_corrected"))


def _of_postcode() -> pl.Expr:
    return pl.when(pl.col("cp") == "").then(pl.lit("postcode_found")).otherwise(pl.lit("postcode_corrected"))


def _where(frame: pl.DataFrame, condition: str) -> pl.DataFrame:
    """The rows for which DuckDB finds the condition true."""
    connection = _database()
    connection.register("met", Stream(frame))
    holds = connection.execute(f"SELECT {condition} AS holds FROM met").fetchnumpy()["holds"]  # noqa: S608
    connection.unregister("met")
    return frame.filter(pl.Series(holds, dtype=pl.Boolean))


@functools.cache
def _database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})
