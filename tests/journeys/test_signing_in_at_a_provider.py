"""Somebody asks for a page, signs in at their organisation's provider, and has it, in a real browser."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlmodel import select

from app.security.providers import Provider, Providers
from tests.databases import DatabaseUrls
from tests.integration.papers.journey import BEGINNING
from tests.integration.portals.provider import CLIENT, SECRET, OrganisationsProvider, provider_at
from tests.journeys.site import campaign, listen, look, new_page, press
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Person

AT_WORK = "bruno.leroux@clairval.example"


@pytest.fixture
def clairval() -> Iterator[OrganisationsProvider]:
    with provider_at(BEGINNING) as provider:
        provider.meets("8f3a", AT_WORK)
        yield provider


@pytest.fixture
def address(database_urls: DatabaseUrls, tmp_path: Path, clairval: OrganisationsProvider) -> Iterator[str]:
    with campaign(database_urls, tmp_path) as (journey, app, address):
        with journey.database.writing(SYSTEM) as session:
            session.exec(select(Person).where(Person.name == "Bruno Leroux")).one().email = AT_WORK
        rooms = app.extensions["jalon"]
        domains = (AT_WORK.partition("@")[2],)
        provider = Provider(
            key="clairval", name="Clairval", issuer=clairval.issuer, client_id=CLIENT, client_secret=SECRET, domains=domains, required=True
        )
        settings = replace(rooms.settings, base_url=address, providers=Providers(every=(provider,)))
        app.extensions["jalon"] = replace(rooms, settings=settings)
        yield address


@pytest.mark.parametrize("width", [390, 1280])
def test_who_signs_in_at_their_organisation_has_the_page_they_asked_for(
    chromium: Browser, address: str, clairval: OrganisationsProvider, width: int
) -> None:
    with chromium.new_context(viewport={"width": width, "height": 844}, locale="en-GB") as context:
        page = new_page(context)
        said = listen(page)
        page.goto(f"{address}/account")
        look(page)
        page.get_by_label("E-mail address").fill(AT_WORK)
        page.get_by_label("Password").fill("whatever it was before")
        press(page, page.get_by_role("button", name="Sign in", exact=True))
        expect(page.get_by_text("Your organisation has its people sign in with Clairval.", exact=False)).to_be_visible()
        look(page)

        clairval.lets_in = False
        page.get_by_role("link", name="Sign in with Clairval").click()
        page.get_by_role("button", name="It is me").click()
        expect(page.get_by_text("Clairval did not let you in", exact=False)).to_be_visible()
        look(page)

        clairval.lets_in = True
        page.get_by_role("link", name="Sign in with Clairval").click()
        page.get_by_role("button", name="It is me").click()
        expect(page.locator(".menu-name")).to_have_text("Bruno Leroux")
        assert page.url == f"{address}/account"
        look(page)
        assert said == []
