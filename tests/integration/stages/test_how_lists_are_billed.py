"""A list whose floor is one of what was ordered, and of which some losses are never billed: agreed, printed, billed and invoiced so."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col

from app.queries.brief import brief_of
from tests.integration.papers.brought import a_report
from tests.integration.papers.journey import kept
from tests.integration.stages.invoiced import Campaigns, billed, biller
from tests.integration.stages.played import Played
from tests.integration.stages.test_changes_that_suppliers_propose import propose
from tests.integration.stages.test_order import current, renegotiate
from tests.integration.stages.test_terms_sheets import agree, sheets
from workflows.campaign.documents import ListTerms
from workflows.campaign.exchanges.records import ExchangeEntry
from workflows.campaign.model import CampaignList
from workflows.campaign.records import BudgetVersion
from workflows.campaign.results.figures import list_bills
from workflows.campaign.stages.dedupe import RecordMergePurge
from workflows.campaign.stages.delivery import AcceptShortDelivery
from workflows.campaign.stages.negotiation import AgreeTerms, ReturnToPlan
from workflows.campaign.stages.plan import RevisePlan
from workflows.campaign.values import ValueNotAllowed
from workflows.engine.canonical import read_json
from workflows.order.proposing import AcceptProposal, NothingProposed
from workflows.parties.actor import SYSTEM
from workflows.trade.billing import ListBill

UNUSUAL: dict[str, Any] = {"billing_basis": "ordered", "unbilled_reasons": ("intra", "rejected")}
DEDUCTED = ("opposition", "pnd_historique", "donateurs_actifs", "inter")
"""What the kit deducts down to the floor where rejects and duplicates within the list are never billed."""


def list_of(campaign: Played, code: str) -> CampaignList:
    (row,) = campaign.rows(CampaignList, col(CampaignList.code) == code, col(CampaignList.to_seq).is_(None))
    assert isinstance(row, CampaignList)
    return row


def ordered_terms(campaign: Played) -> dict[str, ListTerms]:
    """What the newest order of each list says of it."""
    return {one.content.list_terms.list_code: one.content.list_terms for one in campaign.issued("purchase_order") if one.content.list_terms}


def budget(campaign: Played) -> dict[str, Any]:
    """What the newest budget says of the terms of each list."""
    newest = max(campaign.rows(BudgetVersion), key=lambda one: one.number)
    return {one["list"]: one["terms"] for one in read_json(newest.body)["lists"]}


def bill(campaign: Played, code: str) -> ListBill:
    with campaign.reading() as session:
        return list_bills(campaign.facts(session))[code]


def merged(played: Campaigns, delivered: int = 1200, **terms: Any) -> Played:
    """A campaign whose dedupe is approved, with these terms of ALZ and no least invoice, of whose addresses so many were delivered."""
    campaign = played("negotiation")
    agree(campaign, "ALZ", min_invoice_amount=Decimal(0), **terms)
    campaign.reach("delivery")
    campaign.deliver_everything(ALZ=delivered)
    campaign.ask(AcceptShortDelivery(subject_id=campaign.campaign_id, list_id=campaign.list_id("ALZ"), reason="Segment épuisé."))
    campaign.start_dedupe("Le courtier n’a pas tout.")
    with campaign.reading() as session:
        facts = campaign.facts(session)
        others = {row.code: facts.ordered_qty(row.id) for row in facts.live_lists if row.code != "ALZ"}
        run_id = facts.run.id
    report = a_report({**others, "ALZ": delivered})
    campaign.ask(RecordMergePurge(subject_id=campaign.campaign_id, run_id=run_id, report=report, result=kept("dedupe.zip")), by=SYSTEM)
    campaign.approve_dedupe()
    return campaign


def test_what_is_agreed_stands_on_the_sheet_in_the_budget_and_on_the_order(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "ALZ", **UNUSUAL)
    campaign.reach("order")

    row = list_of(campaign, "ALZ")
    assert (row.billing_basis, row.unbilled_reasons) == ("ordered", ["rejected", "intra"])
    for said in (sheets(campaign)["ALZ"].content, ordered_terms(campaign)["ALZ"]):
        assert (said.billing_basis, said.unbilled_reasons, said.deductible_reasons) == ("ordered", ("rejected", "intra"), DEDUCTED)
    assert current(campaign)["ALZ"].body["billing"] == {"billing_basis": "ordered", "unbilled_reasons": ["rejected", "intra"]}
    told = budget(campaign)["ALZ"]
    assert (told["billing_basis"], told["unbilled_reasons"]) == ("ordered", ["rejected", "intra"])
    (file,) = [one for one in campaign.issued("budget_file")[-1].content.lists if one.list_code == "ALZ"]
    assert (file.billing_basis, file.unbilled_reasons) == ("ordered", ("rejected", "intra"))


def test_what_is_as_usual_is_said_nowhere_so_that_what_was_signed_and_ordered_before_stays_what_it_was(played: Campaigns) -> None:
    campaign = played("order")

    assert all("billing" not in order.body for order in current(campaign).values())
    assert all(set(terms) & set(UNUSUAL) == set() for terms in budget(campaign).values())
    said = [one.document.content.decode() for kind in ("terms_sheet", "purchase_order", "budget_file") for one in campaign.issued(kind)]
    assert not [words for words in said if "unbilled_reasons" in words or "billing_basis" in words]


@pytest.mark.parametrize(
    "wrong", [{"billing_basis": "net"}, {"billing_basis": ""}, {"unbilled_reasons": ("pnd",)}, {"unbilled_reasons": ("intra", "lost")}]
)
def test_a_basis_or_loss_that_nobody_can_bill_by_is_refused(played: Campaigns, wrong: dict[str, Any]) -> None:
    campaign = played("negotiation")
    with pytest.raises(ValueNotAllowed) as refused:
        campaign.ask(AgreeTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id("ALZ"), **wrong))
    assert refused.value.params["field"] == next(iter(wrong))


def test_a_supplier_proposes_them_they_are_agreed_and_its_order_is_issued_anew(played: Campaigns) -> None:
    campaign = played("order")
    order = propose(campaign, current(campaign)["CDR"], **UNUSUAL)
    assert order.proposal == {"billing_basis": "ordered", "unbilled_reasons": ["intra", "rejected"]}
    campaign.ask(AcceptProposal(subject_id=order.id))
    renegotiate(campaign, "CDR", **UNUSUAL)

    again = current(campaign)["CDR"]
    assert (again.number, again.revision) == (order.number, 2)
    assert ordered_terms(campaign)["CDR"].unbilled_reasons == ("rejected", "intra")

    back = propose(campaign, again, billing_basis="delivered", unbilled_reasons=())
    assert back.proposal == {"billing_basis": "delivered", "unbilled_reasons": []}, "that all is as usual is proposed too"


def test_a_proposal_of_a_loss_that_is_none_and_one_of_nothing_are_refused(played: Campaigns) -> None:
    campaign = played("order")
    with pytest.raises(ValueNotAllowed):
        propose(campaign, current(campaign)["CDR"], unbilled_reasons=("pnd",))
    with pytest.raises(NothingProposed):
        propose(campaign, current(campaign)["CDR"], billing_basis=None, unbilled_reasons=None)


def test_terms_that_the_command_leaves_out_stay_as_they_were_agreed(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "ALZ", **UNUSUAL)
    campaign.reach("order")

    renegotiate(campaign, "ALZ", cpm=Decimal(150))

    row = list_of(campaign, "ALZ")
    assert (row.cpm, row.billing_basis, row.unbilled_reasons) == (150, "ordered", ["rejected", "intra"])


def test_a_table_that_says_what_is_agreed_leaves_it_agreed_and_one_that_says_otherwise_opens_it(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "ALZ", **UNUSUAL)
    campaign.ask(ReturnToPlan(subject_id=campaign.campaign_id, reason="Un segment de plus."))
    with campaign.reading() as session:
        lists = brief_of(campaign.facts(session)).lists

    def revise(**terms: Any) -> CampaignList:
        rows = tuple(replace(row, **terms) if row.code == "ALZ" else row for row in lists)
        campaign.ask(RevisePlan(subject_id=campaign.campaign_id, lists=rows))
        return list_of(campaign, "ALZ")

    assert revise().terms_agreed_at is not None
    assert revise(unbilled_reasons=("intra", "rejected")).terms_agreed_at is not None, "whatever order they are named in"
    usual = revise(unbilled_reasons=())
    assert (usual.terms_agreed_at, usual.billing_basis, usual.unbilled_reasons) == (None, "ordered", [])


def test_a_floor_of_what_was_ordered_bills_a_short_delivery_whole(played: Campaigns) -> None:
    campaign = merged(played, billing_basis="ordered")

    found = bill(campaign, "ALZ")
    # 1,559 were ordered; 85 % of them are more than the 1,200 that came.
    assert (found.delivered, found.floor, found.billable, found.run_quantity) == (1200, 1326, 1200, 0)
    (said,) = [one.content for one in campaign.issued("net_statement") if one.content.list_code == "ALZ"]
    assert (said.billing_basis, said.ordered_qty, said.floor_qty, said.billable_qty) == ("ordered", 1559, 1326, 1200)
    assert said.due_amount == found.due_amount


def test_what_is_never_billed_is_on_no_line_of_the_statement_but_the_selection(played: Campaigns) -> None:
    usual, agreed = bill(merged(played, 1500), "ALZ"), merged(played, 1500, unbilled_reasons=("rejected", "intra"))

    found = bill(agreed, "ALZ")
    # Of 1,500 the report rejects 5 and finds 4 twice in the list: 1,491 are left, and 85 % of them are 1,268.
    assert (found.unbilled, found.charged, found.floor, found.net) == (9, 1491, 1268, 1335)
    assert (found.billable, found.run_quantity, found.selected) == (1335, 156, 1500)
    assert (usual.billable, usual.run_quantity, usual.selected) == (1335, 165, 1500)
    assert found.due_amount < usual.due_amount
    (said,) = [one.content for one in agreed.issued("net_statement") if one.content.list_code == "ALZ"]
    assert said.unbilled_reasons == ("rejected", "intra")
    assert (said.unbilled_qty, said.charged_qty, said.floor_qty, said.due_amount) == (9, 1491, 1268, found.due_amount)
    quantities = {part.code: part.quantity for part in said.parts}
    assert (quantities["addresses"], quantities["run"], quantities["selection"]) == (1335, 156, 1500)


def test_an_invoice_is_matched_by_these_terms_and_one_by_the_usual_ones_is_contested(played: Campaigns) -> None:
    usual = billed(merged(played))["ALZ"].amount
    campaign = merged(played, billing_basis="ordered", unbilled_reasons=("rejected", "suppressed", "intra"))
    due = billed(campaign)["ALZ"].amount
    # Of 1,200 are 15 never billed; the floor of what was ordered bills what is left, all in full.
    assert (usual.quantity, due.quantity) == (1065, 1185)

    right = campaign.send_invoice("ALZ", by=biller(campaign, "ALZ"))
    assert (right.state, right.findings) == ("matched", [])

    other = merged(played, billing_basis="ordered", unbilled_reasons=("rejected", "suppressed", "intra"))
    wrong = other.send_invoice("ALZ", by=biller(other, "ALZ"), quantity=usual.quantity, net_amount=usual.net_amount)
    assert wrong.state == "received"
    assert {one["code"] for one in wrong.findings} >= {"quantity", "net_amount"}


def test_a_list_of_which_losses_are_never_billed_is_exchanged_net_of_them(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "DOM", unbilled_reasons=("rejected", "suppressed", "intra", "inter"))
    campaign.reach("analysis")
    campaign.publish()

    (entry,) = campaign.rows(ExchangeEntry, col(ExchangeEntry.to_seq).is_(None))
    assert (entry.basis, entry.quantity) == ("net", bill(campaign, "DOM").net)
    assert sheets(campaign)["DOM"].content.exchange_basis == "net"
