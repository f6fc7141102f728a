"""A project manager writes down what is posted, at a desk and on a phone; the mailer reads it on its phone, and what changed since."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.databases import DatabaseUrls
from tests.integration.papers.journey import Journey
from tests.journeys.site import campaign, enter, listen, look, new_page, press
from tests.journeys.test_supplier import PHONE, link_for
from workflows.campaign.stages.send import OrderMailing


@pytest.fixture
def site(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[tuple[Journey, Flask, str]]:
    with campaign(database_urls, tmp_path) as (journey, app, address):
        journey.reach("send")
        yield journey, app, address


def write_down(page: Page) -> None:
    """Fill in what the post and the mailer ask for."""
    page.get_by_label("Produit postal").fill("Destineo, contrat 0042")
    page.get_by_label("Tri postal").fill("départements")
    page.get_by_label("Site de dépôt").fill("Villefranche")
    page.get_by_label("Gâche").fill("3")
    for code in "AB":
        page.get_by_label(f"Format du message {code}").fill("C5, 162 × 229 mm")
        page.get_by_label(f"Poids d’un pli du message {code}").fill("24,5")
        page.get_by_label(f"Épaisseur d’un pli du message {code}").fill("1,8")
        page.get_by_label(f"Dans l’enveloppe, message {code}").fill("Lettre 2 pages\nBulletin de don\nEnveloppe retour T")
    page.get_by_label("Plis non distribuables").select_option("recorded")
    page.get_by_label("Consignes").fill("Ne pas plier le bulletin.")


def test_what_is_posted_is_written_down_read_by_the_mailer_and_changed(chromium: Browser, site: tuple[Journey, Flask, str]) -> None:
    journey, app, address = site
    with (
        chromium.new_context(locale="fr-FR", reduced_motion="reduce") as desk,
        chromium.new_context(viewport=PHONE, locale="fr-FR", reduced_motion="reduce") as phone,
    ):
        room, page = new_page(desk), new_page(phone)
        told, said = listen(room), listen(page)
        enter(room, address, "Marion Vidal")
        room.goto(f"{address}/manager/campaigns/26A/mailing")
        look(room)
        write_down(room)
        room.get_by_label("Ville").fill("BOURG EN BRESSE")
        room.get_by_role("button", name="Noter", exact=True).click()
        expect(room.get_by_text("Écrivez l’adresse de retour entière").first).to_be_visible()
        look(room)
        room.get_by_label("Ville").fill("")
        room.get_by_role("button", name="Noter", exact=True).click()
        expect(room.get_by_text("Tout ce qu’un routeur demande est noté.")).to_be_visible()
        look(room)
        journey.order_mailing()

        page.goto(link_for(journey, app, address, "S-ROU"))
        page.goto(f"{address}/supplier/campaigns/26A/send")
        expect(page.get_by_text("Destineo, contrat 0042")).to_be_visible()
        look(page)

        room.goto(f"{address}/manager/campaigns/26A/mailing")
        room.set_viewport_size(PHONE)
        room.get_by_label("Site de dépôt").fill("Mâcon")
        press(room, room.get_by_role("button", name="Noter", exact=True))
        expect(room.get_by_text("Modifié depuis l’envoi de l’ordre de routage")).to_be_visible()
        look(room)
        room.goto(f"{address}/manager/campaigns/26A/send")
        expect(room.get_by_text("Site de dépôt : Villefranche → Mâcon")).to_be_visible()
        look(room)
        journey.ask(OrderMailing(subject_id=journey.campaign_id))
        page.goto(f"{address}/supplier/campaigns/26A/send")
        expect(page.get_by_text("Site de dépôt : Villefranche → Mâcon")).to_be_visible()
        look(page)
        assert [line for line in told + said if "422" not in line] == []
