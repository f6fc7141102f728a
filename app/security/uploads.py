"""Where an upload lies while it comes in: in memory while it is small, then in the private folder, as all plaintext. Not for keeping it."""

import tempfile
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from flask import Request

from app.jalon import jalon

MOST_IN_MEMORY = 500 * 1024


class PrivateRequest(Request):
    """A request whose large uploads never touch the system's folder for temporary files."""

    def _get_file_stream(self, total_content_length: int | None, *_about: Any, **_more: Any) -> IO[bytes]:
        if total_content_length is not None and total_content_length <= MOST_IN_MEMORY:
            return BytesIO()
        return jalon().files.unnamed()


def spool_in(folder: Path) -> None:
    """Let this process make its temporary files in a private folder; for a server that puts what comes in on disk before we see it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    tempfile.tempdir = str(folder)
