"""What fails here for real: servers of a test's own that may be killed, and a disk so small that it can be filled."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from app.database import upgrade
from app.embedded import EmbeddedPostgres, EmbeddedValkey, temporary_folder
from app.embedded.account import service_account
from tests.integration.stages.played import played

__all__ = ["played"]

BALLAST = "ballast"


class SmallDisk:
    """A file system of a few megabytes, which a ballast fills to its last byte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Leave no room at all."""
        with (self.folder / BALLAST).open("ab", buffering=0) as ballast:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while ballast.write(bytes(size)):
                        continue
                except OSError:
                    continue

    def make_room(self) -> None:
        """Take the ballast away."""
        (self.folder / BALLAST).unlink()


@pytest.fixture
def small_disk(server_folder: Path) -> Iterator[SmallDisk]:
    """A disk in memory, that the account of the embedded PostgreSQL may use too."""
    with mounted_disk(server_folder, megabytes=48) as disk:
        yield disk


@contextmanager
def mounted_disk(parent: Path, *, megabytes: int) -> Iterator[SmallDisk]:
    """A disk that goes away at the end of the block; the test is skipped where nobody may mount one."""
    folder = parent / f"small-{uuid4().hex[:8]}"
    folder.mkdir(mode=0o711)
    options = f"size={megabytes}m,mode=0711"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip(f"mounting a small disk is not allowed here: {mounted.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        # Lazily: whoever still holds a file of it does not keep it in its place.
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


@pytest.fixture
def tablespace(small_disk: SmallDisk, postgres: EmbeddedPostgres) -> Iterator[str]:
    """A place for databases on the small disk; the log of transactions stays where it was, so that the server itself lives on."""
    place, name = small_disk.folder / "data", f"small_{uuid4().hex[:8]}"
    place.mkdir(mode=0o700)
    account = service_account()
    if account:
        os.chown(place, account.uid, account.gid)
    with postgres.superuser() as connection:
        connection.execute(f"create tablespace {name} location '{place}'".encode())
    yield name
    with postgres.superuser() as connection:
        connection.execute(f"drop tablespace {name}".encode())


@pytest.fixture
def own_postgres() -> Iterator[EmbeddedPostgres]:
    """A migrated PostgreSQL that keeps what it commits, for this test to kill."""
    with temporary_folder() as folder, EmbeddedPostgres(folder) as server:
        upgrade(server.owner_url)
        yield server


@pytest.fixture
def own_valkey() -> Iterator[EmbeddedValkey]:
    """A Redis that keeps nothing, for this test to stop; its address stays the same."""
    with temporary_folder() as folder, EmbeddedValkey(folder, sync=False) as server:
        yield server
