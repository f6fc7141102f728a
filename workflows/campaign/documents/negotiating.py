"""The paper on which the supplier of a list, and whoever signs or audits, finds what was agreed about it before anything is ordered."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from workflows.campaign.documents.head import DocumentContent, Party
from workflows.campaign.documents.record import Money, Rate, Record, UnitPrice
from workflows.trade.billing import BillingBasis, billing_floor, most_billable


def floor_basis(billing_basis: str, unbilled_reasons: Collection[str]) -> str:
    """What a billing floor is a share of, for its label: what is delivered is what is left of it, where some is never billed."""
    return "left" if unbilled_reasons and billing_basis == BillingBasis.DELIVERED else billing_basis


@dataclass(frozen=True, kw_only=True)
class TermsRow(Record):
    """What is wanted of one segment, over all lines of the plan, and what its supplier counted: None where it counted nothing."""

    segment: str
    quantity: int
    roles: tuple[str, ...]
    messages: tuple[str, ...]
    counted_qty: int | None = None


@dataclass(frozen=True, kw_only=True)
class BasisTerms(Record):
    """The legal basis of a list as it was stated on a day, `on_behalf` of its supplier where that told it by other means.

    People were told, or agreed, from `collected_from` on, until `collected_until` where that has ended.
    """

    legal_basis: str
    objections_purged_on: date
    stated_on: date
    data_role: str = ""
    collected_from: date | None = None
    collected_until: date | None = None
    collected_through: str = ""
    partners_named: bool = False
    on_behalf: bool = False


@dataclass(frozen=True, kw_only=True)
class SampleRow(Record):
    """Which `version` of a message's sample mail piece the owner of a list approved, by its hash, and when; 0 where it saw none.

    `newest_version` is the one that is mailed where it is another, and it was decided that its change does not touch the approval.
    """

    message: str
    version: int
    sha256: str
    approved_on: date | None
    newest_version: int = 0
    newest_sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class TermsSheet(DocumentContent):
    """The terms of one list: prices and how they are billed, what the addresses may be used for, the days that hold, who agreed when.

    `billing_basis` is `delivered` or `ordered`; `deductible_reasons` are the reasons for which a record is taken off the invoice, down to
    the floor `min_billing_rate`, and `unbilled_reasons` those for which it is never billed; `exchange_basis` is `gross` or `net`, empty
    for a list that is rented. `commission_included`: its broker is paid out of these prices. `consent_on` is when the owner approved of
    the pieces (`offers`) and of this use; `samples` are what it saw of them. Until `reuse_until` one follow-up may use them, as an order
    says. `short_accepted_on` is when it was decided to order as planned though fewer addresses were counted. Without `basis` nothing was
    stated of the legal basis.
    """

    list_code: str
    list_name: str
    owner: Party
    rows: tuple[TermsRow, ...]
    channels: tuple[str, ...]
    offers: tuple[str, ...]
    mailing_from: date
    mailing_until: date
    cpm: UnitPrice
    selection_cpm: UnitPrice
    run_charge_cpm: UnitPrice
    technical_fee: Money
    min_billing_rate: Rate
    min_invoice_amount: Money
    deductible_reasons: tuple[str, ...]
    quantity_tolerance_rate: Rate
    payment_days: int
    terms_agreed_on: date | None
    consent_on: date | None
    exchange_basis: str = ""
    billing_basis: str = "delivered"
    use: str = "single"
    extraction: str = "random"
    commission_included: bool = False
    undeliverable_warranty_rate: Rate | None = None
    lead_days: int = 0
    offer_until: date | None = None
    protected_from: date | None = None
    protected_until: date | None = None
    reuse_cpm: UnitPrice | None = None
    reuse_until: date | None = None
    reuse_seconds: bool = False
    counted_on: date | None = None
    held_until: date | None = None
    exclusions: str = ""
    short_accepted_on: date | None = None
    basis: BasisTerms | None = None
    samples: tuple[SampleRow, ...] = ()
    unbilled_reasons: tuple[str, ...] = ()

    @property
    def floor_basis(self) -> str:
        """Of what addresses the floor is a share: `ordered`, `delivered`, or `left` of those where some are never billed."""
        return floor_basis(self.billing_basis, self.unbilled_reasons)

    @property
    def exchange(self) -> bool:
        """Whether addresses are given for it."""
        return bool(self.exchange_basis)

    @property
    def quantity(self) -> int:
        """Addresses wanted over all segments."""
        return sum(row.quantity for row in self.rows)

    @property
    def counted_qty(self) -> int | None:
        """Addresses counted over the segments that were; None where none was."""
        counted = [row.counted_qty for row in self.rows if row.counted_qty is not None]
        return sum(counted) if counted else None

    @property
    def least_billable_qty(self) -> int | None:
        """Addresses that are billed at the full price at least, where as many are delivered as are wanted.

        None where some are never billed: nobody knows before the dedupe how many are left to bill.
        """
        return None if self.unbilled_reasons else billing_floor(self.quantity, self.min_billing_rate)

    @property
    def most_billable_qty(self) -> int:
        """Addresses that are billed at most, however many are delivered."""
        return most_billable(self.quantity, self.quantity_tolerance_rate)

    def says_the_same_as(self, other: "TermsSheet") -> bool:
        """Whether it states what another does, whatever their letterheads."""
        return replace(self, head=other.head) == other
