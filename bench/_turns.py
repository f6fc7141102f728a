"""How a process serves: it reads how many flows a round has, makes them untimed, gives each its ten turns, and tells the cost.

The standard library alone: peers run in an environment that has nothing of ours.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STAGES = 10


def serve(prepare: Callable[[int], list[Any]], move: Callable[[Any], None], *, backend_pid: int) -> None:
    """Answer each line of standard input, a number of flows, with one line of JSON.

    :param prepare: opens so many flows, each standing in its first stage; not timed.
    :param move: does the one open task of a flow, in one durable transaction. Flows take turns, as the people of an office do.
    :param backend_pid: the database's process behind our connection, whose CPU is told apart.
    """
    for line in sys.stdin:
        flows = prepare(int(line))
        gc.collect()
        server, client, clock = _cpu_of(backend_pid), time.process_time(), time.perf_counter()
        for _ in range(STAGES):
            for flow in flows:
                move(flow)
        client, clock = time.process_time() - client, time.perf_counter() - clock
        turns = len(flows) * STAGES
        spent = _cpu_of(backend_pid) - server
        print(json.dumps({"turns": turns, "cpu_seconds": client, "wall_seconds": clock, "server_cpu_seconds": spent}), flush=True)


def _cpu_of(pid: int) -> float:
    """CPU seconds of another process so far, user and system; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
