"""Whoever sends text messages reads on its order and beside it what it has to keep to."""

import pytest
from flask import Flask
from sqlmodel import select

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, give_contact
from workflows.campaign.records import Lot
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Supplier

THEIRS = "/supplier/campaigns/26A/send"


@pytest.fixture
def stage() -> str:
    return "send"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """The mailing is ordered: one lot goes out as text messages by a supplier that does nothing else, the others are posted."""
    with opened.database.writing(SYSTEM) as session:
        session.exec(select(Supplier).where(Supplier.code == "S-IMP")).one().kind = "sms"
        session.exec(select(Lot).where(Lot.code == "26ADOMD12AR")).one().channel = "sms"
    opened.order_mailing()
    return opened


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "Rules of sending OR-26A-SMS/1 When Monday to Saturday, 08:00–20:00 (Paris time), and never on a public holiday"),
        ("fr", "Règles d’envoi OR-26A-SMS/1 Quand du lundi au samedi, 08:00–20:00 (heure de Paris), jamais un jour férié"),
    ],
)
def test_whoever_sends_messages_reads_the_rules_beside_its_lots(journey: Journey, site: Flask, language: str, written: str) -> None:
    assert written in Visitor(site, give_contact(journey, "S-IMP"), language).words(THEIRS)
    assert "Rules of sending" not in Visitor(site, give_contact(journey, "S-ROU")).words(THEIRS)
