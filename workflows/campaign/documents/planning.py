"""The papers of a campaign's decision: the media plan with its retroplanning, and the budget file that approvers sign.

Totals are added up from the rows and never given, so a table and its foot cannot disagree.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflows.campaign.documents.head import Check, DocumentContent, MarginUsed
from workflows.campaign.documents.record import Money, Rate, Record, UnitPrice


@dataclass(frozen=True, kw_only=True)
class PlanLineRow(Record):
    """One line of the plan.

    ``assumption`` says where the rates come from, as ``history``, ``parent`` or ``default``; ``roi`` is None without cost. Where the
    response rate was stated, ``projected_rate`` is the one that history lets expect.
    """

    list_code: str
    list_name: str
    segment: str
    nature: str
    role: str
    channel: str
    message: str
    offer: str
    rank: int
    gross_qty: int
    retention_rate: Rate
    net_qty: int
    cpm: UnitPrice
    cost_amount: Money
    response_rate: Rate
    responses: int
    average_gift: Money
    revenue_amount: Money
    roi: Rate | None = None
    universe: int | None = None
    owner_name: str = ""
    broker_name: str = ""
    legal_basis: str = ""
    assumption: str = ""
    projected_rate: Rate | None = None


@dataclass(frozen=True, kw_only=True)
class RetroplanningRow(Record):
    """One step of the retroplanning; ``checkpoint`` is its milestone (``C1``...), ``answerable`` a person or a company."""

    stage: str
    starts_on: date
    ends_on: date
    checkpoint: str = ""
    answerable: str = ""


@dataclass(frozen=True, kw_only=True)
class Responsibility(Record):
    """Who is answerable for what."""

    name: str
    role: str
    answerable_for: str


@dataclass(frozen=True, kw_only=True)
class MediaPlan(DocumentContent):
    """Which lists, segments, messages and quantities, what they should bring, and by when each step is done.

    ``targets`` hold the campaign's objectives against the projection; a target missed is a warning that the approver reads. ``roi``
    is that of the whole plan. ``margin`` is what returns were worked out with, where not all stays of what people give.
    """

    drop_on: date
    envelope_amount: Money
    lines: tuple[PlanLineRow, ...]
    targets: tuple[Check, ...]
    retroplanning: tuple[RetroplanningRow, ...]
    responsibilities: tuple[Responsibility, ...] = ()
    offer_ends_on: date | None = None
    roi: Rate | None = None
    lessons: tuple[str, ...] = ()
    policy_version: str = ""
    margin: MarginUsed | None = None

    @property
    def gross_qty(self) -> int:
        """Addresses to order."""
        return sum(line.gross_qty for line in self.lines)

    @property
    def net_qty(self) -> int:
        """Addresses expected to be left after deduplication."""
        return sum(line.net_qty for line in self.lines)

    @property
    def cost_amount(self) -> Decimal:
        """Cost of all lines, without VAT."""
        return sum((line.cost_amount for line in self.lines), Decimal("0.00"))

    @property
    def responses(self) -> int:
        """Responses expected."""
        return sum(line.responses for line in self.lines)

    @property
    def revenue_amount(self) -> Decimal:
        """Gifts or revenue expected."""
        return sum((line.revenue_amount for line in self.lines), Decimal("0.00"))


@dataclass(frozen=True, kw_only=True)
class BudgetRow(Record):
    """One nature of cost: its amount without VAT and its VAT, already rounded to the cent.

    ``basis`` is ``lists``, ``per_piece``, ``per_gross_address``, ``per_response``, ``flat`` or ``percent``; for ``percent`` the rate
    stands in ``unit_price``.
    """

    nature: str
    basis: str
    amount: Money
    vat_amount: Money
    quantity: int | None = None
    unit_price: UnitPrice | None = None
    supplier_name: str = ""

    @property
    def amount_with_vat(self) -> Decimal:
        """Amount with VAT."""
        return self.amount + self.vat_amount


@dataclass(frozen=True, kw_only=True)
class BudgetListRow(Record):
    """What one list is expected to cost, on the terms of the sheet of that number and revision.

    ``billing_basis`` is what its billing floor is a share of; losses for one of the ``unbilled_reasons`` are never billed.
    """

    list_code: str
    list_name: str
    supplier_name: str
    nature: str
    ordered_qty: int
    expected_net_qty: int
    billable_qty: int
    cpm: UnitPrice
    amount: Money
    terms_sheet: str = ""
    billing_basis: str = "delivered"
    unbilled_reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scenario(Record):
    """One outcome looked at; ``code`` is ``low``, ``central`` or ``high``.

    ``kept_amount`` is what stays of the revenue, where not all does.
    """

    code: str
    response_rate: Rate
    responses: int
    revenue_amount: Money
    cost_amount: Money
    roi: Rate | None
    kept_amount: Money | None = None

    @property
    def contribution_amount(self) -> Decimal:
        """What stays of the revenue, less cost."""
        return (self.revenue_amount if self.kept_amount is None else self.kept_amount) - self.cost_amount


@dataclass(frozen=True, kw_only=True)
class ApproverRow(Record):
    """Somebody who may decide, up to which amount, and what they decided if they already have."""

    name: str
    role: str
    limit_amount: Money | None
    decision: str = ""
    decided_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ApprovalTierRow(Record):
    """The tier that a budget's total falls in: amounts above one and at most another, None for no ceiling.

    ``signatures`` is how many different approvers sign; 0 above the last tier, where nobody may approve.
    """

    above_amount: Money
    up_to_amount: Money | None
    signatures: int


@dataclass(frozen=True, kw_only=True)
class BudgetChange(Record):
    """What one nature was in the revision before and is now."""

    nature: str
    before_amount: Money
    after_amount: Money


@dataclass(frozen=True, kw_only=True)
class FormerDecision(Record):
    """What somebody decided about the revision before, and under which conditions: a cap, None for none, and lists, by code, left out."""

    name: str
    decision: str
    decided_on: date
    cap_amount: Money | None = None
    excluded_lists: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BudgetFile(DocumentContent):
    """The budget as the approvers decide on it: where the money goes, what should come back, who may accept it.

    ``snapshot_sha256`` is the hash of the budget snapshot that an approval names; any change to the snapshot voids the approval. ``margin``
    is what returns and break-even were worked out with, where not all stays of what people give.
    """

    snapshot_sha256: str
    prepared_by: str
    drop_on: date
    envelope_amount: Money
    rows: tuple[BudgetRow, ...]
    lists: tuple[BudgetListRow, ...]
    scenarios: tuple[Scenario, ...]
    break_even_rate: Rate | None
    targets: tuple[Check, ...]
    approvers: tuple[ApproverRow, ...]
    changes: tuple[BudgetChange, ...] = ()
    assumptions: tuple[str, ...] = ()
    overrun_tolerance_rate: Rate | None = None
    tier: ApprovalTierRow | None = None
    former_decisions: tuple[FormerDecision, ...] = ()
    margin: MarginUsed | None = None

    @property
    def total_amount(self) -> Decimal:
        """Budget without VAT, contingency included."""
        return sum((row.amount for row in self.rows), Decimal("0.00"))

    @property
    def total_vat_amount(self) -> Decimal:
        """VAT of all rows."""
        return sum((row.vat_amount for row in self.rows), Decimal("0.00"))

    @property
    def margin_amount(self) -> Decimal:
        """What is left of the envelope; negative when the budget exceeds it."""
        return self.envelope_amount - self.total_amount
