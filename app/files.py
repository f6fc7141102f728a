"""Files on their way in and out: storage keeps the bytes, the database's row knows what they are. Not for what they contain."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from psycopg import Error as DriverError
from sqlalchemy.exc import DBAPIError

from app.settings import Settings
from app.storage import BlobRef, BlobStore
from workflows.campaign.keeping import KeptFile
from workflows.campaign.records import StoredFile
from workflows.engine.canonical import NotCanonical
from workflows.engine.refusals import Refused

LONGEST_NAME = 200
"""Bytes of a name under which plaintext is laid out: file systems take no more than 255."""


class FilePurged(LookupError):
    """The file's time was over: bytes and key are gone, its hash and counts remain."""


class Files:
    """Keeps what people and machines bring, and opens it again."""

    def __init__(self, store: BlobStore) -> None:
        self._store = store

    @classmethod
    def from_settings(cls, settings: Settings) -> "Files":
        """Files in the folder the settings name."""
        return cls(BlobStore(settings.blob_dir, settings.master_key, settings.work_dir))

    def keep(self, source: bytes | Path | BinaryIO, name: str) -> KeptFile:
        """Store bytes before the move that takes them; if the move is refused, `discard` them."""
        ref = self._store.put(source)
        return KeptFile(name=Path(name).name, sha256=ref.sha256, size=ref.size, blob_id=UUID(hex=ref.id), wrapped_key=ref.wrapped_key)

    def discard(self, kept: KeptFile) -> None:
        """Forget bytes that no move took."""
        self._store.delete(BlobRef(kept.blob_id.hex, kept.sha256, kept.size, kept.wrapped_key))

    def destroy(self, blob_id: str) -> None:
        """Delete the bytes of a purged file; again does nothing."""
        self._store.destroy(blob_id)

    @contextmanager
    def keeping(self, source: bytes | Path | BinaryIO, name: str) -> Iterator[KeptFile]:
        """Keep bytes for the move made in this block; if it is refused, they are forgotten.

        Where nobody can tell whether the move was committed they stay: the database may have gone away between its commit and its answer,
        and the row have its file. Without a row nothing opens them, since their key was kept nowhere else.
        """
        kept = self.keep(source, name)
        try:
            yield kept
        except Exception as error:
            if _left_no_row(error):
                self.discard(kept)
            raise

    def read(self, row: StoredFile) -> bytes:
        """The whole of a small file.

        :raises FilePurged: when it was purged.
        """
        with self._store.open(_ref(row)) as stream:
            return stream.read()

    def opens(self, row: StoredFile) -> bool:
        """Whether the file was put under this installation's master key; its bytes are not looked at.

        :raises FilePurged: when it was purged.
        """
        return self._store.opens(_ref(row))

    def plaintext(self, row: StoredFile, name: str | None = None) -> AbstractContextManager[Path]:
        """The file in a private folder while the block runs, under its name as far as a file system takes it.

        :raises FilePurged: when it was purged.
        """
        return self._store.plaintext(_ref(row), name or laid_name(row.name))

    def scratch(self) -> AbstractContextManager[Path]:
        """A private folder that goes away with the block."""
        return self._store.scratch()

    def unnamed(self) -> BinaryIO:
        """A private file without a name, for what is still coming in."""
        return self._store.unnamed()

    def sweep(self) -> int:
        """Remove plaintext that killed processes left; returns the folders removed."""
        return self._store.sweep()


def laid_name(name: str) -> str:
    """The name under which a file is laid out: where its own is too long, the end of it; `file` where it leads elsewhere."""
    end = name.encode("utf-8", "replace")[-LONGEST_NAME:].decode("utf-8", "ignore")
    return "file" if end in ("", ".", "..") else end


def _left_no_row(error: Exception) -> bool:
    """Whether a move that ended so is known not to be committed: PostgreSQL raises no `ERROR` any more once a commit is made."""
    if isinstance(error, DBAPIError):
        return isinstance(error.orig, DriverError) and error.orig.diag.severity_nonlocalized == "ERROR"
    return isinstance(error, Refused | NotCanonical)


def _ref(row: StoredFile) -> BlobRef:
    if row.wrapped_key is None:
        raise FilePurged(row.name)
    return BlobRef(row.blob_id.hex, row.sha256, row.size, row.wrapped_key)
