"""The brief of a merge-purge: which files, in what order of priority, against which suppression lists, at what level.

Written by hand as TOML or by a campaign as JSON, with the same words. Whatever is not understood is refused with its place: a
misspelt ``priority`` must not quietly change who pays for whom.
"""

import json
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from tasks.merge_purge.entries import BriefError, Entry, shown
from tasks.merge_purge.match.weights import WEIGHTS, UnusableWeights, Weights, load_weights
from tasks.merge_purge.reading.errors import why_closed
from tasks.merge_purge.sentences import Sentence
from workflows.trade.dedupe_rules import ALLOCATIONS, LEVELS, names_files

__all__ = ["ALLOCATIONS", "LEVELS", "Brief", "BriefError", "ListFile", "Part", "Suppression"]

UNRANKED = 1000


@dataclass(frozen=True)
class Part:
    """One delivered file; ``layout`` is the layout table of a fixed-width one.

    ``id`` is the header of the id column, ``columns`` gives headers by canonical name; what neither says is recognised.
    """

    path: Path
    layout: Path | None = None
    id: str = ""
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ListFile:
    """A list, in one or several tranches. ``ranks`` gives the priority of its segments and ``priority`` that of the others, 1 keeps first.

    :param protected: a test: no other file takes its records
    :param cpm: price of a thousand addresses, in euros
    """

    code: str
    parts: tuple[Part, ...]
    ranks: dict[str, int] = field(default_factory=dict)
    priority: int = UNRANKED
    protected: bool = False
    cpm: Decimal | None = None


@dataclass(frozen=True)
class Suppression:
    """A list of people not to write to, at its own level.

    :ivar bare: what its file turned out to be, not what a brief says: surnames with addresses, and nobody's first name or title
    """

    code: str
    path: Path
    level: str = "individual"
    layout: Path | None = None
    id: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    bare: bool = False

    @property
    def levels(self) -> tuple[str, ...]:
        """What it holds, the widest last. A surname alone cannot say who of a door is meant: all who bear it there are."""
        return ("individual", "surname") if self.bare and self.level == "individual" else (self.level,)


@dataclass(frozen=True)
class Brief:
    """What a run needs, and nothing else. The order of files breaks ties of rank; the order of suppressions is the order of the report.

    :ivar weights: what each level of a comparison is worth, the house's own unless ``weights_path`` names another table
    """

    files: tuple[ListFile, ...]
    suppressions: tuple[Suppression, ...] = ()
    level: str = "individual"
    allocation: str = "priority"
    seed: int = 1
    weights: Weights = WEIGHTS
    weights_path: Path | None = None

    def __post_init__(self) -> None:
        if not self.files:
            raise BriefError(Sentence("a brief needs at least one file"))
        codes = [entry.code for entry in self.files] + [entry.code for entry in self.suppressions]
        folded = [code.casefold() for code in codes]
        if twice := sorted({code for code in codes if folded.count(code.casefold()) > 1}):
            raise BriefError(Sentence("codes used twice: {codes}", codes=", ".join(twice)))
        for code in codes:
            if not names_files(code):
                raise BriefError(Sentence("a code names files: {code!r} cannot", code=code))
        if empty := [entry.code for entry in self.files if not entry.parts]:
            raise BriefError(Sentence("no file for {codes}", codes=", ".join(empty)))
        for level in (self.level, *(entry.level for entry in self.suppressions)):
            if level not in LEVELS:
                raise BriefError(Sentence("level {level!r}: expected one of {among}", level=level, among=", ".join(LEVELS)))
        if self.allocation not in ALLOCATIONS:
            raise BriefError(
                Sentence("allocation {allocation!r}: expected one of {among}", allocation=self.allocation, among=", ".join(ALLOCATIONS))
            )
        unpriced = [entry.code for entry in self.files if entry.cpm is None and not entry.protected]
        if self.allocation == "dearest_loses" and unpriced:
            raise BriefError(Sentence("allocation dearest_loses needs the cpm of every file: {codes} has none", codes=", ".join(unpriced)))

    def as_read(self, bare: Collection[str]) -> "Brief":
        """The same brief, once it is known which suppression lists have surnames alone."""
        return replace(self, suppressions=tuple(replace(entry, bare=entry.code in bare) for entry in self.suppressions))

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every file that a run reads, in order."""
        read: list[Part | Suppression] = [part for entry in self.files for part in entry.parts]
        read += self.suppressions
        paths = [path for one in read for path in (one.path, one.layout)]
        return tuple(path for path in (*paths, self.weights_path) if path is not None)

    @staticmethod
    def read(path: Path) -> "Brief":
        """Read a brief: JSON by its name, else TOML; paths in it start at its folder.

        :raises BriefError: when an entry is missing, is not known or makes no sense
        :raises OSError: when the file cannot be opened
        """
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            raise BriefError(Sentence("{file} is not UTF-8 at byte {byte}", file=path.name, byte=fault.start)) from fault
        if path.suffix.lower() == ".json":
            return Brief.from_json(text, folder=path.parent)
        return Brief.from_toml(text, folder=path.parent)

    @staticmethod
    def from_toml(text: str, *, folder: Path = Path()) -> "Brief":
        """Read a brief written by hand.

        :raises BriefError: when an entry is missing, is not known or makes no sense
        """
        try:
            return _brief(tomllib.loads(text, parse_float=Decimal), folder)
        except tomllib.TOMLDecodeError as fault:
            raise BriefError(Sentence("not TOML: {fault}", fault=fault)) from fault

    @staticmethod
    def from_json(text: str, *, folder: Path = Path()) -> "Brief":
        """Read a brief written by a program; relative paths start at ``folder``.

        :raises BriefError: when an entry is missing, is not known or makes no sense
        """
        try:
            return _brief(json.loads(text, parse_float=Decimal), folder)
        except ValueError as fault:
            if isinstance(fault, BriefError):
                raise
            raise BriefError(Sentence("not a brief: {fault}", fault=fault)) from fault

    def to_json(self) -> str:
        """The brief as text that ``from_json`` reads back."""
        data: dict[str, Any] = {
            "level": self.level,
            "allocation": self.allocation,
            "seed": self.seed,
            "weights": str(self.weights_path) if self.weights_path else None,
            "files": [
                {
                    "code": f.code,
                    "parts": [_part_data(p) for p in f.parts],
                    "ranks": f.ranks,
                    "priority": f.priority,
                    "protected": f.protected,
                    "cpm": None if f.cpm is None else str(f.cpm),
                }
                for f in self.files
            ],
            "suppressions": [{"code": s.code, "level": s.level, **_part_data(s)} for s in self.suppressions],
        }
        return json.dumps(data, ensure_ascii=False, indent=1)


def _part_data(part: Part | Suppression) -> dict[str, Any]:
    layout = str(part.layout) if part.layout else None
    return {"path": str(part.path), "layout": layout, "id": part.id or None, "columns": part.columns}


def _brief(data: object, folder: Path) -> Brief:
    top = Entry(data, "")
    level = top.text("level", "individual", LEVELS)
    files = tuple(_file(entry, folder) for entry in top.entries("files"))
    suppressions = tuple(_suppression(entry, folder, level) for entry in top.entries("suppressions"))
    named = top.file("weights", "")
    table = folder / named if named else None
    allocation, seed = top.text("allocation", "priority", ALLOCATIONS), top.whole("seed", 1)
    top.end()
    return Brief(files, suppressions, level, allocation, seed, _weights(table), table)


def _weights(table: Path | None) -> Weights:
    if table is None:
        return WEIGHTS
    try:
        return load_weights(table)
    except OSError as fault:
        raise BriefError(Sentence("weights, {file}: {why}", file=table.name, why=why_closed(fault))) from fault
    except UnusableWeights as fault:
        raise BriefError(Sentence("weights: {fault}", fault=fault.args[0])) from fault


def _file(entry: Entry, folder: Path) -> ListFile:
    code = entry.text("code")
    entry.name = code
    inner = entry.entries("parts")
    if inner and entry.has("path"):
        raise entry.wrong("{where}: either a path or parts, not both")
    parts = tuple(_part(part, folder) for part in inner) if inner else (_part(entry, folder, last=False),)
    ranks = {segment: _rank(entry, segment, rank) for segment, rank in entry.table("ranks").items()}
    priority = entry.within(entry.whole("priority", UNRANKED), "priority")
    found = ListFile(code, parts, ranks, priority, entry.flag("protected"), entry.amount("cpm"))
    entry.end()
    return found


def _rank(entry: Entry, segment: str, rank: object) -> int:
    if isinstance(rank, bool) or not isinstance(rank, int):
        raise entry.wrong("{where}: the rank of segment {segment!r} is a whole number, not {value}", segment=segment, value=shown(rank))
    return entry.within(rank, Sentence("the rank of segment {segment!r}", segment=segment))


def _part(entry: Entry, folder: Path, *, last: bool = True) -> Part:
    part = Part(folder / entry.file("path"), _path(entry, folder), entry.text("id", ""), entry.columns())
    if last:
        entry.end()
    return part


def _suppression(entry: Entry, folder: Path, level: str) -> Suppression:
    code = entry.text("code")
    entry.name = code
    part = _part(entry, folder, last=False)
    found = Suppression(code, part.path, entry.text("level", level, LEVELS), part.layout, part.id, part.columns)
    entry.end()
    return found


def _path(entry: Entry, folder: Path) -> Path | None:
    layout = entry.file("layout", "")
    return folder / layout if layout else None
