"""Private folders that live no longer than the process that uses them.

Plaintext of address files, spill of long computations, the servers of a play: whatever must not outlive its process lies in such
a folder. The process holds a lock on it; a folder whose lock is free is left over from one that was killed, and is swept.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

_UNLOCKED = "new-"


class ScratchFolders:
    """Folders below ``root`` whose names start with ``prefix``, each of mode 0700 and locked while it is used."""

    def __init__(self, root: Path, *, prefix: str = "scratch-") -> None:
        self._root = root.absolute()
        self._prefix = prefix

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """Make an empty folder and remove it, with all it holds, at the end."""
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Locked before it takes a name that a sweep looks at.
        draft = Path(tempfile.mkdtemp(prefix=f".{_UNLOCKED}{self._prefix}", dir=self._root))
        lock = os.open(draft, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            folder = draft.rename(self._root / draft.name.removeprefix(f".{_UNLOCKED}"))
            owner = os.getpid()
            try:
                yield folder
            finally:
                # A forked child that ends by an exception must not remove what its parent still uses.
                if os.getpid() == owner:
                    shutil.rmtree(folder)
        finally:
            os.close(lock)

    def unnamed(self) -> BinaryIO:
        """A file without a name, to write and read, that is gone once it is closed, however its process ends."""
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cast(BinaryIO, tempfile.TemporaryFile("w+b", dir=self._root))

    def sweep(self) -> int:
        """Remove the folders of processes that died, and return how many there were. Folders of other users are left alone."""
        swept = 0
        for folder in self._root.glob(f"{self._prefix}*"):
            with suppress(FileNotFoundError, NotADirectoryError):
                swept += self._removed(folder)
        return swept

    @staticmethod
    def _removed(folder: Path) -> bool:
        if folder.stat(follow_symlinks=False).st_uid != os.geteuid():
            return False
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            shutil.rmtree(folder)
            return True
        finally:
            os.close(lock)
