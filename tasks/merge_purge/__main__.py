"""``python -m tasks.merge_purge BRIEF.json OUTDIR``: one run as a process; progress as JSON lines on stdout, refusals on stderr."""

import json
import sys
from pathlib import Path

from tasks.merge_purge.brief import Brief, BriefError
from tasks.merge_purge.output import OutputTaken
from tasks.merge_purge.reading import UnreadableFile
from tasks.merge_purge.report import BrokenAccounting
from tasks.merge_purge.run import run

# Exit statuses: 2 the brief or its files are at fault, 3 the engine is.
REFUSED, INCIDENT = 2, 3


def main(arguments: list[str]) -> int:
    """Run a brief; paths in it are relative to its folder."""
    if len(arguments) != 2:
        _complain("usage: python -m tasks.merge_purge BRIEF.json OUTDIR")
        return REFUSED
    path, out = Path(arguments[0]), Path(arguments[1])
    try:
        run(Brief.read(path), out.absolute(), _tell)
    except BrokenAccounting as fault:
        _complain(f"the accounting does not add up, nothing was written: {fault}")
        return INCIDENT
    except (BriefError, UnreadableFile, OutputTaken, OSError) as fault:
        _complain(f"nothing was written: {fault}")
        return REFUSED
    return 0


def _tell(step: str, done: int, total: int, counted: int) -> None:
    sys.stdout.write(json.dumps({"step": step, "done": done, "total": total, "counted": counted}) + "\n")
    sys.stdout.flush()


def _complain(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
