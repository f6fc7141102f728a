"""The lots' room tells whom a channel leaves alone."""

import pytest
from flask import Flask
from sqlmodel import select

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, person_named
from workflows.campaign.records import LotPlan
from workflows.parties.actor import SYSTEM

LOTS = "/manager/campaigns/26A/lots"


@pytest.fixture
def stage() -> str:
    return "send"


def split(journey: Journey, **summary: object) -> None:
    """What a machine said of the lots that it made."""
    with journey.database.writing(SYSTEM) as session:
        plan = session.exec(select(LotPlan)).one()
        plan.summary = plan.summary | summary


@pytest.mark.parametrize(
    ("language", "at_rest", "unreached"),
    [
        (
            "en",
            "2 people refused in calls of other campaigns of late, and are not called",
            "E-mails, messages or calls of other campaigns reached nobody at the addresses or numbers of 1,203 people",
        ),
        (
            "fr",
            "2 personnes ont refusé il y a peu lors d’appels d’autres campagnes, et ne sont pas appelées",
            "1 203 personnes ont une adresse ou un numéro que d’autres campagnes ont révélé invalide, et que ces canaux écartent",
        ),
    ],
)
def test_the_lots_room_counts_who_rests_and_whom_nothing_reached_apart(
    journey: Journey, site: Flask, language: str, at_rest: str, unreached: str
) -> None:
    marion = Visitor(site, person_named(journey, "Marion Vidal"), language)
    page = marion.words(LOTS)
    assert at_rest[6:] not in page
    assert unreached[6:] not in page

    split(journey, at_rest={"ALZ": 2}, unreached={"ALZ": 1200, "DOM": 3})

    page = marion.words(LOTS)
    assert at_rest in page
    assert unreached in page
