"""Who visits the portals in most of these tests; a file that needs another campaign makes its own ``journey``."""

import pytest
from flask import Flask

from tests.integration.papers.journey import DROP, Journey
from tests.integration.portals.visiting import Visitor, enrol, give_contact, person_named
from workflows.parties.roles import Role


@pytest.fixture
def stage() -> str:
    """Where a file's campaign stands to begin with; a file whose tests begin later says so."""
    return "negotiation"


@pytest.fixture
def marion(journey: Journey, site: Flask) -> Visitor:
    """The project manager."""
    return Visitor(site, person_named(journey, "Marion Vidal"))


@pytest.fixture
def nadia(journey: Journey, site: Flask) -> Visitor:
    """The second project manager."""
    return Visitor(site, enrol(journey, "nadia@example.org", "Nadia Perrot", Role.PROJECT_MANAGER))


@pytest.fixture
def broker(journey: Journey, site: Flask) -> Visitor:
    """The broker of three lists."""
    return Visitor(site, give_contact(journey, "S-CRT"))


@pytest.fixture
def mailed(journey: Journey) -> Journey:
    """The same campaign, its mailing ordered."""
    journey.reach("send").order_mailing()
    journey.door.set_calendar(journey.campaign_id, DROP)
    return journey


@pytest.fixture
def mailer(journey: Journey, site: Flask) -> Visitor:
    """Whoever posts it."""
    return Visitor(site, give_contact(journey, "S-ROU"))


@pytest.fixture
def director(journey: Journey, site: Flask) -> Visitor:
    """Bruno Leroux, whose limit is below the budget."""
    return Visitor(site, person_named(journey, "Bruno Leroux"))


@pytest.fixture
def president(journey: Journey, site: Flask) -> Visitor:
    """Solange Petit, whose limit covers it."""
    return Visitor(site, person_named(journey, "Solange Petit"))


@pytest.fixture
def administrator(journey: Journey, site: Flask) -> Visitor:
    """Ada Roche, who administers the advertiser."""
    return Visitor(site, enrol(journey, "ada@example.org", "Ada Roche", Role.ADMINISTRATOR))
