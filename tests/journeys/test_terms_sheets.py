"""What was agreed about a list, before it is ordered: its owner reads it on a phone, the president beside the budget."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.databases import DatabaseUrls
from tests.integration.papers.journey import Journey
from tests.journeys.site import campaign, enter, listen, look, new_page
from tests.journeys.test_supplier import PHONE, link_for


@pytest.fixture
def site(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[tuple[Journey, Flask, str]]:
    with campaign(database_urls, tmp_path) as found:
        yield found


def test_an_owner_and_the_president_read_what_was_agreed(chromium: Browser, site: tuple[Journey, Flask, str]) -> None:
    journey, app, address = site
    with (
        chromium.new_context(viewport=PHONE, locale="fr-FR", reduced_motion="reduce") as phone,
        chromium.new_context(viewport=PHONE, locale="fr-FR", reduced_motion="reduce") as other,
    ):
        owner, president = new_page(phone), new_page(other)
        heard = listen(owner), listen(president)
        owner.goto(link_for(journey, app, address, "S-CDR"))
        expect(owner.get_by_text("Convenu, pas encore commandé").first).to_be_visible()
        look(owner)
        owner.get_by_role("link", name="Lire les conditions").click()
        expect(owner.get_by_role("heading", name="Conditions convenues")).to_be_visible()
        expect(owner.get_by_text("Rien n’est attendu de vous")).to_be_visible()
        look(owner)

        enter(president, address, "Solange Petit")
        president.goto(f"{address}/approver/campaigns/26A/budget")
        expect(president.get_by_role("heading", name="Ce qui est convenu pour les fichiers")).to_be_visible()
        look(president)
        assert [line for said in heard for line in said] == []
