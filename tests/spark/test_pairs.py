"""Candidate pairs on Spark are those of one machine: the cap, keys read two ways, suppression records among themselves."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tasks.merge_purge.intake import read_brief
from tasks.merge_purge.match.fields import coded
from tasks.merge_purge.match.keys import KEYS, candidate_pairs, hashed
from tasks.merge_purge.match.records import normalised
from tasks.merge_purge.spark.pairs import candidate_pairs as candidate_pairs_on_spark
from tasks.merge_purge.spark.prepare import comparable, marked, over_parts
from tests.unit.merge_purge.people import brief_of, record


def pairs_of(marks: pl.DataFrame, session: Any) -> list[tuple[int, int]]:
    given = session.createDataFrame(marks.rows(), "key int, mark bigint, id bigint, held boolean")
    return sorted((row.a, row.b) for row in candidate_pairs_on_spark(given).collect())


def shared_by(ids: range, *, key: int = 0, mark: int = 5, held: tuple[int, ...] = ()) -> pl.DataFrame:
    return pl.DataFrame([{"key": key, "mark": mark, "id": one, "held": one in held} for one in ids])


@pytest.mark.parametrize("key", [0, len(KEYS) - 1])
def test_a_mark_that_too_many_share_brings_nobody_together(session: Any, key: int) -> None:
    most = KEYS[key].most
    met = [len(pairs_of(shared_by(range(sharers), key=key), session)) for sharers in (1, 2, most, most + 1)]

    assert met == [0, 1, most * (most - 1) // 2, 0]


def test_two_who_meet_by_several_keys_meet_once_and_the_smaller_comes_first(session: Any) -> None:
    marks = pl.concat([shared_by(range(3, 5)), shared_by(range(3, 5), key=1), shared_by(range(3, 5), mark=-5)])

    assert pairs_of(marks, session) == [(3, 4)]


def test_one_mark_of_two_keys_is_two_marks(session: Any) -> None:
    assert pairs_of(pl.concat([shared_by(range(1)), shared_by(range(1, 2), key=1)]), session) == []


def test_two_suppression_records_never_meet(session: Any) -> None:
    assert pairs_of(shared_by(range(4), held=(2, 3)), session) == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3)]


def test_records_in_parts_of_any_size_meet_as_on_one_machine(session: Any, tmp_path: Path) -> None:
    turned = record(PRENOM="Lefebvre", NOM="Paul")
    crowd = [record(PRENOM=name, TELEPHONE="0102030405") for name in ("Anne", "Zoé", "Jean-Paul", "J", "", "Paule")]
    records = normalised(_read(tmp_path, [record(), turned, *crowd, record(NOM="", PRENOM="", RAISON_SOCIALE="SARL Lefebvre")] * 3))
    records.write_parquet(tmp_path / "records.parquet", row_group_size=4)
    session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "5")

    given = session.read.parquet((tmp_path / "records.parquet").as_uri())
    found = candidate_pairs_on_spark(over_parts(given, marked, records.clear()))

    here = candidate_pairs(hashed(records, coded(records)))
    assert here.height > len(crowd)
    assert sorted((row.a, row.b) for row in found.collect()) == sorted(here.rows())
    assert over_parts(given, comparable, records.clear()).count() == records.height


def _read(folder: Path, people: list[dict[str, str]]) -> pl.DataFrame:
    return read_brief(brief_of(folder, {"A": people}, {"OPP": people[:4]}))[0]
