"""Refund claims: mail that came back beyond the warranty is claimed in time, answered by its supplier, and taken off what is due."""

from decimal import Decimal

import pytest
from sqlmodel import col

from tests.integration.papers.journey import kept
from tests.integration.stages.invoiced import Campaigns, biller, checks, invoice_of, states
from tests.integration.stages.played import Played
from workflows.campaign.claims.claiming import (
    AcceptClaim,
    ClaimAnswered,
    ClaimMade,
    ClaimRefund,
    ClaimTooLate,
    ContestClaim,
    DropClaim,
    NothingToClaim,
    ReturnsNotHandedOver,
    SettleClaim,
    SettledAboveClaim,
)
from workflows.campaign.claims.records import RefundClaim
from workflows.campaign.data_protection.objections import HandOverObjections, RecordObjections
from workflows.campaign.invoices.crediting import SendCreditNote
from workflows.campaign.records import Lot
from workflows.campaign.rules import ReasonMissing
from workflows.engine.refusals import NotYourMove
from workflows.parties.actor import SYSTEM
from workflows.trade.money import tax

RETURNED = 5


@pytest.fixture
def campaign(played: Campaigns) -> Played:
    """A campaign of which five pieces of one list came back though its owner stands for none."""
    campaign = played("analysis")
    lot = next(one for one in campaign.rows(Lot, order=col(Lot.code)) if one.list_code == "ALZ")
    with campaign.behind_the_engine() as connection:
        connection.execute("update campaign_list set undeliverable_guarantee = 0 where code = 'ALZ'")
        connection.execute("update campaign_list set undeliverable_guarantee = 0.5 where code = 'BTN'")
        connection.execute("delete from undeliverable where lot_code in (select code from lot where list_code = 'ALZ')")
        connection.execute(
            "insert into undeliverable (id, campaign_id, advertiser_id, from_seq, batch_id, lot_code, unique_id, reason)"
            " select gen_random_uuid(), campaign_id, advertiser_id, from_seq, id, %s, 'PND' || n,"
            " case when n = 1 then 'deceased' else 'unknown' end"
            " from (select * from response_batch limit 1) as one, generate_series(1, %s) as n",
            (lot.code, RETURNED),
        )
        connection.commit()
    return campaign


def claim(campaign: Played, code: str = "ALZ") -> RefundClaim:
    campaign.ask(ClaimRefund(subject_id=campaign.campaign_id, list_id=campaign.list_id(code)))
    return row(campaign)


def row(campaign: Played) -> RefundClaim:
    (found,) = campaign.rows(RefundClaim)
    assert isinstance(found, RefundClaim)
    return found


def test_a_claim_is_a_document_to_the_supplier_with_the_count_by_reason_and_a_task_with_a_day(campaign: Played) -> None:
    made = claim(campaign)

    assert (made.undeliverable_qty, made.allowed_qty, made.counts) == (RETURNED, 0, {"deceased": 1, "unknown": 4})
    (paper,) = campaign.issued("refund_claim")
    assert paper.document.supplier_id == made.supplier_id
    assert (paper.document.number, paper.content.claimed_qty, paper.content.refund_amount) == ("RG-26A-ALZ", RETURNED, made.amount)
    assert ("answer_claim", made.number) in campaign.tasks()
    assert checks(campaign, "campaign.claim.sent")["claim:ALZ"] == (0, RETURNED, "warning")


def test_what_is_within_its_warranty_is_not_claimed_nor_is_anything_twice(campaign: Played) -> None:
    with pytest.raises(NothingToClaim):
        claim(campaign, "BTN")
    claim(campaign)
    with pytest.raises(ClaimMade):
        claim(campaign)


def test_no_claim_is_made_once_its_window_has_passed(campaign: Played) -> None:
    campaign.tune_policy({"thresholds": {"claim_days": 1}})

    with pytest.raises(ClaimTooLate) as refused:
        claim(campaign)
    assert refused.value.params["list"] == "ALZ"
    assert campaign.rows(RefundClaim) == []


def test_a_claim_waits_until_its_supplier_has_the_ids_that_came_back(campaign: Played) -> None:
    code = biller_code(campaign)
    files = {code: kept("objections.csv")}
    counts = {code: {"unknown": 4, "deceased": 1}}
    campaign.ask(RecordObjections(subject_id=campaign.campaign_id, as_of_seq=10**6, counts=counts, files=files), by=SYSTEM)
    with pytest.raises(ReturnsNotHandedOver):
        claim(campaign)

    campaign.ask(HandOverObjections(subject_id=campaign.campaign_id))
    assert claim(campaign).state == "sent"


def biller_code(campaign: Played) -> str:
    actor = biller(campaign, "ALZ")
    return next(code for code, one in campaign.actors.items() if one is actor)


def test_an_accepted_claim_comes_off_what_is_due_and_a_credit_note_of_it_is_matched(campaign: Played) -> None:
    invoice = campaign.send_invoice("ALZ")
    made = claim(campaign)
    owner = biller(campaign, "ALZ")

    campaign.ask(AcceptClaim(subject_id=campaign.campaign_id, claim_id=made.id), by=owner)

    now = invoice_of(campaign, invoice.number)
    assert (now.state, now.due_amount, now.reason) == ("disputed", invoice.due_amount - made.amount, made.number)
    assert ("answer_claim", made.number) not in campaign.tasks()
    assert ("send_invoice", invoice.order_number) in campaign.tasks()

    taken = tax(made.amount, Decimal("0.20"))
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
        by=owner,
    )
    assert states(campaign)["ALZ"] == "matched"
    assert ("send_invoice", invoice.order_number) not in campaign.tasks()
    campaign.ask(SettleClaim(subject_id=campaign.campaign_id, claim_id=made.id, reason="Avoir reçu."))
    assert (row(campaign).state, states(campaign)["ALZ"]) == ("settled", "matched")


def test_an_invoice_that_comes_after_the_acceptance_is_of_what_is_left(campaign: Played) -> None:
    made = claim(campaign)
    campaign.ask(AcceptClaim(subject_id=campaign.campaign_id, claim_id=made.id))

    assert campaign.send_invoice("ALZ").state == "matched"


def test_a_contested_claim_waits_for_the_project_manager_and_takes_nothing_off(campaign: Played) -> None:
    invoice = campaign.send_invoice("ALZ")
    made = claim(campaign)
    with pytest.raises(ReasonMissing):
        campaign.ask(ContestClaim(subject_id=campaign.campaign_id, claim_id=made.id, reason=" "), by=biller(campaign, "ALZ"))

    campaign.ask(ContestClaim(subject_id=campaign.campaign_id, claim_id=made.id, reason="Envoi tardif."), by=biller(campaign, "ALZ"))

    assert ("decide_claim", made.number) in campaign.tasks()
    assert invoice_of(campaign, invoice.number).state == "matched"
    with pytest.raises(ClaimAnswered):
        campaign.ask(AcceptClaim(subject_id=campaign.campaign_id, claim_id=made.id))
    campaign.ask(DropClaim(subject_id=campaign.campaign_id, claim_id=made.id, reason="Le délai est pour nous."))
    assert (row(campaign).state, row(campaign).answer) == ("dropped", "Envoi tardif.")
    assert ("decide_claim", made.number) not in campaign.tasks()


def test_a_contested_claim_is_settled_for_less_and_that_much_comes_off_the_invoice(campaign: Played) -> None:
    invoice = campaign.send_invoice("ALZ")
    made = claim(campaign)
    campaign.ask(ContestClaim(subject_id=campaign.campaign_id, claim_id=made.id, reason="Envoi tardif."), by=biller(campaign, "ALZ"))
    half = (made.amount / 2).quantize(Decimal("0.01"))

    def settle(amount: Decimal) -> None:
        campaign.ask(SettleClaim(subject_id=campaign.campaign_id, claim_id=made.id, reason="Moitié-moitié.", settled_amount=amount))

    for wrong in (made.amount + Decimal("0.01"), Decimal("-0.01")):
        with pytest.raises(SettledAboveClaim):
            settle(wrong)
    settle(half)

    now = invoice_of(campaign, invoice.number)
    assert (now.state, now.due_amount, now.reason) == ("disputed", invoice.due_amount - half, made.number)
    assert (row(campaign).state, row(campaign).refund_amount) == ("settled", half)
    assert ("send_invoice", invoice.order_number) in campaign.tasks()
    assert ("decide_claim", made.number) not in campaign.tasks()
    assert checks(campaign, "campaign.claim.settled")[f"claim:{made.number}"] == (str(made.amount), str(half), "ok")


@pytest.mark.parametrize(("share", "state"), [(0, "matched"), (1, "disputed")])
def test_an_accepted_claim_is_settled_for_less_or_stays_as_it_was(campaign: Played, share: int, state: str) -> None:
    invoice = campaign.send_invoice("ALZ")
    made = claim(campaign)
    campaign.ask(AcceptClaim(subject_id=campaign.campaign_id, claim_id=made.id))

    agreed = made.amount * share
    campaign.ask(SettleClaim(subject_id=campaign.campaign_id, claim_id=made.id, reason="Convenu.", settled_amount=agreed))

    now = invoice_of(campaign, invoice.number)
    assert (now.state, now.due_amount) == (state, invoice.due_amount - agreed)
    assert (("send_invoice", invoice.order_number) in campaign.tasks()) is bool(share)


def test_a_claim_that_is_dropped_after_its_acceptance_lets_the_invoice_be_matched_again(campaign: Played) -> None:
    invoice = campaign.send_invoice("ALZ")
    made = claim(campaign)
    campaign.ask(AcceptClaim(subject_id=campaign.campaign_id, claim_id=made.id))

    campaign.ask(DropClaim(subject_id=campaign.campaign_id, claim_id=made.id, reason="Geste commercial."))

    assert invoice_of(campaign, invoice.number).state == "matched"
    assert ("send_invoice", invoice.order_number) not in campaign.tasks()


def test_no_other_supplier_answers_a_claim(campaign: Played) -> None:
    made = claim(campaign)
    other = biller(campaign, "S-IMP")

    with pytest.raises(NotYourMove):
        campaign.ask(AcceptClaim(subject_id=campaign.campaign_id, claim_id=made.id), by=other)
