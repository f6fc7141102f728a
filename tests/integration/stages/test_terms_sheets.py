"""Terms sheets: issued when the negotiation is closed, anew where they say something else, and named by what follows from them."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import col

from tests.integration.papers.journey import Issued
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.moving_drop import MoveDrop
from workflows.campaign.any_stage.reworking import ReturnToStage
from workflows.campaign.counts.counting import AcceptShortCount, GiveCounts, RequestCounts
from workflows.campaign.model import CampaignList
from workflows.campaign.papers import terms_sheets
from workflows.campaign.stages.budget import RefuseBudget
from workflows.campaign.stages.negotiation import AgreeTerms, CloseNegotiation, RecordConsent, RefuseTerms, ReopenTerms
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.outbox import OutboxMessage

Campaigns = Callable[[str], Played]
OF_OTHERS = ("ALZ", "BTN", "CDR", "DOM", "ECL")
"""The kit's lists, but for the house's own."""


def sheets(campaign: Played) -> dict[str, Issued]:
    """The newest sheet of each list."""
    return {one.content.list_code: one for one in campaign.issued("terms_sheet")}


def revisions(campaign: Played) -> dict[str, int]:
    return {code: one.document.revision for code, one in sheets(campaign).items()}


def agree(campaign: Played, code: str, **terms: object) -> None:
    """Agree the terms of a list, and have its owner consent."""
    campaign.ask(AgreeTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id(code), **terms))
    campaign.ask(RecordConsent(subject_id=campaign.campaign_id, list_id=campaign.list_id(code)))


def back_to_negotiation(campaign: Played) -> None:
    campaign.ask(RefuseBudget(subject_id=campaign.campaign_id, reason="Trop cher."), by=campaign.president)


def close(campaign: Played) -> None:
    campaign.settle_lists()
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))


def test_each_list_of_others_gets_a_sheet_for_whom_it_is_ordered_from_and_the_house_s_own_gets_none(played: Campaigns) -> None:
    campaign = played("negotiation")
    assert campaign.issued("terms_sheet") == []

    close(campaign)

    found = sheets(campaign)
    assert tuple(found) == OF_OTHERS
    assert {code: one.document.number for code, one in found.items()} == {code: f"FC-26A-{code}" for code in OF_OTHERS}
    assert set(revisions(campaign).values()) == {1}
    assert found["ALZ"].document.supplier_id == campaign.supplier_id("S-CRT")
    assert found["CDR"].document.supplier_id == campaign.supplier_id("S-CDR")
    assert {code: one.document.subject_id for code, one in found.items()} == {code: campaign.list_id(code) for code in OF_OTHERS}
    assert {code for code, one in found.items() if one.content.exchange} == {"DOM"}
    entry = max((one for one in campaign.rows(Checkpoint) if one.event == "campaign.negotiation.closed"), key=lambda one: one.seq)
    named = {one["number"]: one["content_sha256"] for one in read_json(entry.body)["documents"]}
    assert {f"FC-26A-{code}" for code in OF_OTHERS} | {"DB-26A"} == named.keys()
    assert named["FC-26A-ALZ"] == found["ALZ"].document.content_sha256


def test_a_sheet_says_what_was_agreed_and_when(played: Campaigns) -> None:
    campaign = played("negotiation")
    asked_on = campaign.now.date()
    with campaign.reading() as session:
        drop_on = campaign.facts(session).campaign.drop_on
    days = {
        "offer_until_on": drop_on,
        "protected_from_on": drop_on - timedelta(days=14),
        "protected_until_on": drop_on + timedelta(days=14),
    }
    agree(campaign, "ALZ", cpm=Decimal("158.50"), technical_fee=Decimal(75), **days)
    close(campaign)

    said = sheets(campaign)["ALZ"].content
    (row,) = campaign.rows(CampaignList, col(CampaignList.code) == "ALZ")
    assert (said.cpm, said.technical_fee) == (Decimal("158.50"), Decimal(75))
    assert (said.selection_cpm, said.run_charge_cpm, said.min_billing_rate) == (row.selection_cpm, row.run_charge_cpm, row.min_billing_rate)
    assert (said.offer_until, said.protected_from, said.protected_until) == tuple(days.values())
    assert said.terms_agreed_on == said.consent_on == asked_on
    assert [(one.segment, one.quantity, one.counted_qty) for one in said.rows] == [("P12", 843, None), ("P24", 716, None)]
    assert said.deductible_reasons == ("rejected", "opposition", "pnd_historique", "donateurs_actifs", "intra", "inter")
    assert (said.owner.name, said.head.recipient.name) == ("Alizés Presse SAS", "Courtage Fichiers du Centre")
    assert said.commission_included, "no cost of the campaign pays the broker beside"
    assert not sheets(campaign)["CDR"].content.commission_included
    assert (said.counted_on, said.held_until, said.exclusions, said.short_accepted_on) == (None, None, "", None)


def test_counts_and_what_was_let_pass_stand_on_the_sheet_and_the_house_s_reason_does_not(played: Campaigns) -> None:
    campaign = played("negotiation")
    counted_on, cdr = campaign.now.date(), campaign.list_id("CDR")
    campaign.ask(RequestCounts(subject_id=campaign.campaign_id, list_ids=(cdr,), exclusions="Hors Corse."))
    answer = GiveCounts(
        subject_id=campaign.campaign_id,
        list_id=cdr,
        available={"M1": 800, "M2": 5000},
        held_until_on=date(2026, 9, 30),
        remark="À peu près.",
    )
    campaign.ask(answer, by=campaign.actors["S-CDR"])
    campaign.ask(AcceptShortCount(subject_id=campaign.campaign_id, list_id=cdr, reason="Le propriétaire est lent."))
    close(campaign)

    sheet = sheets(campaign)["CDR"]
    said = sheet.content
    assert [(one.segment, one.quantity, one.counted_qty) for one in said.rows] == [("M1", 885, 800), ("M2", 2095, 5000)]
    assert (said.counted_on, said.held_until, said.exclusions) == (counted_on, date(2026, 9, 30), "Hors Corse.")
    assert said.short_accepted_on == counted_on
    assert "lent" not in sheet.document.content.decode(), "why is the house's own"


def test_closed_again_unchanged_no_sheet_is_issued_anew(played: Campaigns) -> None:
    campaign = played("budget")
    before = [one.document.id for one in campaign.issued("terms_sheet")]
    back_to_negotiation(campaign)
    close(campaign)

    assert [one.document.id for one in campaign.issued("terms_sheet")] == before
    assert len(campaign.issued("budget_file")) == 2
    assert {row.terms_sheet for row in campaign.issued("budget_file")[-1].content.lists} == {
        "",
        *(f"FC-26A-{code}/1" for code in OF_OTHERS),
    }


def test_terms_that_are_agreed_anew_are_a_second_version_of_that_list_s_sheet_alone(played: Campaigns) -> None:
    campaign = played("budget")
    back_to_negotiation(campaign)
    campaign.ask(ReopenTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id("ALZ"), reason="Prix à revoir."))
    agree(campaign, "ALZ", cpm=Decimal(140))
    close(campaign)

    assert revisions(campaign) == {"ALZ": 2, "BTN": 1, "CDR": 1, "DOM": 1, "ECL": 1}
    second = sheets(campaign)["ALZ"].content
    assert (second.cpm, second.head.supersedes) == (Decimal(140), "FC-26A-ALZ/1")
    named = {row.list_code: row.terms_sheet for row in campaign.issued("budget_file")[-1].content.lists}
    assert (named["ALZ"], named["CDR"], named["MAI"]) == ("FC-26A-ALZ/2", "FC-26A-CDR/1", "")


def test_a_drop_that_was_moved_changes_the_use_and_every_sheet_with_it_once_the_negotiation_is_closed_again(played: Campaigns) -> None:
    campaign = played("budget")
    later = campaign.campaign.drop_on + timedelta(days=7)
    back_to_negotiation(campaign)
    campaign.ask(MoveDrop(subject_id=campaign.campaign_id, drop_on=later, reason="Imprimeur en retard."))
    assert set(revisions(campaign).values()) == {1}, "what was agreed was agreed for the day before"
    close(campaign)

    assert set(revisions(campaign).values()) == {2}
    assert {one.content.mailing_from for one in sheets(campaign).values()} == {later}


def test_a_list_that_is_done_without_gets_no_other_sheet_and_its_terms_count_no_more(played: Campaigns) -> None:
    campaign = played("budget")
    back_to_negotiation(campaign)
    campaign.ask(RefuseTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id("BTN"), reason="Trop cher."))
    close(campaign)

    assert revisions(campaign)["BTN"] == 1
    (row,) = campaign.rows(CampaignList, col(CampaignList.code) == "BTN")
    assert (row.terms_agreed_at, row.consent_at) == (None, None)


def test_an_order_names_the_sheet_that_it_rests_on_with_its_version_and_day(played: Campaigns) -> None:
    campaign = played("budget")
    issued_on = sheets(campaign)["ALZ"].content.head.issued_on
    campaign.approve_budget()

    orders = [one.content.list_terms for one in campaign.issued("purchase_order")]
    named = {terms.list_code: (terms.terms_sheet, terms.terms_sheet_issued_on) for terms in orders if terms}
    assert named == {code: (f"FC-26A-{code}/1", issued_on) for code in OF_OTHERS}
    assert None in orders, "services rest on none"


def test_what_is_ordered_and_agreed_anew_is_ordered_on_the_second_version(played: Campaigns) -> None:
    campaign = played("order")
    campaign.ask(ReturnToStage(subject_id=campaign.campaign_id, stage="plan", reason="Le prix d’ALZ change."))
    campaign.submit_plan()
    campaign.ask(ReopenTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id("ALZ"), reason="Prix à revoir."))
    agree(campaign, "ALZ", cpm=Decimal(140))
    close(campaign)
    campaign.approve_budget()

    newest = {one.content.list_terms.list_code: one for one in campaign.issued("purchase_order") if one.content.list_terms}
    named = {code: (one.document.revision, one.content.list_terms.terms_sheet) for code, one in newest.items()}
    assert named["ALZ"] == (2, "FC-26A-ALZ/2")
    assert named["CDR"] == (1, "FC-26A-CDR/1")


def test_the_same_facts_give_the_same_bytes(played: Campaigns) -> None:
    campaign = played("negotiation")
    campaign.settle_lists()

    first, again = campaign.write(terms_sheets), campaign.write(terms_sheets)
    assert first == again
    assert len(first) == len(OF_OTHERS)


def test_a_sheet_asks_for_its_pdfs_like_every_document(played: Campaigns) -> None:
    campaign = played("budget")

    asked = {one.payload["document_id"] for one in campaign.rows(OutboxMessage, col(OutboxMessage.name) == "render_document")}
    assert {str(one.document.id) for one in campaign.issued("terms_sheet")} <= asked
