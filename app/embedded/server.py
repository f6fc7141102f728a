"""What the embedded servers have in common: a folder, a socket that may have to lie elsewhere, a process of ours, a log."""

import shutil
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from app.embedded.account import Account
from app.embedded.child import Child, EmbeddedServerError, socket_folder


class EmbeddedServer(ABC):
    """A server of our own.

    :param data_dir: the folder below which its folder lies; made when missing.
    :param sync: False gives up durability for speed. Only for data that dies with the process: plays and tests.
    """

    name: ClassVar[str]
    socket_name: ClassVar[str]

    def __init__(self, data_dir: Path, *, sync: bool = True) -> None:
        self._data_dir = data_dir.absolute()
        self._sync = sync
        self._socket_dir: Path | None = None
        self._short_socket_dir: Path | None = None
        self._child: Child | None = None

    @property
    def socket_dir(self) -> Path:
        """Return the folder of the server's socket.

        :raises EmbeddedServerError: when the server was not started.
        """
        if self._socket_dir is None:
            raise EmbeddedServerError(f"the embedded {self.name} was not started")
        return self._socket_dir

    @property
    def pid(self) -> int | None:
        """Return the process id of the server, or None when it does not run."""
        return self._child.pid if self._child and self._child.is_alive() else None

    @abstractmethod
    def start(self) -> None:
        """Start the server.

        :raises EmbeddedServerError: when it does not come up; the message holds the end of its log.
        """

    def stop(self) -> None:
        """Stop the server; sessions still open are ended, what was kept stays."""
        if self._child:
            self._child.stop()
            self._child = None
        if self._short_socket_dir:
            shutil.rmtree(self._short_socket_dir, ignore_errors=True)
            self._short_socket_dir = None
        self._socket_dir = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _place_socket(self, folder: Path, account: Account | None = None) -> Path:
        """The folder where the server is to make its socket: its own, or a short one that goes when it stops."""
        self._socket_dir = socket_folder(folder, self.socket_name, account)
        self._short_socket_dir = self._socket_dir if self._socket_dir != folder else None
        return self._socket_dir
