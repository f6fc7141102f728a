"""A project manager on a Monday morning: every room is sound in a real browser, and a list is settled and a campaign copied in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.databases import DatabaseUrls
from tests.integration.papers.journey import Journey
from tests.journeys.site import campaign, enter, listen, look, new_page
from workflows.campaign.model import Campaign
from workflows.campaign.stages.budget import RefuseBudget
from workflows.campaign.stages.negotiation import ReopenTerms

ROOMS = (
    "",
    "/schedule",
    *("/plan", "/negotiation", "/budget", "/order", "/delivery", "/dedupe", "/lots", "/overrun", "/send", "/responses", "/analysis"),
)
WINDOWS = [{"width": 1280, "height": 900}, {"width": 390, "height": 844}]


@pytest.fixture
def site(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[tuple[Journey, str]]:
    with campaign(database_urls, tmp_path) as (journey, _, address):
        yield journey, address


def unfold(page: Page) -> None:
    """Open what is folded, so that it is looked at as well."""
    page.evaluate("document.querySelectorAll('main details').forEach((part) => { part.open = true; })")


@pytest.mark.parametrize("window", WINDOWS, ids=["desk", "phone"])
def test_every_room_is_sound_at_a_desk_and_on_a_phone(chromium: Browser, site: tuple[Journey, str], window: dict[str, int]) -> None:
    _journey, address = site
    with chromium.new_context(viewport=window, locale="fr-FR") as context:
        page = new_page(context)
        said = listen(page)
        enter(page, address, "Marion Vidal")
        rooms = [f"/manager/campaigns/26A{room}" for room in (*ROOMS, "/documents", "/history")]
        named = "/manager/campaigns?stage=plan&name=Plans"
        for path in (
            "/manager/",
            "/manager/campaigns",
            named,
            "/manager/drops",
            "/manager/campaigns/new",
            "/manager/codes?typed=26A",
            *rooms,
        ):
            page.goto(address + path)
            unfold(page)
            look(page)
        assert said == []


def test_the_next_step_stands_beside_the_figures_at_a_desk_and_above_them_on_a_phone(chromium: Browser, site: tuple[Journey, str]) -> None:
    _journey, address = site
    with chromium.new_context(locale="fr-FR") as context:
        page = new_page(context)
        enter(page, address, "Marion Vidal")
        page.goto(f"{address}/manager/campaigns/26A")
        ahead, others = (page.locator("section.card", has_text=words) for words in ("Prochain pas", "Autres actions"))
        figures = page.locator(".figures").first

        def top(part: Locator) -> float:
            return float(part.evaluate("part => part.getBoundingClientRect().top"))

        page.set_viewport_size(ViewportSize(width=1280, height=900))
        assert top(ahead) == top(figures)
        page.set_viewport_size(ViewportSize(width=390, height=844))
        assert top(ahead) < top(figures) < top(others)


def test_every_room_of_a_finished_campaign_is_sound(chromium: Browser, site: tuple[Journey, str]) -> None:
    journey, address = site
    journey.reach("delivery").refuse_a_delivery("DOM")
    with journey.reach("responses").reading() as session:
        lots = [lot.code for lot in journey.facts(session).lots]
    journey.collect(dict.fromkeys(lots, 3), dict.fromkeys(lots, 1))
    journey.publish()
    with chromium.new_context(viewport=WINDOWS[0], locale="en-GB") as context:
        page = new_page(context)
        said = listen(page)
        enter(page, address, "Marion Vidal")
        for room in ROOMS:
            page.goto(f"{address}/manager/campaigns/26A{room}")
            unfold(page)
            look(page)
        assert said == []


def test_a_list_is_settled_again_from_the_inbox_without_scripts(chromium: Browser, site: tuple[Journey, str]) -> None:
    journey, address = site
    journey.ask(RefuseBudget(subject_id=journey.campaign_id, reason="Trop cher."), by=journey.actors["dga"])
    with journey.reading() as session:
        list_id = next(row.id for row in journey.facts(session).lists if row.code == "ALZ")
    journey.ask(ReopenTerms(subject_id=journey.campaign_id, list_id=list_id, reason="Trop cher."))
    with chromium.new_context(java_script_enabled=False, locale="fr-FR") as context:
        page = new_page(context)
        enter(page, address, "Marion Vidal")
        page.get_by_role("link", name="Conclure les conditions de ALZ", exact=True).click()
        price = page.locator("#list-ALZ").get_by_label("Prix pour mille adresses")
        price.fill("cent")
        page.locator("#list-ALZ").get_by_role("button", name="Convenir de ces conditions").click()
        expect(page.locator("#list-ALZ .remark")).to_be_visible()
        price.fill("150,50")
        page.locator("#list-ALZ").get_by_role("button", name="Convenir de ces conditions").click()
        expect(page.locator(".message.tone-done")).to_be_visible()
        page.locator("#list-ALZ").get_by_role("button", name="Le propriétaire accepte le message").click()
        page.get_by_role("button", name="Clore la négociation").click()

        expect(page.locator(".message.tone-done")).to_contain_text("le budget attend son valideur")
    with journey.reading() as session:
        assert session.get_one(Campaign, journey.campaign_id).state == "budget"
        assert str(next(row.cpm for row in journey.facts(session).lists if row.code == "ALZ")) == "150.500000"


def test_a_campaign_is_found_by_the_keyboard_and_copied(chromium: Browser, site: tuple[Journey, str]) -> None:
    _journey, address = site
    with chromium.new_context(viewport=WINDOWS[0], locale="en-GB") as context:
        page = new_page(context)
        said = listen(page)
        enter(page, address, "Marion Vidal", "en")
        expect(page.get_by_role("searchbox", name="Find a campaign")).to_be_visible()
        page.keyboard.press("Control+k")
        page.keyboard.type("automne")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="26A · Appel d’automne", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("26A")
        page.goto(f"{address}/manager/campaigns/new")
        page.locator("summary", has_text="From an earlier campaign").click()
        form = page.locator("form[action$='/new/copy']")
        form.get_by_label("Code").fill("27A")
        form.get_by_label("Title").fill("Appel d’automne 2027")
        form.get_by_label("Drop date").fill("2027-10-12")
        form.get_by_role("button", name="Copy and open it").click()

        expect(page.locator(".message.tone-done")).to_contain_text("27A")
        look(page)
        assert said == []


def test_a_campaign_is_held_and_resumed_and_its_cancellation_asked_for_and_refused(chromium: Browser, site: tuple[Journey, str]) -> None:
    journey, address = site
    journey.approve_budget()
    with chromium.new_context(locale="fr-FR") as context:
        page = new_page(context)
        said = listen(page)
        enter(page, address, "Marion Vidal")
        page.goto(f"{address}/manager/campaigns/26A")
        page.locator("summary", has_text="Suspendre").click()
        page.locator("details[open]").get_by_label("Pourquoi").fill("On attend le conseil.")
        page.locator("details[open] button.danger").click()
        expect(page.get_by_text("La campagne est suspendue.")).to_be_visible()
        look(page)
        page.get_by_role("button", name="Reprendre la campagne").click()
        expect(page.get_by_text("La campagne reprend là où elle en était.")).to_be_visible()
        page.goto(f"{address}/manager/campaigns/26A")
        page.get_by_role("link", name="Annuler la campagne").click()
        page.get_by_label("Pourquoi").fill("Le budget manque.")
        page.get_by_role("button", name="Demander l’annulation").click()
        expect(page.get_by_text("L’annulation attend un valideur.")).to_be_visible()
        unfold(page)
        look(page)
        assert said == []
    with chromium.new_context(locale="fr-FR", viewport=WINDOWS[1]) as context:
        page = new_page(context)
        enter(page, address, "Solange Petit")
        page.goto(f"{address}/approver/campaigns/26A/cancellation")
        look(page)
        page.locator("summary", has_text="La laisser continuer").click()
        page.locator("details[open]").get_by_label("Pourquoi").fill("Trop engagé.")
        page.locator("details[open] button").click()
        expect(page.get_by_text("La campagne continue.")).to_be_visible()
    with journey.reading() as session:
        assert session.get_one(Campaign, journey.campaign_id).state == "order"
