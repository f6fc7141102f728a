"""An auditor finds an approval, verifies it and the whole chain, puts the campaign back to a day, and takes the evidence along."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, expect

from tests.databases import DatabaseUrls
from tests.integration.papers.journey import Journey
from tests.journeys.site import campaign, enter, listen, look, new_page

HOME = "/auditor/campaigns/26A"


@pytest.fixture
def site(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[tuple[Journey, str]]:
    with campaign(database_urls, tmp_path) as (journey, _, address):
        journey.approve_budget()
        yield journey, address


def test_an_auditor_verifies_an_approval_and_takes_the_evidence_along(chromium: Browser, site: tuple[Journey, str], tmp_path: Path) -> None:
    journey, address = site
    with chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB") as context:
        page = new_page(context)
        said = listen(page)
        enter(page, address, "Yann Kerbrat", "en")
        page.get_by_role("link", name="26A", exact=False).first.click()
        page.get_by_label("What stands out").select_option(label="Four eyes")
        page.get_by_role("button", name="Filter").click()
        page.get_by_role("link", name="Budget approved", exact=False).click()
        page.get_by_role("link", name="Verify this entry").click()
        expect(page.get_by_text("This entry is as it was written")).to_be_visible()
        look(page)

        page.get_by_role("link", name="Evidence").click()
        page.get_by_role("link", name="Verify the whole chain").click()
        expect(page.get_by_text("Everything is as it was written")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download the evidence").click()
        with ZipFile(download.value.path()) as bundle:
            bundle.extractall(tmp_path / "evidence")
        assert said == []

    run = subprocess.run([sys.executable, "verify.py", "."], cwd=tmp_path / "evidence", capture_output=True, text=True, check=False)
    with journey.reading() as session:
        assert (run.returncode, run.stdout.split()[0]) == (0, journey.facts(session).campaign.chain_head)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_of_the_auditor_is_accessible(chromium: Browser, site: tuple[Journey, str], language: str, width: int) -> None:
    _, address = site
    with chromium.new_context(viewport={"width": width, "height": 844}) as context:
        page = new_page(context)
        said = listen(page)
        enter(page, address, "Yann Kerbrat", language)
        for path in ("/auditor/", HOME, f"{HOME}?mark=substitution", f"{HOME}/entries/1", f"{HOME}/past", f"{HOME}/documents"):
            page.goto(address + path)
            look(page)
        for path in (f"{HOME}/past?on=2026-07-07&against=2026-07-06", f"{HOME}/evidence?verify=1", "/auditor/exceptions", "/api/"):
            page.goto(address + path)
            look(page)
        for path in ("/auditor/seals", "/auditor/erasures", f"{HOME}/overrides", f"{HOME}/policy"):
            page.goto(address + path)
            look(page)
        for room in ("delivery", "send", "invoices", "exchanges", "analysis"):
            page.goto(f"{address}{HOME}/{room}")
            look(page)
        assert said == []


def test_on_a_phone_what_a_page_is_about_stands_before_its_buttons(chromium: Browser, site: tuple[Journey, str]) -> None:
    _, address = site
    with chromium.new_context(viewport={"width": 390, "height": 844}) as context:
        page = new_page(context)
        enter(page, address, "Yann Kerbrat", "en")
        page.goto(f"{address}{HOME}/entries/1")
        about = page.locator(".page-header .lede").bounding_box()
        button = page.get_by_role("link", name="Verify this entry").bounding_box()

    assert about
    assert button
    assert about["y"] + about["height"] <= button["y"]
