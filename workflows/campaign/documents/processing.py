"""The papers of the merge-purge: the brief that asks for it, the report that accounts for it, and what each supplier is paid on.

Every record of every file stands once in the report: rejected, suppressed, intra, inter or net. A report or statement that does
not balance cannot be made.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflows.campaign.documents.head import Check, DocumentContent, FileReference, vat_amount
from workflows.campaign.documents.negotiating import floor_basis
from workflows.campaign.documents.record import ContentUnbalanced, Money, Rate, Record, UnitPrice


@dataclass(frozen=True, kw_only=True)
class BriefFile(Record):
    """A list to be worked on: its rank decides who keeps a person found in several."""

    list_code: str
    list_name: str
    nature: str
    rank: int
    order_number: str
    files: tuple[FileReference, ...]

    @property
    def quantity(self) -> int:
        """Records in all its files."""
        return sum(file.quantity or 0 for file in self.files)


@dataclass(frozen=True, kw_only=True)
class SuppressionFile(Record):
    """A file whose people must not be written to; they are applied in the order given."""

    code: str
    file: FileReference


@dataclass(frozen=True, kw_only=True)
class ContactCap(Record):
    """The most sends to a ``person`` or a ``household`` within so many days, this one included."""

    kind: str
    days: int
    most: int


@dataclass(frozen=True, kw_only=True)
class EarlierSend(Record):
    """An earlier send of the advertiser's, whose people are looked up by their keyed hashes."""

    campaign: str
    posted_on: date


@dataclass(frozen=True, kw_only=True)
class DedupeBrief(DocumentContent):
    """What the bureau is asked to do, with which files, under which rules, by when.

    ``level`` is ``individual``, ``household`` or ``address``; ``allocation`` is ``priority``, ``dearest_loses``, ``proportional`` or
    ``random``; ``outputs`` are codes (``net_files``, ``report``, ``matrix``, ``reject_files``).

    ``protected_lists`` are the codes of those that no other list takes records of, whatever the rule. ``contact_action`` says what
    becomes of those over a cap, or of whoever gave to another campaign from ``gave_since`` on: ``suppress`` or ``reserve``. From
    ``multi_buyer_files`` lists on, people get lots of their own.
    """

    files: tuple[BriefFile, ...]
    suppressions: tuple[SuppressionFile, ...]
    level: str
    allocation: str
    match_key: str
    deadline_on: date
    purge_on: date
    threshold: Rate | None = None
    normalisation: tuple[str, ...] = ()
    intra_rule: str = "lowest_rank_then_first"
    multi_buyer_rule: str = ""
    protected_lists: tuple[str, ...] = ()
    group_seconds_kept: bool = False
    monitor_seeds: int = 0
    outputs: tuple[str, ...] = ("net_files", "report", "matrix")
    contact: str = ""
    minimum_net_qty: int | None = None
    remarks: str = ""
    multi_buyer_files: int = 0
    contact_action: str = ""
    contact_caps: tuple[ContactCap, ...] = ()
    earlier_sends: tuple[EarlierSend, ...] = ()
    gave_since: date | None = None
    giver_campaigns: tuple[str, ...] = ()

    @property
    def quantity(self) -> int:
        """Records over all lists."""
        return sum(file.quantity or 0 for file in self.files)


@dataclass(frozen=True, kw_only=True)
class DedupeFileRow(Record):
    """What became of one list; ``suppressed`` holds one count for each suppression file, in their order.

    ``unique_qty`` were in no other list.
    """

    list_code: str
    list_name: str
    gross_qty: int
    rejected_qty: int
    suppressed: tuple[int, ...]
    intra_qty: int
    inter_qty: int
    net_qty: int
    unique_qty: int
    retention_rate: Rate | None = None
    retention_valid_rate: Rate | None = None
    overlap_rate: Rate | None = None
    expected_retention_rate: Rate | None = None

    @property
    def suppressed_qty(self) -> int:
        """Records suppressed, by whatever file."""
        return sum(self.suppressed)

    @property
    def multi_qty(self) -> int:
        """Net records that stand in another list as well."""
        return self.net_qty - self.unique_qty


@dataclass(frozen=True, kw_only=True)
class RejectRow(Record):
    """Why records of one list were rejected."""

    list_code: str
    reason: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class DedupeReport(DocumentContent):
    """What the merge-purge did, list by list, with its two matrices and the checks made on it.

    ``shared`` is M: groups that hold both list i and list j (symmetric). ``lost`` is L: records of i lost to j; its row sums are the
    inter column. Rows and columns follow ``files``. Either may be empty.
    """

    run_number: int
    run_on: date
    brief_number: str
    suppression_codes: tuple[str, ...]
    files: tuple[DedupeFileRow, ...]
    checks: tuple[Check, ...]
    shared: tuple[tuple[int, ...], ...] = ()
    lost: tuple[tuple[int, ...], ...] = ()
    rejects: tuple[RejectRow, ...] = ()
    level: str = ""
    allocation: str = ""
    threshold: Rate | None = None
    retention_rate: Rate | None = None
    remarks: str = ""

    def check_balance(self) -> None:
        for row in self.files:
            if len(row.suppressed) != len(self.suppression_codes):
                raise ContentUnbalanced(
                    f"{row.list_code}: one count for each suppression file", len(row.suppressed), len(self.suppression_codes)
                )
            accounted = row.rejected_qty + row.suppressed_qty + row.intra_qty + row.inter_qty + row.net_qty
            if accounted != row.gross_qty:
                raise ContentUnbalanced(f"{row.list_code}: gross = rejected + suppressed + intra + inter + net", row.gross_qty, accounted)
        for row, lost in zip(self.files, self.lost, strict=False):
            if sum(lost) != row.inter_qty:
                raise ContentUnbalanced(f"{row.list_code}: sum of losses to other lists = inter", sum(lost), row.inter_qty)

    def total(self, column: str) -> int:
        """Return the sum of an integer column of ``files``, as ``net_qty``."""
        return sum(getattr(row, column) for row in self.files)

    def suppressed_total(self, index: int) -> int:
        """Return how many records the suppression file at ``index`` took from all lists."""
        return sum(row.suppressed[index] for row in self.files)


@dataclass(frozen=True, kw_only=True)
class Deduction(Record):
    """Records that were delivered and are not net, by reason; ``deductible`` by contract, down to the floor, or ``unbilled`` before it."""

    reason: str
    quantity: int
    deductible: bool
    unbilled: bool = False


@dataclass(frozen=True, kw_only=True)
class BillingPart(Record):
    """One part of the amount due.

    ``code`` is ``addresses``, ``run``, ``selection``, ``technical_fee`` or ``minimum`` (what lifts the sum to the minimum).
    """

    code: str
    amount: Money
    quantity: int | None = None
    unit_price: UnitPrice | None = None


@dataclass(frozen=True, kw_only=True)
class NetStatement(DocumentContent):
    """What a list's supplier may invoice: delivered, deducted, net, billable under the floor, and the amount part by part.

    ``due_amount`` is the sum of the parts, without VAT. ``surplus_qty`` of the delivered are beyond the ``most_billable_qty`` of the order;
    floor, billable and parts are of the others. Both are only there where anything is. ``unbilled_qty`` were lost for reasons that the
    contract never bills: they come off before surplus and floor, and only the selection is charged on them. ``floor_qty`` is the share
    that the contract bills at least, of what is left by then or of what was ordered.
    """

    order_number: str
    list_code: str
    list_name: str
    ordered_qty: int
    delivered_qty: int
    deductions: tuple[Deduction, ...]
    net_qty: int
    min_billing_rate: Rate
    floor_qty: int
    billable_qty: int
    parts: tuple[BillingPart, ...]
    min_invoice_amount: Money
    vat_rate: Rate
    payment_days: int
    owner_name: str = ""
    exchange: bool = False
    billing_basis: str = "delivered"
    report_number: str = ""
    remarks: str = ""
    surplus_qty: int = 0
    most_billable_qty: int | None = None
    unbilled_qty: int = 0

    @property
    def unbilled_reasons(self) -> tuple[str, ...]:
        """The reasons that the contract never bills, as the dedupe calls them."""
        return tuple(one.reason for one in self.deductions if one.unbilled)

    @property
    def floor_basis(self) -> str:
        """Of what addresses the floor is a share: `ordered`, `delivered`, or `left` of those where some are never billed."""
        return floor_basis(self.billing_basis, self.unbilled_reasons)

    @property
    def charged_qty(self) -> int:
        """Addresses that are billed, at the full price or at the run charge."""
        return self.delivered_qty - self.unbilled_qty - self.surplus_qty

    def check_balance(self) -> None:
        left = self.delivered_qty - sum(deduction.quantity for deduction in self.deductions)
        if left != self.net_qty:
            raise ContentUnbalanced("net = delivered - deductions", self.net_qty, left)

    @property
    def due_amount(self) -> Decimal:
        """Amount to invoice, without VAT."""
        return sum((part.amount for part in self.parts), Decimal("0.00"))

    @property
    def due_vat_amount(self) -> Decimal:
        """VAT on the amount due."""
        return vat_amount(self.due_amount, self.vat_rate)
