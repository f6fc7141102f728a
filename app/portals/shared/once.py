"""A key in every form that is shown: sent twice, by a double click or a page sent again, the form acts once and is answered alike.

The key names one showing of a form. The door keeps it with the move's answer; not for what a key means there.
"""

from uuid import uuid4

from flask import Flask, request

FIELD = "form_key"


def init_once(app: Flask) -> None:
    """Give templates `form_key()`, which `forms.csrf()` puts into every form."""
    app.jinja_env.globals[FIELD] = lambda: uuid4().hex


def sent_key() -> str | None:
    """The key of the form that was sent; None where it carries none."""
    return request.form.get(FIELD) or None
