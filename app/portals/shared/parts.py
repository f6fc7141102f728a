"""Parts of pages that are drawn once: each is kept under all that it shows, so that it is never old and never somebody else's.

What changes is another part. Only what differs with every showing, as the hidden fields of forms do, is left open in what is kept, and
filled in for this showing. Not for what shows more than it is given: who is signed in, the hour.
"""

import secrets
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import lru_cache, partial
from itertools import count
from typing import Any

from flask import Flask, current_app, g, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from app.i18n import language
from app.security.headers import csp_nonce

_CUT = "\0"
"""Stands around the name of what is left open in what is kept: no text that the database holds has it."""

Drawn = tuple[str, tuple[tuple[str, str], ...]]
"""A part cut where it is open: its first piece, and each name of what is open with the piece that follows."""


def init_parts(app: Flask) -> None:
    """Give templates what differs with every showing: `form_fields()`, `csrf_token()`, `csp_nonce()`, `asked_for()` and `sought()`."""
    app.jinja_env.globals.update({name: partial(_open, name) for name in (*_OPEN, _FORM_FIELDS)})


def _open(name: str) -> Markup:
    return Markup(f"{_CUT}{name}{_CUT}" if g.get("draws_part") else _fill()[name]())  # noqa: S704 - see `_OPEN`


class Part:
    """A part of a page, drawn by the macro `part` of a template of its own.

    :param values: makes what the macro takes out of what is shown, which is plain and fixed data.
    :param kept: so many drawings are remembered.
    """

    def __init__(self, template: str, values: Callable[..., dict[str, Any]], *, kept: int) -> None:
        self._template = template
        self._values = values
        self._drawn = lru_cache(maxsize=kept)(self._draw)

    def __call__(self, *shown: Hashable) -> Markup:
        """This part, showing that."""
        return _filled([self._drawn(language(), request.root_path, *shown)])

    def each(self, things: Iterable[Hashable]) -> Markup:
        """This part for each of these, one after the other."""
        spoken, mounted = language(), request.root_path
        return _filled([self._drawn(spoken, mounted, thing) for thing in things])

    def forget(self) -> None:
        """Draw everything again."""
        self._drawn.cache_clear()

    @property
    def drawings(self) -> int:
        """How often something was drawn."""
        return self._drawn.cache_info().misses

    def _draw(self, _language: str, _mounted: str, *shown: Hashable) -> Drawn:
        # Words and addresses are those of the request, which the two say whole.
        g.draws_part = True
        try:
            macros: Any = current_app.jinja_env.get_template(self._template).module
            page = str(macros.part(**self._values(*shown)))
        finally:
            g.draws_part = False
        first, *rest = page.split(_CUT)
        return first, tuple(zip(rest[::2], rest[1::2], strict=True))


def _filled(parts: Iterable[Drawn]) -> Markup:
    fill = _fill()
    pieces: list[str] = []
    for first, opened in parts:
        pieces.append(first)
        for name, piece in opened:
            pieces += (fill[name](), piece)
    return Markup("".join(pieces))  # noqa: S704 - each was escaped when it was drawn


def _fill() -> dict[str, Callable[[], str]]:
    """What gives each thing that is left open, for the page that is being shown."""
    if "fill_of_page" not in g:
        g.fill_of_page = {**_OPEN, _FORM_FIELDS: _fields().__next__}
    fill: dict[str, Callable[[], str]] = g.fill_of_page
    return fill


def _fields() -> Iterator[str]:
    """The hidden fields of this page's forms, one form after the other: who may send it, and the key under which it acts once."""
    # The key of one form tells those of its own page alone: 96 bits of it are the page's.
    page = secrets.token_hex(12)
    token = f'<input type="hidden" name="csrf_token" value="{generate_csrf()}">'
    for number in count(1):
        yield f'{token}<input type="hidden" name="form_key" value="{page}{number:08x}">'


def _asked_for() -> str:
    """The address of this page, to come back to it; where it cannot be opened again, that of the first one."""
    return escape(request.full_path.rstrip("?") if request.method == "GET" else "/")


def _sought() -> str:
    """What is looked for on this page, empty for nothing."""
    return escape(request.args.get("q", ""))


_OPEN: dict[str, Callable[[], str]] = {
    "csrf_token": generate_csrf,
    "csp_nonce": csp_nonce,
    "asked_for": _asked_for,
    "sought": _sought,
}
"""What may be left open besides the fields of forms, by its name in templates; each gives text that stands in a page as it is."""
_FORM_FIELDS = "form_fields"
