"""A worker process of our own, beside a play or a demonstration: it ends with us, and a dead one can be started again."""

import os
import signal
import subprocess
import sys
from dataclasses import replace

from app.embedded.child import die_with
from app.settings import Settings

PATIENCE_SECONDS = 10


class WorkerProcess:
    """One `jalon worker`, in a session of its own, so that a terminal's Ctrl-C reaches us alone, and we stop it."""

    def __init__(self, settings: Settings) -> None:
        # The terminal is the play's: a worker's line for each job would bury what it tells. Whoever asks for DEBUG gets them all.
        quiet = settings if settings.log_level == "DEBUG" else replace(settings, log_level="WARNING")
        self._environment = quiet.child_environment()
        self._process = self._start()

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._process.pid

    def keep_alive(self) -> None:
        """Start the worker again if it died."""
        if self._process.poll() is not None:
            self._process = self._start()

    def stop(self) -> None:
        """Ask the worker to end, and see that it does."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli", "worker"],
            env=self._environment,
            start_new_session=True,
            preexec_fn=die_with(os.getpid(), signal.SIGTERM),  # noqa: PLW1509 - one system call, see there
        )
