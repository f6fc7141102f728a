"""The blob store gives back what was put, and nothing else."""

import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.storage import BlobDamaged, BlobMissing, BlobRef, BlobStore
from app.storage.sealing import PIECE_BYTES

MASTER_KEY = bytes(range(32))
SEALED_PIECE_BYTES = PIECE_BYTES + 16
THREE_PIECES = os.urandom(2 * PIECE_BYTES + 5)


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs", MASTER_KEY)


def stored_file(store: BlobStore, ref: BlobRef) -> Path:
    return store._path(ref.id)


def read(store: BlobStore, ref: BlobRef) -> bytes:
    with store.open(ref) as stream:
        return stream.read()


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES, 2 * PIECE_BYTES + 5])
def test_what_was_put_comes_back_whatever_its_size(store: BlobStore, size: int) -> None:
    content = os.urandom(size)

    ref = store.put(content)

    assert read(store, ref) == content
    assert (ref.size, ref.sha256) == (size, hashlib.sha256(content).hexdigest())


def test_a_file_and_a_stream_that_dribbles_are_stored_as_their_bytes_would_be(store: BlobStore, tmp_path: Path) -> None:
    class Dribbling(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 70_001))

    (tmp_path / "file").write_bytes(THREE_PIECES)

    assert read(store, store.put(tmp_path / "file")) == THREE_PIECES
    assert read(store, store.put(Dribbling(THREE_PIECES))) == THREE_PIECES


def test_nothing_of_the_content_and_no_name_can_be_read_from_the_folder(store: BlobStore) -> None:
    content = b"MARTIN;Claire;3 rue des Lilas\r\n" * 50

    first, second = store.put(content), store.put(content)

    assert b"MARTIN" not in stored_file(store, first).read_bytes()
    assert first.id != second.id
    assert stored_file(store, first).read_bytes() != stored_file(store, second).read_bytes()
    assert stored_file(store, first).stat().st_mode & 0o077 == 0


def without_its_last_piece(sealed: bytes) -> bytes:
    return sealed[: len(sealed) - 5 - 16]


def cut_in_a_piece(sealed: bytes) -> bytes:
    return sealed[:-3]


def with_two_pieces_exchanged(sealed: bytes) -> bytes:
    head = len(sealed) - 2 * SEALED_PIECE_BYTES - 5 - 16
    first, second = sealed[head : head + SEALED_PIECE_BYTES], sealed[head + SEALED_PIECE_BYTES : head + 2 * SEALED_PIECE_BYTES]
    return sealed[:head] + second + first + sealed[head + 2 * SEALED_PIECE_BYTES :]


def with_one_bit_flipped(sealed: bytes) -> bytes:
    middle = len(sealed) // 2
    return sealed[:middle] + bytes([sealed[middle] ^ 1]) + sealed[middle + 1 :]


def longer(sealed: bytes) -> bytes:
    return sealed + b"\0"


def emptied(sealed: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("harm", [without_its_last_piece, cut_in_a_piece, with_two_pieces_exchanged, with_one_bit_flipped, longer, emptied])
def test_a_blob_that_was_tampered_with_is_refused(store: BlobStore, harm: Callable[[bytes], bytes]) -> None:
    ref = store.put(THREE_PIECES)
    path = stored_file(store, ref)
    path.write_bytes(harm(path.read_bytes()))

    with pytest.raises(BlobDamaged):
        read(store, ref)
    with pytest.raises(BlobDamaged), store.plaintext(ref):
        pytest.fail("the block must not run on plaintext that is not whole")


def test_a_reference_with_another_blobs_key_or_hash_is_refused(store: BlobStore) -> None:
    ref, other = store.put(b"one"), store.put(b"two")

    with pytest.raises(BlobDamaged):
        read(store, replace(ref, wrapped_key=other.wrapped_key))
    with pytest.raises(BlobDamaged):
        read(store, replace(ref, sha256=other.sha256))


def test_another_master_key_opens_nothing(store: BlobStore, tmp_path: Path) -> None:
    ref = store.put(b"content")

    with pytest.raises(BlobDamaged):
        read(BlobStore(tmp_path / "blobs", bytes(32)), ref)


def test_a_deleted_blob_is_gone_and_deleting_it_again_does_nothing(store: BlobStore) -> None:
    ref = store.put(b"content")

    store.delete(ref)
    store.delete(ref)

    with pytest.raises(BlobMissing):
        store.open(ref)


def test_an_id_that_we_did_not_make_never_becomes_a_path(store: BlobStore) -> None:
    ref = store.put(b"content")

    with pytest.raises(ValueError, match="hexadecimal UUID"):
        store.delete(replace(ref, id="../../etc/passwd"))


def test_a_put_that_fails_leaves_nothing_behind(store: BlobStore, tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("the line went dead")

    with pytest.raises(OSError, match="line went dead"):
        store.put(Broken())

    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []


def test_plaintext_lies_in_a_private_folder_and_only_while_it_is_used(store: BlobStore) -> None:
    ref = store.put(b"content")

    with store.plaintext(ref, "../liste.csv") as path:
        assert path.read_bytes() == b"content"
        assert path.name == "liste.csv"
        assert path.parent.stat().st_mode & 0o077 == 0

    assert not path.parent.exists()


def test_a_sweep_takes_the_plaintext_of_a_killed_process_and_not_that_of_a_live_one(store: BlobStore, tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from app.storage import BlobStore\n"
        "with BlobStore(Path(sys.argv[1]), bytes(32)).scratch() as folder:\n"
        "    (folder / 'plaintext').write_text('MARTIN')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    project = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "blobs")], cwd=project, check=False)
    leftovers = list((tmp_path / "blobs" / "work").iterdir())

    with store.scratch() as ours:
        assert store.sweep() == 1

        assert ours.exists()
    assert len(leftovers) == 1
    assert not leftovers[0].exists()
