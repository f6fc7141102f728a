"""A supplier's program reads which moves are its own, though costs and lots, which say so, are not for its eyes."""

import pytest
from flask import Flask

from tests.integration.api.test_api import Program
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import give_contact


@pytest.fixture
def stage() -> str:
    return "budget"


@pytest.mark.parametrize(
    ("reached", "supplier", "moves"),
    [
        ("send", "S-ROU", {"record_deposit", "take_mailing", "deposit_proof"}),
        ("send", "S-IMP", {"deposit_proof"}),
        ("responses", "S-CAG", {"import_batch"}),
        ("responses", "S-ROU", {"import_batch"}),
    ],
)
def test_a_supplier_reads_that_its_moves_are_its_own(journey: Journey, site: Flask, reached: str, supplier: str, moves: set[str]) -> None:
    journey.approve_budget()
    journey.reach(reached)
    give_contact(journey, supplier)

    read = Program(journey, site, f"Contact {supplier}").get("campaigns/26A").json["moves"]

    allowed = {move["command"] for move in read if move["allowed"]}
    assert moves <= allowed
    assert allowed.isdisjoint({"confirm_drop", "sign_proof", "close_responses", "cancel_campaign"})
    assert all(move["unmet"] == [] for move in read if not move["allowed"]), "what closes others' moves is not told"


def test_a_supplier_reads_no_move_of_another_s(journey: Journey, site: Flask) -> None:
    journey.approve_budget()
    journey.reach("send")
    give_contact(journey, "S-CAG")

    read = Program(journey, site, "Contact S-CAG").get("campaigns/26A").json["moves"]

    assert {move["command"] for move in read if move["allowed"]}.isdisjoint({"record_deposit", "take_mailing", "deposit_proof"})
