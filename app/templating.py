"""How templates are read: strictly, tersely, and all with the same globals. Not for what those are: each room gives its own."""

from collections.abc import MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import StrictUndefined


class Templates(Environment):
    """Flask's environment, for templates none of which has globals of its own."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals themselves; the library's own are seen through two mappings, which every page and every import would copy."""
        return super().make_globals(d) if d else self.globals


def init_templates(app: Flask) -> None:
    """Let the application read its templates so, before any room gives them anything."""
    app.jinja_environment = Templates
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
