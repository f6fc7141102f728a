"""An administrator adds a person and saves a policy, in a real browser; every page is accessible."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.databases import DatabaseUrls
from tests.integration.papers.journey import BEGINNING, Journey
from tests.journeys.site import campaign, enter, listen, look, new_page
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Membership, Person
from workflows.parties.roles import Role


@pytest.fixture
def site(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[tuple[Journey, str]]:
    with campaign(database_urls, tmp_path) as (journey, _, address):
        with journey.database.writing(SYSTEM) as session:
            camille = Person(email="camille@clairval.example", name="Camille Roussel", created_at=BEGINNING)
            session.add(camille)
            session.flush()
            session.add(Membership(person_id=camille.id, advertiser_id=journey.advertiser_id, role=Role.ADMINISTRATOR))
        yield journey, address


@pytest.mark.parametrize("width", [390, 1280])
def test_a_person_is_added_and_a_policy_saved(chromium: Browser, site: tuple[Journey, str], width: int) -> None:
    _, address = site
    with chromium.new_context(viewport={"width": width, "height": 844}) as context:
        page = new_page(context)
        said = listen(page)
        enter(page, address, "Camille Roussel", "en")
        look(page)

        page.get_by_role("link", name="Add a person").click()
        page.get_by_label("Name").fill("Lucie Morel")
        page.get_by_label("E-mail address").fill("lucie@clairval.example")
        look(page)
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_text("The link goes to lucie@clairval.example", exact=False)).to_be_visible()
        look(page)

        page.goto(f"{address}/administration/policy/edit")
        look(page)
        page.get_by_role("textbox", name="Approve or refuse the budget", exact=True).fill("4")
        page.get_by_role("button", name="See what changes").click()
        expect(page.get_by_role("cell", name="4 working days")).to_be_visible()
        look(page)
        page.get_by_role("button", name="Save as version 2").click()
        expect(page.get_by_text("Version 2 is saved", exact=False)).to_be_visible()
        for path in ("policy", "policy/2", "suppliers", "suppliers/new"):
            page.goto(f"{address}/administration/{path}")
            look(page)
        assert said == []
