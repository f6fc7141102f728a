"""What a cancelled order for services owes: what is known to be done, or what the project manager states with its justification."""

from decimal import Decimal

import pytest
from sqlmodel import col

from tests.integration.stages.invoiced import Campaigns, invoice_of
from tests.integration.stages.played import Played
from tests.integration.stages.test_bending import hold
from tests.integration.stages.test_cancellation_fees import cancelled
from tests.integration.stages.test_moving_the_drop import move
from tests.integration.stages.test_send import deposit, pieces
from tests.integration.stages.test_service_invoices import MAILER, PRINTED, PRINTER, order_of, priced
from workflows.campaign.any_stage.cancelling import (
    ApproveCancellation,
    NoServiceToOwe,
    OwedDiffers,
    OwedInFull,
    RequestCancellation,
    StatedOutOfRange,
    StateOwed,
)
from workflows.campaign.invoices.invoicing import SendInvoice
from workflows.campaign.orders.owing import owed
from workflows.campaign.records import Cancellation
from workflows.campaign.rules import ReasonMissing
from workflows.order.model import PurchaseOrder
from workflows.trade.money import round_cents, tax

WHY = "Papier acheté et coupé au format, facture du papetier jointe."


def owes(campaign: Played, code: str) -> Decimal:
    with campaign.reading() as session:
        return owed(campaign.facts(session))[order_of(campaign, code).number]


def state(campaign: Played, code: str, amount: str, reason: str = WHY) -> None:
    number = order_of(campaign, code).number
    campaign.ask(StateOwed(subject_id=campaign.campaign_id, order_number=number, amount=Decimal(amount), reason=reason))


def of_bureau(campaign: Played) -> Played:
    """A campaign whose data processing, by the address, is ordered from a bureau."""
    with campaign.behind_the_engine() as connection:
        connection.execute("update supplier set kind = 'dedupe_bureau' where code = %s", (MAILER,))
        connection.execute(
            "update purchase_order set body = jsonb_set(body, '{services}',"
            ' \'[["traitement_informatique", "par_adresse_brute", 5000, "0.009"], ["mise_en_place", "forfait", 1, "150.00"]]\')'
            " where supplier_id = (select id from supplier where code = %s)",
            (MAILER,),
        )
    return campaign


def test_of_a_bureau_the_addresses_are_owed_once_they_were_merged_with_what_is_paid_once(played: Campaigns) -> None:
    before, after = of_bureau(played("dedupe")), of_bureau(played("lots"))
    assert owes(before, MAILER) == 0

    with after.reading() as session:
        merged = sum(one["delivered"] for one in after.facts(session).run.report["lists"].values())
    assert merged > 0
    assert owes(after, MAILER) == priced((Decimal("0.009"),), merged) + 150


def test_of_a_printer_the_pieces_are_owed_whose_message_was_signed_off(played: Campaigns) -> None:
    campaign = played("send")
    assert owes(campaign, PRINTER) == 0

    campaign.sign_proofs()

    assert owes(campaign, PRINTER) == priced(PRINTED, sum(pieces(campaign).values()))
    assert owes(campaign, MAILER) == 0, "nothing is put into envelopes yet that anybody knew of"


def test_policy_s_share_is_owed_where_less_is_known_to_be_done(played: Campaigns) -> None:
    campaign = played("send")
    campaign.tune_policy({"cancellation": {"service_share": "0.5"}})
    assert owes(campaign, MAILER) == round_cents(order_of(campaign, MAILER).total_amount / 2)


def test_what_the_project_manager_states_is_what_the_approver_signs_and_the_invoice_is_held_against(played: Campaigns) -> None:
    campaign = played("delivery")
    campaign.ask(RequestCancellation(subject_id=campaign.campaign_id, reason="Le don a baissé."))
    shown = campaign.rows(Cancellation)[-1].owed_amount
    state(campaign, PRINTER, "480.00")

    (request,) = campaign.rows(Cancellation)
    number = order_of(campaign, PRINTER).number
    assert (request.owed[number], request.owed_amount) == ("480.00", shown + 480)
    assert campaign.controls("campaign.cancellation.stated") == {"owed_stated": ("0.00", "480.00", "ok")}
    with pytest.raises(OwedDiffers):
        campaign.ask(ApproveCancellation(subject_id=campaign.campaign_id, owed_amount=shown), by=campaign.president)
    campaign.ask(ApproveCancellation(subject_id=campaign.campaign_id, owed_amount=shown + 480), by=campaign.president)

    order = next(one for one in campaign.rows(PurchaseOrder, PurchaseOrder.number == number))
    assert (order.state, order.owed_amount) == ("cancelled", Decimal("480.00"))
    assert ("send_invoice", number) in campaign.tasks()
    taxed = tax(Decimal("480.00"), Decimal("0.20"))
    said = {"net_amount": taxed.net_amount, "vat_amount": taxed.vat_amount, "total_amount": taxed.gross_amount}
    campaign.ask(SendInvoice(subject_id=campaign.campaign_id, order_number=number, number="S-1", invoiced_on=campaign.now.date(), **said))
    assert (invoice_of(campaign, "S-1").state, invoice_of(campaign, "S-1").due_amount) == ("matched", Decimal("480.00"))


def test_of_a_campaign_that_rests_it_is_stated_too_and_may_be_less_than_what_is_known(played: Campaigns) -> None:
    campaign = played("send")
    campaign.sign_proofs()
    hold(campaign)
    state(campaign, PRINTER, "0.00", "L’imprimeur n’avait pas lancé le tirage et ne facture rien.")

    assert owes(campaign, PRINTER) == 0
    cancelled(campaign)
    (order,) = campaign.rows(PurchaseOrder, PurchaseOrder.supplier_id == campaign.supplier_id(PRINTER), col(PurchaseOrder.to_seq).is_(None))
    assert (order.state, order.owed_amount) == ("cancelled", Decimal(0))


def test_what_cannot_be_owed_is_not_stated(played: Campaigns) -> None:
    campaign = played("send")
    most = order_of(campaign, PRINTER).total_amount
    of_list = next(one for one in campaign.rows(PurchaseOrder, PurchaseOrder.list_code == "ALZ"))
    before = campaign.trace()
    for amount in ("-0.01", str(most + Decimal("0.01"))):
        with pytest.raises(StatedOutOfRange) as refusal:
            state(campaign, PRINTER, amount)
        assert refusal.value.params["most_amount"] == most
    with pytest.raises(ReasonMissing):
        state(campaign, PRINTER, "10.00", " ")
    for number in (of_list.number, "BC-99Z-9"):
        with pytest.raises(NoServiceToOwe):
            campaign.ask(StateOwed(subject_id=campaign.campaign_id, order_number=number, amount=Decimal(10), reason=WHY))
    assert campaign.trace() == before

    campaign.order_mailing()
    deposit(campaign, pieces(campaign))
    with pytest.raises(OwedInFull):
        state(campaign, PRINTER, "10.00")
    assert owes(campaign, PRINTER) == most


def test_what_was_stated_stays_when_orders_go_out_anew_for_another_day(played: Campaigns) -> None:
    campaign = played("delivery")
    state(campaign, PRINTER, "480.00")
    move(campaign)
    order = order_of(campaign, PRINTER)
    assert (order.revision, order.stated_amount, order.stated_reason) == (2, Decimal("480.00"), WHY)
