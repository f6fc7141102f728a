"""How a list is billed otherwise than usual, on pages: agreed by the project manager, proposed by its supplier, read by whoever signs."""

import pytest
from sqlmodel import col

from tests.integration.papers.journey import Journey
from tests.integration.portals.test_approver import PAGE
from tests.integration.portals.test_changes_that_suppliers_propose import ORDERS, answer, propose
from tests.integration.portals.test_supplier import order_of, rows
from tests.integration.portals.visiting import Visitor
from workflows.campaign.model import CampaignList
from workflows.campaign.stages.budget import RefuseBudget
from workflows.campaign.stages.negotiation import AgreeTerms, RecordConsent, ReopenTerms
from workflows.order.model import PurchaseOrder

ROOM = "/manager/campaigns/26A/negotiation"
AGREED = "The least share is counted on the addresses ordered. Never billed: rejected addresses, duplicates within the list."


def agree(visitor: Visitor, **terms: object) -> int:
    fields = visitor.form(ROOM, "terms-ALZ") | {f"terms-ALZ-{name}": value for name, value in terms.items()}
    return visitor.send(f"{ROOM}/ALZ/terms", fields).status_code


def ticked(page: str, name: str) -> list[str]:
    """Which boxes of a field are ticked on a page."""
    return [
        tag.split('value="')[1].split('"')[0]
        for tag in page.split("<input ")[1:]
        if f'name="{name}"' in tag and "checked" in tag.split(">")[0]
    ]


def test_a_manager_agrees_them_and_reads_them_back_in_words(journey: Journey, marion: Visitor) -> None:
    assert AGREED not in marion.words(ROOM)

    assert agree(marion, billing_basis="ordered", unbilled_reasons=["rejected", "intra"]) == 303

    (row,) = rows(journey, CampaignList, col(CampaignList.code) == "ALZ")
    assert (row.billing_basis, row.unbilled_reasons) == ("ordered", ["rejected", "intra"])
    assert AGREED in marion.words(ROOM)
    marion.client.post("/language", data={"lang": "fr", "csrf_token": marion.token})
    page = marion.words(ROOM)
    assert "La facturation minimum est calculée sur les adresses commandées." in page
    assert "Jamais facturés: rejets d’adresse (RNVP), doublons internes." in page


def test_where_all_is_as_usual_no_word_is_said_of_it(journey: Journey, marion: Visitor) -> None:
    assert agree(marion) == 303

    (row,) = rows(journey, CampaignList, col(CampaignList.code) == "ALZ")
    assert (row.billing_basis, row.unbilled_reasons) == ("delivered", [])
    page = marion.words(f"{ROOM}")
    assert "The least share is counted on the addresses ordered." not in page
    assert "Never billed:" not in page


@pytest.mark.parametrize("wrong", [{"billing_basis": "net"}, {"unbilled_reasons": ["pnd"]}])
def test_a_choice_that_is_none_is_marked(marion: Visitor, wrong: dict[str, object]) -> None:
    assert agree(marion, **wrong) == 422


def agreed_otherwise(journey: Journey) -> None:
    """ALZ is billed otherwise than usual; nobody agreed its terms before."""
    with journey.reading() as session:
        alz = next(row.id for row in journey.facts(session).lists if row.code == "ALZ")
    about = {"subject_id": journey.campaign_id, "list_id": alz}
    journey.ask(AgreeTerms(**about, billing_basis="ordered", unbilled_reasons=("rejected", "intra")))
    journey.ask(RecordConsent(**about))


def test_whoever_signs_reads_them_beside_the_list_and_what_changed_in_words(journey: Journey, president: Visitor) -> None:
    journey.reach("budget")
    assert AGREED not in president.words(PAGE)
    with journey.reading() as session:
        alz = next(row.id for row in journey.facts(session).lists if row.code == "ALZ")
    journey.ask(RefuseBudget(subject_id=journey.campaign_id, reason="Trop de rejets."), by=journey.actors["presidence"])
    journey.ask(ReopenTerms(subject_id=journey.campaign_id, list_id=alz, reason="Rejets à exclure."))
    agreed_otherwise(journey)
    journey.close_negotiation()

    page = president.words(PAGE)
    assert f"Alizés Presse – abonnés actifs {AGREED}" in page
    assert "billing floor counted on the addresses delivered → the addresses ordered" in page
    assert "never billed: none of the losses → rejected addresses, duplicates within the list" in page


def test_its_supplier_reads_what_never_comes_on_its_bill(journey: Journey, broker: Visitor) -> None:
    agreed_otherwise(journey)
    journey.reach("lots")
    statement = next(one for one in journey.issued("net_statement") if one.content.list_code == "ALZ")

    page = broker.words(f"/supplier/statements/{statement.document.id}")
    assert "9 of the addresses delivered are never billed by contract (address rejects, duplicates within the file)" in page
    assert f"at least 85% of the addresses ordered are paid at full price: {statement.content.floor_qty:,}." in page


class TestOnceOrdered:
    """The list is ordered as usual."""

    @pytest.fixture
    def stage(self) -> str:
        return "order"

    def test_a_supplier_proposes_them_and_they_are_ticked_where_the_terms_are_agreed(
        self, journey: Journey, broker: Visitor, marion: Visitor
    ) -> None:
        path = f"/supplier/orders/{order_of(journey, 'ALZ').id}"
        assert ticked(broker.open(path).text, "propose-unbilled_reasons") == []

        assert propose(journey, broker, billing_basis="ordered", unbilled_reasons=["intra", "rejected"]) == 303

        told = "Least share counted on · the addresses ordered Never billed · rejected addresses, duplicates within the list"
        assert f"Your proposal waits for an answer {told}" in broker.words(path)
        assert f"It proposes a change {told}" in marion.words(ORDERS)

        answer(journey, marion, "accept")
        back = marion.form(ORDERS, "return_to_negotiation") | {"return_to_negotiation-reason": "A proposal."}
        marion.send("/manager/campaigns/26A/moves/return_to_negotiation", back)
        page = marion.open(ROOM).text
        assert ticked(page, "terms-ALZ-unbilled_reasons") == ["rejected", "intra"]
        assert '<option selected value="ordered">' in page

    def test_boxes_left_as_they_were_propose_nothing_and_others_do(self, journey: Journey, broker: Visitor) -> None:
        assert propose(journey, broker) == 409
        assert propose(journey, broker, cpm="150") == 303
        assert rows(journey, PurchaseOrder, col(PurchaseOrder.list_code) == "ALZ")[0].proposal == {"cpm": "150"}
