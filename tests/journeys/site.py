"""A campaign of the demonstration's brief behind a real web server, and the looks at a page that every journey takes."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page
from waitress.server import create_server

from app.database import Database
from app.settings import Settings
from tests.databases import DatabaseUrls
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import make_site
from tests.patience import PATIENCE_SECONDS

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
        with served(app) as address:
            yield journey, app, address


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application behind the demonstration's own server, which stays calm when a browser leaves in the middle of an answer."""
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(lambda: [one.handle_close() for one in list(sockets.values())])
        thread.join()
        server.task_dispatcher.shutdown()


def new_page(context: BrowserContext) -> Page:
    """A page that may be slow, and does not ask for its icon: a click that leaves it would cut that off, and the console would say so."""
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    context.route("**/favicon.svg*", lambda route: route.fulfill(status=204))
    return context.new_page()


def press(page: Page, button: Locator) -> None:
    """Press what leads to another page, and be there: what is read or gone to at once would still be, or cut off, the page before."""
    with page.expect_event("load"):
        button.click()


def enter(page: Page, address: str, name: str, language: str | None = None) -> None:
    """Sign in as somebody of the demonstration, and have their pages in a language: else in their own."""
    page.goto(f"{address}/sign-in")
    press(page, page.locator(".person-button", has_text=name))
    if language not in {None, page.locator("html").get_attribute("lang")}:
        press(page, page.locator(f"button[name=lang][value={language}]").first)


def look(page: Page) -> None:
    """Axe finds nothing on the page as it stands, and nothing is wider than its window."""
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready.then(() => null)")
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    wrong = [f"{one['id']}: {one['nodes'][0]['html']} {one['nodes'][0]['failureSummary']}" for one in found["violations"]]
    assert not wrong, "\n".join(wrong)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def listen(page: Page) -> list[str]:
    """What the page complains of from now on: its console and its errors."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said
