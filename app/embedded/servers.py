"""One data folder has one owner of its embedded servers; whoever comes later attaches.

The owner holds a record lock on ``embedded.lock``. The kernel frees it when the owner dies, however it dies, and a forked child
does not inherit it: so a live owner is told from a stale file without guessing from process ids.
"""

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from app.embedded.child import EmbeddedServerError
from app.embedded.postgres import APP_ROLE, OWNER_ROLE, EmbeddedPostgres, database_url
from app.embedded.valkey import EmbeddedValkey, redis_url
from app.storage.scratch import ScratchFolders

_ATTACH_SECONDS = 90.0

# Folders this process owns. A record lock does not hold against the process that has it, and closing any descriptor of the file
# frees it: within the process this set answers, and the file is not opened twice.
_owned: set[Path] = set()


@dataclass
class Servers:
    """Both servers of a data folder, ours or somebody else's. ``stop`` stops only our own."""

    owner_url: str = field(repr=False)
    app_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    owned: bool
    _resources: ExitStack = field(default_factory=ExitStack, repr=False)

    def stop(self) -> None:
        """Stop the servers when this process owns them; attached ones go on. May be called twice."""
        self._resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def attach_or_start(data_dir: Path) -> Servers:
    """Return the servers of this data folder: those that run, or ones started here, which then are ours to stop.

    Call it from the main thread. A second call in the owner's process attaches too.

    :raises EmbeddedServerError: when they do not come up, or the owner does not have them ready in time.
    """
    folder = data_dir.absolute()
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    folder = folder.resolve()
    deadline = time.monotonic() + _ATTACH_SECONDS
    while time.monotonic() < deadline:
        if folder not in _owned and (lock := _try_lock(folder)):
            return _start(folder, lock)
        if servers := _attach(folder):
            return servers
        time.sleep(0.05)
    raise EmbeddedServerError(f"another process holds {folder / 'embedded.lock'} but its servers do not answer")


@contextmanager
def temporary() -> Iterator[Servers]:
    """Run both servers on a folder that goes away with them, without durability: for plays and tests."""
    with (
        temporary_folder() as folder,
        EmbeddedPostgres(folder, sync=False) as postgres,
        EmbeddedValkey(folder, sync=False) as valkey,
    ):
        yield Servers(postgres.owner_url, postgres.app_url, valkey.url, owned=True)


@contextmanager
def temporary_folder(place: Path = Path("/tmp")) -> Iterator[Path]:  # noqa: S108 - made by mkdtemp there, and short
    """Make a folder with a short path that goes away at the end; what killed processes left behind in its place goes first."""
    # A hidden name, as a sweep must never take a folder that somebody named themselves.
    scratch = ScratchFolders(place, prefix=".jalon-temporary-")
    scratch.sweep()
    with scratch.folder() as folder:
        # The account that runs PostgreSQL for root walks through here to its own folder.
        folder.chmod(0o711)
        yield folder


def _try_lock(folder: Path) -> IO[str] | None:
    file = os.fdopen(os.open(folder / "embedded.lock", os.O_RDWR | os.O_CREAT, 0o600), "w")
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _start(folder: Path, lock: IO[str]) -> Servers:
    sockets = folder / "embedded.json"
    owner = os.getpid()
    with ExitStack() as resources:
        resources.callback(lock.close)
        _owned.add(folder)
        resources.callback(_owned.discard, folder)
        sockets.unlink(missing_ok=True)
        postgres = resources.enter_context(EmbeddedPostgres(folder))
        valkey = resources.enter_context(EmbeddedValkey(folder))
        draft = sockets.with_suffix(".new")
        draft.write_text(json.dumps({"postgres": str(postgres.socket_dir), "valkey": str(valkey.socket)}), encoding="utf-8")
        draft.replace(sockets)
        resources.callback(_unlink_as, owner, sockets)
        return Servers(postgres.owner_url, postgres.app_url, valkey.url, owned=True, _resources=resources.pop_all())


def _attach(folder: Path) -> Servers | None:
    try:
        sockets = json.loads((folder / "embedded.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    postgres, valkey = Path(sockets["postgres"]), Path(sockets["valkey"])
    if not (_answers(postgres / ".s.PGSQL.5432") and _answers(valkey)):
        return None
    return Servers(database_url(postgres, OWNER_ROLE), database_url(postgres, APP_ROLE), redis_url(valkey), owned=False)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _unlink_as(owner: int, path: Path) -> None:
    if os.getpid() == owner:
        path.unlink(missing_ok=True)
