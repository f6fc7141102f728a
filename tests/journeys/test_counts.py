"""A project manager asks for counts, an owner gives them on a phone, one falls short, and the manager decides."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.databases import DatabaseUrls
from tests.integration.papers.journey import Journey
from tests.journeys.site import campaign, enter, listen, look, new_page
from tests.journeys.test_manager import WINDOWS, unfold
from tests.journeys.test_supplier import PHONE, link_for
from workflows.campaign.stages.budget import RefuseBudget

ROOM = "/manager/campaigns/26A/negotiation"


@pytest.fixture
def site(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[tuple[Journey, Flask, str]]:
    with campaign(database_urls, tmp_path) as (journey, app, address):
        journey.ask(RefuseBudget(subject_id=journey.campaign_id, reason="Compter d’abord."), by=journey.actors["presidence"])
        yield journey, app, address


def test_counts_are_asked_for_given_on_a_phone_and_what_falls_short_is_settled(chromium: Browser, site: tuple[Journey, Flask, str]) -> None:
    journey, app, address = site
    with (
        chromium.new_context(viewport=WINDOWS[0], locale="fr-FR", reduced_motion="reduce") as desk,
        chromium.new_context(viewport=PHONE, locale="fr-FR", reduced_motion="reduce") as phone,
    ):
        manager, owner = new_page(desk), new_page(phone)
        heard = listen(manager), listen(owner)
        enter(manager, address, "Marion Vidal")
        manager.goto(address + ROOM)
        look(manager)
        manager.get_by_label("À exclure").first.fill("Adresses déjà louées au printemps.")
        manager.get_by_role("button", name="Demander le comptage de 5 fichiers").click()
        expect(manager.get_by_text("Les comptages sont demandés")).to_be_visible()

        owner.goto(link_for(journey, app, address, "S-CDR"))
        owner.get_by_role("link", name="Donner les comptages").click()
        look(owner)
        owner.get_by_label("Segment M1").fill("800")
        owner.get_by_role("button", name="Donner les comptages").click()
        expect(owner.get_by_text("Indiquez combien d’adresses sont disponibles, 0 s’il n’y en a pas.").first).to_be_visible()
        look(owner)
        expect(owner.get_by_label("Segment M1")).to_have_value("800")
        owner.get_by_label("Segment M2").fill("5 000")
        owner.get_by_label("Remarque").fill("Le reste en novembre.")
        owner.get_by_role("button", name="Donner les comptages").click()
        expect(owner.get_by_text("Comptages que vous avez donnés").first).to_be_visible()
        look(owner)

        manager.goto(address + ROOM)
        part = manager.locator("#counts-CDR")
        expect(part).to_contain_text("M1\u00a0: il en manque 85 sur 885")
        expect(manager.locator("#next")).to_contain_text("Moins d’adresses comptées que souhaité\u00a0: CDR")
        unfold(manager)
        look(manager)
        part.get_by_label("Pourquoi").fill("Le propriétaire complète avant l’extraction.")
        part.get_by_role("button", name="Commander comme prévu").click()
        expect(manager.locator("#counts-CDR")).to_contain_text("Commandé comme prévu malgré un comptage inférieur")
        look(manager)
        assert [line for said in heard for line in said if "422" not in line] == []
