"""What a comparison reads of a record is the same whichever engine kept the record in between."""

from pathlib import Path

import polars as pl
import polars.selectors as cs

from tasks.merge_purge.intake import read_brief
from tasks.merge_purge.match.records import normalised
from tasks.merge_purge.spark.prepare import comparable, marked
from tests.unit.merge_purge.people import brief_of, record


def test_records_are_alike_where_words_come_back_as_texts_and_numbers_with_a_sign(tmp_path: Path) -> None:
    people = [record(), record(CIVILITE="Mme", PRENOM="Anne", NOM="Leroy née Roux"), record(NOM="", PRENOM="", RAISON_SOCIALE="SARL Roux")]
    records = normalised(read_brief(brief_of(tmp_path, {"A": people}))[0])
    kept = records.with_columns(cs.enum().cast(pl.String), cs.by_dtype(pl.UInt32).cast(pl.Int64))
    assert kept.schema != records.schema
    assert comparable(kept).equals(comparable(records))
    assert marked(kept).sort("key", "mark", "id").equals(marked(records).sort("key", "mark", "id"))
