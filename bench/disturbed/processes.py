"""Web server and workers as processes of their own, each started again when it dies, and whatever of theirs still lives.

A process is known by its id alone: everything that is killed here was started here.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench._pairs import ROOT


class Supervised:
    """One `jalon` process in a session of its own. A job that it forks belongs to that session, and may outlive it."""

    def __init__(self, arguments: list[str], environment: dict[str, str], log: Path) -> None:
        self._command = [sys.executable, "-m", "app.cli", *arguments]
        self._environment, self._log = environment, log
        self._sessions: list[int] = []
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as output:
            process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._sessions.append(process.pid)
        return process

    def keep_alive(self) -> None:
        """Start it again if it died."""
        if self._process.poll() is not None:
            self._process = self._start()

    def kill(self, *, with_jobs: bool = False) -> None:
        """Kill it as a machine that loses power does, with the job it runs or without: an orphan then goes on."""
        victims = members(self._process.pid) if with_jobs else []
        self._process.kill()
        self._process.wait()
        _kill(victims)

    def end(self) -> None:
        """Kill whatever is left of all its lives."""
        self.kill()
        for session in self._sessions:
            _kill(members(session))


def _kill(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def members(session: int) -> list[int]:
    """The processes of a session that was started here."""
    return [one.id for one in _processes() if one.session == session and one.state != "Z"]


def children(parent: int) -> list[int]:
    """The processes that a process started."""
    return [one.id for one in _processes() if one.parent == parent]


class _Process(NamedTuple):
    id: int
    state: str
    parent: int
    session: int


def _processes() -> Iterator[_Process]:
    """Every process of this machine that has not ended while it was looked at."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, _group, session, *_rest = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        yield _Process(int(path.parent.name), state, int(parent), int(session))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
