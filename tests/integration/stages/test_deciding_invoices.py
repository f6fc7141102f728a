"""Invoices that differ: accepted, disputed, waived; what that does to the budget, and what keeps a campaign from its end."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col

from tests.integration.stages.invoiced import LISTS, Campaigns, billed, biller, checks, decide, invoice_of, row_of, states
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.overriding import OverrideNotAllowed
from workflows.campaign.budget.overrun import ApproveOverrun, RefuseOverrun
from workflows.campaign.dedupe.settings import RedoDedupe
from workflows.campaign.invoices.decisions import AcceptInvoice, DisputeInvoice, InvoiceNotOpen, NothingToWaive, WaiveInvoice
from workflows.campaign.invoices.expected import every_invoice_is_decided, every_invoice_is_here
from workflows.campaign.invoices.invoicing import EnterInvoices, UnknownBiller
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.records import BudgetOverrun, Override
from workflows.campaign.rules import NotOfThisCampaign, ReasonMissing
from workflows.campaign.stages.analysis import CloseCampaign
from workflows.engine.refusals import ConditionsUnmet, MoveNotOpen


@pytest.fixture
def campaign(played: Campaigns) -> Played:
    """A campaign whose answers are closed, and whose results are published."""
    campaign = played("analysis")
    campaign.publish()
    campaign.certify_destruction()
    return campaign


def test_an_accepted_difference_is_an_override_that_somebody_else_reviews(campaign: Played) -> None:
    campaign.tune_policy({"tolerances": {"budget_overrun_share": "0.9"}})
    due = billed(campaign)["ALZ"].amount.net_amount
    invoice = campaign.send_invoice("ALZ", net_amount=due + Decimal("0.01"))

    with pytest.raises(ReasonMissing):
        decide(campaign, AcceptInvoice, invoice, " ")
    decide(campaign, AcceptInvoice, invoice, "Un centime d’arrondi.")

    accepted = invoice_of(campaign, invoice.number)
    assert (accepted.state, accepted.reason, accepted.decided_by_id) == ("accepted", "Un centime d’arrondi.", campaign.manager.person_id)
    (passed,) = [one for one in campaign.rows(Override) if one.control == "invoice"]
    assert (passed.about, passed.expected, passed.actual) == (invoice.number, str(due), str(due + Decimal("0.01")))
    assert checks(campaign, "campaign.invoice.accepted")[f"invoice:{invoice.number}"][2] == "overridden"
    assert ("review_override", "invoice") in campaign.tasks()
    assert ("decide_invoice", invoice.number) not in campaign.tasks()
    with pytest.raises(InvoiceNotOpen):
        decide(campaign, DisputeInvoice, invoice)


def test_nobody_accepts_a_difference_where_policy_says_so(campaign: Played) -> None:
    campaign.tune_policy({"overrides": {"invoice": "nobody"}})
    invoice = campaign.send_invoice("ALZ", net_amount=Decimal("1.00"))

    with pytest.raises(OverrideNotAllowed):
        decide(campaign, AcceptInvoice, invoice)

    assert invoice_of(campaign, invoice.number).state == "received"


def test_a_dispute_is_told_to_the_supplier_in_a_document_and_another_invoice_is_asked_for(campaign: Played) -> None:
    amount = billed(campaign)["ALZ"].amount
    invoice = campaign.send_invoice("ALZ", net_amount=amount.net_amount + 10)

    with pytest.raises(ReasonMissing):
        decide(campaign, DisputeInvoice, invoice, "")
    decide(campaign, DisputeInvoice, invoice, "Dix euros de trop.")

    (issued,) = campaign.issued("invoice_dispute")
    said = issued.content
    assert issued.document.supplier_id == campaign.supplier_id(amount.supplier)
    assert issued.document.number == "CF-26A-001"
    assert (said.invoice_number, said.order_number, said.reason) == (invoice.number, amount.order_number, "Dix euros de trop.")
    assert (said.due_amount, said.due_qty, said.invoiced_amount) == (amount.net_amount, amount.quantity, amount.net_amount + 10)
    assert [point.code for point in said.points] == ["unit_price", "net_amount"]
    assert said.statement == "EN-26A-ALZ/1"
    assert ("send_invoice", amount.order_number) in campaign.tasks()
    assert checks(campaign, "campaign.invoice.disputed")[f"invoice:{invoice.number}"][2] == "failed"


def test_a_corrected_invoice_takes_the_place_of_the_disputed_one(campaign: Played) -> None:
    wrong = campaign.send_invoice("ALZ", number="F-1", net_amount=Decimal("1.00"))
    decide(campaign, DisputeInvoice, wrong)

    right = campaign.send_invoice("ALZ", number="F-2")

    assert (right.state, right.replaces_id) == ("matched", wrong.id)
    assert invoice_of(campaign, "F-1").state == "replaced"
    assert states(campaign)["ALZ"] == "matched"
    assert ("send_invoice", right.order_number) not in campaign.tasks()


def test_a_campaign_is_not_closed_while_an_invoice_is_missing_or_undecided(campaign: Played) -> None:
    orders = {code: due.order.number for code, due in billed(campaign).items()}
    assert set(campaign.unmet("close_campaign")["invoices.missing"]["orders"]) == set(orders.values())
    assert isinstance(campaign.unmet("close_campaign")["invoices.missing"]["due_on"], date)
    invoice = campaign.send_invoice("ALZ", net_amount=Decimal("1.00"))
    assert orders["ALZ"] not in campaign.unmet("close_campaign")["invoices.missing"]["orders"]
    assert campaign.unmet("close_campaign")["invoices.undecided"]["invoices"] == [invoice.number]
    decide(campaign, DisputeInvoice, invoice)
    campaign.invoice_everything()
    with_dispute = campaign.unmet("close_campaign")

    assert with_dispute == {}
    campaign.ask(CloseCampaign(subject_id=campaign.campaign_id))
    assert campaign.state == "closed"


def test_a_disputed_invoice_keeps_no_campaign_open_and_can_be_corrected_after_its_end(campaign: Played) -> None:
    for code in sorted(billed(campaign).keys() - {"ALZ"}):
        campaign.send_invoice(code)
    decide(campaign, DisputeInvoice, campaign.send_invoice("ALZ", number="F-1", net_amount=Decimal("1.00")))
    campaign.ask(CloseCampaign(subject_id=campaign.campaign_id))

    campaign.send_invoice("ALZ", number="F-2", by=biller(campaign, "ALZ"))

    assert states(campaign)["ALZ"] == "matched"
    assert "send_invoice" not in {name for name, _ in campaign.tasks()}


def test_an_older_policy_asks_for_no_invoice(played: Campaigns) -> None:
    campaign = played("dedupe")
    campaign.record_dedupe()
    campaign.tune_policy({"analysis": {"invoices_required": False, "service_invoices_required": False}})
    campaign.approve_dedupe()
    assert "send_invoice" not in {name for name, _ in campaign.tasks()}
    campaign.send_invoice("ALZ", net_amount=Decimal("1.00"))

    with campaign.reading() as session:
        facts = campaign.facts(session)
        assert [condition(facts) for condition in (every_invoice_is_here, every_invoice_is_decided)] == [None, None]


def test_the_manager_may_do_without_an_invoice_for_a_reason_that_is_reviewed(campaign: Played) -> None:
    number = billed(campaign)["ALZ"].order.number

    campaign.ask(WaiveInvoice(subject_id=campaign.campaign_id, order_number=number, reason="Échange soldé d’un commun accord."))

    assert states(campaign)["ALZ"] == "waived"
    assert number not in campaign.unmet("close_campaign")["invoices.missing"]["orders"]
    assert ("send_invoice", number) not in campaign.tasks()
    assert ("review_override", "invoice_missing") in campaign.tasks()
    with pytest.raises(NothingToWaive):
        campaign.ask(WaiveInvoice(subject_id=campaign.campaign_id, order_number=number, reason="Encore."))


def test_rows_of_a_file_are_entered_all_or_none_and_repeated_ones_count_once(campaign: Played) -> None:
    first, second = row_of(campaign, "ALZ"), row_of(campaign, "BTN")
    wrong = row_of(campaign, "CDR", supplier="S-XXX")
    with pytest.raises(UnknownBiller) as refusal:
        campaign.ask(EnterInvoices(subject_id=campaign.campaign_id, rows=(first, wrong)))
    assert refusal.value.params == {"supplier": "S-XXX", "row": 2}
    assert campaign.rows(Invoice) == []

    campaign.ask(EnterInvoices(subject_id=campaign.campaign_id, rows=(first, second, first)))

    assert sorted(one.number for one in campaign.rows(Invoice)) == ["F-ALZ", "F-BTN"]
    assert checks(campaign, "campaign.invoice.entered")["invoices_counted"] == (3, 2, "warning")
    assert {one.state for one in campaign.rows(Invoice)} == {"matched"}


def test_an_invoice_of_another_campaign_is_not_decided_here(campaign: Played) -> None:
    with pytest.raises(NotOfThisCampaign):
        campaign.ask(AcceptInvoice(subject_id=campaign.campaign_id, invoice_id=campaign.campaign_id, reason="?"))


def test_another_merge_purge_has_what_bills_it_looked_at_again(played: Campaigns) -> None:
    campaign = played("lots")
    matched = campaign.send_invoice("ALZ", number="F-1")
    campaign.ask(RedoDedupe(subject_id=campaign.campaign_id, reason="Une liste repoussoir manquait."))
    assert billed(campaign) == {}
    assert "send_invoice" not in {name for name, _ in campaign.tasks()}
    assert invoice_of(campaign, "F-1").state == "matched"

    campaign.record_dedupe()
    campaign.approve_dedupe()

    assert states(campaign)["ALZ"] == "matched", "the same is due as before"
    assert billed(campaign)["ALZ"].amount.stated_on <= matched.invoiced_on, "the first statement counts for the day"
    assert len([name for name, _ in campaign.tasks() if name == "send_invoice"]) == len(LISTS) - 1


def test_an_invoice_of_the_day_before_or_of_tomorrow_differs(campaign: Played) -> None:
    stated_on = billed(campaign)["ALZ"].amount.stated_on

    early = campaign.send_invoice("ALZ", invoiced_on=stated_on - timedelta(days=1))
    late = campaign.send_invoice("BTN", invoiced_on=campaign.now.date() + timedelta(days=2))

    assert [one["code"] for one in early.findings] == ["not_before"]
    assert [one["code"] for one in late.findings] == ["not_ahead"]


# --- what costs more than may be spent ---------------------------------------------------------------------------------------------


def overrun_of(campaign: Played) -> BudgetOverrun:
    found: BudgetOverrun = campaign.rows(BudgetOverrun, col(BudgetOverrun.to_seq).is_(None), order=col(BudgetOverrun.from_seq))[-1]
    return found


def signed(campaign: Played) -> dict[str, Any]:
    overrun = overrun_of(campaign)
    return {"subject_id": campaign.campaign_id, "overrun_sha256": overrun.sha256, "forecast_amount": overrun.forecast_amount}


@pytest.fixture
def above(campaign: Played) -> tuple[Played, Invoice]:
    """An invoice of a thousand euros too many, accepted: what was approved is used up by the lots already."""
    invoice = campaign.send_invoice("ALZ", number="F-1", net_amount=billed(campaign)["ALZ"].amount.net_amount + 1000)
    decide(campaign, AcceptInvoice, invoice, "Le courtier maintient son prix.")
    return campaign, invoice_of(campaign, "F-1")


def test_an_accepted_invoice_that_costs_more_than_was_approved_waits_for_an_approver(above: tuple[Played, Invoice]) -> None:
    campaign, invoice = above
    before = campaign.rows(BudgetOverrun, col(BudgetOverrun.to_seq).is_(None), order=col(BudgetOverrun.from_seq))[0]

    assert invoice.state == "above_budget"
    assert overrun_of(campaign).invoice_id == invoice.id
    assert overrun_of(campaign).forecast_amount == before.forecast_amount + 1000
    assert campaign.unmet("close_campaign")["invoices.above_budget"]["invoices"] == ["F-1"]
    assert ("reapprove_budget", "") in campaign.tasks()


def test_once_an_approver_accepts_the_overrun_the_invoice_is_accepted(above: tuple[Played, Invoice]) -> None:
    campaign, _ = above

    campaign.ask(ApproveOverrun(**signed(campaign)), by=campaign.president)

    assert invoice_of(campaign, "F-1").state == "accepted"
    assert "invoices.above_budget" not in campaign.unmet("close_campaign")
    assert "reapprove_budget" not in {name for name, _ in campaign.tasks()}


def test_where_an_approver_refuses_the_overrun_the_invoice_is_decided_anew(above: tuple[Played, Invoice]) -> None:
    campaign, _ = above
    campaign.ask(RefuseOverrun(subject_id=campaign.campaign_id, reason="Trop cher."), by=campaign.president)
    assert invoice_of(campaign, "F-1").state == "received"
    assert ("decide_invoice", "F-1") in campaign.tasks()
    with pytest.raises(ConditionsUnmet):
        campaign.ask(ApproveOverrun(**signed(campaign)), by=campaign.president)

    decide(campaign, DisputeInvoice, invoice_of(campaign, "F-1"))

    assert states(campaign)["ALZ"] == "disputed"


def test_what_waits_for_an_approver_may_still_be_disputed(above: tuple[Played, Invoice]) -> None:
    campaign, invoice = above

    decide(campaign, DisputeInvoice, invoice)

    assert states(campaign)["ALZ"] == "disputed"
    assert "reapprove_budget" not in {name for name, _ in campaign.tasks()}
    assert overrun_of(campaign).invoice_id is None


def test_a_difference_within_what_was_approved_is_accepted_at_once(campaign: Played) -> None:
    campaign.tune_policy({"tolerances": {"budget_overrun_share": "0.9"}})
    invoice = campaign.send_invoice("ALZ", net_amount=billed(campaign)["ALZ"].amount.net_amount + 1000)

    decide(campaign, AcceptInvoice, invoice)

    assert states(campaign)["ALZ"] == "accepted"
    assert checks(campaign, "campaign.invoice.accepted")["overrun"][2] == "ok"


def test_while_lots_are_made_nothing_is_decided(played: Campaigns) -> None:
    campaign = played("lots")
    invoice = campaign.send_invoice("ALZ", net_amount=Decimal("1.00"))

    with pytest.raises(MoveNotOpen):
        decide(campaign, AcceptInvoice, invoice)


def test_the_report_of_results_says_how_each_invoice_stands(played: Campaigns) -> None:
    campaign = played("analysis")
    campaign.send_invoice("ALZ", number="F-1")
    decide(campaign, DisputeInvoice, campaign.send_invoice("BTN", number="F-2", net_amount=Decimal("1.00")))

    campaign.publish()

    (issued,) = campaign.issued("results_report")
    said = {
        row.list_code or row.supplier_name: (row.invoice_state, row.invoice_number, row.invoiced_amount) for row in issued.content.invoices
    }
    due = billed(campaign)["ALZ"].amount.net_amount
    assert (said["ALZ"], said["BTN"]) == (("matched", "F-1", due), ("disputed", "F-2", Decimal("1.00")))
    assert said["CDR"] == ("missing", "", None)
    assert {state for code, (state, _, _) in said.items() if code not in LISTS} == {"missing"}, "services bill too"
