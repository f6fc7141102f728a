"""A call centre reads on its order and beside it what it has to keep to."""

import pytest
from flask import Flask
from sqlmodel import col, select

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, give_contact
from workflows.campaign.documents import CallingRow, MailingOrder, content_from_json
from workflows.campaign.records import Lot
from workflows.engine.documents import Document
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Supplier

THEIRS = "/supplier/campaigns/26A/send"


@pytest.fixture
def stage() -> str:
    return "send"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """The mailing is ordered: one lot is called by a supplier that does nothing else, the others are posted."""
    with opened.database.writing(SYSTEM) as session:
        session.exec(select(Supplier).where(Supplier.code == "S-IMP")).one().kind = "call_center"
        session.exec(select(Lot).where(Lot.code == "26ADOMD12AR")).one().channel = "phone"
    opened.order_mailing()
    return opened


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "When Monday to Friday, 10:00–13:00, 14:00–20:00 (Paris time), and never on a public holiday Calls of one person at most 4"),
        (
            "fr",
            "Quand du lundi au vendredi, 10:00–13:00, 14:00–20:00 (heure de Paris), jamais un jour férié Appels à une personne au plus 4",
        ),
    ],
)
def test_whoever_calls_reads_the_rules_beside_its_lots_and_nobody_else_does(
    journey: Journey, site: Flask, mailer: Visitor, language: str, written: str
) -> None:
    caller = Visitor(site, give_contact(journey, "S-IMP"), language)

    assert written in caller.words(THEIRS)
    assert "Calls of one person" not in mailer.words(THEIRS)


def test_the_order_holds_the_rules_of_the_policy_that_the_campaign_pinned(journey: Journey) -> None:
    with journey.database.reading(SYSTEM) as session:
        rows = session.exec(select(Document).where(Document.kind == "mailing_order").order_by(col(Document.number))).all()
        orders = {
            order.channel: order.calling for row in rows if isinstance(order := content_from_json(row.kind, row.content), MailingOrder)
        }

    rules = CallingRow(hours="10:00-13:00 14:00-20:00", region="france", most=4, counted_days=30, rest_days=60)
    assert orders == {"phone": rules, "postal": None}


def test_only_the_order_for_the_post_says_what_is_printed(journey: Journey) -> None:
    with journey.database.reading(SYSTEM) as session:
        rows = session.exec(select(Document).where(Document.kind == "mailing_order")).all()
        orders = [order for row in rows if isinstance(order := content_from_json(row.kind, row.content), MailingOrder)]

    assert {order.channel: bool(order.components) for order in orders} == {"postal": True, "phone": False}
    assert not any(order.printer_name for order in orders if order.channel == "phone")
