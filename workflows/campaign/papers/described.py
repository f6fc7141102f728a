"""What a mailing order says of the pieces themselves, where somebody said it: how they are made, sorted, posted, and what comes back.

An order of a campaign of which nothing was said is left as it is, to the byte.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

from sqlmodel import col, select

from workflows.campaign.as_written import mailing_row
from workflows.campaign.brief import MailingRow, MailPieceRow
from workflows.campaign.documents import ComponentRow, MailingChange, MailingOrder, Measure, Party, PieceRow, words
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.send.describing import differences, said_at
from workflows.engine.documents import Document
from workflows.trade.channels import goes_by_post

UNITS = {"spoilage_rate": "share", "weight_grams": "grams", "thickness_mm": "millimetres"}
"""The units of what is said in numbers."""


def spoilt(pieces: int, rate: Decimal) -> int:
    """Pieces that are printed beyond those that are posted, rounded up."""
    return int((pieces * rate).to_integral_value(ROUND_CEILING))


def spoilage_rate(facts: CampaignFacts) -> Decimal:
    """What is printed beyond the pieces: as it is said, else as policy says."""
    said = mailing_row(facts)
    return facts.campaign.policy.share("lots", "spoilage_share") if said is None or said.spoilage_rate is None else said.spoilage_rate


def as_described(facts: CampaignFacts, order: MailingOrder) -> MailingOrder:
    """The order with what is said of the mailing, and with what it says otherwise than the order before it."""
    said = mailing_row(facts) if goes_by_post(order.channel) else None
    if said is None:
        return order
    rate = spoilage_rate(facts)
    lots = tuple(replace(lot, spoilage_qty=spoilt(lot.pieces, rate)) for lot in order.lots)
    pieces = {piece.message: piece for piece in said.pieces}
    content = replace(
        order,
        postal_product=said.postal_product,
        postal_sort=said.postal_sort,
        deposit_site=said.deposit_site,
        spoilage_rate=rate,
        lots=lots,
        undeliverable_to=_return_address(said) or order.undeliverable_to,
        undeliverable=said.undeliverable,
        contact=said.contact,
        remarks=said.remarks,
        mail_pieces=tuple(
            PieceRow(message=code, format=piece.format, weight_grams=piece.weight_grams, thickness_mm=piece.thickness_mm)
            for code in dict.fromkeys(row.message for row in order.components)
            if (piece := pieces.get(code)) and (piece.format or piece.weight_grams or piece.thickness_mm)
        ),
        components=tuple(
            ComponentRow(
                message=row.message,
                fold_rank=rank,
                label=label,
                quantity=row.quantity,
                spoilage_qty=sum(lot.spoilage_qty for lot in lots if lot.message == row.message),
            )
            for row in order.components
            for rank, label in enumerate(_components(pieces, row), start=1)
        ),
    )
    return replace(content, changes=tuple(_changes(facts, content, said)))


def _components(pieces: Mapping[str, MailPieceRow], row: ComponentRow) -> tuple[str, ...]:
    piece = pieces.get(row.message)
    return (piece.components if piece else ()) or (row.label,)


def _return_address(said: MailingRow) -> Party | None:
    if not said.return_address:
        return None
    return Party(
        name=said.return_name,
        siren="",
        vat_number="",
        address=said.return_address,
        postcode=said.return_postcode,
        town=said.return_town,
        email="",
    )


def replaced_seq(facts: CampaignFacts, order: MailingOrder) -> int | None:
    """The entry that issued the order which this one replaces, None where it replaces none."""
    issued = select(Document.requested_seq).where(Document.campaign_id == facts.campaign.id, Document.number == order.head.number)
    return facts.session.exec(issued.order_by(col(Document.revision).desc())).first()


def _changes(facts: CampaignFacts, order: MailingOrder, said: MailingRow) -> Iterator[MailingChange]:
    """What is said otherwise than when the order that this one replaces was issued. Lots and days are told elsewhere."""
    seq = replaced_seq(facts, order)
    if seq is None:
        return
    posted = {"", *(row.message for row in order.components)}
    usual = {"spoilage_rate": facts.campaign.policy.share("lots", "spoilage_share")}
    for one in differences(said_at(facts, seq), said):
        before, after = (usual.get(one.field) if value is None else value for value in (one.before, one.after))
        if one.message in posted and before != after:
            yield MailingChange(field=one.field, message=one.message, before=_measure(one.field, before), after=_measure(one.field, after))


def _measure(field: str, value: Decimal | str | None) -> Measure | None:
    if isinstance(value, Decimal):
        return Measure(unit=UNITS[field], value=value)
    return words(value) if value else None
