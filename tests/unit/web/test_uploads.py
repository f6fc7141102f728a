"""What comes in lies in memory or in the private folder, nowhere else, and no longer than its request."""

import os
import tempfile
from io import BytesIO
from pathlib import Path
from typing import IO

import pytest
from flask import Flask, request
from waitress.buffers import TempfileBasedBuffer
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.security.uploads import MOST_IN_MEMORY, spool_in
from app.settings import Settings


def place(file: IO[bytes]) -> Path:
    """In which folder an open file lies, or lay before it lost its name."""
    return Path(os.readlink(f"/proc/self/fd/{file.fileno()}")).parent


@pytest.mark.parametrize("says_how_long", [True, False])
def test_a_large_upload_lies_in_the_private_folder_without_a_name(app: Flask, tmp_path: Path, says_how_long: bool) -> None:
    work, content = tmp_path / "work", os.urandom(MOST_IN_MEMORY + 1)
    boundary, body = encode_multipart({"file": FileStorage(BytesIO(content), filename="adresses.csv")})
    kind = f"multipart/form-data; boundary={boundary}"
    with app.test_request_context("/", method="POST", data=body, content_type=kind):
        if not says_how_long:
            del request.environ["CONTENT_LENGTH"]
            request.environ["wsgi.input_terminated"] = True
        file = request.files["file"]

        assert place(file.stream) == work
        assert work.stat().st_mode & 0o777 == 0o700
        assert list(work.iterdir()) == []
        assert file.read() == content
        file.close()


def test_a_small_upload_touches_no_disk(app: Flask, tmp_path: Path) -> None:
    with app.test_request_context("/", method="POST", data={"file": (BytesIO(b"NOM;CP"), "adresses.csv")}):
        assert isinstance(request.files["file"].stream, BytesIO)
    assert not (tmp_path / "work").exists()


def test_the_server_of_small_installations_puts_what_comes_in_there_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    settings = Settings.from_env({"JALON_DATA_DIR": str(tmp_path)})
    spool_in(settings.work_dir)

    with TempfileBasedBuffer().getfile() as file:
        assert place(file) == settings.work_dir
