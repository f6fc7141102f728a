"""A record layout (dessin d'enregistrement): which characters of a fixed-width line hold which field."""

import csv
import itertools
from dataclasses import dataclass
from pathlib import Path

from tasks.merge_purge.reading.defects import Findings
from tasks.merge_purge.reading.encoding import decode
from tasks.merge_purge.reading.errors import UnreadableFile
from tasks.merge_purge.reading.headers import plain

_FIELD, _START, _END, _LENGTH = (
    ("champ", "zone", "nom", "field"),
    ("debut", "de", "start", "position"),
    ("fin", "a", "end"),
    ("longueur", "long", "length"),
)


@dataclass(frozen=True)
class Layout:
    """Field names with their first and last character, both counted from 1."""

    names: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def width(self) -> int:
        """Length of a full line, in characters."""
        return max(end for _, end in self.spans)


def read_layout(path: Path) -> Layout:
    """Read a layout table ``CHAMP;DEBUT;FIN;LONGUEUR`` (two of the last three are enough).

    :raises UnreadableFile: ``bad_layout`` when a field is missing, overlaps another or contradicts its length
    """
    try:
        text = decode(path.read_bytes(), Findings()).text
    except OSError as fault:
        raise UnreadableFile("bad_layout", f"cannot be opened: {type(fault).__name__}") from fault
    rows = [row for row in csv.reader(text.splitlines(), delimiter=max(";,\t", key=text.splitlines()[0].count)) if any(row)]
    heads = [plain(cell) for cell in rows[0]]
    name, start, end, length = (
        next((i for i, head in enumerate(heads) if head in words), None) for words in (_FIELD, _START, _END, _LENGTH)
    )
    if name is None or start is None or (end is None and length is None):
        raise UnreadableFile("bad_layout", "a layout needs a field name, a start, and an end or a length")
    names, spans = [], []
    for row in rows[1:]:
        try:
            first = int(row[start])
            last = int(row[end]) if end is not None else first + int(row[length or 0]) - 1
            stated = int(row[length]) if length is not None and row[length].strip() else last - first + 1
        except (ValueError, IndexError) as fault:
            raise UnreadableFile("bad_layout", f"field {row[name]!r} has no usable position") from fault
        if first < 1 or last < first or stated != last - first + 1:
            raise UnreadableFile("bad_layout", f"field {row[name]!r} runs from {first} to {last} and claims {stated} characters")
        names.append(row[name].strip())
        spans.append((first, last))
    ordered = sorted(zip(spans, names, strict=True))
    for (before, left), (after, right) in itertools.pairwise(ordered):
        if after[0] <= before[1]:
            raise UnreadableFile("bad_layout", f"fields {left!r} and {right!r} overlap")
    if not names:
        raise UnreadableFile("bad_layout", "no field")
    return Layout(tuple(names), tuple(spans))
