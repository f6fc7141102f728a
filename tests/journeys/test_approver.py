"""A director decides a budget on a phone; a page without scripts decides as well."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import DatabaseUrls
from tests.integration.papers.journey import Journey
from tests.journeys.site import campaign, listen, look, new_page
from workflows.campaign.model import Campaign

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def site(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[tuple[Journey, str]]:
    with campaign(database_urls, tmp_path) as (journey, _, address):
        yield journey, address


def enter(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/sign-in")
    page.locator(".person-button", has_text=name).click()


def state_of(journey: Journey) -> str:
    with journey.reading() as session:
        return session.get_one(Campaign, journey.campaign_id).state


@pytest.mark.parametrize(("locale", "approve"), [("fr-FR", "Valider"), ("en-GB", "Approve")])
def test_a_director_approves_a_budget_on_a_phone(chromium: Browser, site: tuple[Journey, str], locale: str, approve: str) -> None:
    journey, address = site
    with chromium.new_context(viewport=PHONE, locale=locale, reduced_motion="reduce") as context:
        page = new_page(context)
        said = listen(page)
        enter(page, address, "Solange Petit")
        if locale.startswith("en"):
            page.locator("button[name=lang][value=en]").click()
        look(page)
        page.locator("main .button.primary").click()
        for part in page.locator("main details:not(.menu) > summary").all():
            part.click()
        look(page)

        page.get_by_role("button", name=approve).click()

        expect(page.locator(".message.tone-done")).to_be_visible()
        assert said == []
    assert state_of(journey) == "order"


def test_a_budget_is_refused_without_scripts(chromium: Browser, site: tuple[Journey, str]) -> None:
    journey, address = site
    with chromium.new_context(viewport=PHONE, java_script_enabled=False) as context:
        page = new_page(context)
        enter(page, address, "Bruno Leroux")
        page.locator("main .button.primary").click()
        page.locator("summary", has_text="Refuser").click()
        page.locator("input[value=plan]").check()
        page.get_by_label("Pourquoi").fill("Deux listes se recoupent trop.")
        page.locator("button.danger").click()

        expect(page.locator(".message.tone-done")).to_be_visible()
        expect(page.get_by_text("Deux listes se recoupent trop.")).to_be_visible()
    assert state_of(journey) == "plan"
