"""One comparison of two records: each feature falls into a named level, and a table says what a level is worth.

The levels are SQL, so that DuckDB compares millions of pairs in one SELECT; the same text can be read by any engine that
has ``levenshtein`` and ``jaro_winkler_similarity``. ``a`` and ``b`` are the two records; a level is the first case that holds.
"""

from dataclasses import dataclass

import duckdb
import polars as pl

from tasks.merge_purge.match.weights import WEIGHTS, Weights

# What a comparison reads of a record.
COLUMNS = (
    "id",
    "kind",
    "last_key",
    "other_key",
    "first_key",
    "initials",
    "first_implied",
    "gender",
    "generation",
    "org_key",
    "cp",
    "town_key",
    "number",
    "suffix",
    "street_key",
    "street_word",
    "place_key",
    "box",
    "door",
    "block",
    "tel",
    "mail",
    "mail_stem",
    "mail_first",
    "last_seen",
    "neighbours",
    "first_letters",
    "last_letters",
)


@dataclass(frozen=True)
class Feature:
    """A named feature with its levels: (name of the level, SQL condition), the first that holds; the last has none."""

    name: str
    levels: tuple[tuple[str, str], ...]

    def sql(self) -> str:
        """CASE expression that gives the number of the level."""
        cases = " ".join(f"WHEN {condition} THEN {i}" for i, (_, condition) in enumerate(self.levels[:-1]))
        return f"CASE {cases} ELSE {len(self.levels) - 1} END"


def _either(condition: str) -> str:
    """The condition read both ways round."""
    turned = condition.replace("a.", "\0").replace("b.", "a.").replace("\0", "b.")
    return f"(({condition}) OR ({turned}))"


def _typed(name: str, long: int) -> str:
    """One letter wrong (two in a long word), or the same letters in another order."""
    a, b, distance = f"a.{name}_key", f"b.{name}_key", f"levenshtein(a.{name}_key, b.{name}_key)"
    few = f"{distance} <= CASE WHEN least(length({a}), length({b})) >= {long} THEN 2 ELSE 1 END"
    return f"({few} OR (a.{name}_letters = b.{name}_letters AND {distance} <= 2))"


_FIRST_NEAR, _LAST_NEAR = _typed("first", 8), _typed("last", 7)
_STREET_NEAR = (
    "(levenshtein(a.street_key, b.street_key) <= CASE WHEN least(length(a.street_key), length(b.street_key)) >= 9 THEN 3 ELSE 1 END"
    " OR jaro_winkler_similarity(a.street_key, b.street_key) >= 0.93"
    " OR suffix(a.street_key, b.street_key) OR suffix(b.street_key, a.street_key))"
)
_WEAK = "(a.first_key = '' OR b.first_key = '')"
_GENDERS_DIFFER = "a.gender <> '' AND b.gender <> '' AND a.gender <> b.gender"

FEATURES: tuple[Feature, ...] = (
    Feature(
        "kind",
        (
            ("two persons", "a.kind = 'person' AND b.kind = 'person'"),
            ("two contacts", "a.kind = 'contact' AND b.kind = 'contact'"),
            ("two companies", "a.kind = 'company' AND b.kind = 'company'"),
            ("company and contact", _either("a.kind = 'company' AND b.kind = 'contact'")),
            ("person and contact", _either("a.kind = 'person' AND b.kind = 'contact'")),
            ("company and person", ""),
        ),
    ),
    Feature(
        "surname",
        (
            ("missing", "a.last_key = '' OR b.last_key = ''"),
            ("equal, rare", "a.last_key = b.last_key AND a.last_seen <= 4"),
            ("equal", "a.last_key = b.last_key AND a.last_seen <= 40"),
            ("equal, common", "a.last_key = b.last_key"),
            ("equal to the other surname", _either("a.other_key <> '' AND (a.other_key = b.last_key OR a.other_key = b.other_key)")),
            ("turned round", "a.last_key = b.first_key AND a.first_key = b.last_key"),
            ("half turned round", _either("a.last_key = b.first_key AND a.first_key <> a.last_key")),
            ("near", _LAST_NEAR),
            (
                "part of a double name",
                _either(
                    "length(b.last_key) >= 4 AND length(a.last_key) >= length(b.last_key) + 3"
                    " AND (prefix(a.last_key, b.last_key) OR suffix(a.last_key, b.last_key))"
                ),
            ),
            ("alike", "jaro_winkler_similarity(a.last_key, b.last_key) >= 0.9"),
            (
                "different, two women of one first name",
                "a.gender = 'F' AND b.gender = 'F' AND a.first_key = b.first_key AND a.first_key <> ''",
            ),
            ("different", ""),
        ),
    ),
    Feature(
        "neighbours",
        (
            ("one surname", "a.last_key = b.last_key OR a.last_key = '' OR b.last_key = ''"),
            ("a house", "greatest(a.neighbours, b.neighbours) <= 2"),
            ("a few", "greatest(a.neighbours, b.neighbours) <= 5"),
            ("a building", ""),
        ),
    ),
    Feature(
        "first name",
        (
            ("no person", "a.last_key = '' OR b.last_key = ''"),
            ("turned round", "a.last_key = b.first_key AND a.first_key = b.last_key"),
            ("both missing", "a.initials = '' AND b.initials = ''"),
            ("one missing", "a.initials = '' OR b.initials = ''"),
            ("equal initials of two", f"{_WEAK} AND length(a.initials) >= 2 AND a.initials = b.initials"),
            (
                "initial of a double name",
                f"{_WEAK} AND length(a.initials) <> length(b.initials) AND left(a.initials, 1) = left(b.initials, 1)",
            ),
            (
                "equal initial",
                f"{_WEAK} AND left(a.initials, 1) = left(b.initials, 1) AND (length(a.initials) = 1 OR length(b.initials) = 1)",
            ),
            ("other initial", _WEAK),
            ("equal", "a.first_key = b.first_key"),
            ("near, other gender", f"{_FIRST_NEAR} AND {_GENDERS_DIFFER}"),
            ("near, short", f"{_FIRST_NEAR} AND least(length(a.first_key), length(b.first_key)) <= 4"),
            ("near", _FIRST_NEAR),
            (
                "part of a double name",
                _either(
                    "length(b.first_key) >= 3 AND length(a.first_key) >= length(b.first_key) + 3 AND length(a.initials) >= 2"
                    " AND (prefix(a.first_key, b.first_key) OR suffix(a.first_key, b.first_key))"
                ),
            ),
            ("alike", "jaro_winkler_similarity(a.first_key, b.first_key) >= 0.9 AND NOT (" + _GENDERS_DIFFER + ")"),
            ("different", ""),
        ),
    ),
    Feature(
        "gender",
        (
            ("unknown", "a.gender = '' OR b.gender = ''"),
            ("same, weak first name", f"a.gender = b.gender AND {_WEAK}"),
            ("same", "a.gender = b.gender"),
            ("conflict, weak first name", _WEAK),
            ("conflict, equal first name", "a.first_key = b.first_key"),
            ("conflict", ""),
        ),
    ),
    Feature(
        "generation",
        (
            ("none", "a.generation = '' AND b.generation = ''"),
            ("same", "a.generation = b.generation"),
            ("one", "a.generation = '' OR b.generation = ''"),
            ("conflict", ""),
        ),
    ),
    Feature(
        "company",
        (
            ("none", "a.org_key = '' AND b.org_key = ''"),
            ("equal", "a.org_key = b.org_key"),
            ("one", "a.org_key = '' OR b.org_key = ''"),
            (
                "near",
                "levenshtein(a.org_key, b.org_key) <= 2 OR jaro_winkler_similarity(a.org_key, b.org_key) >= 0.93 OR "
                + _either("length(b.org_key) >= 6 AND contains(a.org_key, b.org_key)"),
            ),
            ("different", ""),
        ),
    ),
    Feature(
        "street",
        (
            ("missing", "a.street_key = '' OR b.street_key = ''"),
            ("same door", "a.number = b.number AND a.number <> '' AND a.suffix = b.suffix AND a.street_key = b.street_key"),
            ("same number, other suffix", f"a.number = b.number AND a.number <> '' AND a.suffix <> b.suffix AND {_STREET_NEAR}"),
            ("same street, no number", "a.number = '' AND b.number = '' AND a.street_key = b.street_key"),
            ("same number, near street", f"a.number = b.number AND a.number <> '' AND {_STREET_NEAR}"),
            ("one number, near street", f"(a.number = '' OR b.number = '') AND {_STREET_NEAR}"),
            (
                "near number, same street",
                "levenshtein(a.number, b.number) <= 1 AND length(a.number) + length(b.number) >= 4 AND a.street_key = b.street_key",
            ),
            ("other number, near street", _STREET_NEAR),
            ("same number, last word", "a.number = b.number AND a.number <> '' AND a.street_word = b.street_word"),
            ("same number", "a.number = b.number AND a.number <> ''"),
            ("different", ""),
        ),
    ),
    Feature(
        "locality",
        (
            ("same postcode and town", "a.cp = b.cp AND a.cp <> '' AND a.town_key = b.town_key"),
            ("same postcode", "a.cp = b.cp AND a.cp <> ''"),
            (
                "same town, postcode near",
                "a.town_key = b.town_key AND a.town_key <> '' AND (a.cp = '' OR b.cp = '' OR levenshtein(a.cp, b.cp) <= 2)",
            ),
            ("same town", "a.town_key = b.town_key AND a.town_key <> ''"),
            ("near town, same department", "left(a.cp, 2) = left(b.cp, 2) AND jaro_winkler_similarity(a.town_key, b.town_key) >= 0.9"),
            ("same department", "left(a.cp, 2) = left(b.cp, 2)"),
            ("missing", "a.cp = '' OR b.cp = ''"),
            ("different", ""),
        ),
    ),
    Feature(
        "flat",
        (
            ("same flat", "a.door <> '' AND a.door = b.door"),
            ("other flat", "a.door <> '' AND b.door <> ''"),
            ("other block", "a.block <> '' AND b.block <> '' AND a.block <> b.block"),
            ("unknown", ""),
        ),
    ),
    Feature(
        "place",
        (
            ("same box", "a.box <> '' AND a.box = b.box"),
            ("other box", "a.box <> '' AND b.box <> ''"),
            ("same place", "a.place_key <> '' AND a.place_key = b.place_key"),
            ("other place", "a.place_key <> '' AND b.place_key <> ''"),
            ("unknown", ""),
        ),
    ),
    Feature(
        "telephone",
        (
            ("equal", "a.tel <> '' AND a.tel = b.tel"),
            ("different", "a.tel <> '' AND b.tel <> ''"),
            ("unknown", ""),
        ),
    ),
    Feature(
        "mailbox",
        (
            (
                "equal, another first name",
                "a.mail <> '' AND a.mail = b.mail AND a.mail_first <> '' AND a.first_key <> '' AND b.first_key <> ''"
                " AND a.first_key <> b.first_key AND "
                "NOT prefix(a.mail_first, a.first_key) AND NOT prefix(b.mail_first, b.first_key)",
            ),
            ("equal", "a.mail <> '' AND a.mail = b.mail"),
            ("equal but for digits", "a.mail_stem <> '' AND a.mail_stem = b.mail_stem"),
            ("near", "length(a.mail_stem) >= 6 AND length(b.mail_stem) >= 6 AND levenshtein(a.mail_stem, b.mail_stem) <= 1"),
            ("implies another first name", "a.mail_first <> '' AND b.mail_first <> '' AND a.mail_first <> b.mail_first"),
            ("different", "a.mail <> '' AND b.mail <> ''"),
            ("unknown", ""),
        ),
    ),
)


def level_names(feature: str, names: tuple[str, ...]) -> list[int]:
    """The numbers of some levels of a feature."""
    numbers = {name: i for i, (name, _) in enumerate(next(f for f in FEATURES if f.name == feature).levels)}
    return [numbers[name] for name in names]


def levels(records: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The level of every feature for every pair: columns ``a, b`` and one UInt8 column a feature, in the order of ``pairs``."""
    select = ", ".join(f'CAST({feature.sql()} AS UTINYINT) AS "{feature.name}"' for feature in FEATURES)
    return _run(records, pairs, select)


def score(records: pl.DataFrame, pairs: pl.DataFrame, weights: Weights = WEIGHTS) -> pl.DataFrame:
    """The score of every pair in log-odds points: columns ``a, b, score``, in the order of ``pairs``."""
    terms = [
        f"CASE {feature.sql()} "
        + " ".join(f"WHEN {i} THEN {weights.points[feature.name][name]}" for i, (name, _) in enumerate(feature.levels))
        + " END"
        for feature in FEATURES
    ]
    return _run(records, pairs, f"CAST({weights.base} + " + " + ".join(terms) + " AS DOUBLE) AS score")


class _Stream:
    """A frame that DuckDB reads through the Arrow stream interface alone: handed over as a frame it would ask for pyarrow."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def _run(records: pl.DataFrame, pairs: pl.DataFrame, select: str) -> pl.DataFrame:
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.register("records", _Stream(records.select(COLUMNS)))
        connection.register("pairs", _Stream(pairs.with_row_index("at")))
        joined = "FROM pairs p JOIN records a ON a.id = p.a JOIN records b ON b.id = p.b ORDER BY p.at"
        sql = f"SELECT p.at, p.a, p.b, {select} {joined}"
        return pl.DataFrame(connection.execute(sql).fetchnumpy()).drop("at")
