"""What programs get of files: proofs of messages, deposits, files handed over, certificates that these are destroyed, invoices, claims."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from app.api.schemas import Money, Rate, Sha256
from workflows.trade.channels import Way


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


class SampleOut(BaseModel):
    """One version of a message's sample mail piece. Its bytes are at `/api/samples/{id}` while `has_file`."""

    id: UUID
    message: str
    version: int
    is_newest: bool
    sha256: Sha256
    media_type: str
    size: int
    has_file: bool
    attached_at: datetime


class SeenSampleOut(BaseModel):
    """A sample as an owner was shown it."""

    message: str
    version: int
    sha256: Sha256


class SampleApprovalOut(BaseModel):
    """What the owner of a list was asked about samples, and what it answered; `counts` until something else is asked."""

    list_code: str
    samples: list[SeenSampleOut]
    asked_at: datetime
    counts: bool
    approved_at: datetime | None
    on_behalf: bool
    objection: str
    objected_at: datetime | None


class SamplesOut(BaseModel):
    """A campaign's sample mail pieces by message and what owners answered by list, the newest first."""

    samples: list[SampleOut]
    approvals: list[SampleApprovalOut]


class DepositOut(BaseModel):
    """A deposit as it was proved: pieces by lot code, control addresses included. Its `way` says whether pieces were posted, messages sent
    or people called; of calls `ended_on` is the last day, where it is not the first. One that `is_over` counts nowhere: it was refused, as
    `refusal` says, or the next `version` of its slip, which says why in `correction`, stands for it.

    `mailer` is empty where it was recorded for it. The scan of its slip, where `slip_sha256` is not empty, is at `/api/deposits/{id}/slip`.
    """

    id: UUID
    version: int
    way: Way
    deposited_on: date
    ended_on: date | None
    slip_number: str
    slip_sha256: str
    quantities: dict[str, int]
    pieces: int
    explanation: str
    rest_follows: bool
    mailer: str
    is_over: bool
    correction: str
    refusal: str
    seq: int


class DepositsOut(BaseModel):
    """A campaign's deposits, the first one first."""

    deposits: list[DepositOut]


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


class ClaimOut(BaseModel):
    """A refund claim: mail of a list that came back beyond its warranty, with `counts` of returns by reason.

    Amounts are without VAT: `amount` was claimed, `refund_amount` comes off what is due.
    """

    id: UUID
    number: str
    list_code: str
    supplier_name: str
    order_number: str
    mailed: int
    undeliverable: int
    allowed: int
    claimed: int
    warranty_rate: Rate
    amount: Money
    refund_amount: Money
    counts: dict[str, int]
    due_on: date
    state: str
    answer: str
    reason: str
    claimed_at: datetime
    answered_at: datetime | None
    decided_at: datetime | None


class ClaimsOut(BaseModel):
    """A campaign's refund claims, by number."""

    claims: list[ClaimOut]
