"""What a withdrawn order still owes by its terms: its supplier is asked to invoice it, and no more than that is paid."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col

from tests.integration.papers.brought import a_faulty_file
from tests.integration.papers.journey import kept
from tests.integration.stages.invoiced import Campaigns, checks, decide, invoice_of
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.cancelling import ApproveCancellation, RequestCancellation
from workflows.campaign.any_stage.overriding import ReviewOverride
from workflows.campaign.any_stage.reworking import ReturnToStage
from workflows.campaign.budget.forecast import forecast_budget
from workflows.campaign.invoices.crediting import SendCreditNote
from workflows.campaign.invoices.decisions import AcceptInvoice, DisputeInvoice, InvoiceAboveFee, WaiveInvoice
from workflows.campaign.invoices.expected import standings
from workflows.campaign.invoices.invoicing import EnterInvoices, NothingOwed, SendInvoice
from workflows.campaign.orders.fees import committed_amount
from workflows.campaign.orders.owing import owed
from workflows.campaign.planning import planned_step
from workflows.campaign.records import Override
from workflows.campaign.stages.delivery import ExcludeList
from workflows.delivery.process import AcceptDelivery, DeliverFile, RecordExamination
from workflows.engine.checkpoints import Checkpoint
from workflows.order.model import PurchaseOrder
from workflows.parties.actor import SYSTEM, Actor
from workflows.trade.invoice_control import Invoiced
from workflows.trade.money import tax
from workflows.trade.working_days import instant_at

GONE = "ECL"
"""A list whose file came before its order was withdrawn."""


def order_of(campaign: Played, code: str) -> PurchaseOrder:
    return max(campaign.rows(PurchaseOrder, PurchaseOrder.list_code == code), key=lambda one: one.from_seq)


def excluded(played: Campaigns, code: str = GONE) -> Played:
    """A campaign in *delivery* that goes on without a list that was delivered."""
    campaign = played("delivery")
    campaign.deliver_everything()
    campaign.ask(ExcludeList(subject_id=campaign.campaign_id, list_id=campaign.list_id(code), reason="Fichier douteux."))
    return campaign


def cancelled(campaign: Played) -> Played:
    """The same campaign, given up at what that costs."""
    campaign.ask(RequestCancellation(subject_id=campaign.campaign_id, reason="Le don a baissé."))
    with campaign.reading() as session:
        owed = campaign.facts(session).cancellations[-1].owed_amount
    campaign.ask(ApproveCancellation(subject_id=campaign.campaign_id, owed_amount=owed), by=campaign.president)
    return campaign


def owner(campaign: Played, code: str) -> Actor:
    supplier_id = order_of(campaign, code).supplier_id
    return next(one for one in campaign.actors.values() if supplier_id in one.supplier_ids)


def said(campaign: Played, code: str, net_amount: Decimal | None = None, number: str = "A-1") -> dict[str, Any]:
    """An invoice of what the withdrawn order of a list owes, or of another amount."""
    order = order_of(campaign, code)
    taxed = tax(order.owed_amount if net_amount is None else net_amount, Decimal("0.20"))
    return {
        "order_number": order.number,
        "number": number,
        "invoiced_on": campaign.now.date(),
        "net_amount": taxed.net_amount,
        "vat_amount": taxed.vat_amount,
        "total_amount": taxed.gross_amount,
    }


def send(campaign: Played, code: str, net_amount: Decimal | None = None, number: str = "A-1", *, by: Actor | None = None) -> None:
    campaign.ask(SendInvoice(subject_id=campaign.campaign_id, **said(campaign, code, net_amount, number)), by=by or owner(campaign, code))


def state_of(campaign: Played, code: str) -> str:
    with campaign.reading() as session:
        return {one.due.order.list_code: one.state for one in standings(campaign.facts(session)) if one.due.is_fee}[code]


def test_the_supplier_of_an_order_withdrawn_after_delivery_is_asked_at_once_to_invoice_what_it_owes(played: Campaigns) -> None:
    campaign = excluded(played)

    order = order_of(campaign, GONE)
    assert order.owed_amount
    assert order.withdrawn_at == campaign.rows(Checkpoint, col(Checkpoint.event) == "order.cancelled")[-1].at
    assert ("send_invoice", order.number) in campaign.tasks()


def test_an_order_withdrawn_before_anything_came_asks_for_no_invoice_and_takes_none(played: Campaigns) -> None:
    campaign = played("delivery")
    campaign.ask(ExcludeList(subject_id=campaign.campaign_id, list_id=campaign.list_id(GONE), reason="Trop tard."))

    order = order_of(campaign, GONE)
    assert ("send_invoice", order.number) not in campaign.tasks()
    with pytest.raises(NothingOwed) as refused:
        send(campaign, GONE, Decimal("100.00"))
    assert refused.value.params == {"order": order.number}


def test_a_file_that_was_refused_or_does_not_conform_is_no_extraction(played: Campaigns) -> None:
    campaign = played("delivery")
    campaign.refuse_a_delivery(GONE)
    assert owed_for_list(campaign, GONE) == 0

    found = campaign.ask(delivered(campaign, GONE, version=2), by=owner(campaign, GONE)).subject.id
    assert owed_for_list(campaign, GONE) > 0, "it may conform"
    campaign.ask(RecordExamination(subject_id=found, **a_faulty_file()), by=SYSTEM)
    assert owed_for_list(campaign, GONE) == 0

    campaign.ask(ExcludeList(subject_id=campaign.campaign_id, list_id=campaign.list_id(GONE), reason="Jamais conforme."))
    assert order_of(campaign, GONE).owed_amount == 0
    assert ("send_invoice", order_of(campaign, GONE).number) not in campaign.tasks()


def test_a_file_that_came_after_the_day_of_the_dedupe_costs_nothing_unless_it_is_accepted_still(played: Campaigns) -> None:
    campaign = played("delivery")
    with campaign.reading() as session:
        first_on, _last_on = planned_step(campaign.facts(session).campaign, "dedupe")
    last_on = max(first_on, order_of(campaign, GONE).deliver_by or first_on)
    for day, is_owed in ((last_on, True), (last_on + timedelta(days=1), False)):
        in_time = campaign.on(campaign.database)
        in_time.now = instant_at(day, time(12))
        found = in_time.ask(delivered(in_time, GONE, version=day.day), by=owner(campaign, GONE)).subject.id
        assert (owed_for_list(in_time, GONE) > 0) is is_owed

    report = {"kind": "csv", "encoding": "cp1252", "defects": []}
    in_time.ask(RecordExamination(subject_id=found, record_count=100, conforming=True, report=report, findings=()), by=SYSTEM)
    assert owed_for_list(in_time, GONE) == 0
    in_time.ask(AcceptDelivery(subject_id=found))
    assert owed_for_list(in_time, GONE) > 0


def owed_for_list(campaign: Played, code: str) -> Decimal:
    """What its order would cost when it is withdrawn now."""
    with campaign.reading() as session:
        return owed(campaign.facts(session))[order_of(campaign, code).number]


def delivered(campaign: Played, code: str, *, version: int) -> DeliverFile:
    return DeliverFile(subject_id=campaign.list_id(code), file=kept(f"{code}{version}.csv"), file_version=version, declared_count=100)


def test_an_invoice_of_the_fee_is_matched_at_once_in_delivery_whichever_way_it_comes(played: Campaigns) -> None:
    campaign = excluded(played)
    order = order_of(campaign, GONE)
    campaign.ask(
        EnterInvoices(
            subject_id=campaign.campaign_id,
            rows=(Invoiced(supplier=_code(campaign, order), quantity=None, **said(campaign, GONE)),),
        )
    )

    invoice = invoice_of(campaign, "A-1")
    assert (invoice.state, invoice.findings, invoice.due_amount) == ("matched", [], order.owed_amount)
    assert ("send_invoice", order.number) not in campaign.tasks()


def _code(campaign: Played, order: PurchaseOrder) -> str:
    with campaign.reading() as session:
        return campaign.facts(session).suppliers[order.supplier_id].code


def test_more_than_the_fee_is_never_accepted_and_is_disputed_in_writing(played: Campaigns) -> None:
    campaign = excluded(played)
    order = order_of(campaign, GONE)
    send(campaign, GONE, order.owed_amount + 100)
    invoice = invoice_of(campaign, "A-1")
    assert (invoice.state, [one["code"] for one in invoice.findings]) == ("received", ["net_amount"])

    with pytest.raises(InvoiceAboveFee):
        decide(campaign, AcceptInvoice, invoice)
    decide(campaign, DisputeInvoice, invoice, "Cent euros de trop.")

    (paper,) = campaign.issued("invoice_dispute")
    assert (paper.content.due_amount, paper.content.withdrawn_on) == (order.owed_amount, campaign.now.date())
    assert paper.content.statement == ""
    assert ("send_invoice", order.number) in campaign.tasks()
    taken = tax(Decimal("100.00"), Decimal("0.20"))
    campaign.ask(
        SendCreditNote(
            subject_id=campaign.campaign_id,
            invoice_id=invoice.id,
            number="AV-1",
            invoiced_on=campaign.now.date(),
            net_amount=taken.net_amount,
            vat_amount=taken.vat_amount,
            total_amount=taken.gross_amount,
        ),
        by=owner(campaign, GONE),
    )
    assert state_of(campaign, GONE) == "matched"


def test_an_invoice_dated_before_the_withdrawal_says_so(played: Campaigns) -> None:
    campaign = excluded(played)
    early = {**said(campaign, GONE), "invoiced_on": date(2026, 6, 1)}
    campaign.ask(SendInvoice(subject_id=campaign.campaign_id, **early), by=owner(campaign, GONE))

    assert [one["code"] for one in invoice_of(campaign, "A-1").findings] == ["not_before"]


def test_the_fee_is_part_of_what_the_campaign_is_committed_to_and_of_its_forecast(played: Campaigns) -> None:
    with_it, without = played("delivery"), excluded(played)
    fee = order_of(without, GONE).owed_amount
    with with_it.reading() as session:
        before = committed_amount(with_it.facts(session))
    with without.reading() as session:
        facts = without.facts(session)
        assert committed_amount(facts) == before - order_of(without, GONE).total_amount + fee

    _play_on(without)
    with without.reading() as session:
        (line,) = [one for one in forecast_budget(without.facts(session)).lines if one.list_code == GONE]
    assert line.amount.net_amount == fee


def _play_on(campaign: Played) -> None:
    campaign.start_dedupe(f"Sans {GONE}.")
    campaign.record_dedupe()
    campaign.approve_dedupe()
    campaign.freeze_lots_above_budget()


def test_closing_waits_for_the_invoice_of_the_fee_unless_somebody_does_without_it(played: Campaigns) -> None:
    campaign = excluded(played)
    _play_on(campaign)
    campaign.order_mailing()
    campaign.drop()
    campaign.collect({}, {})
    campaign.publish()
    number = order_of(campaign, GONE).number

    assert number in campaign.unmet("close_campaign")["invoices.missing"]["orders"]
    campaign.ask(WaiveInvoice(subject_id=campaign.campaign_id, order_number=number, reason="Offert."))
    assert number not in campaign.unmet("close_campaign")["invoices.missing"]["orders"]


@pytest.mark.parametrize("stage", ["dedupe", "send", "responses"])
def test_suppliers_of_a_cancelled_campaign_invoice_what_it_owes_them(played: Campaigns, stage: str) -> None:
    campaign = cancelled(played(stage))

    order = order_of(campaign, "ALZ")
    assert campaign.state == "cancelled"
    assert order.owed_amount
    assert ("send_invoice", order.number) in campaign.tasks()

    send(campaign, "ALZ")

    assert (invoice_of(campaign, "A-1").state, state_of(campaign, "ALZ")) == ("matched", "matched")
    assert ("send_invoice", order.number) not in campaign.tasks()
    assert checks(campaign, "campaign.invoice.sent")["invoice_net_amount:A-1"][2] == "ok"


def test_less_than_the_fee_is_accepted_with_a_reason_after_the_end_and_reviewed(played: Campaigns) -> None:
    campaign = cancelled(played("dedupe"))
    send(campaign, "ALZ", order_of(campaign, "ALZ").owed_amount - 1)

    decide(campaign, AcceptInvoice, invoice_of(campaign, "A-1"), "Un euro de remise.")

    assert state_of(campaign, "ALZ") == "accepted"
    (passed,) = [one for one in campaign.rows(Override) if one.control == "invoice"]
    campaign.ask(ReviewOverride(subject_id=campaign.campaign_id, override_id=passed.id, confirmed=True), by=campaign.president)
    assert ("review_override", "invoice") not in campaign.tasks()


def test_what_was_matched_before_the_cancellation_is_controlled_anew_against_the_fee(played: Campaigns) -> None:
    campaign = played("send")
    invoice = campaign.send_invoice("ALZ")
    assert invoice.state == "matched"
    cancelled(campaign)

    now = invoice_of(campaign, invoice.number)
    assert (now.state, now.due_amount) == ("received", order_of(campaign, "ALZ").owed_amount)
    assert ("decide_invoice", invoice.number) in campaign.tasks()


def test_once_posted_what_was_matched_stays_matched_and_nobody_is_asked_again(played: Campaigns) -> None:
    campaign = played("responses")
    invoice = campaign.send_invoice("ALZ")
    cancelled(campaign)

    assert invoice_of(campaign, invoice.number).state == "matched"
    assert ("send_invoice", invoice.order_number) not in campaign.tasks()
    assert ("decide_invoice", invoice.number) not in campaign.tasks()


def test_a_list_that_is_ordered_again_has_another_number_and_the_fee_keeps_its_own(played: Campaigns) -> None:
    campaign = played("delivery")
    campaign.deliver_everything()
    before = order_of(campaign, GONE)
    with campaign.behind_the_engine() as connection:
        connection.execute(
            "update purchase_order set state = 'cancelled', owed_amount = 90, withdrawn_at = now() where id = %s", (before.id,)
        )
        connection.commit()
    campaign.ask(ReturnToStage(subject_id=campaign.campaign_id, stage="negotiation", reason="Un segment de plus."))
    campaign.settle_lists()
    campaign.close_negotiation()
    campaign.approve_budget()

    again = order_of(campaign, GONE)
    assert (again.number != before.number, again.revision, again.state) == (True, 1, "issued")
    with campaign.reading() as session:
        assert [one.due.order.number for one in standings(campaign.facts(session))] == [before.number]
