"""What a campaign costs: the budget before it runs, and each list's full cost once it has run.

Use it to add up cost items by their basis, or what was done of an order for services. Not for what a list itself is billed at: that is
`billing`. The budget
holds a contingency; an actual cost never does.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from workflows.trade.channels import EMAIL, PHONE, TEXT_MESSAGE
from workflows.trade.money import ZERO, Taxed, round_cents, share_amount, tax

RENTAL_NATURE = "location_fichiers"
"""The nature, beside those of the cost items, under which a list's bill stands in a budget."""


class CostBasis(StrEnum):
    """What a cost item's amount is multiplied by; the values are the words of the cost files.

    A piece is whatever goes to one person by any channel; the four after it count what goes by one channel alone.
    """

    PER_PIECE = "par_pli"
    PER_LETTER = "par_courrier"
    PER_EMAIL = "par_email"
    PER_TEXT_MESSAGE = "par_sms"
    PER_PERSON_CALLED = "par_appel"
    FLAT = "forfait"
    PER_GROSS_ADDRESS = "par_adresse_brute"
    PER_RESPONSE = "par_retour"
    CONTINGENCY_PERCENT = "pourcent"

    def counts(self, channel: str) -> bool:
        """Whether pieces that go out by a channel count for it; never where it counts something else than pieces."""
        return self is CostBasis.PER_PIECE or self is _OF_CHANNEL.get(channel, CostBasis.PER_LETTER)


_OF_CHANNEL = {EMAIL: CostBasis.PER_EMAIL, TEXT_MESSAGE: CostBasis.PER_TEXT_MESSAGE, PHONE: CostBasis.PER_PERSON_CALLED}
OF_ONE_CHANNEL = (CostBasis.PER_LETTER, *_OF_CHANNEL.values())
"""Bases that count the pieces of one channel alone."""


@dataclass(frozen=True)
class CostItem:
    """One line of the cost table.

    `amount` is in euros without VAT per unit of `basis`; for a contingency it is a percentage, 3 for 3 %. What `is_printing` counts pieces
    that were printed, whether or not they went out.
    """

    nature: str
    basis: CostBasis
    amount: Decimal
    supplier: str | None = None
    is_printing: bool = False


@dataclass(frozen=True)
class CostQuantities:
    """What cost items are multiplied by: pieces sent with their seeds, by channel; addresses delivered; responses.

    Responses may be an expectation and so have a fraction.
    """

    pieces: Mapping[str, int]
    gross: int
    responses: int | Decimal

    def of(self, basis: CostBasis) -> int | Decimal:
        """How many units of `basis` there are; a flat item counts once."""
        match basis:
            case CostBasis.PER_GROSS_ADDRESS:
                return self.gross
            case CostBasis.PER_RESPONSE:
                return self.responses
            case CostBasis.FLAT | CostBasis.CONTINGENCY_PERCENT:
                return 1
        return sum(pieces for channel, pieces in self.pieces.items() if basis.counts(channel))


@dataclass(frozen=True, kw_only=True)
class ServiceLine:
    """One line of an order for services: euros without VAT a unit of `basis`, units that were ordered, and units that were done."""

    nature: str
    basis: CostBasis
    unit_amount: Decimal
    ordered: Decimal
    done: int

    @property
    def amount(self) -> Decimal:
        """What was done, to the cent."""
        return round_cents(self.unit_amount * self.done)


@dataclass(frozen=True, kw_only=True)
class ServiceBill:
    """What may be billed for an order of services: its lines, and what it comes to at most. `ceiling_amount` is what the order says."""

    lines: tuple[ServiceLine, ...]
    ceiling_amount: Decimal

    @property
    def done_amount(self) -> Decimal:
        """What was done, line by line, in euros without VAT."""
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def most_amount(self) -> Decimal:
        """The most that was agreed in writing: the order's ceiling, or what its lines come to where more of them was ordered later."""
        return max(self.ceiling_amount, sum((round_cents(line.unit_amount * line.ordered) for line in self.lines), ZERO))

    @property
    def due_amount(self) -> Decimal:
        """What was done, and no more than was agreed."""
        return min(self.done_amount, self.most_amount)


@dataclass(frozen=True)
class PlannedListBill:
    """What one list is expected to be billed at, and by whom; the supplier of the house list is None."""

    list_code: str
    supplier: str | None
    quantity: int
    due_amount: Decimal


@dataclass(frozen=True)
class BudgetLine:
    """One line of a budget: a quantity at a unit price, without VAT, its VAT, and both.

    A list's line has `list_code` and no unit price, because a bill has several.
    """

    nature: str
    supplier: str | None
    basis: CostBasis | None
    quantity: int | Decimal
    unit_amount: Decimal | None
    amount: Taxed
    list_code: str | None = None


@dataclass(frozen=True)
class Budget:
    """A planned budget. Its totals are the sums of its lines, so that what is printed adds up."""

    lines: tuple[BudgetLine, ...]

    @property
    def total_amount(self) -> Decimal:
        """Euros without VAT, contingency included."""
        return sum((line.amount.net_amount for line in self.lines), ZERO)

    @property
    def vat_amount(self) -> Decimal:
        """VAT in euros."""
        return sum((line.amount.vat_amount for line in self.lines), ZERO)

    @property
    def total_with_vat_amount(self) -> Decimal:
        """Euros with VAT, contingency included."""
        return self.total_amount + self.vat_amount

    @property
    def contingency_amount(self) -> Decimal:
        """The part of the total, without VAT, that is set aside for what nobody foresaw."""
        aside = (line.amount.net_amount for line in self.lines if line.basis is CostBasis.CONTINGENCY_PERCENT)
        return sum(aside, ZERO)

    def by_supplier(self) -> dict[str, Taxed]:
        """Totals by supplier code, lines without a supplier left out."""
        totals: dict[str, Taxed] = {}
        for line in self.lines:
            if line.supplier is not None:
                totals[line.supplier] = totals[line.supplier] + line.amount if line.supplier in totals else line.amount
        return totals


def plan_budget(
    list_bills: Sequence[PlannedListBill],
    items: Sequence[CostItem],
    quantities: CostQuantities,
    vat_rate: Decimal,
    without_vat: Collection[str] = (),
) -> Budget:
    """Roll a campaign's planned costs up: its lists, its cost items, and the contingency on all of them.

    A contingency is a percentage of everything that is no contingency. VAT is rounded line by line. Lists that
    owe nothing have no line.

    Source: trade reference, section 3.3.

    :param vat_rate: as a fraction.
    :param without_vat: codes of suppliers who cost no VAT.
    """

    def taxed(amount: Decimal, supplier: str | None) -> Taxed:
        return tax(amount, ZERO if supplier in without_vat else vat_rate)

    lines = [
        BudgetLine(
            RENTAL_NATURE,
            bill.supplier,
            None,
            bill.quantity,
            None,
            taxed(bill.due_amount, bill.supplier),
            bill.list_code,
        )
        for bill in list_bills
        if bill.due_amount
    ]
    for item in items:
        if item.basis is not CostBasis.CONTINGENCY_PERCENT:
            quantity = quantities.of(item.basis)
            amount = taxed(item.amount * quantity, item.supplier)
            lines.append(BudgetLine(item.nature, item.supplier, item.basis, quantity, item.amount, amount))
    foreseen = sum((line.amount.net_amount for line in lines), ZERO)
    for item in items:
        if item.basis is CostBasis.CONTINGENCY_PERCENT:
            amount = tax(foreseen * item.amount / 100, vat_rate)
            lines.append(BudgetLine(item.nature, item.supplier, item.basis, 1, item.amount, amount))
    return Budget(tuple(lines))


@dataclass(frozen=True)
class ListActivity:
    """What one list did: its bill, the addresses it delivered, those it mailed, its pieces with their seeds by channel, what came back.

    `printed` are the pieces that were printed, by channel, where more were than went out.
    """

    list_code: str
    due_amount: Decimal
    delivered: int
    mailed: int
    pieces: Mapping[str, int]
    responses: int | Decimal
    printed: Mapping[str, int] | None = None


@dataclass(frozen=True)
class ListCost:
    """A list's full cost in euros without VAT, by part; `cost_amount` is their exact sum.

    `channel_amounts` is what only the pieces of one channel cost, by channel; channels without such a cost are left out.
    """

    list_code: str
    due_amount: Decimal
    per_piece_amount: Decimal
    channel_amounts: Mapping[str, Decimal]
    per_gross_address_amount: Decimal
    per_response_amount: Decimal
    flat_share_amount: Decimal

    @property
    def cost_amount(self) -> Decimal:
        """Everything this list cost, contingency never included."""
        return self.common_amount + sum(self.channel_amounts.values(), ZERO)

    @property
    def common_amount(self) -> Decimal:
        """What all of its pieces share, by whatever channel they go."""
        return self.due_amount + self.per_piece_amount + self.per_gross_address_amount + self.per_response_amount + self.flat_share_amount


def cost_lists(lists: Sequence[ListActivity], items: Sequence[CostItem]) -> list[ListCost]:
    """Work out each list's cost: `due + per piece x (mailed + seeds) + per piece of a channel x its pieces
    + per gross address x delivered + per response x responses + its share of the flat costs by mailed`.

    Flat costs are shared by largest remainder, so the shares add up to them to the cent; where nothing was mailed at
    all they are shared equally.

    Source: trade reference, section 6 ("allocate fixed costs by n").
    """
    if not lists:
        return []
    rate = _rates(items)
    done, printed = _rates(item for item in items if not item.is_printing), _rates(item for item in items if item.is_printing)
    flat_shares = share_amount(rate[CostBasis.FLAT], [activity.mailed for activity in lists])
    return [
        ListCost(
            activity.list_code,
            activity.due_amount,
            _per_piece(activity, done, printed),
            _channel_amounts(activity, done, printed),
            round_cents(rate[CostBasis.PER_GROSS_ADDRESS] * activity.delivered),
            round_cents(rate[CostBasis.PER_RESPONSE] * activity.responses),
            flat_share,
        )
        for activity, flat_share in zip(lists, flat_shares, strict=True)
    ]


def _rates(items: Iterable[CostItem]) -> dict[CostBasis, Decimal]:
    rates = dict.fromkeys(CostBasis, Decimal(0))
    for item in items:
        rates[item.basis] += item.amount
    return rates


def _per_piece(activity: ListActivity, done: Mapping[CostBasis, Decimal], printed: Mapping[CostBasis, Decimal]) -> Decimal:
    went_out = sum(activity.pieces.values())
    were_printed = went_out if activity.printed is None else sum(activity.printed.values())
    return round_cents(done[CostBasis.PER_PIECE] * went_out + printed[CostBasis.PER_PIECE] * were_printed)


def _channel_amounts(activity: ListActivity, done: Mapping[CostBasis, Decimal], printed: Mapping[CostBasis, Decimal]) -> dict[str, Decimal]:
    were_printed = activity.pieces if activity.printed is None else activity.printed
    amounts = {}
    for channel in {**activity.pieces, **were_printed}:
        own = [basis for basis in OF_ONE_CHANNEL if basis.counts(channel) and (done[basis] or printed[basis])]
        if own:
            went_out, count = activity.pieces.get(channel, 0), were_printed.get(channel, 0)
            amounts[channel] = round_cents(sum((done[basis] * went_out + printed[basis] * count for basis in own), Decimal(0)))
    return amounts


def pieces_by_channel(parts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Pieces summed by channel, of parts that are each a channel and how many pieces they have."""
    pieces: dict[str, int] = {}
    for channel, count in parts:
        pieces[channel] = pieces.get(channel, 0) + count
    return pieces


def share_cost(common: Decimal, of_channel: Mapping[str, Decimal], mailed: Sequence[tuple[str, int]]) -> list[Decimal]:
    """Share a list's cost among its parts, each a channel and how many it mails: what one channel costs is borne by what goes by it.

    The shares add up to the cost to the cent.

    :raises ValueError: when there is no part, or none that goes by a channel that costs something.
    """
    shares = share_amount(common, [count for _, count in mailed])
    for channel, amount in of_channel.items():
        own = [place for place, (by, _) in enumerate(mailed) if by == channel]
        for place, more in zip(own, share_amount(amount, [mailed[place][1] for place in own]), strict=True):
            shares[place] += more
    return shares
