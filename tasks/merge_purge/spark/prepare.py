"""What an executor makes of the normalised records it is given: fields and texts to compare, and the marks of the keys. Polars, as at home.

Each takes a part of the records and needs no other part.
"""

from collections.abc import Callable, Iterator
from typing import Any

import polars as pl

from tasks.merge_purge.match.compare import FIELDS
from tasks.merge_purge.match.fields import READ, coded
from tasks.merge_purge.match.keys import KEYS, hashed, marks

_SQL = {pl.Int32: "int", pl.Int64: "bigint", pl.Boolean: "boolean", pl.String: "string"}

Work = Callable[[pl.DataFrame], pl.DataFrame]


def comparable(records: pl.DataFrame) -> pl.DataFrame:
    """``id``; ``list``, of a suppression record; the fields, as whole numbers with a sign; the texts of relations, as ``text_*``."""
    fields = coded(records).select(FIELDS)
    signed = [
        pl.col(name) if dtype == pl.Boolean else pl.col(name).cast(pl.UInt32).reinterpret(signed=True)
        for name, dtype in fields.schema.items()
    ]
    told = records.select(
        pl.col("id").cast(pl.Int64),
        list=pl.when("held").then("source").otherwise(pl.lit("")),
        **{f"text_{name}": pl.col(column) for name, column in READ.items()},
    )
    return pl.concat([told, fields.select(signed)], how="horizontal")


def marked(records: pl.DataFrame) -> pl.DataFrame:
    """``key, mark, id, held``: a row for each way that a record can meet others."""
    parts = hashed(records, coded(records))
    found = []
    for number, key in enumerate(KEYS):
        place, mark = marks(parts, key)
        own = parts.select(pl.col("id").cast(pl.Int64), "held")[place]
        found.append(own.select(key=pl.lit(number, dtype=pl.Int32), mark=pl.Series(mark).reinterpret(signed=True), id="id", held="held"))
    return pl.concat(found).unique()


def over_parts(records: Any, work: Work, none: pl.DataFrame) -> Any:
    """A Spark frame of what ``work`` makes of each part of a Spark frame; what it makes of ``none``, no record, tells the columns."""
    import pyarrow as pa

    def each(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            frame = pl.from_arrow(batch)
            assert isinstance(frame, pl.DataFrame)
            done = work(frame).to_arrow(compat_level=pl.CompatLevel.oldest())
            plain = pa.schema([(one.name, pa.string() if pa.types.is_large_string(one.type) else one.type) for one in done.schema])
            yield from done.cast(plain).to_batches()

    return records.mapInArrow(each, ", ".join(f"`{name}` {_SQL[type(dtype)]}" for name, dtype in work(none).schema.items()))
