"""The days of a list's terms where they are negotiated: typed, read back, refused in words; and the lists that another campaign uses."""

import pytest

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor
from workflows.campaign.stages.negotiation import AgreeTerms

ROOM = "/manager/campaigns/26A/negotiation"


def agree(visitor: Visitor, **days: str) -> int:
    fields = visitor.form(ROOM, "terms-ALZ") | {f"terms-ALZ-{name}": day for name, day in days.items()}
    return visitor.send(f"{ROOM}/ALZ/terms", fields).status_code


def test_a_manager_agrees_the_days_of_an_offer_and_reads_them_back(marion: Visitor) -> None:
    assert agree(marion, offer_until_on="2026-08-31", protected_from_on="05/10/2026", protected_until_on="2026-10-24") == 303

    page = marion.words(ROOM)
    assert "Offer valid until 31 August 2026. Protected from 5 October 2026 to 24 October 2026." in page


def test_what_is_no_day_is_marked_and_kept_as_it_was_typed(marion: Visitor) -> None:
    fields = marion.form(ROOM, "terms-ALZ") | {"terms-ALZ-offer_until_on": "end of August"}
    answer = marion.send(f"{ROOM}/ALZ/terms", fields)

    assert answer.status_code == 422
    assert "Write a day, such as 23/03/2027." in answer.text


def test_a_share_above_the_whole_is_marked_in_words(marion: Visitor) -> None:
    answer = marion.send(f"{ROOM}/ALZ/terms", marion.form(ROOM, "terms-ALZ") | {"terms-ALZ-min_billing_rate": "150"})

    assert answer.status_code == 422
    assert "A share is between 0 and 100 %." in answer.text


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "The protected dates of ALZ leave out the drop, on 13 October 2026."), ("fr", "prévu le 13 octobre 2026.")],
)
def test_protected_dates_beside_the_drop_are_refused_in_the_reader_s_words(marion: Visitor, language: str, words: str) -> None:
    marion.client.post("/language", data={"lang": language, "csrf_token": marion.token})
    days = {"terms-ALZ-protected_from_on": "2026-09-01", "terms-ALZ-protected_until_on": "2026-09-30"}
    answer = marion.send(f"{ROOM}/ALZ/terms", marion.form(ROOM, "terms-ALZ") | days)

    assert answer.status_code == 409
    assert words in answer.text
    assert "2026-09-30" in answer.text, "what was typed is kept"


def test_an_offer_that_ends_before_the_orders_closes_the_next_step_and_says_the_day(marion: Visitor, journey: Journey) -> None:
    with journey.reading() as session:
        alz = next(row.id for row in journey.facts(session).lists if row.code == "ALZ")
    journey.ask(AgreeTerms(subject_id=journey.campaign_id, list_id=alz, offer_until_on=journey.now.date()))

    assert "The orders are planned to go out on 21 August 2026; by then the offer has ended for: ALZ." in marion.words(ROOM)


def test_a_list_that_another_campaign_uses_says_so_with_its_drop(marion: Visitor, journey: Journey) -> None:
    assert "Another campaign uses this list" not in marion.words(ROOM)
    journey.open("26B")

    assert "Another campaign uses this list around the same days 26B on 13 October 2026" in marion.words(ROOM)


def test_an_owner_reads_the_dates_that_it_protects_in_its_order(marion: Visitor, broker: Visitor, journey: Journey) -> None:
    assert agree(marion, protected_from_on="2026-10-05", protected_until_on="2026-10-24") == 303
    marion.send(f"{ROOM}/ALZ/consent", marion.form(ROOM, "consent-ALZ"))
    journey.reach("order")
    with journey.reading() as session:
        order = next(one for one in journey.facts(session).orders if one.list_code == "ALZ")

    assert "no competing mailing to these addresses from 5 October 2026 to 24 October 2026" in broker.words(f"/supplier/orders/{order.id}")


def test_nobody_else_agrees_days(broker: Visitor, director: Visitor) -> None:
    for stranger in (broker, director):
        answer = stranger.send(f"{ROOM}/ALZ/terms", {"terms-ALZ-offer_until_on": "2026-08-31"})
        assert answer.status_code in (403, 404)
