"""Legal bases of lists: stated by whom, on which papers, held against the channels of the plan, refused where policy wants that, kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from app.queries.bases import list_basis_lines
from app.queries.brief import brief_of
from tests.integration.stages.followed import AGREED, open_one, settle
from tests.integration.stages.played import Played
from workflows.campaign.brief import BasisRow
from workflows.campaign.counts.counting import RequestCounts
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.rules import NotOfThisCampaign
from workflows.campaign.stages.negotiation import CloseNegotiation, ReturnToPlan
from workflows.campaign.stages.plan import OpenCampaign, RevisePlan
from workflows.campaign.terms.basis import BasisDaysUnclear, BasisIsToCome, ConsentUnclear, stated_of
from workflows.campaign.terms.records import ListBasis
from workflows.campaign.terms.stating import StateBasis
from workflows.campaign.values import ValueNotAllowed
from workflows.engine.refusals import NotFound
from workflows.parties.actor import Actor

Campaigns = Callable[[str], Played]
TOLD = {"collected_from_on": date(2023, 1, 2), "collected_until_on": date(2026, 3, 31), "collected_through": "paper"}
PURGED_ON = date(2026, 6, 15)
INTEREST: dict[str, Any] = {"legal_basis": "legitimate_interest", "objections_purged_on": PURGED_ON, "data_role": "separate", **TOLD}
CONSENT = INTEREST | {"legal_basis": "consent"}
RELATION = {"legal_basis": "existing_relation", "objections_purged_on": PURGED_ON}


def state(campaign: Played, code: str, *, by: Actor | None = None, **said: Any) -> None:
    campaign.ask(StateBasis(subject_id=campaign.campaign_id, list_id=campaign.list_id(code), **(said or INTEREST)), by=by)


def stated(campaign: Played, code: str) -> ListBasis | None:
    with campaign.reading() as session:
        found = stated_of(campaign.facts(session), campaign.list_id(code))
        session.expunge_all()
        return found


def ask_for_counts(campaign: Played, *codes: str) -> None:
    campaign.ask(RequestCounts(subject_id=campaign.campaign_id, list_ids=tuple(campaign.list_id(code) for code in codes)))


def in_channel(campaign: Played, code: str, channel: str) -> None:
    """Plan a list on another channel than the post."""
    with campaign.behind_the_engine() as connection:
        connection.execute("update plan_line set channel = %s where list_code = %s", [channel, code])


# --- who states what ------------------------------------------------------------------------------------------------------------------


def test_a_supplier_that_was_asked_states_its_own_and_a_later_statement_takes_the_place_of_the_first(played: Campaigns) -> None:
    campaign = played("negotiation")
    ask_for_counts(campaign, "CDR")
    owner = campaign.actors["S-CDR"]

    state(campaign, "CDR", by=owner)
    state(campaign, "CDR", by=owner, **CONSENT)

    first, second = campaign.rows(ListBasis, order=col(ListBasis.from_seq))
    assert first.to_seq == second.from_seq
    assert (second.legal_basis, second.on_behalf, second.supplier_id) == ("consent", False, campaign.supplier_id("S-CDR"))
    assert (second.collected_from_on, second.collected_until_on, second.objections_purged_on) == (
        date(2023, 1, 2),
        date(2026, 3, 31),
        PURGED_ON,
    )
    assert second.stated_by_id == owner.person_id


def test_nobody_states_it_for_a_list_of_somebody_else_s_nor_before_they_know_of_the_campaign(played: Campaigns) -> None:
    campaign = played("negotiation")
    with pytest.raises(NotFound):
        state(campaign, "CDR", by=campaign.actors["S-CDR"])

    ask_for_counts(campaign, "CDR", "ALZ")
    with pytest.raises(NotOfThisCampaign):
        state(campaign, "ALZ", by=campaign.actors["S-CDR"])
    assert campaign.rows(ListBasis) == []


def test_a_project_manager_states_it_for_a_supplier_marked_as_such_and_of_a_house_list_as_its_own(played: Campaigns) -> None:
    campaign = played("negotiation")

    state(campaign, "ALZ")
    state(campaign, "MAI", **RELATION)

    assert {one.legal_basis: (one.on_behalf, one.data_role) for one in campaign.rows(ListBasis)} == {
        "legitimate_interest": (True, "separate"),
        "existing_relation": (False, ""),
    }


@pytest.mark.parametrize(
    ("code", "said", "refusal"),
    [
        pytest.param("ALZ", INTEREST | {"legal_basis": "contract"}, ValueNotAllowed, id="no such basis"),
        pytest.param("ALZ", RELATION | {"data_role": "separate"}, ValueNotAllowed, id="a relation with another's people"),
        pytest.param("ALZ", INTEREST | {"data_role": ""}, ValueNotAllowed, id="no role"),
        pytest.param("ALZ", INTEREST | {"collected_through": "rumour"}, ValueNotAllowed, id="no such means"),
        pytest.param("MAI", RELATION | {"data_role": "separate"}, ValueNotAllowed, id="a role of the house's own"),
        pytest.param("ALZ", INTEREST | {"collected_from_on": None}, BasisDaysUnclear, id="no first day"),
        pytest.param("ALZ", INTEREST | {"collected_until_on": date(2022, 1, 1)}, BasisDaysUnclear, id="ends before it begins"),
        pytest.param("ALZ", CONSENT | {"collected_through": ""}, ConsentUnclear, id="consent by no means"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    played: Campaigns, code: str, said: dict[str, Any], refusal: type[Exception]
) -> None:
    campaign = played("negotiation")

    with pytest.raises(refusal):
        state(campaign, code, **said)
    assert campaign.rows(ListBasis) == []


@pytest.mark.parametrize("day", ["collected_from_on", "collected_until_on", "objections_purged_on"])
def test_what_is_stated_has_happened(played: Campaigns, day: str) -> None:
    campaign = played("negotiation")
    tomorrow = campaign.now.date() + timedelta(days=1)
    said = INTEREST | {"collected_until_on": None} if day == "collected_from_on" else INTEREST

    with pytest.raises(BasisIsToCome):
        state(campaign, "ALZ", **said | {day: tomorrow})
    state(campaign, "ALZ", **said | {day: tomorrow - timedelta(days=1)})


# --- the papers -----------------------------------------------------------------------------------------------------------------------


def test_what_is_stated_stands_on_terms_sheet_and_order_and_on_no_paper_of_another_list(played: Campaigns) -> None:
    campaign = played("negotiation")
    ask_for_counts(campaign, "CDR")
    state(campaign, "CDR", by=campaign.actors["S-CDR"])
    state(campaign, "ALZ", **CONSENT)
    campaign.reach("order")

    sheets = {one.content.list_code: one.content.basis for one in campaign.issued("terms_sheet")}
    orders = {
        one.content.list_terms.list_code: one.content.list_terms.basis
        for one in campaign.issued("purchase_order")
        if one.content.list_terms
    }
    assert sheets == orders
    assert {code for code, basis in sheets.items() if basis} == {"ALZ", "CDR"}
    said = sheets["CDR"]
    assert (said.legal_basis, said.data_role, said.on_behalf) == ("legitimate_interest", "separate", False)
    assert (said.collected_from, said.collected_until, said.collected_through) == tuple(TOLD.values())
    assert said.objections_purged_on == PURGED_ON
    assert sheets["ALZ"].on_behalf


def test_a_plan_that_is_submitted_again_says_the_bases_that_are_stated_and_who_has_yet_to_state_others(played: Campaigns) -> None:
    campaign = played("negotiation")
    state(campaign, "ALZ")
    campaign.ask(ReturnToPlan(subject_id=campaign.campaign_id, reason="Volume."))
    campaign.submit_plan()

    said = {line.list_code: line.legal_basis for line in campaign.issued("media_plan")[-1].content.lines}
    assert said["ALZ"] == "legitimate_interest"
    assert said["CDR"] == "owner_confirms"
    assert said["MAI"] == "advertiser_confirms"


@pytest.mark.parametrize("stage", ["budget", "order"])
def test_stated_after_the_terms_sheet_it_is_a_second_version_of_that_sheet_alone(played: Campaigns, stage: str) -> None:
    campaign = played(stage)

    state(campaign, "CDR", by=campaign.actors["S-CDR"])

    sheets = {one.content.list_code: one for one in campaign.issued("terms_sheet")}
    assert {code: one.document.revision for code, one in sheets.items() if one.document.revision > 1} == {"CDR": 2}
    assert sheets["CDR"].content.basis.legal_basis == "legitimate_interest"


# --- held against the channel ---------------------------------------------------------------------------------------------------------


def test_what_does_not_carry_its_channel_is_a_warning_on_record_and_refuses_nothing(played: Campaigns) -> None:
    campaign = played("negotiation")
    in_channel(campaign, "ALZ", "email")
    state(campaign, "ALZ")
    assert campaign.controls("campaign.basis.stated") == {"legal_basis:ALZ": ("email", "legitimate_interest", "warning")}
    state(campaign, "CDR")
    assert campaign.controls("campaign.basis.stated") == {"legal_basis:CDR": ("postal", "legitimate_interest", "ok")}

    campaign.settle_lists()
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))

    found = {code: told for code, told in campaign.controls("campaign.negotiation.closed").items() if code.startswith("legal_basis")}
    assert found == {
        "legal_basis:ALZ": ("email", "legitimate_interest", "warning"),
        "legal_basis:CDR": ("postal", "legitimate_interest", "ok"),
    }


def test_a_policy_may_hold_the_negotiation_up_until_every_list_states_a_basis_that_carries_its_channel(played: Campaigns) -> None:
    campaign = played("negotiation")
    campaign.tune_policy({"negotiation": {"legal_basis": "refuse"}})
    in_channel(campaign, "ALZ", "sms")
    campaign.settle_lists()
    for code in ("ALZ", "BTN", "CDR", "DOM", "ECL"):
        state(campaign, code)

    unmet = campaign.unmet("close_negotiation")
    assert unmet["terms.basis_unstated"] == {"lists": ["MAI"]}
    assert unmet["terms.basis_too_weak"] == {"lists": ["ALZ"]}

    state(campaign, "MAI", **RELATION)
    state(campaign, "ALZ", **CONSENT | {"partners_named": True})
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    assert campaign.campaign.state == "budget"


# --- kept and carried over ------------------------------------------------------------------------------------------------------------


def lists_of(campaign: Played) -> tuple[Any, ...]:
    with campaign.reading() as session:
        return brief_of(campaign.facts(session)).lists


def test_lists_that_are_revised_keep_what_was_stated_until_they_come_from_somebody_else(played: Campaigns) -> None:
    campaign = played("negotiation")
    state(campaign, "CDR")
    state(campaign, "ALZ")
    campaign.ask(ReturnToPlan(subject_id=campaign.campaign_id, reason="Volume."))

    silent = [replace(row, basis=None, broker=None if row.code == "ALZ" else row.broker) for row in lists_of(campaign)]
    campaign.ask(RevisePlan(subject_id=campaign.campaign_id, lists=tuple(silent)))

    assert stated(campaign, "CDR") is not None
    assert stated(campaign, "ALZ") is None, "its broker said so, and it is ordered from its owner now"


def test_a_brief_may_state_it_and_a_copy_states_what_the_campaign_did(played: Campaigns) -> None:
    campaign = played("negotiation")
    state(campaign, "ALZ", **CONSENT | {"partners_named": True})
    with campaign.reading() as session:
        brief = replace(brief_of(campaign.facts(session)), code="26C")
    assert next(row.basis for row in brief.lists if row.code == "ALZ") == BasisRow(**CONSENT | {"partners_named": True})

    campaign.ask(OpenCampaign(subject_id=campaign.advertiser_id, campaign_code="26C", brief=brief))

    with campaign.reading() as session:
        copy = CampaignFacts(session, session.exec(select(Campaign).where(Campaign.code == "26C")).one())
        (carried,) = copy.list_bases
        assert (carried.legal_basis, carried.partners_named, carried.on_behalf) == ("consent", True, True)


def test_what_was_stated_of_the_same_list_in_another_campaign_is_offered_and_not_taken_for_stated(played: Campaigns) -> None:
    campaign = played("negotiation")
    state(campaign, "ALZ", **CONSENT)
    with campaign.reading() as session:
        brief = brief_of(campaign.facts(session))
    silent = replace(brief, code="26C", lists=tuple(replace(row, basis=None) for row in brief.lists))
    campaign.ask(OpenCampaign(subject_id=campaign.advertiser_id, campaign_code="26C", brief=silent))

    with campaign.reading() as session:
        second = CampaignFacts(session, session.exec(select(Campaign).where(Campaign.code == "26C")).one())
        offered = {line.list_code: (line.stated, line.said) for line in list_basis_lines(second)}

    assert offered["ALZ"] == (None, BasisRow(**CONSENT))
    assert offered["CDR"] == (None, None)


def test_a_follow_up_keeps_what_was_stated_of_the_lists_that_it_brings_over(played: Campaigns) -> None:
    campaign = played("negotiation")
    state(campaign, "ALZ")
    settle(campaign, "ALZ", **AGREED)
    campaign.reach("responses")

    opened = open_one(campaign, "ALZ", "MAI")

    with campaign.reading() as session:
        facts = CampaignFacts(session, session.get_one(Campaign, opened.id))
        (carried,) = facts.list_bases
        codes = {row.id: row.code for row in facts.lists}
        assert (codes[carried.list_id], carried.legal_basis) == ("ALZ", "legitimate_interest")
