"""The exchange ledger: results post what was received, people record what was given, and a limit holds the negotiation."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col

from tests.integration.stages.played import Played
from workflows.campaign.exchanges import exchanging as rules
from workflows.campaign.exchanges.exchanging import RecordExchange, WithdrawExchange
from workflows.campaign.exchanges.records import ExchangeEntry
from workflows.campaign.rules import NotOfThisCampaign, ReasonMissing
from workflows.campaign.stages.negotiation import CloseNegotiation, RefuseTerms
from workflows.engine.refusals import ConditionsUnmet, NotYourMove

Campaigns = Callable[[str], Played]
WANTED = 1802
"""Addresses of DOM, the one list that the kit exchanges, gross."""


def give(campaign: Played, quantity: int = 1000, **changes: Any) -> None:
    """Record what went over to the owner of DOM."""
    asked = {
        "partner_id": campaign.supplier_id("S-DOM"),
        "direction": "given",
        "basis": "gross",
        "dealt_on": campaign.now.date(),
        "quality": "Donateurs de 12 mois",
        "written_in": "BL 2026-31",
    }
    campaign.ask(RecordExchange(subject_id=campaign.campaign_id, quantity=quantity, **(asked | changes)))


def entries(campaign: Played) -> list[ExchangeEntry]:
    return campaign.rows(ExchangeEntry, col(ExchangeEntry.to_seq).is_(None), order=col(ExchangeEntry.from_seq))


def balance(campaign: Played) -> int:
    with campaign.reading() as session:
        rows = rules.ledger(session, campaign.advertiser_id)
    return rules.balance_with(rows, campaign.supplier_id("S-DOM"), campaign.now.date())


# --- what is posted and recorded ------------------------------------------------------------------------------------------------------


def test_published_results_post_what_the_partner_may_bill_and_once_however_often_they_are_published(played: Campaigns) -> None:
    campaign = played("analysis")
    campaign.publish()
    campaign.publish()

    (posted,) = entries(campaign)
    with campaign.reading() as session:
        due = rules.list_bills(campaign.facts(session))["DOM"].billable
    assert (posted.direction, posted.quantity, posted.basis, posted.list_code) == ("received", due, "gross", "DOM")
    assert posted.partner_id == campaign.supplier_id("S-DOM"), "the owner, whoever brokers the list"
    assert balance(campaign) == due > 0


def test_what_was_given_in_return_counts_against_what_was_received(played: Campaigns) -> None:
    campaign = played("analysis")
    campaign.publish()
    owed = balance(campaign)

    give(campaign, owed)

    assert balance(campaign) == 0


def test_after_the_end_addresses_may_still_be_given_in_return(played: Campaigns) -> None:
    campaign = played("closed")
    owed = balance(campaign)

    give(campaign, 300)

    assert balance(campaign) == owed - 300


def test_an_entry_recorded_by_mistake_is_taken_back_with_a_reason_and_stays_in_the_history(played: Campaigns) -> None:
    campaign = played("negotiation")
    give(campaign)
    (row,) = entries(campaign)
    with pytest.raises(ReasonMissing):
        campaign.ask(WithdrawExchange(subject_id=campaign.campaign_id, entry_id=row.id, reason=" "))

    campaign.ask(WithdrawExchange(subject_id=campaign.campaign_id, entry_id=row.id, reason="Saisi deux fois."))

    assert (len(entries(campaign)), len(campaign.rows(ExchangeEntry))) == (0, 1)
    with pytest.raises(NotOfThisCampaign):
        campaign.ask(WithdrawExchange(subject_id=campaign.campaign_id, entry_id=row.id, reason="Encore."))


def test_what_the_results_posted_is_not_taken_back_by_hand(played: Campaigns) -> None:
    campaign = played("analysis")
    campaign.publish()
    (posted,) = entries(campaign)

    with pytest.raises(rules.EntryWasPosted):
        campaign.ask(WithdrawExchange(subject_id=campaign.campaign_id, entry_id=posted.id, reason="Non."))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        pytest.param({"quantity": 0}, rules.ExchangeEmpty, id="nothing"),
        pytest.param({"direction": "lent"}, rules.ExchangeUnknown, id="neither way"),
        pytest.param({"basis": "heavy"}, rules.ExchangeUnknown, id="neither basis"),
        pytest.param({"dealt_on": date(2030, 1, 1)}, rules.ExchangeIsToCome, id="to come"),
        pytest.param({"expires_on": date(2020, 1, 1)}, rules.ExpiredBeforeDealt, id="expired before"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_and_nothing_is_written(
    changes: dict[str, Any], refusal: type[Exception], played: Campaigns
) -> None:
    campaign = played("negotiation")
    with pytest.raises(refusal):
        give(campaign, **changes)

    assert entries(campaign) == []


def test_nothing_is_exchanged_with_the_owner_of_a_list_that_is_rented(played: Campaigns) -> None:
    campaign = played("negotiation")
    with pytest.raises(rules.PartnerUnknown):
        give(campaign, partner_id=campaign.supplier_id("S-ALZ"))


def test_only_a_project_manager_writes_into_the_ledger(played: Campaigns) -> None:
    campaign = played("negotiation")
    asked = RecordExchange(
        subject_id=campaign.campaign_id,
        partner_id=campaign.supplier_id("S-DOM"),
        direction="given",
        quantity=1,
        basis="net",
        dealt_on=campaign.now.date(),
    )
    with pytest.raises(NotYourMove):
        campaign.ask(asked, by=campaign.president)


# --- the limit ------------------------------------------------------------------------------------------------------------------------


def test_a_negotiation_is_held_while_the_balance_to_come_passes_the_limit_and_what_was_given_lifts_that(played: Campaigns) -> None:
    campaign = played("negotiation")
    campaign.tune_policy({"thresholds": {"exchange_balance": WANTED - 1}})
    campaign.settle_lists()
    with pytest.raises(ConditionsUnmet):
        campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    assert campaign.unmet("close_negotiation")["exchanges.beyond_limit"] == {"partners": ["Dombes Solidarité"], "most": WANTED - 1}

    give(campaign, 1)

    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))


def test_what_was_given_and_expires_before_the_drop_does_not_count_for_it(played: Campaigns) -> None:
    campaign = played("negotiation")
    campaign.tune_policy({"thresholds": {"exchange_balance": WANTED - 1}})
    campaign.settle_lists()
    give(campaign, 1000, expires_on=campaign.campaign.drop_on - timedelta(days=1))

    assert "exchanges.beyond_limit" in campaign.unmet("close_negotiation")


def test_doing_without_the_exchanged_list_lifts_the_limit_too(played: Campaigns) -> None:
    campaign = played("negotiation")
    campaign.tune_policy({"thresholds": {"exchange_balance": 1}})
    campaign.settle_lists()

    campaign.ask(RefuseTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id("DOM"), reason="Trop d’avance."))

    assert "exchanges.beyond_limit" not in campaign.unmet("close_negotiation")


def test_without_a_limit_no_exchange_holds_anything(played: Campaigns) -> None:
    campaign = played("negotiation")
    campaign.settle_lists()

    assert campaign.unmet("close_negotiation") == {}


def test_what_is_wanted_is_to_come_until_the_results_post_it(played: Campaigns) -> None:
    campaign = played("analysis")
    dom = campaign.supplier_id("S-DOM")
    with campaign.reading() as session:
        assert rules.to_come(session, campaign.advertiser_id, rules.ledger(session, campaign.advertiser_id)) == {dom: WANTED}

    campaign.publish()

    with campaign.reading() as session:
        assert rules.to_come(session, campaign.advertiser_id, rules.ledger(session, campaign.advertiser_id)) == {}


def test_the_limit_is_about_all_campaigns_of_the_advertiser(played: Campaigns) -> None:
    campaign = played("negotiation")
    earlier = campaign.campaign_id
    campaign.open("26B")
    campaign.submit_plan()
    campaign.tune_policy({"thresholds": {"exchange_balance": 2 * WANTED - 1}})
    campaign.settle_lists()

    assert campaign.campaign_id != earlier
    assert "exchanges.beyond_limit" in campaign.unmet("close_negotiation"), "what the other campaign wants counts too"
