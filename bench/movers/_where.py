"""Where the CPU of a move goes, by sampling the stack as CPU time passes.

Not by tracing calls, which makes small functions look dear.
"""

import json
import signal
from collections import Counter
from types import FrameType, TracebackType
from typing import Self

INTERVAL_SECONDS = 0.001

PARTS = (
    ("sql", ("/psycopg/", "/psycopg_binary/")),
    ("orm", ("/sqlalchemy/", "/sqlmodel/", "/pydantic/")),
    ("hashing", ("/engine/canonical.py", "/engine/checkpoints.py", "/hashlib.py")),
    ("machine", ("/transitions/", "/engine/machine.py")),
    ("engine", ("/workflows/", "/app/")),
    ("bench", ("/bench/",)),
)
"""Who a sample belongs to: the innermost frame whose file holds one of these. What the standard library does is its caller's."""


class Sampler:
    """Counts, every millisecond of this process's CPU, whose code is running."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def __enter__(self) -> Self:
        signal.signal(signal.SIGPROF, self._sample)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL_SECONDS, INTERVAL_SECONDS)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _sample(self, _signal: int, frame: FrameType | None) -> None:
        while frame is not None:
            for part, marks in PARTS:
                if any(mark in frame.f_code.co_filename for mark in marks):
                    self.seen[part] += 1
                    return
            frame = frame.f_back
        self.seen["other"] += 1

    def tell(self, cpu_seconds: float, moves: int) -> None:
        """Print milliseconds a move by part, as one line of JSON."""
        total = self.seen.total() or 1
        each = {part: round(1000 * cpu_seconds / moves * count / total, 3) for part, count in self.seen.most_common()}
        print(json.dumps({"moves": moves, "ms_per_move": round(1000 * cpu_seconds / moves, 3), "samples": total, "parts_ms": each}))
