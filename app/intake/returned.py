"""Files of what came back, as text: the titles each kind has to have, and its rows. Not for what the rows say: a machine reads that."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from workflows.campaign.contacted.bringing import BOUNCES, CALLS, RESPONSES, UNDELIVERABLES

NEEDED: Mapping[str, tuple[str, ...]] = {
    RESPONSES: ("DATE", "CODE_LOT", "ID_UNIQUE", "TYPE", "MONTANT"),
    UNDELIVERABLES: ("DATE", "CODE_LOT", "ID_UNIQUE", "MOTIF"),
    BOUNCES: ("DATE", "CODE_LOT", "ID_UNIQUE", "TYPE"),
    CALLS: ("DATE", "CODE_LOT", "ID_UNIQUE", "RESULTAT"),
}
"""Titles by kind of file (trade reference, section 10), in any order; others may stand beside."""
_LONGEST_TITLES = 64 * 1024


class ColumnsMissing(ValueError):
    """The file's header lacks columns that the layout has, named by `missing`."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = tuple(missing)


def look_at_titles(stream: BinaryIO, kind: str) -> None:
    """Look at the first line of an upload, and leave it where it was.

    :raises ColumnsMissing: when titles that such a file needs are not there.
    """
    first = stream.read(_LONGEST_TITLES).partition(b"\n")[0]
    stream.seek(0)
    try:
        _read(_decoded(first), NEEDED[kind])
    except (UnicodeDecodeError, csv.Error):
        raise ColumnsMissing(NEEDED[kind]) from None


def numbered_rows(data: bytes, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a `;` or `,` file in UTF-8 (with or without a mark) or Windows' Western code, each with the number of its line.

    Rows in which nothing stands are left out.

    :raises ColumnsMissing: when the header lacks a needed column.
    """
    reader = _read(_decoded(data), needed)
    for row in reader:
        if any(isinstance(value, str) and value.strip() for value in row.values()):
            yield reader.line_num, row


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _read(text: str, needed: Sequence[str]) -> "csv.DictReader[str]":
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") >= first.count(",") else ",")
    titles = [_title(one) for one in reader.fieldnames or ()]
    missing = [column for column in needed if column not in titles]
    if missing:
        raise ColumnsMissing(missing)
    reader.fieldnames = titles
    return reader


def _title(written: str) -> str:
    """A title without case and accents, `_` for blanks: `Résultat` is RESULTAT."""
    bare = unicodedata.normalize("NFKD", written.strip().upper())
    return "".join(c for c in bare if not unicodedata.combining(c)).replace(" ", "_")
