"""A campaign whose suppliers send invoices, and who visits its pages."""

from typing import Any

import pytest
from flask import Flask

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, give_contact, person_named
from workflows.campaign.invoices.expected import dues


@pytest.fixture
def stage() -> str:
    return "analysis"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """The campaign whose answers are closed: net statements are long out."""
    opened.door.set_calendar(opened.campaign_id, opened.now)
    return opened


@pytest.fixture
def due(journey: Journey) -> Any:
    """What the broker may invoice for one of its lists."""
    with journey.reading() as session:
        return next(one for one in dues(journey.facts(session)).values() if one.row and one.row.code == "ALZ")


@pytest.fixture
def page(due: Any) -> str:
    return f"/supplier/campaigns/26A/invoices/{due.order.number}"


@pytest.fixture
def biller(journey: Journey, site: Flask, due: Any) -> Visitor:
    """Whoever bills that list."""
    return Visitor(site, give_contact(journey, due.amount.supplier))


@pytest.fixture
def auditor(journey: Journey, site: Flask) -> Visitor:
    return Visitor(site, person_named(journey, "Yann Kerbrat"))
