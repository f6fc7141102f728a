"""A real browser looks at every part of the pages: axe finds nothing, the policy refuses nothing, nothing is wider than a phone."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from app.clock import SystemClock
from app.factory import create_app
from app.settings import Settings

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Nobody:
    """No people: these pages need none."""

    def everybody(self) -> list[object]:
        return []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration's own pages, served on the loopback."""
    settings = Settings.from_env({"JALON_DATA_DIR": str(tmp_path_factory.mktemp("data")), "JALON_DEMO": "1"})
    server = make_server("127.0.0.1", 0, create_app(settings, database=object(), clock=SystemClock(), people=Nobody()), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        yield browser
        browser.close()


@pytest.mark.parametrize("path", ["/style", "/sign-in", "/nowhere"])
@pytest.mark.parametrize(
    ("width", "scheme", "locale"), [(1280, "light", "en-GB"), (1280, "dark", "fr-FR"), (390, "light", "fr-FR"), (390, "dark", "en-GB")]
)
def test_a_page_is_accessible_keeps_to_its_policy_and_fits(
    browser: Browser, site: str, path: str, width: int, scheme: str, locale: str
) -> None:
    with browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale=locale) as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(site + path)
        page.wait_for_function("window.htmx !== undefined")
        page.evaluate(AXE)
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)

        assert [(violation["id"], violation["nodes"][0]["target"]) for violation in found["violations"]] == []
        assert [line for line in said if "404" not in line] == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_press_of_tab_first_offers_the_way_to_the_content(browser: Browser, site: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site + "/style")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        assert page.evaluate("document.activeElement.id") == "content"


def test_a_language_is_changed_without_scripts(browser: Browser, site: str) -> None:
    with browser.new_context(locale="fr-FR", java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site + "/sign-in")
        page.get_by_role("button", name="English").click()

        assert page.locator("html").get_attribute("lang") == "en"
        assert page.get_by_role("heading", name="Sign in").is_visible()


def test_ctrl_k_goes_to_the_search_and_j_walks_down_the_list(browser: Browser, site: str) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.goto(site + "/style")
        page.keyboard.press("j")
        first = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("j")
        second = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("Control+k")

        assert (first, second) == ("Accept or refuse the budget", "Acknowledge the order")
        assert page.evaluate("document.activeElement.type") == "search"
