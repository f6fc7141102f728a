"""Where pages are. The address of a view and its arguments is built once, for a page links to the same few again and again."""

from functools import lru_cache
from typing import Any

from flask import Flask, request, url_for


def init_addresses(app: Flask) -> None:
    """Let templates link by `address_of` under the name they know, `url_for`."""
    app.jinja_env.globals["url_for"] = address_of


def address_of(endpoint: str, **values: Any) -> str:
    """The path of a view, under the place where the site is mounted; arguments are plain text, numbers or ids.

    :raises werkzeug.routing.BuildError: when there is no such view, or it takes other arguments.
    """
    return _address(request.root_path, endpoint, tuple(values.items()))


@lru_cache(maxsize=4096)
def _address(_mounted: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))
