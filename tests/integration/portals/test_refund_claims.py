"""Refund claims in the portals: the manager claims, the supplier answers from its home, the auditor reads how it ended."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlmodel import select

from tests.integration.api.test_api import Program
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, give_contact, person_named
from tests.integration.portals.visiting import words as said
from workflows.campaign.claims.records import RefundClaim
from workflows.campaign.invoices.expected import dues
from workflows.campaign.model import CampaignList
from workflows.campaign.records import Lot, ResponseBatch, Undeliverable
from workflows.parties.actor import SYSTEM

ROOM = "/manager/campaigns/26A/claims"
PAGE = "/supplier/campaigns/26A/claims"


@pytest.fixture
def stage() -> str:
    return "analysis"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """A campaign of which three pieces of a list came back though its owner stands for none."""
    opened.door.set_calendar(opened.campaign_id, opened.now)
    with opened.database.writing(SYSTEM) as session:
        row = session.exec(select(CampaignList).where(CampaignList.code == "ALZ")).one()
        row.undeliverable_guarantee = 0
        lot = session.exec(select(Lot).where(Lot.list_code == "ALZ")).first()
        batch = session.exec(select(ResponseBatch)).first()
        for place in range(3):
            session.add(
                Undeliverable(
                    campaign_id=row.campaign_id,
                    advertiser_id=row.advertiser_id,
                    from_seq=batch.from_seq,
                    batch_id=batch.id,
                    lot_code=lot.code,
                    unique_id=f"PND{place}",
                    reason="unknown",
                )
            )
    return opened


@pytest.fixture
def owner(journey: Journey, site: Flask) -> Visitor:
    with journey.reading() as session:
        due = next(one for one in dues(journey.facts(session)).values() if one.row and one.row.code == "ALZ")
    return Visitor(site, give_contact(journey, due.amount.supplier))


def claimed(journey: Journey, marion: Visitor) -> Any:
    with journey.reading() as session:
        (row,) = [one for one in journey.facts(session).lists if one.code == "ALZ"]
        list_id = row.id
    assert "Beyond the warranty, not claimed yet" in marion.words(ROOM)
    assert marion.send(f"{ROOM}/lists/{list_id}", {}).status_code == 303
    with journey.database.reading(SYSTEM) as session:
        found = session.exec(select(RefundClaim)).one()
        session.expunge(found)
    return found


def test_a_supplier_finds_the_claim_on_its_home_reads_why_mail_came_back_and_accepts(
    journey: Journey, marion: Visitor, owner: Visitor, site: Flask
) -> None:
    made = claimed(journey, marion)
    assert f"Answer refund claim {made.number}" in owner.words("/supplier/")
    told = owner.words(PAGE)
    assert "not known at the address" in told
    assert "Until then nothing comes off what is due." in told
    assert "The claimed amount comes off what is due for the list" in marion.words(ROOM)
    assert "The ids of your file that came back" in told

    answer = owner.send(f"{PAGE}/{made.id}/accept", {})

    assert answer.status_code == 303
    assert f"Answer refund claim {made.number}" not in owner.words("/supplier/")
    assert "That much less is due for the list" in marion.words(ROOM)
    auditor = Visitor(site, person_named(journey, "Yann Kerbrat"))
    assert made.number in auditor.words("/auditor/campaigns/26A/invoices")


def test_a_contested_claim_keeps_its_reason_and_is_dropped_or_settled_with_another(
    journey: Journey, marion: Visitor, owner: Visitor, site: Flask
) -> None:
    made = claimed(journey, marion)
    assert owner.send(f"{PAGE}/{made.id}/contest", {f"contest-{made.id}-reason": ""}).status_code == 422

    assert owner.send(f"{PAGE}/{made.id}/contest", {f"contest-{made.id}-reason": "Envoi hors délai."}).status_code == 303

    assert "“Envoi hors délai.”" in marion.words(ROOM)
    (read,) = Program(journey, site, "Marion Vidal").get("campaigns/26A/claims").json["claims"]
    assert (read["number"], read["state"], read["claimed"], read["answer"]) == (
        made.number,
        "contested",
        made.claimed_qty,
        "Envoi hors délai.",
    )
    assert (Decimal(read["warranty_rate"]), read["amount"]) == (0, f"{made.amount:.2f}")
    assert marion.send(f"{ROOM}/{made.id}/drop", {f"drop-{made.id}-reason": "Admis."}).status_code == 303
    assert "The advertiser claims nothing any more: “Admis.”" in owner.words(PAGE)


def test_a_claim_is_settled_for_what_was_agreed_and_both_read_it(journey: Journey, marion: Visitor, owner: Visitor, site: Flask) -> None:
    made = claimed(journey, marion)
    owner.send(f"{PAGE}/{made.id}/contest", {f"contest-{made.id}-reason": "Envoi hors délai."})
    form, key = marion.form(ROOM, f"settle-{made.id}-"), f"settle-{made.id}"
    words = {f"{key}-reason": "Partagé par moitié."}

    assert marion.send(f"{ROOM}/{made.id}/settle", form | words | {f"{key}-settled_amount": ""}).status_code == 422
    typed = marion.send(f"{ROOM}/{made.id}/settle", form | words | {f"{key}-settled_amount": "abc"})
    assert "Write an amount to the cent, such as 1,234.50." in said(typed)
    assert "Number must be" not in said(typed)
    assert 'value="abc"' in typed.text
    refused = marion.send(f"{ROOM}/{made.id}/settle", form | words | {f"{key}-settled_amount": "9000"})
    assert refused.status_code == 409
    assert f"Claim {made.number} is of €{made.amount} without VAT: it is settled for that or less." in said(refused)
    assert marion.send(f"{ROOM}/{made.id}/settle", form | words | {f"{key}-settled_amount": "0,05"}).status_code == 303

    for reader, page in ((marion, ROOM), (owner, PAGE)):
        assert "€0.05 without VAT comes off what is due for the list" in reader.words(page)
    (read,) = Program(journey, site, "Marion Vidal").get("campaigns/26A/claims").json["claims"]
    assert (read["state"], read["amount"], read["refund_amount"]) == ("settled", f"{made.amount:.2f}", "0.05")


def test_another_supplier_finds_no_claim(journey: Journey, marion: Visitor, owner: Visitor, site: Flask) -> None:
    claimed(journey, marion)
    other = Visitor(site, give_contact(journey, "S-IMP"))

    assert other.open(PAGE).status_code == 404
    assert Program(journey, site, "Contact S-IMP").get("campaigns/26A/claims").json == {"claims": []}


def test_a_project_manager_writes_down_what_a_supplier_contested_by_other_means(journey: Journey, marion: Visitor, owner: Visitor) -> None:
    row = claimed(journey, marion)
    form = marion.form(ROOM, f"contest-{row.id}-")
    assert marion.send(f"{ROOM}/{row.id}/contest", form).status_code == 422
    words = {f"contest-{row.id}-reason": "Plis abîmés par la machine, dit-il au téléphone."}
    assert marion.send(f"{ROOM}/{row.id}/contest", form | words).status_code == 303

    told = marion.words(ROOM)
    assert "Plis abîmés par la machine, dit-il au téléphone." in told
    assert "The supplier contested by other means" not in told
    assert f"Settle or drop refund claim {row.number}" in marion.words("/manager/")
    assert f"Answer refund claim {row.number}" not in owner.words("/supplier/")
