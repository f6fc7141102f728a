"""A kept file on its way out of the house, piece by piece, to be saved and never shown as a page of ours. Not for who may have it."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO

from flask import Response

PIECE_BYTES = 64 * 1024


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
