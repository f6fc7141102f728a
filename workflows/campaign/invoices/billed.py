"""What an invoice bills: what it says, less what credit notes took back of it. Not for what is due: `expected` says that."""

from dataclasses import fields, replace
from decimal import Decimal

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.records import Invoice
from workflows.trade.invoice_control import Invoiced
from workflows.trade.money import ZERO

SAID = tuple(one.name for one in fields(Invoiced) if one.name != "supplier")
"""What an invoice says of itself, by the names that its command and its row have too."""


def as_said(invoice: Invoice, supplier: str) -> Invoiced:
    """An invoice as its supplier, known by code, sent it."""
    return Invoiced(supplier=supplier, **{name: getattr(invoice, name) for name in SAID})


def billed(facts: CampaignFacts, invoice: Invoice) -> Invoiced:
    """The same less its credit notes; one that counts no addresses takes none back."""
    said = as_said(invoice, facts.suppliers[invoice.supplier_id].code)
    for note in facts.credit_notes:
        if note.credits_id == invoice.id:
            said = replace(
                said,
                quantity=None if said.quantity is None else said.quantity - (note.quantity or 0),
                net_amount=said.net_amount - note.net_amount,
                vat_amount=said.vat_amount - note.vat_amount,
                total_amount=said.total_amount - note.total_amount,
            )
    return said


def billed_amount(facts: CampaignFacts, invoice: Invoice) -> Decimal:
    """What it bills, in euros without VAT."""
    return billed(facts, invoice).net_amount


def is_credited_whole(said: Invoiced) -> bool:
    """Whether nothing is left of what was billed."""
    return said.net_amount == said.vat_amount == said.total_amount == ZERO
