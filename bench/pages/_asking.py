"""Asks a WSGI application for one page again and again, as a browser that is signed in would; the network is left out."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

ROWS = 50


def asker(app: Flask, path: str, session: dict[str, Any], *, row: str) -> Callable[[Any], None]:
    """What asks once for `path` with this signed session.

    :param row: what stands once in each row of the page; the first answer is checked for `ROWS` of it.
    """
    client = app.test_client()
    with client.session_transaction() as kept:
        kept.update(session)
    # A browser sends back what the first page gave it; so the pages that are timed begin no session.
    client.get(path, headers={"Accept-Language": "fr"})
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    headers = {"Cookie": f"{cookie.key}={cookie.value}", "Accept-Language": "fr"}
    environ = EnvironBuilder(path=path, headers=headers).get_environ()

    def ask() -> bytes:
        answer, status, _ = run_wsgi_app(app, dict(environ), buffered=True)
        if not status.startswith("200"):
            raise SystemExit(f"{path} answered {status}")
        return b"".join(answer)

    shown = ask().decode().count(row)
    if shown != ROWS:
        raise SystemExit(f"{path} shows {shown} rows")
    return lambda _turn: (ask(), None)[1]
