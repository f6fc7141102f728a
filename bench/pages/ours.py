"""Our inbox: signed in, under row-level security, in French; looked at again, or, with `BENCH_ANEW`, as if nobody had ever seen it."""

import os
from collections.abc import Callable
from functools import partial
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.factory import create_app
from app.portals.manager import inbox as page
from app.queries import colleagues, inbox, open_tasks, presses
from app.settings import Settings
from bench._turns import serve
from bench.pages._asking import asker


def forget() -> None:
    """Drop all that is kept of user tasks and of what was drawn of them: each row is read, looked at and drawn."""
    colleagues.read_colleagues.cache_clear()
    open_tasks.read_open.cache_clear()
    open_tasks.read_campaign.cache_clear()
    inbox.seen_by.cache_clear()
    presses.forget()
    for part in (page.HEAD, page.ROW, page.SEVERAL):
        part.forget()


def main() -> None:
    """Serve rounds of the page."""
    with TemporaryDirectory() as folder:
        app = create_app(Settings.from_env(JALON_DATA_DIR=folder))
        jalon = app.extensions["jalon"]
        person = jalon.people.by_id(UUID(os.environ["BENCH_PERSON"]))
        ask = asker(app, "/manager/", {"_user_id": person.get_id(), "_fresh": True}, row="task-verb")
        with jalon.database.engine.connect() as connection:
            pid = connection.execute(text("select pg_backend_pid()")).scalar_one()
        serve(lambda count: [None] * count, partial(_anew, ask) if os.environ.get("BENCH_ANEW") else ask, backend_pid=pid)


def _anew(ask: Callable[[Any], None], turn: Any) -> None:
    forget()
    ask(turn)
