"""The paper that closes a campaign: what came back, by list, segment, message and lot, and what was learned.

Rates come with the counts they were made from; they are computed by the trade's formulas before they come here, because a
total is made from sums and never from averages of rates.
"""

from dataclasses import dataclass
from datetime import date

from workflows.campaign.documents.head import Check, DocumentContent, MarginUsed
from workflows.campaign.documents.record import Money, Parts, Rate, Record


@dataclass(frozen=True, kw_only=True)
class FunnelStep(Record):
    """One step of the chain from ordered to gifts.

    ``code`` is ``ordered``, ``delivered``, ``net``, ``mailed``, ``arrived``, ``responses`` or ``gifts``.
    """

    code: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class ResultRow(Record):
    """The results of one list, segment, message or lot; a rate is None where its denominator is 0.

    ``response_low_rate`` and ``response_high_rate`` bound the 95 % interval of the response rate, ``undeliverable_low_rate`` and
    ``undeliverable_high_rate`` that of undeliverable mail. A row of a channel has no label.
    """

    key: str
    label: str
    mailed: int
    undeliverable: int
    responses: int
    gifts: int
    amount: Money
    cost_amount: Money
    response_rate: Rate | None
    undeliverable_rate: Rate | None = None
    yield_rate: Rate | None = None
    average_gift: Money | None = None
    cost_per_response: Money | None = None
    roi: Rate | None = None
    response_low_rate: Rate | None = None
    response_high_rate: Rate | None = None
    undeliverable_low_rate: Rate | None = None
    undeliverable_high_rate: Rate | None = None


@dataclass(frozen=True, kw_only=True)
class KpiRow(Record):
    """One indicator of the whole campaign; ``unit`` is ``share``, ``money``, ``ratio`` or ``points``, ``target`` what was aimed at.

    A sum of money is no quotient, so it has neither numerator nor denominator; ``low_rate`` and ``high_rate`` bound the 95 % interval of a
    share of counted things.
    """

    code: str
    unit: str
    numerator: Rate | None = None
    denominator: Rate | None = None
    value: Rate | None
    target: Rate | None = None
    low_rate: Rate | None = None
    high_rate: Rate | None = None


@dataclass(frozen=True, kw_only=True)
class CurvePoint(Record):
    """Responses received up to the end of a day."""

    on: date
    responses: int


@dataclass(frozen=True, kw_only=True)
class CurveUsed(Record):
    """The curve by which the answers of a channel were forecast: of so many earlier campaigns and answers, the usual one where none."""

    channel: str
    campaigns: int = 0
    answers: int = 0


@dataclass(frozen=True, kw_only=True)
class TestVerdict(Record):
    """What a test showed, over all its places or in one; a side is a lot's code where it was one lot, else its message.

    ``verdict`` is ``variant_wins``, ``control_wins``, ``no_difference`` or ``inconclusive``, and ``winner`` the message that won. What each
    side lacked in pieces is its ``more_needed_qty``. Where only the responses were fewer than the ``least_responses`` of policy,
    ``few_responses`` are what the smaller side could count on. ``channel`` is there where the tests are in several.
    The low and high rates bound 95 % intervals.
    """

    __test__ = False  # a name that begins with Test is no test class

    hypothesis: str
    control: str
    variant: str
    control_rate: Rate | None
    variant_rate: Rate | None
    verdict: str
    p_value: Rate | None = None
    more_needed_qty: int | None = None
    control_more_needed_qty: int | None = None
    winner: str = ""
    few_responses: int | None = None
    least_responses: int | None = None
    channel: str = ""
    control_low_rate: Rate | None = None
    control_high_rate: Rate | None = None
    variant_low_rate: Rate | None = None
    variant_high_rate: Rate | None = None


@dataclass(frozen=True, kw_only=True)
class UpliftSide(Record):
    """People who were mailed, or held out, and those of them who answered; what they lacked in people is their ``more_needed_qty``."""

    people: int
    answering: int
    rate: Rate | None
    low_rate: Rate | None
    high_rate: Rate | None
    more_needed_qty: int | None = None


@dataclass(frozen=True, kw_only=True)
class UpliftRow(Record):
    """People who were mailed against people who were held out, in one list or, without its code, in all.

    ``difference_rate`` is the rate of the mailed less that of the held out; ``answers`` and ``amount`` are what the mailed brought above
    what as many held out would have. The low and high figures bound 95 % intervals. ``verdict`` is ``mailing_brings``, ``mailing_costs``,
    ``no_difference`` or ``inconclusive``; ``few_responses`` are those that the smaller side could count on where only they were fewer
    than the ``least_responses`` of policy.
    """

    list_code: str
    list_name: str
    mailed: UpliftSide
    held_out: UpliftSide
    difference_rate: Rate
    difference_low_rate: Rate
    difference_high_rate: Rate
    answers: int
    answers_low: int
    answers_high: int
    amount: Money
    p_value: Rate
    verdict: str
    few_responses: int | None = None
    least_responses: int | None = None


@dataclass(frozen=True, kw_only=True)
class UpliftBasis(Record):
    """How the two sides were counted: answers within ``days`` of the drop, by the people whom name and postcode tell.

    Of the answers ``credited`` to the lots that are compared ``matched`` are found so; ``left_out_qty`` are people held out where a lot was
    left unsent.
    """

    days: int
    credited: int
    matched: int
    left_out_qty: int = 0


@dataclass(frozen=True, kw_only=True)
class WarrantyRow(Record):
    """Undeliverable mail of a list against what its owner guaranteed; where it is more, the pieces and euros without VAT to claim back."""

    list_code: str
    list_name: str
    warranty_rate: Rate
    observed_rate: Rate | None
    claim_qty: int = 0
    refund_amount: Money | None = None


@dataclass(frozen=True, kw_only=True)
class InvoiceRow(Record):
    """What a supplier was ordered, what is due after the net statement, and how its invoice of that stands: ``matched``, ``accepted``,
    ``above_budget``, ``disputed``, ``received``, ``missing`` or ``waived``; empty where none is expected.
    ``invoiced_amount`` is what is left of it after its ``credit_notes``, by their numbers.
    """

    order_number: str
    supplier_name: str
    ordered_amount: Money
    due_amount: Money
    list_code: str = ""
    invoice_state: str = ""
    invoice_number: str = ""
    invoiced_amount: Money | None = None
    credit_notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CreditRow(Record):
    """Responses that a step of the cascade credited, and their euros; ``code`` is a method of the trade's attribution."""

    code: str
    responses: int
    amount: Money


@dataclass(frozen=True, kw_only=True)
class SharedRow(Record):
    """What one list is credited with, and its equal parts in what people brought whom several lists had."""

    list_code: str
    list_name: str
    responses: int
    shared_responses: Parts
    gifts: int
    shared_gifts: Parts
    amount: Money
    shared_amount: Money


@dataclass(frozen=True, kw_only=True)
class Lesson(Record):
    """What the next plan should know, in words; ``about`` is a list, a segment, a message or a supplier."""

    about: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ResultsReport(DocumentContent):
    """The campaign's balance: objectives, chain, indicators, response curve, tests, money and lessons.

    ``least_uplift`` is the difference that the tests had to be able to show, a share of the control's rate; ``by_channel`` is there where
    the campaign was in several, ``uplift`` and ``uplift_basis`` where it held people out. ``credited`` is there where lots carried numbers
    or addresses; of the responses ``disagreed`` came by one lot's and bore another's code, which decided. ``margin`` is what returns and
    contribution were worked out with, where not all stays of what people give. ``shared`` is there where people of several lists answered,
    ``several_responses`` times; of ``untold_responses`` it is not known.
    """

    drop_on: date
    closed_on: date
    campaign: ResultRow
    funnel: tuple[FunnelStep, ...]
    kpis: tuple[KpiRow, ...]
    by_list: tuple[ResultRow, ...]
    by_segment: tuple[ResultRow, ...]
    by_message: tuple[ResultRow, ...]
    by_lot: tuple[ResultRow, ...] = ()
    targets: tuple[Check, ...] = ()
    curve: tuple[CurvePoint, ...] = ()
    tests: tuple[TestVerdict, ...] = ()
    warranties: tuple[WarrantyRow, ...] = ()
    invoices: tuple[InvoiceRow, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    budget_amount: Money | None = None
    unattributed_responses: int = 0
    unattributed_amount: Money | None = None
    set_aside_responses: int = 0
    least_uplift: Rate | None = None
    by_channel: tuple[ResultRow, ...] = ()
    uplift: tuple[UpliftRow, ...] = ()
    uplift_basis: UpliftBasis | None = None
    curves_used: tuple[CurveUsed, ...] = ()
    credited: tuple[CreditRow, ...] = ()
    disagreed: int = 0
    margin: MarginUsed | None = None
    shared: tuple[SharedRow, ...] = ()
    several_responses: int = 0
    untold_responses: int = 0
