"""A real browser looks at every part of the pages: axe finds nothing, the policy refuses nothing, nothing is wider than a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from app.clock import SystemClock
from app.factory import create_app
from app.settings import Settings
from tests.journeys.site import listen, look, new_page, served


class Nobody:
    """No people: these pages need none."""

    def everybody(self) -> list[object]:
        return []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration's own pages, served on the loopback."""
    settings = Settings.from_env({"JALON_DATA_DIR": str(tmp_path_factory.mktemp("data")), "JALON_DEMO": "1"})
    with served(create_app(settings, database=object(), clock=SystemClock(), people=Nobody())) as address:
        yield address


@pytest.mark.parametrize("path", ["/style", "/sign-in", "/nowhere"])
@pytest.mark.parametrize(
    ("width", "scheme", "locale"), [(1280, "light", "en-GB"), (1280, "dark", "fr-FR"), (390, "light", "fr-FR"), (390, "dark", "en-GB")]
)
def test_a_page_is_accessible_keeps_to_its_policy_and_fits(
    chromium: Browser, site: str, path: str, width: int, scheme: str, locale: str
) -> None:
    with chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale=locale) as context:
        page = new_page(context)
        said = listen(page)
        page.goto(site + path)
        page.wait_for_function("window.htmx !== undefined")
        look(page)
        assert [line for line in said if "404" not in line] == []


def test_a_press_of_tab_first_offers_the_way_to_the_content(chromium: Browser, site: str) -> None:
    with chromium.new_context() as context:
        page = new_page(context)
        page.goto(site + "/style")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        assert page.evaluate("document.activeElement.id") == "content"


def test_a_language_is_changed_without_scripts(chromium: Browser, site: str) -> None:
    with chromium.new_context(locale="fr-FR", java_script_enabled=False) as context:
        page = new_page(context)
        page.goto(site + "/sign-in")
        page.get_by_role("button", name="English").click()

        assert page.locator("html").get_attribute("lang") == "en"
        assert page.get_by_role("heading", name="Sign in").is_visible()


def test_ctrl_k_goes_to_the_search_and_j_walks_down_the_list(chromium: Browser, site: str) -> None:
    with chromium.new_context(locale="en-GB") as context:
        page = new_page(context)
        page.goto(site + "/style")
        page.keyboard.press("j")
        first = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("j")
        second = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("Control+k")

        assert (first, second) == ("Accept or refuse the budget", "Acknowledge the order")
        assert page.evaluate("document.activeElement.type") == "search"
