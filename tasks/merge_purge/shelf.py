"""What a run does not need at the moment, put by on disk: the records as delivered, named and placed.

It bounds a run's memory: most of a record is written, never compared. Not a cache: each part is written once, and read in batches.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from tasks.merge_purge.reading import ADDRESS, CANONICAL

# What each part holds of a record, for the files that are written at the end.
_HELD_BACK = (*(line for line in ADDRESS if line != "adr1"), "postcode", "town", "email", "phone")
PARTS = {
    "delivered": tuple(name for name in CANONICAL if name != "row"),
    "named": ("civ", "first", "last", "surname", "other", "generation", "org", "kind"),
    "placed": (
        *("flat", "building", "street", "place", "more_flat", "more_building", "more_place"),
        *("cp", "town_line", "number", "street_word", "last_key", "org_key", "initials"),
    ),
}
# Columns that nothing reads in memory once their part is put by; the address comes back for its own step.
_SPENT = {
    "delivered": ("id_source", "updated_on", *_HELD_BACK),
    "named": ("civ", "first", "last", "surname", "other", "org"),
    "placed": ("flat", "building", "street", "place", "more_flat", "more_building", "more_place", "town_line"),
}
_BATCH = 200_000  # records


class Shelf:
    """A folder of tables, one for each part and batch: the records of each list, then the rest."""

    def __init__(self, folder: Path, sizes: Mapping[str, int]) -> None:
        """Take an empty folder and how many records each list has, by its code."""
        self._folder = folder
        self._sizes = dict(sizes)
        self._orders = {code: order for order, code in enumerate(self._sizes)}

    def put(self, part: str, frame: pl.DataFrame) -> pl.DataFrame:
        """Put a part of all records by.

        :returns: the frame as the next step of the normalising needs it, without what nothing reads in memory then
        """
        # column by column: of several pieces, a frame selected at once would be copied
        table = pl.DataFrame([frame[name] for name in PARTS[part]])
        start = 0
        for code, size in self._sizes.items():
            self._write(part, self._orders[code], table[start : start + size])
            start += size
        self._write(part, len(self._sizes), table[start:])
        frame = pl.DataFrame([column for column in frame if column.name not in _SPENT[part]])
        return frame.hstack(self._all("delivered", _HELD_BACK)) if part == "named" else frame

    def put_extra(self, code: str, frame: pl.DataFrame) -> None:
        """Put by what a list has beside the canonical columns, by ``row``."""
        self._write("extra", self._orders[code], frame)

    def batches(self, code: str) -> Iterator[tuple[pl.DataFrame, pl.DataFrame | None]]:
        """The records of a list, so many at a time: the columns of all parts, and what it has beside them. At least one, if empty."""
        for number in range(self._count(self._sizes[code])):
            extra = self._path("extra", self._orders[code], number)
            parts = [pl.read_ipc(self._path(part, self._orders[code], number)) for part in PARTS]
            yield pl.concat(parts, how="horizontal"), pl.read_ipc(extra) if extra.exists() else None

    def _all(self, part: str, columns: tuple[str, ...]) -> pl.DataFrame:
        paths = sorted(self._folder.glob(f"{part}.*"))
        # one piece: of many, each gathering of rows would have to look for the piece first
        return pl.concat([pl.read_ipc(path, columns=list(columns)) for path in paths], rechunk=True)

    def _write(self, part: str, order: int, table: pl.DataFrame) -> None:
        for number in range(self._count(table.height)):
            table[number * _BATCH : (number + 1) * _BATCH].write_ipc(self._path(part, order, number), compression="uncompressed")

    @staticmethod
    def _count(rows: int) -> int:
        return max(-(-rows // _BATCH), 1)

    def _path(self, part: str, order: int, number: int) -> Path:
        # by number, since a list's code may be no name for a file
        return self._folder / f"{part}.{order:05}.{number:05}"


@contextmanager
def shelf_in(folder: Path, sizes: Mapping[str, int]) -> Iterator[Shelf]:
    """A shelf in a folder of a run's own, which is as it was afterwards."""
    place = folder / "shelf"
    place.mkdir()
    try:
        yield Shelf(place, sizes)
    finally:
        shutil.rmtree(place, ignore_errors=True)
