"""What programs get of files: proofs of messages, files that were handed over, certificates that these are destroyed, invoices."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from app.api.schemas import Money, Sha256


class ProofOut(BaseModel):
    """One version of a message's proof. Its bytes are at `/api/proofs/{id}` while `has_file`; `counts` while its lots do."""

    id: UUID
    message: str
    version: int
    state: str
    counts: bool
    sha256: Sha256
    media_type: str
    size: int
    has_file: bool
    deposited_at: datetime
    remarks: str
    decided_at: datetime | None


class ProofsOut(BaseModel):
    """Every version of a campaign's proofs, by message, the newest first."""

    proofs: list[ProofOut]


class HandedFileOut(BaseModel):
    """A file of people as it was handed over."""

    name: str
    sha256: Sha256
    quantity: int
    handed_at: datetime


class CertificateOut(BaseModel):
    """What a supplier owes for the files it was handed, and what it certified. States: `awaited`, `certified`, `waived`.

    Its signed paper, where it `has_paper`, is at `/api/certificates/{id}`.
    """

    id: UUID
    supplier_code: str
    supplier_name: str
    due_on: date
    state: str
    is_late: bool
    method: str
    destroyed_on: date | None
    remaining: str
    remaining_until_on: date | None
    operator: str
    signatory: str
    has_paper: bool
    waived_reason: str
    settled_at: datetime | None
    files: list[HandedFileOut]


class CertificatesOut(BaseModel):
    """A campaign's certificates of destruction, those that are waited for first."""

    certificates: list[CertificateOut]


class FindingOut(BaseModel):
    """A point in which an invoice is not as it should be, as text; `difference` is found less expected, where both are numbers or days."""

    code: str
    expected: str | None
    actual: str | None
    difference: str | None


class InvoiceOut(BaseModel):
    """A supplier's invoice. `due_qty` and `due_amount` are null where it fits no order; `replaces` is the number of a disputed one.

    One with `credits` is a credit note of the invoice of that number; `credited_amount` is what credit notes took back of it, without VAT.
    """

    id: UUID
    number: str
    supplier: str
    order_number: str
    list_code: str | None
    invoiced_on: date
    quantity: int | None
    net_amount: Money
    vat_amount: Money
    total_amount: Money
    due_qty: int | None
    due_amount: Money | None
    state: str
    findings: list[FindingOut]
    has_file: bool
    sha256: Sha256
    media_type: str
    on_behalf: bool
    received_at: datetime
    replaces: str
    credits: str
    credited_amount: Money
    reason: str
    decided_at: datetime | None


class InvoicesOut(BaseModel):
    """The invoices of a campaign, the newest first."""

    invoices: list[InvoiceOut]
