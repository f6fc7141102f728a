"""An outsider opens the link in an e-mail, accepts an order, sends a file and reads what was found in it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlmodel import col, select

from app.security.supplier_link import supplier_link
from tasks import jobs
from tests.databases import DatabaseUrls
from tests.integration.papers.journey import KIT, Journey
from tests.integration.portals.visiting import give_contact
from tests.journeys.site import campaign, enter, listen, look, new_page, press
from workflows.campaign.records import Proof
from workflows.delivery.model import DeliveredFile
from workflows.engine.outbox import OutboxMessage
from workflows.order.model import PurchaseOrder
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Person

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def site(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[tuple[Journey, Flask, str]]:
    with campaign(database_urls, tmp_path) as (journey, app, address):
        journey.approve_budget()
        yield journey, app, address


def link_for(journey: Journey, app: Flask, address: str, supplier_code: str) -> str:
    """The link as an e-mail would carry it."""
    person_id = give_contact(journey, supplier_code)
    person = app.extensions["jalon"].people.by_id(person_id)
    return supplier_link(person_id, person.fingerprint, secret_key=app.config["SECRET_KEY"], base_url=address)


def read_the_file(journey: Journey, app: Flask) -> None:
    """Let the machine do what the delivery asked of it, and nothing else."""
    with journey.database.reading(SYSTEM) as session:
        asked = session.exec(select(OutboxMessage.id).where(OutboxMessage.name == "examine_delivery")).one()
    machine = jobs.Machine(replace(app.extensions["jalon"].settings, redis_url=None))
    assert jobs.run(machine, asked)
    machine.database.close()


def test_a_long_name_makes_no_page_wider_than_a_phone(chromium: Browser, site: tuple[Journey, Flask, str]) -> None:
    journey, app, address = site
    link = link_for(journey, app, address, "S-CAG")
    with journey.database.writing(SYSTEM) as session:
        person = session.exec(select(Person).where(col(Person.name) == "Contact S-CAG")).one()
        person.name = "Centre de Traitement des Dons et des Abonnements"
    with chromium.new_context(viewport=PHONE, locale="fr-FR", reduced_motion="reduce") as context:
        page = new_page(context)
        page.goto(link)
        expect(page.get_by_role("heading", name="Entraide Clairval")).to_be_visible()
        look(page)


def test_a_supplier_accepts_an_order_sends_a_file_and_reads_its_check(chromium: Browser, site: tuple[Journey, Flask, str]) -> None:
    journey, app, address = site
    with chromium.new_context(viewport=PHONE, locale="fr-FR", reduced_motion="reduce") as context:
        page = new_page(context)
        said = listen(page)
        page.goto(link_for(journey, app, address, "S-CRT"))
        expect(page.get_by_text("3 choses à faire")).to_be_visible()
        look(page)

        page.locator("section", has_text="BC-26A-001").get_by_role("link", name="Lire et répondre").click()
        look(page)
        page.get_by_role("button", name="Accepter la commande").click()
        page.locator("section", has_text="Alizés Presse").get_by_role("link", name="Envoyer un fichier").click()
        for part in page.locator("main details > summary").all():
            part.click()
        look(page)
        page.locator("input[name=file]").set_input_files(KIT / "deliveries" / "ALZ_clairval_0926.csv")
        page.get_by_label("Combien d’adresses contient-il").fill("1 559")
        page.get_by_role("button", name="Envoyer le fichier").click()
        expect(page.locator("#report")).to_contain_text("sa lecture est en cours")
        look(page)

        read_the_file(journey, app)

        # The page asks again by itself; nobody reloads it.
        expect(page.locator("#report")).to_contain_text("adresses, comme annoncé.")
        look(page)
        assert said == []
    with journey.database.reading(SYSTEM) as session:
        assert [(file.state, file.record_count) for file in session.exec(select(DeliveredFile))] == [("examined", 1559)]
        assert [order.list_code for order in session.exec(select(PurchaseOrder)) if order.state == "accepted"] == ["ALZ"]


@pytest.mark.parametrize("width", [390, 1280])
def test_a_mailer_and_whoever_invoices_find_pages_that_everybody_can_use(
    chromium: Browser, site: tuple[Journey, Flask, str], width: int
) -> None:
    journey, app, address = site
    journey.reach("send").order_mailing()
    with chromium.new_context(viewport={"width": width, "height": 900}, color_scheme="dark", reduced_motion="reduce") as context:
        page = new_page(context)
        page.goto(link_for(journey, app, address, "S-ROU"))
        page.goto(f"{address}/supplier/campaigns/26A/send")
        look(page)
        page.goto(link_for(journey, app, address, "S-CRT"))
        look(page)
        page.goto(f"{address}/supplier/statements")
        look(page)
        page.locator("main .button").first.click()
        look(page)


def test_a_printer_deposits_a_proof_that_is_returned_corrected_and_signed(chromium: Browser, site: tuple[Journey, Flask, str]) -> None:
    journey, app, address = site
    journey.reach("send")
    room = f"{address}/manager/campaigns/26A/send"
    with (
        chromium.new_context(viewport=PHONE, locale="fr-FR", reduced_motion="reduce") as outside,
        chromium.new_context(locale="fr-FR", reduced_motion="reduce") as inside,
    ):
        printer, manager = new_page(outside), new_page(inside)
        printer.goto(link_for(journey, app, address, "S-IMP"))
        enter(manager, address, "Marion Vidal")
        look(printer)
        printer.locator("section", has_text="message A").get_by_role("link", name="Le déposer").click()
        card, message = printer.locator("#message-A"), manager.locator("#message-A")

        def deposit(content: bytes) -> None:
            card.locator("input[type=file]").set_input_files({"name": "bat.pdf", "mimeType": "application/pdf", "buffer": content})
            press(printer, card.get_by_role("button", name="Déposer"))

        deposit(b"%PDF-1.7 cut off")
        expect(card).to_contain_text("n’est pas un bon à tirer")
        look(printer)
        deposit(b"%PDF-1.7 one %%EOF")
        expect(card).to_contain_text("L’annonceur la regarde.")
        look(printer)

        manager.goto(room)
        message.get_by_text("Renvoyer la version 1").click()
        message.get_by_label("Ce qui est à corriger").fill("Le logo est flou.")
        look(manager)
        press(manager, message.get_by_role("button", name="La renvoyer"))
        printer.goto(f"{address}/supplier/campaigns/26A/proofs")
        expect(card).to_contain_text("Le logo est flou.")
        look(printer)
        deposit(b"%PDF-1.7 two %%EOF")

        manager.goto(room)
        notice = message.get_by_label("Mention d’information")
        whole = notice.input_value()
        notice.fill("Entraide Clairval vous écrit.")
        message.get_by_role("button", name="Vérifier la mention").click()
        expect(message).to_contain_text("combien de temps elles sont conservées")
        look(manager)
        message.get_by_label("Mention d’information").fill(whole)
        message.get_by_label("J’ai vérifié le bon à tirer").check()
        message.get_by_role("button", name="Signer la version 2").click()
        expect(message).to_contain_text("Version 2 signée par Marion Vidal")
        look(manager)
    with journey.database.reading(SYSTEM) as session:
        assert [proof.state for proof in session.exec(select(Proof).order_by(col(Proof.version)))] == ["returned", "signed"]
