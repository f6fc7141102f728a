"""What others do before a campaign's end: suppliers certify that addresses are destroyed, and invoice; the manager disputes what differs.

Suppliers' invoices are played by the script beside the kit, from the very statement that they were sent. Not for when it happens: the
player knows the day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from app.documents.render import draw_page
from app.intake.invoices import INVOICES
from app.intake.kit import Kit
from app.play.donors import play_outside
from app.play.output import write_statement
from app.play.words import dispute
from workflows.campaign.data_protection.certificates import CertifyDestruction, awaited
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.decisions import DisputeInvoice
from workflows.campaign.invoices.expected import undecided
from workflows.campaign.invoices.invoicing import SendInvoice
from workflows.campaign.keeping import KeptFile
from workflows.parties.model import Supplier
from workflows.trade.invoice_control import Invoiced
from workflows.trade.working_days import local_day


def certificates(facts: CampaignFacts) -> list[tuple[CertifyDestruction, UUID]]:
    """A certificate of each supplier that owes one, dated the campaign's own day."""
    assert facts.campaign.calendar_at is not None, "a play has its own calendar"
    today = local_day(facts.campaign.calendar_at)
    return [
        (
            CertifyDestruction(
                subject_id=facts.campaign.id,
                certificate_id=row.id,
                destroyed_on=today,
                method="overwritten",
                operator="Service informatique",
                signatory="La direction",
            ),
            row.supplier_id,
        )
        for row in awaited(facts)
    ]


@dataclass(frozen=True, kw_only=True)
class PlayedInvoice:
    """An invoice on its way: the file as its supplier would send it, and what makes its command once that is kept."""

    name: str
    pdf: bytes
    supplier_id: UUID
    sent: Callable[[KeptFile], SendInvoice]


def invoices(kit: Kit, facts: CampaignFacts, out: Path) -> list[PlayedInvoice]:
    """What suppliers invoice on their net statements, in the order of the file that the script leaves; nobody invoices nothing.

    :raises Stuck: when the script is not there or fails.
    """
    folder = out / "invoices"
    play_outside(kit, "invoices", "--statement", write_statement(facts, out / "statements"), "--out", folder)
    suppliers = {one.code: one for one in facts.suppliers.values()}
    rows = INVOICES.parse((folder / "invoices.csv").read_bytes())
    return [_played(facts, row, suppliers[row.supplier]) for row in rows if row.net_amount > 0]


def _played(facts: CampaignFacts, row: Invoiced, supplier: Supplier) -> PlayedInvoice:
    said = {name: value for name, value in vars(row).items() if name != "supplier"}
    identifier = sha256(f"{facts.campaign.code}{row}".encode()).hexdigest()
    sent = partial(SendInvoice, subject_id=facts.campaign.id, supplier_id=supplier.id, media_type="application/pdf", **said)
    return PlayedInvoice(
        name=f"{row.number}.pdf",
        pdf=draw_page("invoice.html", "fr", identifier, row=row, supplier=supplier, advertiser=facts.advertiser, campaign=facts.campaign),
        supplier_id=supplier.id,
        sent=lambda kept: sent(file=kept),
    )


def disputes(facts: CampaignFacts) -> list[tuple[DisputeInvoice, None]]:
    """A dispute of each invoice that differs from what is due, with what differs as its reason."""
    return [
        (DisputeInvoice(subject_id=facts.campaign.id, invoice_id=one.id, reason=dispute(one.findings)), None) for one in undecided(facts)
    ]
