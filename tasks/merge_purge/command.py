"""``python -m tasks.merge_purge BRIEF.json OUTDIR [PRESSURE.json]``: one run as a process.

Progress goes to stdout as JSON lines, refusals to stderr.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from tasks.merge_purge.brief import Brief, BriefError
from tasks.merge_purge.explain import NoSuchRecord, explain
from tasks.merge_purge.lookup import look_up
from tasks.merge_purge.output import OutputTaken
from tasks.merge_purge.pressure import Pressure
from tasks.merge_purge.reading import UnreadableFile
from tasks.merge_purge.report import BrokenAccounting
from tasks.merge_purge.run import run

# Exit statuses: 2 the brief or its files are at fault, 3 the engine is.
REFUSED, INCIDENT = 2, 3


def main(arguments: list[str]) -> int:
    """Run a brief; paths in it are relative to its folder."""
    if len(arguments) == 6 and arguments[0] == "explain":
        return _explain(Path(arguments[1]), (arguments[2], arguments[3]), (arguments[4], arguments[5]))
    if len(arguments) == 4 and arguments[0] == "look-up":
        _print(look_up(Path(arguments[1]), arguments[2], arguments[3]))
        return 0
    if len(arguments) not in (2, 3):
        _complain(
            "usage: python -m tasks.merge_purge BRIEF OUTDIR [PRESSURE], explain BRIEF SOURCE ID SOURCE ID, or look-up DECISIONS SOURCE ID"
        )
        return REFUSED
    path, out, *more = (Path(argument) for argument in arguments)
    try:
        run(Brief.read(path), out.absolute(), _tell, pressure=Pressure.read(more[0]) if more else None)
    except BrokenAccounting as fault:
        _complain(f"the accounting does not add up, nothing was written: {fault}")
        return INCIDENT
    except (BriefError, UnreadableFile, OutputTaken, OSError) as fault:
        _complain(f"nothing was written: {fault}")
        return REFUSED
    return 0


def _explain(path: Path, left: tuple[str, str], right: tuple[str, str]) -> int:
    """Print a comparison as JSON, points as text; a record that is not there is an answer too."""
    try:
        found = explain(Brief.read(path), left, right)
    except NoSuchRecord as missing:
        _print({"missing": str(missing)})
        return 0
    except (BriefError, UnreadableFile, OSError) as fault:
        _complain(str(fault))
        return REFUSED
    points = [[feature, level, f"{value:.2f}"] for feature, level, value in found.points]
    answer: dict[str, object] = {"points": points}
    answer |= {name: f"{getattr(found, name):.2f}" for name in ("base", "score", "threshold")} | {"rule": found.rule}
    if found.against:
        one, other, score = found.against
        answer["against"] = {"left": " ".join(one), "right": " ".join(other), "score": f"{score:.2f}"}
    _print(answer)
    return 0


def _print(answer: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")


def _tell(step: str, done: int, total: int, counted: int) -> None:
    sys.stdout.write(json.dumps({"step": step, "done": done, "total": total, "counted": counted}) + "\n")
    sys.stdout.flush()


def _complain(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
