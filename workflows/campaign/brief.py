"""The brief as values: what opens a campaign, whether it came from a kit, a form or an earlier campaign.

Shape only; `intake` reads files into it.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from workflows.trade.billing import BillingBasis
from workflows.trade.kpis import WHOLE
from workflows.trade.money import Cents


@dataclass(frozen=True, kw_only=True)
class BasisRow:
    """The legal basis of a list as it is stated: since when people were told or agreed and how, objections, who decides over the data."""

    legal_basis: str
    objections_purged_on: date
    collected_from_on: date | None = None
    collected_until_on: date | None = None
    collected_through: str = ""
    partners_named: bool = False
    data_role: str = ""


@dataclass(frozen=True, kw_only=True)
class ListRow:
    """A list with its terms and segments. Suppliers by their code; prices in euros per thousand; rates between 0 and 1.

    Without `basis` nothing is said of its legal basis: what was stated stands.
    """

    code: str
    name: str
    nature: str
    owner: str | None
    broker: str | None
    cpm: Decimal
    selection_cpm: Decimal
    run_charge_cpm: Decimal
    min_billing_rate: Decimal
    min_invoice_amount: Cents
    technical_fee: Cents
    billing_basis: str = BillingBasis.DELIVERED.value
    unbilled_reasons: tuple[str, ...] = ()
    undeliverable_guarantee: Decimal | None = None
    lead_days: int = 0
    basis: BasisRow | None = None
    segments: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One line of the media plan. `expected_rate` is the response rate that somebody states for it; without one it is projected."""

    list_code: str
    segment: str
    channel: str
    role: str
    message: str
    offer: str
    gross_qty: int
    rank: int
    expected_rate: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class MessageRow:
    """A mail piece."""

    code: str
    label: str
    offer: str
    tags: str = ""


@dataclass(frozen=True, kw_only=True)
class CostRow:
    """A cost by nature and basis, with the supplier's code where one is paid for it."""

    nature: str
    basis: str
    amount: Decimal
    supplier: str | None = None


@dataclass(frozen=True, kw_only=True)
class SeedRow:
    """A monitor seed: its code, and its address by the field names of the layout."""

    code: str
    address: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class MailPieceRow:
    """How the pieces of one message are made: grams and millimetres of one, and what is in it, in the order of insertion."""

    message: str
    format: str = ""
    weight_grams: Decimal | None = None
    thickness_mm: Decimal | None = None
    components: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MailingRow:
    """What a mailer has to know to put the pieces in the post. Whatever is empty is not stated.

    `spoilage_rate` is what is printed beyond the pieces, else policy says it; the return address is the advertiser's unless all four parts
    of another are given; `undeliverable` says what is done with pieces that come back: `returned`, or `recorded` and destroyed.
    """

    postal_product: str = ""
    postal_sort: str = ""
    deposit_site: str = ""
    spoilage_rate: Decimal | None = None
    return_name: str = ""
    return_address: str = ""
    return_postcode: str = ""
    return_town: str = ""
    undeliverable: str = ""
    contact: str = ""
    remarks: str = ""
    pieces: tuple[MailPieceRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PastRow:
    """What a line of an earlier campaign brought."""

    campaign: str
    list_code: str
    segment: str
    channel: str
    message: str
    nature: str
    gross: int
    net: int
    mailed: int
    undeliverable: int
    responses: int
    gifts: int
    amount: Cents
    cost: Cents


@dataclass(frozen=True, kw_only=True)
class Brief:
    """Everything a campaign is opened with. `dedupe` has `level`, `suppressions` (names, in order) and `allocation`.

    `margin_rate` is the share that stays of what people give or buy, `handling_amount` the euros that each gift or order costs to handle.
    Where `dedupe` has `multi_buyers`, people who stand in so many files or more get lots of their own.
    """

    code: str
    title: str
    drop_on: date
    envelope_amount: Cents
    currency: str = "EUR"
    vat_rate: Decimal = Decimal("0.20")
    offer_ends_on: date | None = None
    target_responses: int | None = None
    target_roi: Decimal | None = None
    minimum_net_quantity: int | None = None
    margin_rate: Decimal = WHOLE.rate
    handling_amount: Cents = WHOLE.handling_amount
    dedupe: dict[str, Any] = field(default_factory=dict)
    lists: tuple[ListRow, ...] = ()
    plan: tuple[PlanRow, ...] = ()
    messages: tuple[MessageRow, ...] = ()
    costs: tuple[CostRow, ...] = ()
    seeds: tuple[SeedRow, ...] = ()
    mailing: MailingRow | None = None
    history: tuple[PastRow, ...] = ()
