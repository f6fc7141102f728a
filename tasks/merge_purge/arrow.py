"""Hands a frame to DuckDB. Not for anything else."""

import polars as pl


class Stream:
    """A frame that DuckDB reads through the Arrow stream interface alone: handed over as a frame it would ask for pyarrow."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)
