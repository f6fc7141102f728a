"""A manager attaches a sample mail piece, its owner approves it on a phone, it changes, and the manager says why that touches nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.databases import DatabaseUrls
from tests.integration.papers.journey import Journey
from tests.journeys.site import campaign, enter, listen, look, new_page
from tests.journeys.test_manager import WINDOWS, unfold
from tests.journeys.test_supplier import PHONE, link_for
from workflows.campaign.stages.budget import RefuseBudget

ROOM = "/manager/campaigns/26A/negotiation"
PICTURE = Path(__file__).parents[2] / "docs" / "campaign.png"


@pytest.fixture
def site(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[tuple[Journey, Flask, str]]:
    with campaign(database_urls, tmp_path) as (journey, app, address):
        journey.ask(RefuseBudget(subject_id=journey.campaign_id, reason="Le message change."), by=journey.actors["presidence"])
        yield journey, app, address


def attach(manager: Page, room: str, summary: str, file: Path) -> None:
    manager.goto(room)
    there = manager.locator("#sample-A")
    there.get_by_text(summary).click()
    there.get_by_label("Fichier").set_input_files(file)
    there.get_by_role("button", name="Joindre le spécimen").click()
    expect(manager.get_by_text("Le spécimen du message A est joint")).to_be_visible()


def test_a_sample_is_attached_approved_on_a_phone_and_asked_about_again_when_it_changes(
    chromium: Browser, site: tuple[Journey, Flask, str], tmp_path: Path
) -> None:
    journey, app, address = site
    with (
        chromium.new_context(viewport=WINDOWS[0], locale="fr-FR", reduced_motion="reduce") as desk,
        chromium.new_context(viewport=PHONE, locale="fr-FR", reduced_motion="reduce") as phone,
    ):
        manager, owner = new_page(desk), new_page(phone)
        heard = listen(manager), listen(owner)
        enter(manager, address, "Marion Vidal")
        manager.goto(address + ROOM)
        expect(manager.locator("#samples")).to_contain_text("Aucun n’est joint")
        attach(manager, address + ROOM, "Joindre un spécimen du message A", PICTURE)
        expect(manager.locator("#next")).to_contain_text("Un spécimen a changé depuis l’accord du propriétaire")
        unfold(manager)
        look(manager)

        owner.goto(link_for(journey, app, address, "S-CDR"))
        expect(owner.get_by_role("heading", name="Approuver de nouveau le message")).to_have_count(0)
        owner.get_by_role("link", name="Le regarder et répondre").click()
        expect(owner.get_by_role("img", name="Message A, version 1")).to_be_visible()
        look(owner)
        owner.get_by_role("button", name="Approuver ce message").click()
        expect(owner.get_by_text("est approuvé. Merci.")).to_be_visible()

        changed = tmp_path / "lettre.pdf"
        changed.write_bytes(b"%PDF-1.7 autre adresse de retour %%EOF")
        attach(manager, address + ROOM, "Joindre une autre version du message A", changed)
        owner.reload()
        expect(owner.get_by_role("heading", name="Approuver de nouveau le message")).to_be_visible()
        owner.get_by_role("link", name="Le regarder et répondre").click()
        expect(owner.get_by_text("Vous avez approuvé la version 1 du message A.")).to_be_visible()
        look(owner)

        part = manager.locator("#samples-CDR")
        expect(part).to_contain_text("Propriétaire consulté")
        part.get_by_text("Le changement ne touche pas ce qui a été approuvé").click()
        part.get_by_label("Pourquoi").fill("Seule l’adresse de retour change.")
        part.get_by_role("button", name="Maintenir l’accord").click()
        expect(manager.locator("#samples-CDR")).to_contain_text("Accord maintenu")
        look(manager)
        assert [line for said in heard for line in said if "422" not in line] == []
