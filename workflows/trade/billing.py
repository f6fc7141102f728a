"""What a rented or exchanged address list costs: net-name billing, exchange balance, refunds, cancellation.

Use it for the sum owed to one list's owner or broker. Not for the campaign's other costs, nor for sharing them
between lists: that is `costs`. Terms hold for a whole list, never for one of its segments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum

from workflows.trade.money import ZERO, round_cents


class ListKind(StrEnum):
    """How the addresses of a list are come by."""

    RENTAL = "rental"
    EXCHANGE = "exchange"
    HOUSE = "house"


class BillingBasis(StrEnum):
    """Of what the billing floor is a share."""

    DELIVERED = "delivered"
    ORDERED = "ordered"


class LossReason(StrEnum):
    """Why a record that was delivered is not kept, in the order of the dedupe (trade reference, section 5)."""

    REJECTED = "rejected"
    SUPPRESSED = "suppressed"
    INTRA = "intra"
    INTER = "inter"


def in_order(reasons: Iterable[str]) -> tuple[LossReason, ...]:
    """These reasons, each once, in the order of the dedupe; what is none is left out."""
    named = set(reasons)
    return tuple(one for one in LossReason if one in named)


@dataclass(frozen=True, kw_only=True)
class ListTerms:
    """What was agreed for one list. CPM are euros per thousand addresses, amounts are euros without VAT.

    `min_billing_rate` is the contractual floor as a fraction of `billing_basis`: 0 is "net/net", 1 is "brut". It is never the
    observed `retention_rate`, though both are called *taux de garde*. Records that are lost for one of the `unbilled_reasons` are
    never billed: they are deducted before the floor is taken, where all others are deducted down to it.
    """

    cpm: Decimal
    selection_cpm: Decimal
    run_charge_cpm: Decimal
    min_billing_rate: Decimal
    min_invoice_amount: Decimal
    technical_fee: Decimal
    billing_basis: BillingBasis = BillingBasis.DELIVERED
    unbilled_reasons: tuple[LossReason, ...] = ()

    def unbilled(self, lost: Mapping[LossReason, int]) -> int:
        """How many of these lost records are never billed."""
        return sum(lost[reason] for reason in self.unbilled_reasons)


@dataclass(frozen=True, kw_only=True)
class ListBill:
    """A list's bill with each of its parts, in the order in which an invoice shows them.

    `due_amount = rental + run + selection + technical_fee + minimum_complement`, exactly. `unbilled` is what was lost for a reason that the
    contract never bills. `surplus` is what is left beyond what the order lets its supplier bill: it costs nothing, kept or not. `floor` is
    what the contract bills at the full rate at least, before it is held against what is left; `selected` what the selection is charged on.
    """

    delivered: int
    net: int
    billable: int
    rental_amount: Decimal
    run_amount: Decimal
    selection_amount: Decimal
    technical_fee_amount: Decimal
    minimum_complement_amount: Decimal
    due_amount: Decimal
    surplus: int = 0
    unbilled: int = 0
    floor: int = 0
    selected: int = 0

    @property
    def charged(self) -> int:
        """Addresses delivered that are billed, at the full rate or at the run charge."""
        return self.delivered - self.unbilled - self.surplus

    @property
    def run_quantity(self) -> int:
        """Addresses charged and not billed at the full rate."""
        return self.charged - self.billable


def most_billable(ordered: int, tolerance: Decimal) -> int:
    """Addresses that may be billed at most, however many are delivered: what was ordered and its tolerance (trade reference, section 3.5).

    :param tolerance: as a fraction of what was ordered.
    """
    return int((ordered * (1 + tolerance)).to_integral_value(ROUND_FLOOR))


def billing_floor(basis: int, min_billing_rate: Decimal) -> int:
    """Addresses that are billed at the full rate at least: `ceil(floor x basis)`.

    :raises ValueError: when the floor is not between 0 and 1.
    """
    if not 0 <= min_billing_rate <= 1:
        raise ValueError(f"a billing floor is between 0 and 1, not {min_billing_rate}")
    return int((min_billing_rate * basis).to_integral_value(ROUND_CEILING))


def billable_quantity(delivered: int, net: int, min_billing_rate: Decimal, floor_basis: int | None = None) -> int:
    """Addresses billed at the full rate: `min(delivered, max(net, ceil(floor x basis)))`.

    Source: trade reference, section 4. The basis of the floor is what was delivered unless the terms say
    what was ordered, then given as `floor_basis`.

    :raises ValueError: when net is not between 0 and delivered, or the floor not between 0 and 1.
    """
    if not 0 <= net <= delivered:
        raise ValueError(f"net {net} is not between 0 and delivered {delivered}")
    floor = billing_floor(delivered if floor_basis is None else floor_basis, min_billing_rate)
    return min(delivered, max(net, floor))


def bill_list(
    kind: ListKind,
    delivered: int,
    net: int,
    terms: ListTerms,
    most: int | None = None,
    *,
    ordered: int | None = None,
    unbilled: int = 0,
) -> ListBill:
    """Work out what is due for one list, without VAT.

    Source: trade reference, section 4 for the rates, the floor, its basis and the `deductible_reasons` that are never billable, section 3.5
    for the surplus::

        charged   = min(delivered - unbilled, most)
        floor     = ceil(min_billing_rate x basis)        basis: charged, or what was ordered
        billable  = min(charged, max(net, floor))
        rental    = billable x cpm / 1000
        run       = (charged - billable) x run_charge_cpm / 1000
        selection = min(delivered, most) x selection_cpm / 1000

    So what is never billed comes off before the floor and before the surplus, and bears neither the full rate nor the run charge. A floor
    of what is delivered is one of what is left then; a floor of what was ordered stays what it is, but nothing is billed that is not left.
    The selection is paid for what was delivered: it was done, whatever became of the records. With nothing unbilled and a floor of what is
    delivered, this is the plain formula of the reference.

    Each part is rounded half-up to the cent before adding. An exchanged list is billed like a rented one, since exchanges are invoiced
    mutually. The advertiser's own list owes nothing.

    :param delivered: records in the accepted versions of the list's files.
    :param net: records kept by the dedupe.
    :param most: addresses that may be billed at most; None for as many as are delivered.
    :param ordered: addresses ordered; the terms may not need it.
    :param unbilled: lost records that are never billed, as `ListTerms.unbilled` counts them.
    :raises ValueError: as `billable_quantity`; when more is never billed than is lost; when the floor is one of what was ordered, and
        nothing says how many that is.
    """
    if kind is ListKind.HOUSE:
        return ListBill(
            delivered=delivered,
            net=net,
            billable=0,
            rental_amount=ZERO,
            run_amount=ZERO,
            selection_amount=ZERO,
            technical_fee_amount=ZERO,
            minimum_complement_amount=ZERO,
            due_amount=ZERO,
        )
    if not 0 <= unbilled <= delivered - net:
        raise ValueError(f"{unbilled} never billed is not between 0 and the {delivered - net} lost")
    selected = delivered if most is None else min(delivered, most)
    charged = delivered - unbilled if most is None else min(delivered - unbilled, most)
    basis = ordered if terms.billing_basis is BillingBasis.ORDERED else charged
    if basis is None:
        raise ValueError("a floor of what was ordered needs what was ordered")
    billable = billable_quantity(charged, min(net, charged), terms.min_billing_rate, basis)
    rental = price_per_thousand(billable, terms.cpm)
    run = price_per_thousand(charged - billable, terms.run_charge_cpm)
    selection = price_per_thousand(selected, terms.selection_cpm)
    fee = round_cents(terms.technical_fee)
    parts = rental + run + selection + fee
    due = max(parts, round_cents(terms.min_invoice_amount))
    return ListBill(
        delivered=delivered,
        net=net,
        billable=billable,
        rental_amount=rental,
        run_amount=run,
        selection_amount=selection,
        technical_fee_amount=fee,
        minimum_complement_amount=due - parts,
        due_amount=due,
        surplus=delivered - unbilled - charged,
        unbilled=unbilled,
        floor=billing_floor(basis, terms.min_billing_rate),
        selected=selected,
    )


def price_per_thousand(quantity: int, cpm: Decimal) -> Decimal:
    """Price of `quantity` addresses at `cpm` euros per thousand, to the cent."""
    return round_cents(quantity * cpm / 1000)


@dataclass(frozen=True)
class UndeliverableClaim:
    """What may be claimed back from an owner whose addresses were worse than guaranteed."""

    allowed: int
    excess: int
    refund_amount: Decimal


def claim_undeliverable(mailed: int, undeliverable: int, guarantee_rate: Decimal, refund_cpm: Decimal) -> UndeliverableClaim:
    """Claim the undeliverable pieces beyond the owner's guarantee (trade reference, sections 3.2 and 3.9).

    :param guarantee_rate: share of undeliverable pieces that the owner stands for, as a fraction.
    :param refund_cpm: euros refunded per thousand pieces in excess, as agreed.
    """
    allowed = int((guarantee_rate * mailed).to_integral_value(ROUND_FLOOR))
    excess = max(0, undeliverable - allowed)
    return UndeliverableClaim(allowed, excess, price_per_thousand(excess, refund_cpm))


class CancellationMoment(StrEnum):
    """How far an order had gone when it was cancelled."""

    BEFORE_EXTRACTION = "before_extraction"
    AFTER_EXTRACTION = "after_extraction"
    AFTER_MAIL_DATE = "after_mail_date"


def cancellation_amount(moment: CancellationMoment, extracted: int, terms: ListTerms, whole_amount: Decimal) -> Decimal:
    """What a cancelled order still costs, without VAT, as the clause printed on it says.

    Source: trade reference, section 3.4: nothing before extraction, then the fees (technical and selection) and the run charge, and
    everything once the mail date has passed. No dedupe has counted the losses then, so nothing is deducted as never billed.

    :param extracted: addresses extracted for it.
    :param whole_amount: what the order comes to when it is carried out.
    """
    match moment:
        case CancellationMoment.BEFORE_EXTRACTION:
            return ZERO
        case CancellationMoment.AFTER_EXTRACTION:
            selection = price_per_thousand(extracted, terms.selection_cpm)
            run = price_per_thousand(extracted, terms.run_charge_cpm)
            return round_cents(terms.technical_fee) + selection + run
        case CancellationMoment.AFTER_MAIL_DATE:
            return whole_amount
