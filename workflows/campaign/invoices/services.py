"""What suppliers of services may invoice: what their order agreed with each of them, for what was proved. Not for lists: `results.figures`.

A line of an order counts what its basis says. Pieces are those on the deposit slips, of the lots that the supplier sends; of a printer they
are those of the lots whose message was signed off when they were still to be mailed, since it had printed them before any was left unsent.
Addresses are those delivered, answers those that could be kept, a flat fee counts once. Posting proves the first of them, the closing of
the answers the last: until then nothing is stated for an order that counts them. No order is billed above its ceiling, unless more lots
were ordered to be mailed than it had foreseen: that was let pass as an overrun and ordered in writing.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal

from sqlmodel import col, func, select

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.records import Lot, Response
from workflows.campaign.results.figures import list_bills
from workflows.campaign.send.printed import is_printed
from workflows.campaign.send.senders import senders
from workflows.campaign.states import CampaignState
from workflows.order.model import PurchaseOrder
from workflows.parties.model import Supplier
from workflows.parties.roles import SupplierKind
from workflows.trade.attribution import SET_ASIDE
from workflows.trade.costs import CostBasis, ServiceBill, ServiceLine

Counts = Callable[[CampaignFacts, Supplier, CostBasis], tuple[int, int]]
"""Units of a basis that the campaign ordered of a supplier since the order was written, and that were done."""
SENDING = (SupplierKind.MAILER, SupplierKind.ESP, SupplierKind.SMS, SupplierKind.CALL_CENTER)
"""Kinds that send some channels and bill the pieces of those; other kinds work on all that is mailed."""


def service_bills(facts: CampaignFacts) -> dict[str, ServiceBill]:
    """What may be billed for each order of services of which everything is proved, by order number."""
    found: dict[str, ServiceBill] = facts.remember("service_bills", lambda: dict(_bills(facts)))
    return found


def _bills(facts: CampaignFacts) -> Iterable[tuple[str, ServiceBill]]:
    for order in facts.live_orders:
        if is_proved(facts.campaign, order):
            yield order.number, ServiceBill(lines=tuple(_lines(facts, order, _counts)), ceiling_amount=order.total_amount)


def is_proved(campaign: Campaign, order: PurchaseOrder) -> bool:
    """Whether everything is known by now that an order of services counts."""
    if order.list_id is not None or campaign.dropped_on is None:
        return False
    stands_in = campaign.stood_in if campaign.state == CampaignState.ON_HOLD else campaign.state
    counts_answers = any(basis == CostBasis.PER_RESPONSE for _nature, basis, *_ in order.body["services"])
    return not counts_answers or stands_in in (CampaignState.ANALYSIS, CampaignState.CLOSED)


def done_so_far(facts: CampaignFacts, order: PurchaseOrder) -> Decimal:
    """What is known to be done of an order of services while nothing is posted, in euros without VAT.

    Addresses once a merge-purge counted them; of a printer pieces whose message was signed off, which lets them be printed; a flat fee with
    the first of what its bureau or printer does. What else was done, or bought for it, its supplier has to prove.
    """
    lines = tuple(_lines(facts, order, _counts_so_far))
    return ServiceBill(lines=lines, ceiling_amount=order.total_amount).due_amount


def natures(order: PurchaseOrder) -> tuple[str, ...]:
    """What an order of services is for, by the natures of its lines; nothing for a list."""
    return tuple(dict.fromkeys(nature for nature, *_ in order.body.get("services", ())))


def _lines(facts: CampaignFacts, order: PurchaseOrder, counts: Counts) -> Iterable[ServiceLine]:
    """The order's lines as it was written; a contingency is nobody's to bill."""
    supplier = facts.suppliers[order.supplier_id]
    for nature, basis_code, quantity, unit_amount in order.body.get("services", ()):
        basis = CostBasis(basis_code)
        if basis is not CostBasis.CONTINGENCY_PERCENT:
            since, done = counts(facts, supplier, basis)
            ordered = max(Decimal(str(quantity)), Decimal(since))
            yield ServiceLine(nature=nature, basis=basis, unit_amount=Decimal(str(unit_amount)), ordered=ordered, done=done)


def _counts(facts: CampaignFacts, supplier: Supplier, basis: CostBasis) -> tuple[int, int]:
    """How many units the campaign ordered since the order was written, and how many were done."""
    match basis:
        case CostBasis.PER_GROSS_ADDRESS:
            delivered = sum(bill.delivered for bill in list_bills(facts).values())
            return delivered, delivered
        case CostBasis.PER_RESPONSE:
            return 0, _answers(facts)
        case CostBasis.FLAT | CostBasis.CONTINGENCY_PERCENT:
            return 1, 1
    lots = [lot for lot in facts.lots if basis.counts(lot.channel) and _works_on(facts, supplier, lot)]
    pieces = sum(lot.pieces for lot in lots)
    return pieces, pieces if supplier.kind == SupplierKind.PRINTER else sum(lot.deposited or 0 for lot in lots)


def _counts_so_far(facts: CampaignFacts, supplier: Supplier, basis: CostBasis) -> tuple[int, int]:
    """The same while nothing is posted, as far as it is known."""
    report = next((run.report for run in reversed(facts.runs) if run.report), None)
    merged = sum(one["delivered"] for one in report["lists"].values()) if report else 0
    signed = {one.code for one in facts.messages if one.proof_signed_seq is not None}
    mine = facts.lots if supplier.kind == SupplierKind.PRINTER else []
    printed = [lot for lot in mine if lot.message in signed and _works_on(facts, supplier, lot)]
    match basis:
        case CostBasis.PER_GROSS_ADDRESS:
            done = merged
        case CostBasis.FLAT:
            done = int(bool(printed or (merged and supplier.kind == SupplierKind.DEDUPE_BUREAU)))
        case _:
            done = sum(lot.pieces for lot in printed if basis.counts(lot.channel))
    return done, done


def _works_on(facts: CampaignFacts, supplier: Supplier, lot: Lot) -> bool:
    if supplier.kind == SupplierKind.PRINTER:
        return is_printed(facts, lot)
    return lot.is_sent and (supplier.kind not in SENDING or supplier in senders(facts, lot.channel))


def _answers(facts: CampaignFacts) -> int:
    """Answers that were handled, whether or not anybody could tell what they answer."""
    statement = select(func.count()).where(col(Response.campaign_id) == facts.campaign.id, col(Response.attribution) != SET_ASIDE)
    return facts.session.exec(statement).one()
