"""A supplier's invoices have the VAT that it bills; the budget has what the advertiser pays, to the supplier or by itself."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.stages.invoiced import billed, biller
from tests.integration.stages.played import Played
from workflows.campaign.budget.snapshot import planned_budget
from workflows.campaign.documents import content_from_json
from workflows.engine.documents import Document
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Supplier
from workflows.parties.roles import VatStatus

Campaigns = Callable[[str], Played]
OF_ALZ, OF_SERVICES = "S-CRT", "S-ROU"


def stands(campaign: Played, code: str, status: VatStatus) -> None:
    with campaign.database.writing(SYSTEM) as session:
        session.get_one(Supplier, campaign.supplier_id(code)).vat_status = status


def vat_by_supplier(campaign: Played) -> dict[str, Decimal]:
    with campaign.reading() as session:
        return {code: taxed.vat_amount for code, taxed in planned_budget(campaign.facts(session)).by_supplier().items()}


@pytest.mark.parametrize(("status", "costs"), [(VatStatus.NOT_LIABLE, False), (VatStatus.REVERSE_CHARGE, True)])
def test_a_budget_has_the_vat_that_the_advertiser_pays(played: Campaigns, status: VatStatus, costs: bool) -> None:
    campaign = played("negotiation")
    before = vat_by_supplier(campaign)

    stands(campaign, OF_SERVICES, status)

    after = vat_by_supplier(campaign)
    assert after[OF_SERVICES] == (before[OF_SERVICES] if costs else 0)
    assert {code: amount for code, amount in after.items() if code != OF_SERVICES} == {
        code: amount for code, amount in before.items() if code != OF_SERVICES
    }


def test_an_approval_ends_when_what_is_signed_costs_another_vat(played: Campaigns) -> None:
    campaign = played("order")
    assert "budget.approval_void" not in campaign.unmet("issue_orders")

    stands(campaign, OF_SERVICES, VatStatus.NOT_LIABLE)

    assert "budget.approval_void" in campaign.unmet("issue_orders")


@pytest.mark.parametrize("status", [VatStatus.NOT_LIABLE, VatStatus.REVERSE_CHARGE])
def test_an_invoice_without_vat_matches_where_none_is_to_be_billed(played: Campaigns, status: VatStatus) -> None:
    campaign = played("send")
    stands(campaign, OF_ALZ, status)
    due = billed(campaign)["ALZ"].amount
    assert (due.taxed.vat_amount, due.taxed.gross_amount) == (0, due.net_amount)

    sent = campaign.send_invoice("ALZ", by=biller(campaign, "ALZ"))

    assert (sent.vat_amount, sent.state) == (0, "matched")


def test_vat_that_is_billed_where_none_is_due_is_a_difference(played: Campaigns) -> None:
    campaign = played("send")
    net = billed(campaign)["ALZ"].amount.net_amount
    vat = round(net * Decimal("0.2"), 2)
    stands(campaign, OF_ALZ, VatStatus.NOT_LIABLE)

    sent = campaign.send_invoice("ALZ", by=biller(campaign, "ALZ"), vat_amount=vat, total_amount=net + vat)

    assert sent.state == "received"
    found: dict[str, Any] = {one.code: (one.expected, one.actual) for one in sent.points}
    assert found["vat_amount"] == (0, vat)


def test_orders_say_that_no_vat_is_to_be_billed(played: Campaigns) -> None:
    campaign = played("negotiation")
    stands(campaign, OF_SERVICES, VatStatus.REVERSE_CHARGE)
    campaign.reach("delivery")

    orders = campaign.rows(Document, Document.kind == "purchase_order")
    rates = {one.supplier_id: content_from_json(one.kind, one.content).vat_rate for one in orders}
    assert {supplier for supplier, rate in rates.items() if not rate} == {campaign.supplier_id(OF_SERVICES)}
