"""Static files with their fingerprint in the address, so that browsers keep them for good. Not for files of a campaign."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, request, send_from_directory, url_for

from app.security.audience import public

STATIC = Path(__file__).parent / "static"
A_DAY, A_YEAR = 86_400, 31_536_000
_ADDRESSES: dict[tuple[str, str], str] = {}


def init_assets(app: Flask) -> None:
    """Give templates `asset('css/jalon.css')`, let browsers keep what carries its fingerprint, and serve `/favicon.ico`."""
    app.jinja_env.globals["asset"] = asset
    app.add_url_rule("/favicon.ico", view_func=favicon)

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
            response.cache_control.max_age = A_YEAR
            response.cache_control.public = True
            response.cache_control.immutable = True
            response.cache_control.no_cache = None
        return response


@public
def favicon() -> Response:
    """The house's mark, for what cannot name it as pages do: a PDF that a browser opens. Browsers go by its type, not by the address."""
    return send_from_directory(STATIC, "img/favicon.svg", max_age=A_DAY)


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
