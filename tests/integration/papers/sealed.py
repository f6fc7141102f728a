"""Real sealed bytes for a file that a campaign of tests took by its name alone."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

import polars as pl
from sqlmodel import select

from app.database import Database
from app.files import Files
from app.settings import Settings
from workflows.campaign.records import StoredFile
from workflows.parties.actor import SYSTEM


def files(folder: Path) -> Files:
    """The files that are kept in a folder."""
    return Files.from_settings(Settings.from_env({"JALON_DATA_DIR": str(folder)}))


def seal(database: Database, folder: Path, path: Path, kind: str = "lots") -> None:
    """Keep the bytes of a path as the one file of a kind."""
    kept = files(folder).keep(path, path.name)
    with database.writing(SYSTEM) as session:
        row = session.exec(select(StoredFile).where(StoredFile.kind == kind)).one()
        row.blob_id, row.wrapped_key, row.sha256, row.size = kept.blob_id, kept.wrapped_key, kept.sha256, kept.size
        session.add(row)


def decisions(lots: Path, also: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """What a run decided of those who stand in the nets of these lots, each in a group of their own.

    :param also: other lists that had somebody, by the id that the mailing carries
    """
    records, group = [], 0
    with zipfile.ZipFile(lots) as archive:
        for name in archive.namelist():
            if name.startswith("net/"):
                for row in csv.DictReader(io.StringIO(archive.read(name).decode()), delimiter=";"):
                    group += 1
                    records.append((PurePosixPath(name).stem, group, "kept"))
                    records += [(code, group, "inter") for code in (also or {}).get(row["ID_UNIQUE"], ())]
    decided = io.BytesIO()
    pl.DataFrame(records, schema={"source": pl.String, "group": pl.Int64, "decision": pl.String}, orient="row").write_parquet(decided)
    return decided.getvalue()


def seal_run(
    database: Database, folder: Path, lots: Path, also: Mapping[str, Sequence[str]] | None = None, beside: Path | None = None
) -> None:
    """Keep these decisions as what the run left, with the files of a folder beside."""
    with zipfile.ZipFile(folder / "dedupe.zip", "w") as archive:
        for path in sorted(beside.rglob("*.*")) if beside else ():
            archive.write(path, path.relative_to(beside).as_posix())
        archive.writestr("decisions.parquet", decisions(lots, also))
    seal(database, folder, folder / "dedupe.zip", "dedupe")
