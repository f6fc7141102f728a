"""Parts of pages that are drawn once: each is kept under all that it shows, so that it is never old and never somebody else's.

What changes is another part. Only what differs with every showing, the hidden fields of forms, is left open in what is kept, and filled in
for this showing. Not for what shows more than it is given: who is signed in, the address asked for, the hour.
"""

import secrets
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import lru_cache
from itertools import count
from typing import Any

from flask import Flask, current_app, g, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from app.i18n import language

_OPEN = "\0"
"""Stands for the hidden fields of a form in what is kept: no text that the database holds has it."""

Drawn = tuple[str, ...]
"""A part cut where its forms are open."""


def init_parts(app: Flask) -> None:
    """Give templates `form_fields()`, which `forms.csrf()` puts into every form."""
    app.jinja_env.globals["form_fields"] = form_fields


def form_fields() -> Markup:
    """The hidden fields of a form: who may send it, and the key under which it acts once."""
    return Markup(_OPEN if g.get("draws_part") else next(_fields()))  # noqa: S704 - our own words and tokens


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

    def _draw(self, _language: str, _mounted: str, *shown: Hashable) -> Drawn:
        # Words and addresses are those of the request, which the two say whole.
        g.draws_part = True
        try:
            macros: Any = current_app.jinja_env.get_template(self._template).module
            page = str(macros.part(**self._values(*shown)))
        finally:
            g.draws_part = False
        return tuple(page.split(_OPEN))


def _filled(parts: Iterable[Drawn]) -> Markup:
    fields = _fields()
    pieces: list[str] = []
    for part in parts:
        pieces.append(part[0])
        for piece in part[1:]:
            pieces += (next(fields), piece)
    return Markup("".join(pieces))  # noqa: S704 - each was escaped when it was drawn


def _fields() -> Iterator[str]:
    """The hidden fields of this page's forms, one form after the other."""
    if "form_fields" not in g:
        # The key of one form tells those of its own page alone: 96 bits of it are the page's.
        page = secrets.token_hex(12)
        token = f'<input type="hidden" name="csrf_token" value="{generate_csrf()}">'
        g.form_fields = (f'{token}<input type="hidden" name="form_key" value="{page}{number:08x}">' for number in count(1))
    fields: Iterator[str] = g.form_fields
    return fields
