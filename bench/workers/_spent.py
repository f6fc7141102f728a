"""What a worker spends on its queue alone: CPU of itself and of the children it forked, without its start."""

import json
import resource
from typing import Any

from rq import Worker


def tell_what_work_takes() -> None:
    """Let `Worker.work` print the CPU seconds it took, as one line of JSON."""
    work = Worker.work

    def timed(self: Worker, *arguments: Any, **options: Any) -> bool:
        before = _cpu_seconds()
        done = work(self, *arguments, **options)
        print(json.dumps({"cpu_seconds": _cpu_seconds() - before}), flush=True)
        return done

    Worker.work = timed


def _cpu_seconds() -> float:
    both = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in both)
