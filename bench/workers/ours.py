"""Our worker on a service task that does nothing: claim, heartbeat, and a `done` that holds only while the claim does.

`drawing` as an argument lets it hold what drawing documents needs, as a worker does from its first document on.
"""

import sys
from typing import Any

from app.settings import Settings
from bench.workers._spent import tell_what_work_takes
from tasks.registry import Work, make_ready, service_task
from tasks.worker import work
from workflows.engine.command import Command


@service_task("nothing")
def nothing(_work: Work, _payload: dict[str, Any]) -> list[Command]:
    """Have no effect."""
    return []


if __name__ == "__main__":
    if "drawing" in sys.argv:
        make_ready("render_document")
    tell_what_work_takes()
    work(Settings.from_env(), burst=True)
