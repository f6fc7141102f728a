"""Somebody adds a passkey, signs in with it and removes it, in a real browser with a device of its own making."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlmodel import select

from app.security.passwords import hash_password
from tests.databases import DatabaseUrls
from tests.journeys.site import campaign, enter, listen, look, new_page, press
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Person

PASSWORD = "une phrase assez longue"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def address(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[str]:
    """The site under a name: browsers make no passkeys for a number."""
    with campaign(database_urls, tmp_path) as (journey, app, served):
        with journey.database.writing(SYSTEM) as session:
            person = session.exec(select(Person).where(Person.name == "Bruno Leroux")).one()
            person.password_hash = hash_password(PASSWORD)
        address = served.replace("127.0.0.1", "localhost")
        rooms = app.extensions["jalon"]
        app.extensions["jalon"] = replace(rooms, settings=replace(rooms.settings, base_url=address))
        yield address


@pytest.mark.parametrize("width", [390, 1280])
def test_a_passkey_is_added_opens_and_is_removed(chromium: Browser, address: str, width: int) -> None:
    with chromium.new_context(viewport={"width": width, "height": 844}) as context:
        page = new_page(context)
        said = listen(page)
        device = context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        enter(page, address, "Bruno Leroux", "en")
        page.goto(f"{address}/account")
        look(page)

        adding = page.locator("form", has=page.get_by_label("Name of the passkey"))
        adding.get_by_label("Name of the passkey").fill("This laptop")
        adding.get_by_label("Your password").fill("not mine at all")
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_text("This is not your password.", exact=False)).to_be_visible()
        look(page)
        adding.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_text("The passkey This laptop is added", exact=False)).to_be_visible()
        look(page)
        adding.get_by_label("Name of the passkey").fill("Once more")
        adding.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_text("This device has a passkey for you already.")).to_be_visible()

        page.locator(".menu summary").click()
        page.get_by_role("button", name="Sign out").click()
        look(page)
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.locator(".menu-name")).to_have_text("Bruno Leroux")
        press(page, page.locator("button[name=lang][value=en]").first)
        page.goto(f"{address}/account")
        expect(page.get_by_role("rowheader", name="This laptop")).to_be_visible()
        expect(page.get_by_role("cell", name="never")).to_have_count(0)

        page.get_by_text("Remove This laptop").click()
        look(page)
        page.get_by_role("button", name="confirming with a passkey").click()
        expect(page.get_by_text("The passkey This laptop is removed", exact=False)).to_be_visible()
        assert [told for told in said if "409" not in told] == []


def test_without_javascript_nothing_is_offered_that_does_nothing(chromium: Browser, address: str) -> None:
    with chromium.new_context(java_script_enabled=False) as context:
        page = new_page(context)
        page.goto(f"{address}/sign-in")
        expect(page.locator("form[data-passkey]")).to_be_hidden()
        expect(page.locator("input[name=password]")).to_be_visible()
