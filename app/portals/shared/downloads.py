"""A kept file on its way out of the house: to be looked at, or to be saved and never shown as a page of ours. Not for who may have it."""

from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from typing import IO

from flask import Response, send_file

PIECE_BYTES = 64 * 1024


def safe_name(words: str) -> str:
    """What somebody typed, as it may stand in the name of a file."""
    return "".join(one if one.isalnum() or one in "-_." else "_" for one in words)


def download(stream: IO[bytes], name: str, held: ExitStack) -> Response:
    """Send what a stream holds as a CSV file of that name; what is `held` for it is let go when the last piece is out."""

    def pieces() -> Iterator[bytes]:
        while piece := stream.read(PIECE_BYTES):
            yield piece

    answer = Response(pieces(), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "no-store"
    answer.call_on_close(held.close)
    return answer


def show_file(content: bytes, name: str, media_type: str = "application/pdf") -> Response:
    """Send a small file for the browser to show, asked for anew each time: who may have it is decided each time."""
    return send_file(BytesIO(content), mimetype=media_type, download_name=name, max_age=0)


def save_file(content: bytes, name: str) -> Response:
    """Send a small file to be saved: no browser is to run what somebody sent."""
    return send_file(BytesIO(content), mimetype="application/octet-stream", as_attachment=True, download_name=name, max_age=0)
