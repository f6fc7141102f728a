"""Static files with their fingerprint in the address, so that browsers keep them for good. Not for files of a campaign."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, request, url_for

STATIC = Path(__file__).parent / "static"
A_YEAR = 31_536_000
_ADDRESSES: dict[tuple[str, str], str] = {}


def init_assets(app: Flask) -> None:
    """Give templates `asset('css/jalon.css')`, and let browsers keep what carries its fingerprint."""
    app.jinja_env.globals["asset"] = asset

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
            response.cache_control.max_age = A_YEAR
            response.cache_control.public = True
            response.cache_control.immutable = True
            response.cache_control.no_cache = None
        return response


def asset(path: str) -> str:
    """The address of a file under `static/`.

    :raises FileNotFoundError: when there is none.
    """
    # A page asks for its icons by the hundred, and where the site is mounted is all that can change the answer.
    place = (request.root_path, path)
    if place not in _ADDRESSES:
        _ADDRESSES[place] = url_for("static", filename=path, v=_fingerprint(path))
    return _ADDRESSES[place]


@cache
def _fingerprint(path: str) -> str:
    return sha256((STATIC / path).read_bytes()).hexdigest()[:12]
