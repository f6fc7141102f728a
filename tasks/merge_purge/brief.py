"""The brief of a merge-purge: which files, in what order of priority, against which suppression lists, at what level."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LEVELS = ("individual", "household", "address")
ALLOCATIONS = ("priority",)


class BriefError(ValueError):
    """A brief that cannot be run; the message says which entry and why."""


@dataclass(frozen=True)
class Part:
    """One delivered file; ``layout`` is the layout table of a fixed-width one."""

    path: Path
    layout: Path | None = None


@dataclass(frozen=True)
class ListFile:
    """A list, in one or several tranches. ``ranks`` gives the priority of its segments, 1 keeps first."""

    code: str
    parts: tuple[Part, ...]
    ranks: dict[str, int] = field(default_factory=dict)
    default_rank: int = 1000


@dataclass(frozen=True)
class Suppression:
    """A list of people not to write to, at its own level."""

    code: str
    path: Path
    level: str = "individual"
    layout: Path | None = None


@dataclass(frozen=True)
class Brief:
    """What a run needs, and nothing else. The order of files breaks ties of rank; the order of suppressions is the order of the report."""

    files: tuple[ListFile, ...]
    suppressions: tuple[Suppression, ...] = ()
    level: str = "individual"
    allocation: str = "priority"

    def __post_init__(self) -> None:
        if not self.files:
            raise BriefError("a brief needs at least one file")
        codes = [entry.code for entry in self.files] + [entry.code for entry in self.suppressions]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise BriefError(f"codes used twice: {', '.join(twice)}")
        for code in codes:
            if not code or not all(c.isalnum() or c in "._- " for c in code) or code.startswith("."):
                raise BriefError(f"a code names files: {code!r} cannot")
        if empty := [entry.code for entry in self.files if not entry.parts]:
            raise BriefError(f"no file for {', '.join(empty)}")
        for level in (self.level, *(entry.level for entry in self.suppressions)):
            if level not in LEVELS:
                raise BriefError(f"level {level!r}: expected one of {', '.join(LEVELS)}")
        if self.allocation not in ALLOCATIONS:
            raise BriefError(f"allocation {self.allocation!r}: expected one of {', '.join(ALLOCATIONS)}")

    @staticmethod
    def from_json(text: str, *, folder: Path = Path()) -> "Brief":
        """Read a brief; relative paths start at ``folder``.

        :raises BriefError: when an entry is missing or makes no sense
        """

        def path(value: str | None) -> Path | None:
            return folder / value if value else None

        try:
            data = json.loads(text)
            files = tuple(
                ListFile(
                    code=entry["code"],
                    parts=tuple(Part(folder / part["path"], path(part.get("layout"))) for part in entry["parts"]),
                    ranks={str(segment): int(rank) for segment, rank in entry.get("ranks", {}).items()},
                    default_rank=int(entry.get("default_rank", 1000)),
                )
                for entry in data["files"]
            )
            suppressions = tuple(
                Suppression(entry["code"], folder / entry["path"], entry.get("level", "individual"), path(entry.get("layout")))
                for entry in data.get("suppressions", ())
            )
            return Brief(files, suppressions, data.get("level", "individual"), data.get("allocation", "priority"))
        except BriefError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            raise BriefError(f"not a brief: {type(fault).__name__}: {fault}") from fault

    def to_json(self) -> str:
        """The brief as text that ``from_json`` reads back."""
        data: dict[str, Any] = {
            "level": self.level,
            "allocation": self.allocation,
            "files": [
                {
                    "code": f.code,
                    "parts": [{"path": str(p.path), "layout": str(p.layout) if p.layout else None} for p in f.parts],
                    "ranks": f.ranks,
                    "default_rank": f.default_rank,
                }
                for f in self.files
            ],
            "suppressions": [
                {"code": s.code, "path": str(s.path), "level": s.level, "layout": str(s.layout) if s.layout else None}
                for s in self.suppressions
            ],
        }
        return json.dumps(data, ensure_ascii=False, indent=1)
