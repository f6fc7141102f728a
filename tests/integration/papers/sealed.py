"""Real sealed bytes for a file that a campaign of tests took by its name alone."""

from pathlib import Path

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
