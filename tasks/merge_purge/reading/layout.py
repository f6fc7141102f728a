"""A record layout (dessin d'enregistrement): which characters of a fixed-width line hold which field."""

import csv
import itertools
from dataclasses import dataclass
from pathlib import Path

from tasks.merge_purge.reading.defects import Findings
from tasks.merge_purge.reading.encoding import decode
from tasks.merge_purge.reading.errors import UnreadableFile, why_closed
from tasks.merge_purge.reading.wording import plain
from tasks.merge_purge.sentences import Sentence

_FIELD, _START, _END, _LENGTH = (
    ("champ", "zone", "nom", "field"),
    ("debut", "de", "start", "position"),
    ("fin", "a", "end"),
    ("longueur", "long", "length"),
)


# The trade's own layout of 400 characters, taken where a file without a delimiter has it in every line (trade reference, section 10).
_TRADE = (
    ("CODE_FICHIER", 4), ("REF_CDE", 12), ("ID_SOURCE", 15), ("CODE_SEG", 6), ("CIVILITE", 5), ("PRENOM", 32), ("NOM", 32),
    *((f"ADR{n}", 38) for n in range(1, 7)),
    ("CP", 5), ("LOCALITE", 32), ("CODE_INSEE", 5), ("DEPT", 3), ("DATE_MAJ", 8), ("MT_DERNIER", 9), ("FILLER", 4),
)  # fmt: skip
_TRADE_WIDTH, _POSTCODE_AT = 400, slice(334, 339)


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
        raise UnreadableFile("bad_layout", Sentence("layout {file}: {why}", file=path.name, why=why_closed(fault))) from fault
    except UnreadableFile as fault:
        raise UnreadableFile("bad_layout", fault.detail) from fault
    rows = _rows(text)
    heads = [plain(cell) for cell in rows[0]]
    name, start, end, length = (
        next((i for i, head in enumerate(heads) if head in words), None) for words in (_FIELD, _START, _END, _LENGTH)
    )
    if name is None or start is None or (end is None and length is None):
        raise UnreadableFile("bad_layout", Sentence("a layout needs a field name, a start, and an end or a length"))
    names, spans = [], []
    for row in rows[1:]:
        row.extend([""] * (len(heads) - len(row)))
        try:
            first = int(row[start])
            last = int(row[end]) if end is not None else first + int(row[length or 0]) - 1
            stated = int(row[length]) if length is not None and row[length].strip() else last - first + 1
        except ValueError as fault:
            raise UnreadableFile("bad_layout", Sentence("field {field!r} has no usable position", field=row[name])) from fault
        if first < 1 or last < first or stated != last - first + 1:
            raise UnreadableFile(
                "bad_layout",
                Sentence(
                    "field {field!r} runs from {first} to {last} and claims {stated} characters",
                    field=row[name],
                    first=first,
                    last=last,
                    stated=stated,
                ),
            )
        names.append(row[name].strip())
        spans.append((first, last))
    ordered = sorted(zip(spans, names, strict=True))
    for (before, left), (after, right) in itertools.pairwise(ordered):
        if after[0] <= before[1]:
            raise UnreadableFile("bad_layout", Sentence("fields {left!r} and {right!r} overlap", left=left, right=right))
    if not names:
        raise UnreadableFile("bad_layout", Sentence("no field"))
    return Layout(tuple(names), tuple(spans))


def _rows(text: str) -> list[list[str]]:
    first = text.strip().partition("\n")[0]
    try:
        rows = [row for row in csv.reader(text.splitlines(), delimiter=max(";,\t", key=first.count)) if any(map(str.strip, row))]
    except csv.Error as fault:
        raise UnreadableFile("bad_layout", Sentence("no table of fields: {fault}", fault=fault)) from fault
    if not rows:
        raise UnreadableFile("bad_layout", Sentence("the layout is empty"))
    return rows


def trade_layout(data: bytes, findings: Findings) -> Layout | None:
    """The trade's layout of 400 characters when the first hundred lines have it: their length, and a postcode where it belongs.

    The lines may run on without an end.
    """
    lines = [line.decode().rstrip("\r") for line in data.split(b"\n", 100)[:100]]
    lines = [line for line in lines if line.strip()]
    if len(lines) == 1 and len(lines[0]) > _TRADE_WIDTH:
        lines = [lines[0][start : start + _TRADE_WIDTH] for start in range(0, 100 * _TRADE_WIDTH, _TRADE_WIDTH)]
        lines = [line for line in lines if line.strip()]
    if not lines or len(lines[0]) > _TRADE_WIDTH or len(lines[0]) <= _POSTCODE_AT.stop:
        return None
    fitting = [line for line in lines if len(line) <= _TRADE_WIDTH and line[_POSTCODE_AT].isdigit()]
    if len(fitting) < 0.9 * len(lines):
        return None
    evidence = f"the trade's 400 characters: {len(fitting)} of {len(lines)} lines have a postcode at 335"
    findings.add("trade_layout", 1, repaired=True, evidence=evidence)
    ends = list(itertools.accumulate(length for _, length in _TRADE))
    spans = tuple((end - length + 1, end) for end, (_, length) in zip(ends, _TRADE, strict=True))
    return Layout(tuple(name for name, _ in _TRADE), spans)
