"""A campaign of the demonstration's brief behind a real web server, and the looks at a page that every journey takes."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import make_server

from app.database import Database
from app.settings import Settings
from tests.conftest import DatabaseUrls
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import make_site

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def campaign(urls: DatabaseUrls, folder: Path) -> Iterator[tuple[Journey, Flask, str]]:
    """A campaign whose budget waits, the application on it, and the address where it is served."""
    with closing(Database(Settings.from_env({"DATABASE_URL": urls.app, "JALON_DATA_DIR": str(folder)}))) as database:
        journey = Journey(database)
        journey.submit_plan()
        journey.close_negotiation()
        app = make_site(journey, urls, folder)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield journey, app, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def look(page: Page) -> None:
    """Axe finds nothing on the page as it stands, and nothing is wider than its window."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert [(violation["id"], violation["nodes"][0]["html"]) for violation in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def listen(page: Page) -> list[str]:
    """What the page complains of from now on: its console and its errors."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said
