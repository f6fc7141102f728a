"""A director decides a budget on a phone; a page without scripts decides as well."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.databases import DatabaseUrls
from tests.integration.papers.journey import Journey
from tests.journeys.site import campaign, enter, listen, look, new_page
from workflows.campaign.model import Campaign

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def site(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[tuple[Journey, str]]:
    with campaign(database_urls, tmp_path) as (journey, _, address):
        yield journey, address


@contextmanager
def president_and_manager(chromium: Browser, address: str) -> Iterator[tuple[Page, Page]]:
    """The budget on the president's phone, and a desk where nobody has signed in yet; neither has said anything bad at the end."""
    with (
        chromium.new_context(viewport=PHONE, locale="fr-FR", reduced_motion="reduce") as phone,
        chromium.new_context(locale="fr-FR", reduced_motion="reduce") as desk,
    ):
        president, manager = new_page(phone), new_page(desk)
        said = [listen(page) for page in (president, manager)]
        enter(president, address, "Solange Petit")
        president.locator("main .button.primary").click()
        yield president, manager
        assert said == [[], []]


def state_of(journey: Journey) -> str:
    with journey.reading() as session:
        return session.get_one(Campaign, journey.campaign_id).state


@pytest.mark.parametrize(("locale", "approve"), [("fr-FR", "Valider"), ("en-GB", "Approve")])
def test_a_director_approves_a_budget_on_a_phone(chromium: Browser, site: tuple[Journey, str], locale: str, approve: str) -> None:
    journey, address = site
    with chromium.new_context(viewport=PHONE, locale=locale, reduced_motion="reduce") as context:
        page = new_page(context)
        said = listen(page)
        enter(page, address, "Solange Petit", locale[:2])
        look(page)
        page.locator("main .button.primary").click()
        for part in page.locator("main details:not(.menu) > summary").all():
            part.click()
        look(page)

        page.get_by_role("button", name=approve).click()

        expect(page.locator(".message.tone-done")).to_be_visible()
        assert said == []
    assert state_of(journey) == "order"


def test_an_approver_asks_on_a_phone_the_preparer_answers_at_a_desk_and_the_approver_decides(
    chromium: Browser, site: tuple[Journey, str]
) -> None:
    journey, address = site
    with president_and_manager(chromium, address) as (president, manager):
        president.locator("summary", has_text="Poser d’abord une question").click()
        president.get_by_label("Votre question").fill("Pourquoi deux imprimeurs ?")
        look(president)
        president.get_by_role("button", name="Demander").click()
        expect(president.get_by_text("« Pourquoi deux imprimeurs ? »")).to_be_visible()
        look(president)

        enter(manager, address, "Marion Vidal")
        manager.get_by_role("link", name="Répondre à la question 1 sur le budget", exact=True).click()
        manager.get_by_label("Votre réponse").fill("Le second imprime les enveloppes.")
        look(manager)
        manager.get_by_role("button", name="Répondre").click()
        expect(manager.get_by_text("« Le second imprime les enveloppes. »")).to_be_visible()
        look(manager)

        president.reload()
        expect(president.get_by_text("« Le second imprime les enveloppes. »")).to_be_visible()
        president.get_by_role("button", name="Valider").click()
        expect(president.locator(".message.tone-done")).to_be_visible()
    assert state_of(journey) == "order"


def test_a_budget_approved_under_conditions_is_met_by_the_preparer_before_its_orders_go_out(
    chromium: Browser, site: tuple[Journey, str]
) -> None:
    journey, address = site
    with president_and_manager(chromium, address) as (president, manager):
        president.locator("summary", has_text="Poser des conditions").click()
        president.get_by_label("Au plus, hors taxes, en tout").fill("9 100,00")
        president.get_by_label("Dombes Solidarité").check()
        look(president)
        president.get_by_role("button", name="Valider").click()
        expect(president.locator(".message.tone-done")).to_contain_text("Validé sous conditions")

        enter(manager, address, "Marion Vidal")
        manager.get_by_role("link", name="Faire partir les commandes sous les conditions du valideur", exact=True).click()
        manager.locator("summary", has_text="Écarter DOM").click()
        look(manager)
        manager.get_by_role("button", name="L’écarter").first.click()
        expect(manager.get_by_text("Écartés : DOM.")).to_be_visible()
        look(manager)
        manager.get_by_role("button", name="Faire partir les commandes").click()
        expect(manager.locator(".message.tone-done")).to_be_visible()
        expect(manager.get_by_text("7 commandes")).to_be_visible()
        look(manager)
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
