"""What tests of invoices share: what may be invoiced, how it stands, and ways to say and decide something about it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlmodel import col

from tests.integration.papers.brought import billed_as
from tests.integration.stages.played import Played
from workflows.campaign.invoices.expected import dues, standings
from workflows.campaign.invoices.records import Invoice
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.parties.actor import Actor
from workflows.trade.invoice_control import Invoiced

Campaigns = Callable[[str], Played]
LISTS = {"ALZ", "BTN", "CDR", "DOM", "ECL"}
"""Those that are rented or exchanged: the house list bills nothing."""


def billed(campaign: Played) -> dict[str, Any]:
    """What may be invoiced, by list, or by supplier of services."""
    with campaign.reading() as session:
        return {billed_as(due): due for due in dues(campaign.facts(session)).values()}


def states(campaign: Played) -> dict[str, str]:
    """How the invoice of each list, or of services, stands."""
    with campaign.reading() as session:
        return {billed_as(one.due): one.state for one in standings(campaign.facts(session))}


def biller(campaign: Played, code: str) -> Actor:
    """Whoever speaks for the supplier of a list, or of services."""
    return campaign.actors[billed(campaign)[code].amount.supplier]


def invoice_of(campaign: Played, number: str) -> Invoice:
    (row,) = campaign.rows(Invoice, col(Invoice.number) == number)
    assert isinstance(row, Invoice)
    return row


def checks(campaign: Played, event: str) -> dict[str, tuple[Any, Any, str]]:
    """What the newest entry of that event controlled."""
    entry = max(campaign.rows(Checkpoint, col(Checkpoint.event) == event), key=lambda one: one.seq)
    return {one["code"]: (one["expected"], one["actual"], one["verdict"]) for one in read_json(entry.body)["checks"]}


def decide(campaign: Played, command: Any, invoice: Invoice, reason: str = "Vu avec le courtier.", *, by: Actor | None = None) -> None:
    campaign.ask(command(subject_id=campaign.campaign_id, invoice_id=invoice.id, reason=reason), by=by)


def row_of(campaign: Played, code: str, **other: Any) -> Invoiced:
    """A row of a file: what is due for a list, but for `other`."""
    amount = billed(campaign)[code].amount
    said = {
        "supplier": amount.supplier,
        "order_number": amount.order_number,
        "number": f"F-{code}",
        "invoiced_on": date(2026, 12, 9),
        "quantity": amount.quantity,
        "net_amount": amount.taxed.net_amount,
        "vat_amount": amount.taxed.vat_amount,
        "total_amount": amount.taxed.gross_amount,
    }
    return Invoiced(**{**said, **other})
