"""A mailer certifies on its phone that what it was handed is destroyed; the manager and the auditor find it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.databases import DatabaseUrls
from tests.integration.papers.journey import ANSWERED, Journey
from tests.journeys.site import campaign, enter, listen, look, new_page
from tests.journeys.test_supplier import PHONE, link_for


@pytest.fixture
def site(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[tuple[Journey, Flask, str]]:
    with campaign(database_urls, tmp_path) as (journey, app, address):
        journey.approve_budget()
        journey.reach("responses")
        journey.door.set_calendar(journey.campaign_id, ANSWERED)
        yield journey, app, address


def test_a_mailer_certifies_on_its_phone_and_others_find_what_it_certified(
    chromium: Browser, site: tuple[Journey, Flask, str], tmp_path: Path
) -> None:
    journey, app, address = site
    paper = tmp_path / "attestation.pdf"
    paper.write_bytes(b"%PDF-1.7 signed %%EOF")
    with chromium.new_context(viewport=PHONE, locale="fr-FR", reduced_motion="reduce") as context:
        page = new_page(context)
        said = listen(page)
        page.goto(link_for(journey, app, address, "S-ROU"))
        page.locator("section", has_text="Attester la destruction").get_by_role("link", name="Attester la destruction").click()
        look(page)
        page.get_by_label("certaines subsistent un temps").check()
        page.get_by_label("Opérateur").fill("Service informatique")
        page.get_by_label("Signataire").fill("Mme Roulier, gérante")
        page.get_by_role("button", name="Attester la destruction").click()
        expect(page.get_by_text("Écrivez quelles copies ou sauvegardes subsistent.").first).to_be_visible()
        look(page)
        page.get_by_label("Lesquelles subsistent").fill("bande mensuelle")
        page.get_by_label("Jusqu’au").fill("2027-01-31")
        page.locator("input[name=file]").set_input_files(paper)
        page.get_by_role("button", name="Attester la destruction").click()
        expect(page.get_by_text("Plus rien n’est attendu de vous")).to_be_visible()
        look(page)
        assert [line for line in said if "422" not in line] == []

    for person, path in (
        ("Marion Vidal", "/manager/campaigns/26A/certificates"),
        ("Yann Kerbrat", "/auditor/exceptions"),
        ("Yann Kerbrat", "/auditor/campaigns/26A/documents"),
    ):
        with chromium.new_context(viewport=PHONE, locale="fr-FR") as context:
            page = new_page(context)
            enter(page, address, person)
            page.goto(address + path)
            expect(page.get_by_text("Routage Val-de-Saône").first).to_be_visible()
            look(page)
