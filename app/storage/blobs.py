"""Blobs: the bytes of one received or made file, encrypted under a random id, each with a data key of its own.

``put / open / delete`` on a folder, later on an object store. The id says nothing about the content; the SHA-256 of the plaintext
is recorded beside it, in the database, with the wrapped key. Who purges a blob deletes it here and forgets its reference there:
without the key, copies of the bytes in backups stay closed.
"""

import hashlib
import io
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from app.storage.scratch import ScratchFolders
from app.storage.sealing import PIECE_BYTES, Unsealable, Unsealing, new_key, seal, unwrap_key, wrap_key


class BlobMissing(LookupError):
    """There is no blob under this id: it was deleted, or belongs to another store."""


class BlobDamaged(ValueError):
    """The stored bytes or their key are not what was put: altered, cut off, swapped, or the master key is another."""


@dataclass(frozen=True)
class BlobRef:
    """What the database keeps about a blob: enough to open it with the master key, and to tell that it is the right one.

    ``sha256`` (hexadecimal) and ``size`` (bytes) are those of the plaintext.
    """

    id: str
    sha256: str
    size: int
    wrapped_key: bytes = field(repr=False)


class BlobStore:
    """A folder of blobs.

    :param folder: where the encrypted blobs lie; hosts may share it.
    :param master_key: 32 bytes; wraps every blob's key.
    :param work_folder: where plaintext may lie while it is worked on; of this host alone. ``work`` in ``folder`` when not given.
    """

    def __init__(self, folder: Path, master_key: bytes, work_folder: Path | None = None) -> None:
        self._folder = folder.absolute()
        self._master_key = master_key
        self._scratch = ScratchFolders(work_folder or self._folder / "work")

    def sweep(self) -> int:
        """Remove plaintext left behind by processes that were killed; call it when a process starts. Returns the folders removed."""
        return self._scratch.sweep()

    def put(self, source: bytes | Path | BinaryIO) -> BlobRef:
        """Store bytes, a file or what is left of an open stream, reading at most a piece at a time."""
        if isinstance(source, Path):
            with source.open("rb") as stream:
                return self._put(stream)
        return self._put(io.BytesIO(source) if isinstance(source, bytes) else source)

    def open(self, ref: BlobRef) -> BinaryIO:
        """Open a blob's plaintext for reading, forward only; nothing plain touches the disk. Close it, or use it with ``with``.

        :raises BlobMissing: when there is no such blob.
        :raises BlobDamaged: here or while reading, before the first byte that was not put is given.
        """
        return io.BufferedReader(self._unsealing(ref), PIECE_BYTES)

    def opens(self, ref: BlobRef) -> bool:
        """Whether a blob's key is wrapped by this master key."""
        try:
            unwrap_key(self._master_key, ref.wrapped_key, bound_to=ref.id)
        except Unsealable:
            return False
        return True

    @contextmanager
    def plaintext(self, ref: BlobRef, name: str = "plaintext") -> Iterator[Path]:
        """Lay a blob's plaintext under ``name`` in a private folder while the block runs, for programs that read files.

        :raises BlobMissing: when there is no such blob.
        :raises BlobDamaged: when it is not what was put; the block does not run then.
        """
        with self.scratch() as folder, self.open(ref) as stream:
            path = folder / Path(name).name
            with path.open("xb") as file:
                while piece := stream.read(PIECE_BYTES):
                    file.write(piece)
            yield path

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Make a private folder (mode 0700) that goes away at the end of the block, for spill and for files being made."""
        with self._scratch.folder() as folder:
            yield folder

    def unnamed(self) -> BinaryIO:
        """Make a private file without a name, that goes away when it is closed."""
        return self._scratch.unnamed()

    def delete(self, ref: BlobRef) -> None:
        """Destroy a blob; deleting it again does nothing. Its wrapped key goes with the caller's row, in the same breath."""
        self.destroy(ref.id)

    def destroy(self, blob_id: str) -> None:
        """Destroy the bytes of a blob whose key is forgotten already; again does nothing."""
        self._path(blob_id).unlink(missing_ok=True)

    def _put(self, stream: BinaryIO) -> BlobRef:
        blob_id, key, content = uuid.uuid4().hex, new_key(), _Measured(stream)
        path = self._path(blob_id)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        draft = path.with_suffix(".part")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
                seal(content.pieces(), target, key)
                target.flush()
                os.fsync(target.fileno())
            draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)
        return BlobRef(blob_id, content.sha256.hexdigest(), content.size, wrap_key(self._master_key, key, bound_to=blob_id))

    def _unsealing(self, ref: BlobRef) -> "_Verified":
        try:
            key = unwrap_key(self._master_key, ref.wrapped_key, bound_to=ref.id)
            source = self._path(ref.id).open("rb")
            try:
                return _Verified(source, ref, key)
            except BaseException:
                source.close()
                raise
        except FileNotFoundError as error:
            raise BlobMissing(f"there is no blob {ref.id}") from error
        except Unsealable as error:
            raise BlobDamaged(f"blob {ref.id}: {error}") from error

    def _path(self, blob_id: str) -> Path:
        # An id comes back from the database: only what we made ourselves becomes a path.
        name = uuid.UUID(hex=blob_id).hex
        return self._folder / name[:2] / name


class _Measured:
    """A stream cut into pieces, its length and SHA-256 taken on the way."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.sha256 = hashlib.sha256()
        self.size = 0

    def pieces(self) -> Iterator[bytes]:
        while True:
            piece = self._full_piece()
            self.sha256.update(piece)
            self.size += len(piece)
            yield piece
            if len(piece) < PIECE_BYTES:
                return

    def _full_piece(self) -> bytes:
        # A pipe or a socket gives less than asked for long before its end.
        parts, missing = [], PIECE_BYTES
        while missing and (part := self._stream.read(missing)):
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)


class _Verified(Unsealing):
    """A blob's plaintext that also says in the store's own words what is wrong with it."""

    def __init__(self, source: BinaryIO, ref: BlobRef, key: bytes) -> None:
        self._ref = ref
        self._sha256 = hashlib.sha256()
        super().__init__(source, key)

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        try:
            count = super().readinto(buffer)
        except Unsealable as error:
            raise BlobDamaged(f"blob {self._ref.id}: {error}") from error
        self._sha256.update(memoryview(buffer)[:count])
        if not count and len(buffer) and self._sha256.hexdigest() != self._ref.sha256:
            raise BlobDamaged(f"blob {self._ref.id}: its content is not the one on record")
        return count
