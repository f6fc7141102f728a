"""Our inbox: signed in, under row-level security, in French."""

import os
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import text

from app.factory import create_app
from app.settings import Settings
from bench._turns import serve
from bench.pages._asking import asker


def main() -> None:
    """Serve rounds of the page."""
    with TemporaryDirectory() as folder:
        app = create_app(Settings.from_env(JALON_DATA_DIR=folder))
        jalon = app.extensions["jalon"]
        person = jalon.people.by_id(UUID(os.environ["BENCH_PERSON"]))
        ask = asker(app, "/manager/", {"_user_id": person.get_id(), "_fresh": True}, row="task-verb")
        with jalon.database.engine.connect() as connection:
            pid = connection.execute(text("select pg_backend_pid()")).scalar_one()
        serve(lambda count: [None] * count, ask, backend_pid=pid)
