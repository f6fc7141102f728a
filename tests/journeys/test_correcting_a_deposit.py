"""A mailer corrects on its phone a deposit that it proved wrongly; the project manager refuses the next one, and it is proved again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlmodel import col, select

from tests.databases import DatabaseUrls
from tests.integration.papers.journey import DROP, Journey
from tests.journeys.site import campaign, enter, listen, look, new_page, press
from tests.journeys.test_supplier import PHONE, link_for
from workflows.campaign.records import Deposit
from workflows.parties.actor import SYSTEM


@pytest.fixture
def site(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[tuple[Journey, Flask, str]]:
    with campaign(database_urls, tmp_path) as (journey, app, address):
        journey.reach("send").order_mailing()
        journey.door.set_calendar(journey.campaign_id, DROP)
        yield journey, app, address


def test_a_deposit_is_corrected_refused_and_proved_again(chromium: Browser, site: tuple[Journey, Flask, str]) -> None:
    journey, app, address = site
    with (
        chromium.new_context(viewport=PHONE, locale="fr-FR", reduced_motion="reduce") as phone,
        chromium.new_context(locale="fr-FR", reduced_motion="reduce") as desk,
    ):
        page, room = new_page(phone), new_page(desk)
        said, told = listen(page), listen(room)
        page.goto(link_for(journey, app, address, "S-ROU"))
        page.goto(f"{address}/supplier/campaigns/26A/send")
        page.get_by_label("Numéro du bordereau de dépôt").fill("D-77")
        press(page, page.get_by_role("button", name="Envoyer la preuve"))
        page.goto(f"{address}/supplier/campaigns/26A/send")
        page.get_by_role("link", name="Le corriger").click()
        look(page)
        page.get_by_label("Numéro du bordereau de dépôt").fill("D-78")
        page.get_by_label("Ce qui était faux").fill("Numéro mal lu.")
        page.get_by_role("button", name="Corriger la preuve").click()
        expect(page.get_by_text("Bordereau de dépôt D-78 : c’est corrigé.")).to_be_visible()
        look(page)

        enter(room, address, "Marion Vidal")
        room.goto(f"{address}/manager/campaigns/26A/send")
        room.get_by_text("Refuser le bordereau de dépôt D-78").click()
        room.get_by_text("Corriger le bordereau de dépôt D-78").click()
        look(room)
        room.locator("form", has=room.get_by_role("button", name="Refuser cette preuve d’envoi")).get_by_label("Pourquoi").fill(
            "Le tampon manque."
        )
        room.get_by_role("button", name="Refuser cette preuve d’envoi").click()
        expect(room.get_by_text("La preuve d’envoi est refusée")).to_be_visible()
        look(room)

        page.goto(f"{address}/supplier/campaigns/26A/send")
        expect(page.get_by_text("Le tampon manque.").first).to_be_visible()
        look(page)
        page.get_by_label("Numéro du bordereau de dépôt").fill("D-79")
        page.get_by_role("button", name="Envoyer la preuve").click()
        expect(page.get_by_text("Bordereau de dépôt D-79 : c’est enregistré")).to_be_visible()
        assert said + told == []
    with journey.database.reading(SYSTEM) as session:
        rows = session.exec(select(Deposit).order_by(col(Deposit.from_seq))).all()
    assert [(row.slip_number, row.version, row.refusal, row.to_seq is None) for row in rows] == [
        ("D-77", 1, "", False),
        ("D-78", 2, "Le tampon manque.", False),
        ("D-79", 1, "", True),
    ]
