"""The exchange ledger as a project manager opens it from a campaign: balances, a form for what was given, entries taken back."""

import pytest

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor
from workflows.campaign.exchanges.exchanging import ledger
from workflows.campaign.exchanges.records import ExchangeEntry

ROOM = "/manager/campaigns/26A/exchanges"


def typed(journey: Journey, prefix: str = "entry-", **changes: str) -> dict[str, str]:
    """What went over, as somebody types it."""
    fields = {
        "partner_id": str(journey.supplier_id("S-DOM")),
        "direction": "given",
        "quantity": "1 000",
        "basis": "gross",
        "dealt_on": journey.now.date().isoformat(),
        "expires_on": "",
        "quality": "donors of 12 months",
        "written_in": "DN-31",
    }
    return {f"{prefix}{name}": value for name, value in (fields | changes).items()}


def entries(journey: Journey) -> list[ExchangeEntry]:
    with journey.reading() as session:
        return ledger(session, journey.advertiser_id)


def test_a_manager_records_what_was_given_and_reads_how_the_partner_stands(marion: Visitor, journey: Journey) -> None:
    assert "Neither owes the other any." in marion.words(ROOM)
    assert "1,802" in marion.words(ROOM), "what the campaign wants is to come"

    assert marion.send(ROOM, typed(journey)).status_code == 303

    page = marion.words(ROOM)
    assert "It owes you 1,000 addresses." in page
    assert "donors of 12 months" in page
    assert "Marion Vidal" in page


def test_a_form_that_is_wrong_says_what_and_keeps_what_was_typed(marion: Visitor, journey: Journey) -> None:
    answer = marion.send(ROOM, typed(journey, quantity="many"))

    assert answer.status_code == 422
    assert "DN-31" in answer.text
    assert entries(journey) == []


def test_a_day_to_come_is_refused_in_words(marion: Visitor, journey: Journey) -> None:
    answer = marion.send(ROOM, typed(journey, dealt_on="2030-01-01"))

    assert answer.status_code == 409
    assert "is still to come" in answer.text


def test_an_entry_is_taken_back_with_a_reason(marion: Visitor, journey: Journey) -> None:
    marion.send(ROOM, typed(journey))
    (row,) = entries(journey)

    marion.send(f"{ROOM}/{row.id}/withdraw", {f"withdraw-{row.id}-reason": "Typed twice."})

    assert entries(journey) == []
    assert "Neither owes the other any." in marion.words(ROOM)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_limit_is_said_and_what_passes_it_is_marked(language: str, marion: Visitor, journey: Journey) -> None:
    journey.tune_policy({"thresholds": {"exchange_balance": 500}})
    marion.client.post("/language", data={"lang": language, "csrf_token": marion.token})

    page = marion.words(ROOM)

    assert "500" in page
    assert {"fr": "au-delà de votre limite", "en": "beyond your limit"}[language] in page


def test_the_negotiation_leads_to_the_ledger_and_says_what_holds_it(marion: Visitor, journey: Journey) -> None:
    journey.settle_lists()
    journey.tune_policy({"thresholds": {"exchange_balance": 500}})

    assert ROOM in marion.open("/manager/campaigns/26A/negotiation").text
    assert "passes your limit of 500" in marion.words("/manager/campaigns/26A/negotiation")


def test_a_form_that_is_sent_twice_is_written_once(marion: Visitor, journey: Journey) -> None:
    page = marion.form(ROOM, "entry-") | typed(journey)
    for _ in range(2):
        marion.send(ROOM, page)

    assert len(entries(journey)) == 1


def test_somebody_elses_campaign_and_a_partner_of_none_are_not_there(marion: Visitor, broker: Visitor, journey: Journey) -> None:
    assert broker.open(ROOM).status_code in (403, 404)
    assert broker.send(ROOM, typed(journey)).status_code in (403, 404)
    assert marion.send(ROOM, typed(journey, partner_id="nobody")).status_code == 422
    assert entries(journey) == []
