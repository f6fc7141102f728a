"""The engine: normalised records in, groups out, with everything between on Spark.

What passes between this process and Spark is Parquet in a private folder that both see, and so is what Spark keeps of one stage for the
next: a lost executor reads it again. What comes back is numbers: ids, groups, scores.
"""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tasks.merge_purge.brief import Brief
from tasks.merge_purge.engine import Matched, Tell, levels_wanted
from tasks.merge_purge.levels import (
    AT_ONE_DOOR,
    DOOR,
    HELD_THRESHOLD,
    HOUSE,
    KNOWN_DOOR,
    NEAR_BAND,
    OF_ONE_HOUSEHOLD,
    PARTNERS,
    PERSON_THRESHOLD,
    Grouping,
    held_by,
    pointed_at,
    spared,
)
from tasks.merge_purge.match.compare import FIELDS
from tasks.merge_purge.spark.compare import SparkComparison
from tasks.merge_purge.spark.components import components
from tasks.merge_purge.spark.knots import persons
from tasks.merge_purge.spark.pairs import candidate_pairs
from tasks.merge_purge.spark.prepare import comparable, marked, over_parts

# Records that one task takes: what bounds an executor's memory.
_PART = 50_000


class SparkEngine:
    """Spark in the place of this machine, for one run."""

    def __init__(self, session: Any, work: Path) -> None:
        """Take a session (``session.spark_session``) and a folder of this run's own, which every executor sees by the same name."""
        self._session, self._work, self._asked = session, work, 0

    def match(self, brief: Brief, records: pl.DataFrame, delivered: int, tell: Tell) -> Matched:
        """Group the records of a brief."""
        tell("pairing", records.height)
        shuffled = max(2 * self._session.sparkContext.defaultParallelism, records.height // _PART)
        self._session.conf.set("spark.sql.shuffle.partitions", str(shuffled))
        given, none, sources = self._give("records", records), records.clear(), records["source"]
        del records  # Spark has them now
        comparison = SparkComparison(self._keep("comparable", over_parts(given, comparable, none)), brief.weights)
        twins = self._twins(comparison)
        marks = self._keep("marks", over_parts(given, marked, none).join(twins.select("id"), "id", "left_anti"))
        pairs = self._keep("pairs", candidate_pairs(marks))
        tell("matching", pairs.count())
        compared = self._keep("compared", comparison.levels(pairs).selectExpr("a", "b", "score", *_HOMES))
        return Matched(self._groupings(brief, sources, delivered, comparison, twins, compared), lambda more: self._score(comparison, more))

    def _groupings(
        self, brief: Brief, sources: pl.Series, delivered: int, comparison: SparkComparison, twins: Any, compared: Any
    ) -> dict[str, Grouping]:
        wanted, own = levels_wanted(brief), compared.where(f"b < {delivered}")
        labels = persons(own.select("a", "b", "score"), comparison, self._keep, threshold=PERSON_THRESHOLD)
        first = _labels(delivered, _taken(twins))
        label = _labels(delivered, _taken(labels))[first]
        against = compared.where(f"a < {delivered} AND b >= {delivered}").where(f"score > {HELD_THRESHOLD}D").select("a", "b", "score")
        near = self._keep("near", _apart(own.where(f"score > {PERSON_THRESHOLD - NEAR_BAND}D").select("a", "b", "score"), labels))
        pointed = pointed_at(label, _pairs(self._keep("against", against)))
        unlike = spared(sources, label, first, pointed, lambda more: self._score(comparison, more))
        found = {"individual": Grouping(label, held_by(sources, pointed), unlike, _pairs(near))}
        if "surname" in wanted:
            found["surname"] = self._held("surname", sources, label, compared.where("household"))
        if "household" in wanted:
            persons_of = self._give("labels", pl.DataFrame({"a": np.arange(delivered), "b": label}))
            men, women = (
                comparison.records.where(f"id < {delivered} AND {who}")
                .groupBy(*HOUSE)
                .agg({"id": "min"})
                .withColumnRenamed("min(id)", side)
                for side, who in PARTNERS.items()
            )
            related = persons_of.union(men.join(women, list(HOUSE)).select("a", "b"))
            found["household"] = self._joined("household", sources, delivered, compared.where("household").select("a", "b"), related)
        if "address" in wanted:
            placed = comparison.records.where(KNOWN_DOOR)
            first = placed.groupBy(*DOOR).agg({"id": "min"}).withColumnRenamed("min(id)", "a")
            exact = placed.join(first, list(DOOR)).where("a < id").selectExpr("a", "id AS b")
            found["address"] = self._joined("address", sources, delivered, compared.where("door").select("a", "b").union(exact))
        return found

    def _joined(self, name: str, sources: pl.Series, delivered: int, alike: Any, more: Any = None) -> Grouping:
        """Groups of whatever is linked; a suppression record that is alike holds the whole group."""
        own = alike.where(f"b < {delivered}")
        parts = components(own.union(more) if more is not None else own, self._keep, name)
        label = _labels(delivered, _taken(self._keep(f"{name}-parts", parts.withColumnRenamed("part", "label"))))
        return self._held(name, sources, label, alike)

    def _held(self, name: str, sources: pl.Series, label: np.ndarray, alike: Any) -> Grouping:
        """Groups that are there, held by suppression records that are alike."""
        against = alike.where(f"a < {len(label)} AND b >= {len(label)}").selectExpr("a", "b", f"{PERSON_THRESHOLD + 1.0}D AS score")
        return Grouping(label, held_by(sources, pointed_at(label, _pairs(self._keep(f"{name}-against", against)))))

    def _twins(self, comparison: SparkComparison) -> Any:
        """``id, label`` of records equal in all that is compared to one before them, which is like itself and speaks for them."""
        fields = ", ".join(f"`{name}`" for name in FIELDS)
        alike = comparison.records.selectExpr("id", f"xxhash64(list, {fields}) AS mark")
        first = alike.groupBy("mark").agg({"id": "min", "*": "count"}).where("`count(1)` > 1").selectExpr("mark", "`min(id)` AS label")
        found = self._keep("alike", alike.join(first, "mark").where("id <> label").select("id", "label"))
        firsts = found.selectExpr("label AS a", "label AS b").distinct()
        rich = comparison.score(firsts).where(f"score > {PERSON_THRESHOLD}D").selectExpr("a AS label")
        return self._keep("twins", found.join(rich, "label", "left_semi").select("id", "label"))

    def _score(self, comparison: SparkComparison, pairs: pl.DataFrame) -> pl.DataFrame:
        self._asked += 1
        asked = self._give(f"asked-{self._asked}", pairs.select(pl.col("a", "b").cast(pl.Int64)))
        scored = _pairs(self._keep(f"scored-{self._asked}", comparison.score(asked)))
        wanted = pairs.select(pl.col("a", "b").cast(pl.UInt32))
        return wanted.join(scored.unique(["a", "b"]), on=["a", "b"], how="left", maintain_order="left")

    def _give(self, name: str, frame: pl.DataFrame) -> Any:
        """Hand a frame to Spark, in parts that a task takes whole."""
        folder = self._work / name
        folder.mkdir(parents=True)
        for number, start in enumerate(range(0, max(frame.height, 1), _PART)):
            frame[start : start + _PART].write_parquet(folder / f"{number:05}.parquet")
        return self._session.read.parquet(folder.as_uri())

    def _keep(self, name: str, frame: Any) -> Any:
        place = (self._work / name).as_uri()
        frame.write.parquet(place)
        return self._session.read.schema(frame.schema).parquet(place)


_HOMES = (f"({AT_ONE_DOOR}) AS door", f"({OF_ONE_HOUSEHOLD}) AS household")


def _apart(pairs: Any, labels: Any) -> Any:
    """Those pairs whose records did not end in one group."""
    known = pairs.join(labels.selectExpr("id AS a", "label AS one"), "a", "left").join(
        labels.selectExpr("id AS b", "label AS other"), "b", "left"
    )
    return known.where("coalesce(one, a) <> coalesce(other, b)").select("a", "b", "score")


def _taken(kept: Any) -> pl.DataFrame:
    """What Spark kept, here."""
    files = [path.removeprefix("file://") for path in kept.inputFiles()]
    return pl.read_parquet(files) if files else pl.DataFrame(schema={"id": pl.Int64, "label": pl.Int64})


def _pairs(kept: Any) -> pl.DataFrame:
    found = _taken(kept)
    if not found.height:
        return pl.DataFrame(schema={"a": pl.UInt32, "b": pl.UInt32, "score": pl.Float64})
    return found.select(pl.col("a", "b").cast(pl.UInt32), "score").sort("a", "b")


def _labels(size: int, labels: pl.DataFrame) -> np.ndarray:
    """The label of every record; its own number where none is told."""
    label, known = np.arange(size, dtype=np.int64), labels.filter(pl.col("id") < size)
    label[known["id"].to_numpy()] = known["label"].to_numpy()
    return label
