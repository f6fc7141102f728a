"""The papers between the advertiser and a supplier about an order: the order itself, and the refusal of what was delivered.

A purchase order is one for a list (rented or exchanged) or for a service (print, personalisation, mailing, gift handling).
What a list's order adds stands in :class:`ListTerms`. The standing clauses are not repeated in the content: ``terms_edition``
names their edition, and a published edition's wording never changes.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflows.campaign.documents.head import Check, DocumentContent, Party, vat_amount
from workflows.campaign.documents.negotiating import BasisTerms, SampleRow, floor_basis
from workflows.campaign.documents.record import Money, Rate, Record, UnitPrice
from workflows.trade.billing import most_billable


@dataclass(frozen=True, kw_only=True)
class OrderRow(Record):
    """One line of an order.

    ``nature`` is a cost's nature (``list_rental``, ``selection``, ``technical_fee``, ``papier_impression``...), ``unit`` one of
    ``per_thousand``, ``per_piece``, ``per_gross_address``, ``per_response``, ``flat``; ``amount`` without VAT.
    """

    nature: str
    unit: str
    quantity: int
    unit_price: UnitPrice
    amount: Money
    designation: str = ""


@dataclass(frozen=True, kw_only=True)
class SelectionRow(Record):
    """What is to be extracted from a list for one segment: by ``criteria`` in words, else the segment as the owner counts it.

    ``channel`` is there where the list goes out by several.
    """

    segment: str
    criteria: str
    quantity: int
    message: str
    offer: str
    role: str
    extraction: str = "random"
    universe_qty: int | None = None
    channel: str = ""


@dataclass(frozen=True, kw_only=True)
class FollowUp(Record):
    """Whose addresses a follow-up's order is about: those that the campaign before mailed, under that order of its own, on that day."""

    campaign_code: str
    dropped_on: date
    order_number: str = ""


@dataclass(frozen=True, kw_only=True)
class ListTerms(Record):
    """What an order for a list says beyond its price lines: use, price basis, delivery, warranties.

    ``channel`` and ``use`` are codes, and of several ``channels`` the first is ``channel``; ``billing_basis`` is ``delivered`` or
    ``ordered``; ``deductible_reasons`` are the reasons for which a record is taken off the invoice down to the floor
    ``min_billing_rate``, and ``unbilled_reasons`` those for which it is never billed. ``order_key`` is what each
    record carries in REF_CDE. From ``protected_from`` to ``protected_until`` no competitor mails the addresses. Until ``reuse_until``
    one follow-up may use them, at ``reuse_cpm``, and with ``reuse_seconds`` its group seconds that are billed, at that price where there
    is one. The order of a ``follow_up`` asks for no delivery. Without a guarantee ``undeliverable_warranty_rate`` is None: orders of
    before had 1 there. ``terms_sheet`` is the number and revision of the sheet that says what was agreed; orders of before rest on none.
    ``samples`` are the mail pieces that the owner saw and approved. Without ``basis`` nothing was stated of the legal basis.
    ``exclusions`` are those that the owner counted without.
    """

    list_code: str
    list_name: str
    owner: Party
    selections: tuple[SelectionRow, ...]
    channel: str
    mailing_from: date
    mailing_until: date
    cpm: UnitPrice
    selection_cpm: UnitPrice
    run_charge_cpm: UnitPrice
    technical_fee: Money
    min_billing_rate: Rate
    min_invoice_amount: Money
    deductible_reasons: tuple[str, ...]
    delivery_deadline_on: date
    delivery_to: str
    delivery_method: str
    order_key: str
    undeliverable_warranty_rate: Rate | None
    certificate_due_on: date
    purge_on: date
    exchange: bool = False
    use: str = "single"
    billing_basis: str = "delivered"
    layout: str = ""
    encodings: tuple[str, ...] = ("utf-8", "cp1252")
    quantity_tolerance_rate: Rate = Decimal("0.02")
    max_age_months: int | None = None
    exclusions: tuple[str, ...] = ()
    protected_from: date | None = None
    protected_until: date | None = None
    reuse_cpm: UnitPrice | None = None
    reuse_until: date | None = None
    reuse_seconds: bool = False
    follow_up: FollowUp | None = None
    proof_reference: str = ""
    broker_commission_rate: Rate | None = None
    terms_sheet: str = ""
    terms_sheet_issued_on: date | None = None
    basis: BasisTerms | None = None
    samples: tuple[SampleRow, ...] = ()
    channels: tuple[str, ...] = ()
    unbilled_reasons: tuple[str, ...] = ()

    @property
    def floor_basis(self) -> str:
        """Of what addresses the floor is a share: `ordered`, `delivered`, or `left` of those where some are never billed."""
        return floor_basis(self.billing_basis, self.unbilled_reasons)

    @property
    def by(self) -> tuple[str, ...]:
        """The channels that the addresses may be used for."""
        return self.channels or (self.channel,)

    @property
    def quantity(self) -> int:
        """Records ordered over all segments."""
        return sum(row.quantity for row in self.selections)

    @property
    def most_billable_qty(self) -> int:
        """Records that may be billed at most, however many are delivered."""
        return most_billable(self.quantity, self.quantity_tolerance_rate)


@dataclass(frozen=True, kw_only=True)
class ProcessingTerms(Record):
    """What article 28 asks a processor's contract to say, where it differs from one order to the next.

    ``purpose`` is told with the ``natures`` of the work, and the persons in words or as about so many: orders of before had words alone,
    and named no day for the certificate. The contract is the one under which the supplier works, where one is on record.
    """

    purpose: str
    ends_on: date
    data_categories: tuple[str, ...]
    persons: str = ""
    natures: tuple[str, ...] = ()
    persons_qty: int | None = None
    sub_processors: tuple[str, ...] = ()
    certificate_due_on: date | None = None
    contract_reference: str = ""
    contract_signed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class DropMoved(Record):
    """The drop was moved from one day to another, and the order says nothing else than before."""

    from_on: date
    to_on: date


@dataclass(frozen=True, kw_only=True)
class PurchaseOrder(DocumentContent):
    """An order to one supplier: for one list (``list_terms``) or for services (``processing`` when they touch personal data).

    ``amount_is_ceiling`` says that the invoice follows what is delivered or done and never exceeds this amount. ``acknowledge_by`` is
    when the supplier's answer is due. ``drop_moved`` says why it is issued again with other days and nothing else changed.
    """

    rows: tuple[OrderRow, ...]
    vat_rate: Rate
    payment_days: int
    acknowledge_by: date
    list_terms: ListTerms | None = None
    processing: ProcessingTerms | None = None
    service_due_on: date | None = None
    approved_budget: str = ""
    amount_is_ceiling: bool = True
    invoice_address: str = ""
    dpo_email: str = ""
    remarks: str = ""
    terms_edition: int = 1
    drop_moved: DropMoved | None = None

    @property
    def total_amount(self) -> Decimal:
        """Sum of the lines, without VAT."""
        return sum((row.amount for row in self.rows), Decimal("0.00"))

    @property
    def total_vat_amount(self) -> Decimal:
        """VAT on the sum."""
        return vat_amount(self.total_amount, self.vat_rate)


@dataclass(frozen=True, kw_only=True)
class Defect(Record):
    """What was found wrong in a file: a code, where, how many records, and an example that names nobody."""

    code: str
    quantity: int
    field: str = ""
    first_line: int | None = None
    example: str = ""


@dataclass(frozen=True, kw_only=True)
class NonConformity(DocumentContent):
    """A delivery refused: what was expected, what was found, what to do and by when.

    ``announced_sha256`` is the checksum of the delivery note, ``file_sha256`` that of the bytes received. ``action`` is
    ``redeliver``, ``redeliver_note`` or ``answer``.
    """

    order_number: str
    list_code: str
    list_name: str
    tranche: int
    version: int
    file_name: str
    file_sha256: str
    received_on: date
    ordered_qty: int
    announced_qty: int
    found_qty: int
    checks: tuple[Check, ...]
    answer_by: date
    announced_sha256: str = ""
    defects: tuple[Defect, ...] = ()
    action: str = "redeliver"
    remarks: str = ""

    @property
    def failed_checks(self) -> tuple[Check, ...]:
        """The checks for which the delivery is refused."""
        return tuple(check for check in self.checks if check.verdict == "failed")
