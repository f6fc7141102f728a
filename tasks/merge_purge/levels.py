"""The groups of a run at each level asked for: persons always, households and addresses when the brief or a suppression list wants them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from tasks.merge_purge.match.cluster import groups
from tasks.merge_purge.match.compare import Comparison
from tasks.merge_purge.match.features import level_names
from tasks.merge_purge.match.fields import GENDERS, KINDS

# Log-odds points above which two records are one person. People who asked not to be written to are looked for lower down, from even odds
# on: each points at the person it is most like; and at any other that it would be grouped with.
PERSON_THRESHOLD = 0.9
HELD_THRESHOLD = 0.0
# A record that is less like a suppression record than this is somebody else, in whatever group it stands.
CONTRADICTED = -2.5
# Pairs at most so far below are shown to a person.
NEAR_BAND = 3.0
_SAME_FAMILY = ("equal, rare", "equal", "equal, common", "equal to the other surname", "near", "part of a double name", "turned round")


def _is(feature: str, *levels: str) -> str:
    return f"{feature} IN ({', '.join(map(str, level_names(feature, levels)))})"


# Records equal in these fields share a door, if they tell where it is.
DOOR = ("cp", "number", "suffix", "street", "place", "box", "door")
KNOWN_DOOR = "cp <> 0 AND (street <> 0 OR place <> 0 OR box <> 0)"
# A house of its own that two surnames share, and no third: a man and a woman of it are taken for partners who kept their names.
HOUSE = ("cp", "number", "suffix", "street")
IN_A_HOUSE = (
    f"kind = {KINDS['person']} AND last <> 0 AND cp <> 0 AND number <> 0 AND street <> 0"
    " AND door = 0 AND block = 0 AND box = 0 AND neighbours <= 2"
)
PARTNERS = {side: f"{IN_A_HOUSE} AND gender = {GENDERS[gender]}" for side, gender in (("a", "M"), ("b", "F"))}
# SQL over the levels of a pair, for whatever engine found them.
AT_ONE_DOOR = " AND ".join(
    (
        _is("street", "same door", "same street, no number", "same number, near street"),
        _is("locality", "same postcode and town", "same postcode", "same town, postcode near"),
        f"NOT {_is('flat', 'other flat', 'other block')}",
        f"NOT {_is('place', 'other box', 'other place')}",
    )
)
OF_ONE_HOUSEHOLD = f"{AT_ONE_DOOR} AND ({_is('surname', *_SAME_FAMILY)} OR {_is('company', 'equal', 'near')})"


@dataclass(frozen=True)
class Grouping:
    """Groups of the delivered records at one level, and what the suppression lists hold of them.

    ``label`` has the smallest record number of each record's group; ``held`` has ``(group, list, score)``, the best score of a
    record of the list with one of the group, and ``spared`` the records ``id, list`` of held groups that are somebody else than those
    whom the list holds; ``near`` has pairs ``a, b, score`` that were compared and nearly taken for one.
    """

    label: np.ndarray
    held: pl.DataFrame
    spared: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"id": pl.UInt32, "list": pl.String}))
    near: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"a": pl.UInt32, "b": pl.UInt32, "score": pl.Float64}))


def persons(sources: pl.Series, comparison: Comparison, twins: np.ndarray, scored: pl.DataFrame) -> Grouping:
    """Group the delivered records into persons and look each suppression record up among them.

    ``twins`` has for each delivered record the first that equals it: only that one stands in ``scored``, the candidate pairs
    compared: ``a, b, score``.

    A suppression record points at the person it is most like, and at any other that it would be grouped with. ``sources`` has the code
    of each record's list or suppression list.
    """
    delivered = len(twins)
    own = scored.filter(pl.col("b") < delivered)
    label = groups(delivered, own, comparison.score, threshold=PERSON_THRESHOLD)[twins]
    against = scored.filter((pl.col("b") >= delivered) & (pl.col("score") > HELD_THRESHOLD))
    near = own.filter(pl.col("score") > PERSON_THRESHOLD - NEAR_BAND)
    near = near.filter(pl.Series(label[near["a"].to_numpy()] != label[near["b"].to_numpy()], dtype=pl.Boolean)).select("a", "b", "score")
    pointed = pointed_at(label, against)
    return Grouping(label, held_by(sources, pointed), spared(sources, label, twins, pointed, comparison.score), near)


def bearers(sources: pl.Series, levels: pl.DataFrame, person: np.ndarray) -> Grouping:
    """The persons of each delivered record, ``person``, held by suppression records of their surname at one of their doors."""
    return _held(sources, person, levels.filter(pl.sql_expr(OF_ONE_HOUSEHOLD)).select("a", "b"))


def households(sources: pl.Series, fields: pl.DataFrame, delivered: int, levels: pl.DataFrame, person: np.ndarray) -> Grouping:
    """Group persons who share a door and a surname (or a company and a door), and partners of two surnames in a house.

    One person at two addresses joins both. ``fields`` has those that ``HOUSE`` and ``PARTNERS`` name, for all records, as numbers.
    """
    known = fields.head(delivered).with_row_index("id")
    men, women = (known.filter(pl.sql_expr(who)).group_by(HOUSE).agg(pl.col("id").min().alias(side)) for side, who in PARTNERS.items())
    couples = men.join(women, on=HOUSE).select("a", "b").sort("a")
    return _joined(sources, delivered, pl.concat([levels.filter(pl.sql_expr(OF_ONE_HOUSEHOLD)).select("a", "b"), couples]), person)


def addresses(sources: pl.Series, fields: pl.DataFrame, delivered: int, levels: pl.DataFrame) -> Grouping:
    """Group records that share a door, whoever lives there; ``fields`` has those of ``DOOR`` for all records, as numbers."""
    known = fields.with_row_index("id").filter(pl.sql_expr(KNOWN_DOOR))
    exact = known.select("id", a=pl.col("id").min().over(DOOR)).filter(pl.col("a") < pl.col("id")).select("a", b="id")
    alike = pl.concat([exact, levels.filter(pl.sql_expr(AT_ONE_DOOR)).select("a", "b")])
    return _joined(sources, delivered, alike, np.arange(delivered))


def _joined(sources: pl.Series, delivered: int, alike: pl.DataFrame, start: np.ndarray) -> Grouping:
    own = alike.filter(pl.col("b") < delivered)
    a, b = np.concatenate([own["a"].to_numpy(), np.arange(delivered)]), np.concatenate([own["b"].to_numpy(), start])
    _, part = connected_components(coo_matrix((np.ones(len(a), dtype=np.int8), (a, b)), shape=(delivered, delivered)), directed=False)
    first = np.full(part.max() + 1, delivered, dtype=np.int64)
    np.minimum.at(first, part, np.arange(delivered))
    return _held(sources, first[part], alike)


def _held(sources: pl.Series, label: np.ndarray, alike: pl.DataFrame) -> Grouping:
    """Groups that are there, held by suppression records that are alike."""
    against = alike.filter((pl.col("a") < len(label)) & (pl.col("b") >= len(label))).with_columns(score=pl.lit(PERSON_THRESHOLD + 1.0))
    return Grouping(label, held_by(sources, pointed_at(label, against)))


def pointed_at(label: np.ndarray, against: pl.DataFrame) -> pl.DataFrame:
    """Which groups each suppression record holds: ``group, b, score``, from pairs ``a, b, score`` of a delivered and a held record."""
    pointed = against.with_columns(group=pl.Series(label[against["a"].to_numpy()], dtype=pl.Int64))
    best = pointed.sort(["score", "a"], descending=[True, False]).group_by("b", maintain_order=True).first()
    sure = pointed.filter(pl.col("score") > PERSON_THRESHOLD)
    found = pl.concat([best.select("group", "b", "score"), sure.select("group", "b", "score")])
    return found.group_by("group", "b").agg(pl.col("score").max()).sort("group", "b")


def held_by(sources: pl.Series, pointed: pl.DataFrame) -> pl.DataFrame:
    """What the suppression lists hold: ``group, list, score``."""
    named = pointed.with_columns(list=sources.gather(pointed["b"]))
    return named.group_by("group", "list").agg(pl.col("score").max()).sort("group", "list")


def spared(
    sources: pl.Series, label: np.ndarray, twins: np.ndarray, pointed: pl.DataFrame, score: Callable[[pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    """The records ``id, list`` of held groups that are unlike every record of the list that holds the group.

    :param twins: for each delivered record the first that equals it, which is compared for them all
    """
    members = pl.DataFrame({"id": np.arange(len(label), dtype=np.uint32), "a": twins.astype(np.uint32), "group": label.astype(np.int64)})
    members = members.join(pointed.select("group").unique(), on="group", how="semi").filter(pl.len().over("group") > 1)
    pairs = members.filter(pl.col("id") == pl.col("a")).join(pointed.select("group", "b"), on="group").select("a", "b").sort("a", "b")
    compared = score(pairs).with_columns(list=sources.gather(pairs["b"]))
    unlike = compared.group_by("a", "list").agg(pl.col("score").max()).filter(pl.col("score") < CONTRADICTED)
    return members.join(unlike, on="a").select("id", "list").sort("id", "list")
