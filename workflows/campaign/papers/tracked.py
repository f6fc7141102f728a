"""The numbers and addresses that lots carry, on the papers that list lots. A paper of lots without any is left as it is, to the byte."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from workflows.campaign.documents import LotPlan, LotRow, MailingChange, MailingOrder, words
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.papers.described import replaced_seq
from workflows.campaign.send.tracking import reference_differences, tracked_at, tracked_references
from workflows.trade.tracking import Kind, TrackedReference

TRACKED_BY = "CODE_LOT · ID_UNIQUE"
"""How the answers of every message are recognised."""
BESIDE = {Kind.PHONE: "TEL", Kind.URL: "URL", Kind.QR: "QR"}
"""How those are recognised besides whose lots carry more."""


def tracked_plan(facts: CampaignFacts, plan: LotPlan) -> LotPlan:
    """The plan with what its lots carry, and by what answers to each message are recognised."""
    lots = tuple(_carrying(plan.lots, tracked_references(facts)))
    return replace(
        plan,
        lots=lots,
        messages=tuple(replace(row, tracked_by=tracked_by(lot for lot in lots if lot.message == row.code)) for row in plan.messages),
    )


def tracked_order(facts: CampaignFacts, order: MailingOrder) -> MailingOrder:
    """The order with what its lots carry, and with what of that is otherwise than in the order before it."""
    now, seq = tracked_references(facts), replaced_seq(facts, order)
    codes = {lot.code for lot in order.lots}
    changes = () if seq is None else tuple(_changes(tracked_at(facts, seq), now, codes))
    return replace(order, lots=tuple(_carrying(order.lots, now)), changes=(*order.changes, *changes))


def tracked_by(lots: Iterable[LotRow]) -> str:
    """By what answers of these lots are recognised."""
    rows = tuple(lots)
    return " · ".join((TRACKED_BY, *(word for kind, word in BESIDE.items() if any(getattr(row, kind) for row in rows))))


def _carrying(lots: Iterable[LotRow], references: Iterable[TrackedReference]) -> Iterator[LotRow]:
    values = {(one.lot_code, one.kind): one.value for one in references}
    for lot in lots:
        phone, url, qr = (values.get((lot.code, kind), "") for kind in (Kind.PHONE, Kind.URL, Kind.QR))
        yield replace(lot, phone=phone, url=url, qr=qr)


def _changes(before: Iterable[TrackedReference], after: Iterable[TrackedReference], codes: set[str]) -> Iterator[MailingChange]:
    for one in reference_differences(before, after):
        if one.lot_code in codes:
            old, new = (words(value) if value else None for value in (one.before, one.after))
            yield MailingChange(field=f"tracked_{one.kind}", lot=one.lot_code, before=old, after=new)
