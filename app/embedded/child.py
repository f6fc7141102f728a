"""A server process that lives and dies with the process that started it.

Not for workers: they are told about their death and restarted, see ``tasks.worker``.
"""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from app.embedded.account import Account, run_as

# sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included.
_LONGEST_SOCKET_PATH = 103
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class EmbeddedServerError(RuntimeError):
    """An embedded server could not be started or reached; the message says what to do."""


class Child:
    """One running server, in a session of its own so that a terminal's Ctrl-C reaches us first and it second.

    Start it from the main thread: on Linux the kernel sends ``stop_signal`` when the *thread* that started it ends.
    """

    def __init__(self, command: Sequence[str | Path], *, stop_signal: signal.Signals, log: Path, account: Account | None = None) -> None:
        self._stop_signal = stop_signal
        self._owner_pid = os.getpid()
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=plain_environment(),
                start_new_session=True,
                preexec_fn=die_with(self._owner_pid, stop_signal),  # noqa: PLW1509 - one system call, see there
                **run_as(account),
            )

    @property
    def pid(self) -> int:
        """Return the process id of the server."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Tell whether the server still runs."""
        return self._process.poll() is None

    def stop(self, *, patience_seconds: float = 20.0) -> None:
        """Ask the server to stop, and end it when it does not. A forked copy of the owner never stops it."""
        if os.getpid() != self._owner_pid or not self.is_alive():
            return
        self._process.send_signal(self._stop_signal)
        try:
            self._process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def plain_environment() -> dict[str, str]:
    """Return the environment a server gets: ours holds keys that it has no business with."""
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}


def socket_folder(preferred: Path, socket_name: str, account: Account | None = None) -> Path:
    """Return ``preferred``, or a short private folder when the socket's path would be too long for the system there."""
    if len(os.fsencode(preferred / socket_name)) <= _LONGEST_SOCKET_PATH:
        return preferred
    short = Path(tempfile.mkdtemp(prefix="jalon-socket-", dir="/tmp"))
    if account:
        os.chown(short, account.uid, account.gid)
    return short


def package_folder(name: str) -> Path:
    """Return where a package lies, without importing it: those that carry servers act when imported (locks, handlers at exit).

    :raises EmbeddedServerError: when it is not installed.
    """
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError(f"the package {name} is not installed: name your own servers in DATABASE_URL and REDIS_URL")
    return Path(spec.submodule_search_locations[0])


def last_lines(log: Path, count: int = 12) -> str:
    """Return the end of a server's log, for the message of an error."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]) if log.exists() else ""


def die_with(owner_pid: int, stop_signal: signal.Signals) -> Callable[[], None] | None:
    """Return what the child does between fork and exec; one system call, as threads may hold locks there."""
    libc = _LIBC
    if libc is None:
        return None

    def ask_the_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != owner_pid:
            os._exit(1)

    return ask_the_kernel
