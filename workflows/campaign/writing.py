"""Writes a brief's rows into the campaign's tables: new rows begin at this step's checkpoint, the ones they replace end there."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from workflows.campaign import values
from workflows.campaign.brief import CostRow, ListRow, MailingRow, MessageRow, PastRow, PlanRow, SeedRow
from workflows.campaign.keeping import EVERY_SUPPRESSION, kept_files, suppression_name
from workflows.campaign.model import CampaignList, CostItem, HistoryCurve, HistoryRow, ListSegment, Message, MonitorSeed
from workflows.campaign.send.records import MailingDescription
from workflows.campaign.terms.basis import basis_row, keep_basis, stated_of
from workflows.engine.command import plain, sha256_of
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.model import Supplier
from workflows.plan_line.model import LineState, PlanLine, lines_of
from workflows.plan_line.process import ReopenLine
from workflows.trade.billing import in_order


class UnknownSupplier(Refused):
    """A row names a supplier that the advertiser does not have."""

    code = "plan.unknown_supplier"


class UnknownListSegment(Refused):
    """A plan line names a list and segment that no list offers."""

    code = "plan.unknown_list_segment"


class UnknownMessage(Refused):
    """A plan line names a message that the campaign does not have."""

    code = "plan.unknown_message"


class ListSegmentInUse(Refused):
    """A line that stays in the plan is of a list or segment that would be none of the campaign's any more."""

    code = "plan.list_segment_in_use"


class MessageInUse(Refused):
    """A line that stays in the plan sends a message that would be none of the campaign's any more."""

    code = "plan.message_in_use"


TERMS = tuple(values.TERMS)
"""What is agreed with a list's owner."""


def _end(step: Step, rows: Sequence[Any]) -> None:
    for row in rows:
        row.to_seq = step.seq
    step.session.flush()


def _supplier_ids(step: Step) -> dict[str, UUID]:
    rows = step.session.exec(select(Supplier).where(Supplier.advertiser_id == step.chain.advertiser_id))
    return {row.code: row.id for row in rows}


def _supplier(known: dict[str, UUID], code: str | None) -> UUID | None:
    if not code:
        return None
    if code not in known:
        raise UnknownSupplier(supplier=code)
    return known[code]


def write_lists(step: Step, rows: Sequence[ListRow]) -> None:
    """Replace lists and segments. A list keeps its id while its code stays, so that lines and orders keep pointing at it.

    A list that is left out ends. Where a term changes that was agreed, the list's lines are to be negotiated again.

    :raises UnknownSupplier: for an owner or broker the advertiser does not have.
    :raises ValueNotAllowed: for a value that no list has.
    """
    kept = [suppression_name(file) for file in kept_files(step.session, step.chain.id, EVERY_SUPPRESSION)]
    values.refuse_lists(rows, [name.removesuffix(".csv") for name in (*kept, *step.chain.dedupe.get("suppressions", ()))])
    known = _supplier_ids(step)
    existing = {row.code: row for row in step.facts.lists}
    _end(step, step.facts.segments)
    _end(step, [row for code, row in existing.items() if code not in {one.code for one in rows}])
    for row in rows:
        told: dict[str, Any] = {
            "name": row.name,
            "nature": row.nature,
            "owner_id": _supplier(known, row.owner),
            "broker_id": _supplier(known, row.broker),
            "cpm": row.cpm,
            "selection_cpm": row.selection_cpm,
            "run_charge_cpm": row.run_charge_cpm,
            "min_billing_rate": row.min_billing_rate,
            "min_invoice_amount": row.min_invoice_amount,
            "technical_fee": row.technical_fee,
            "billing_basis": row.billing_basis,
            "unbilled_reasons": list(in_order(row.unbilled_reasons)),
            "undeliverable_guarantee": row.undeliverable_guarantee,
            "lead_days": row.lead_days,
        }
        entry = existing.get(row.code)
        if entry is None:
            entry = CampaignList(**step.from_now_on(), code=row.code, **told)
        else:
            _change_list(step, entry, told)
        step.session.add(entry)
        step.session.flush()
        step.session.add_all(
            ListSegment(**step.from_now_on(), list_id=entry.id, code=code, universe=universe) for code, universe in row.segments
        )
    step.session.flush()
    step.forget_facts()
    _write_bases(step, rows)


def _write_bases(step: Step, rows: Sequence[ListRow]) -> None:
    """Keep what the rows newly say of legal bases; what was stated by whom a list is no longer ordered from is stated no more.

    :raises Refused: as `keep_basis` does.
    """
    said = {row.code: row.basis for row in rows}
    for entry in list(step.facts.lists):
        stated, basis = stated_of(step.facts, entry.id), said[entry.code]
        if basis is not None and (stated is None or basis_row(stated) != basis):
            keep_basis(step, entry, basis, on_behalf=not entry.is_house)
        elif stated is not None and stated.supplier_id != entry.supplier_id:
            _end(step, [stated])
            step.forget_facts()


def _change_list(step: Step, entry: CampaignList, told: dict[str, Any]) -> None:
    """Give a list its new values; terms that nobody agreed to are no terms."""
    if any(getattr(entry, name) != told[name] for name in TERMS):
        entry.terms_agreed_at = entry.consent_at = None
        settled = (LineState.AGREED, LineState.OWNER_APPROVED, LineState.ORDERED, LineState.CONFIRMED, LineState.DELIVERED)
        for line in lines_of(step.session, entry.id, *settled):
            if not entry.is_house:
                step.then(ReopenLine(subject_id=line.id))
    for name, value in told.items():
        setattr(entry, name, value)


def refuse_orphans(step: Step) -> None:
    """Every line must be of a list, a segment and a message that are still the campaign's: of one that is none no proof is asked.

    :raises ListSegmentInUse: naming the first line whose list or segment is not.
    :raises MessageInUse: naming the first line whose message is not.
    """
    lists = {row.id for row in step.facts.lists}
    offered = {(row.list_id, row.code) for row in step.facts.segments if row.list_id in lists}
    messages = {row.code for row in step.facts.messages}
    for line in step.facts.lines:
        about = {"row": line.position, "list": line.list_code, "segment": line.segment}
        if (line.list_id, line.segment) not in offered:
            raise ListSegmentInUse(**about)
        if line.message not in messages:
            raise MessageInUse(**about, message=line.message)


def write_messages(step: Step, rows: Sequence[MessageRow]) -> None:
    """Replace the campaign's messages.

    :raises ValueNotAllowed: for a code that is none, or comes twice.
    """
    values.refuse_rows("messages", rows, values.MESSAGE)
    values.refuse_twice("messages", None, [row.code for row in rows])
    _end(step, step.facts.messages)
    step.session.add_all(Message(**step.from_now_on(), code=row.code, label=row.label, offer=row.offer, tags=row.tags) for row in rows)
    step.session.flush()
    step.forget_facts()


def write_plan(step: Step, rows: Sequence[PlanRow]) -> None:
    """Replace the plan's lines. A line that is asked for again just as it stands goes on, with all that was done about it.

    :raises UnknownListSegment: for a list or segment that is not among the campaign's.
    :raises UnknownMessage: for a message that is not among the campaign's.
    :raises ValueNotAllowed: for a value that no line has.
    """
    values.refuse_rows("plan", rows, values.PLAN)
    lists = {row.code: row for row in step.facts.lists}
    offered = {(row.list_id, row.code) for row in step.facts.segments}
    messages = {row.code for row in step.facts.messages}
    for number, row in enumerate(rows, start=1):
        if row.list_code not in lists or (lists[row.list_code].id, row.segment) not in offered:
            raise UnknownListSegment(row=number, list=row.list_code, segment=row.segment)
        if row.message not in messages:
            raise UnknownMessage(row=number, message=row.message)
    standing = {(line.list_id, *_wanted(line)): line for line in reversed(step.facts.live_lines)}
    kept = []
    for position, row in enumerate(rows, start=1):
        list_id = lists[row.list_code].id
        line = standing.pop((list_id, *_wanted(row)), None)
        if line is None:
            step.session.add(
                PlanLine(
                    **step.from_now_on(),
                    list_id=list_id,
                    list_code=row.list_code,
                    segment=row.segment,
                    channel=row.channel,
                    role=row.role,
                    message=row.message,
                    offer=row.offer,
                    gross_qty=row.gross_qty,
                    rank=row.rank,
                    expected_rate=row.expected_rate,
                    position=position,
                )
            )
        else:
            line.position, line.expected_rate = position, row.expected_rate
            kept.append(line)
    _end(step, [line for line in step.facts.lines if line not in kept])
    step.session.flush()
    step.forget_facts()


def _wanted(row: PlanRow | PlanLine) -> tuple[Any, ...]:
    """What a line asks for, apart from its place in the plan and what is expected of it."""
    return (row.segment, row.channel, row.role, row.message, row.offer, row.gross_qty, row.rank)


def write_costs(step: Step, rows: Sequence[CostRow]) -> None:
    """Replace the campaign's costs.

    :raises UnknownSupplier: for a supplier the advertiser does not have.
    :raises ValueNotAllowed: for a value that no cost has.
    """
    values.refuse_rows("costs", rows, values.COST)
    known = _supplier_ids(step)
    _end(step, step.facts.costs)
    step.session.add_all(
        CostItem(
            **step.from_now_on(),
            position=position,
            nature=row.nature,
            basis=row.basis,
            amount=row.amount,
            supplier_id=_supplier(known, row.supplier),
        )
        for position, row in enumerate(rows, start=1)
    )
    step.session.flush()
    step.forget_facts()


def write_seeds(step: Step, rows: Sequence[SeedRow]) -> None:
    """Replace the monitor seeds.

    :raises ValueNotAllowed: for a code that is none, or comes twice.
    """
    values.refuse_rows("seeds", rows, values.SEED)
    values.refuse_twice("seeds", None, [row.code for row in rows])
    _end(step, step.facts.seeds)
    step.session.add_all(MonitorSeed(**step.from_now_on(), code=row.code, address=dict(row.address)) for row in rows)
    step.session.flush()
    step.forget_facts()


def write_mailing(step: Step, row: MailingRow) -> None:
    """Keep the next version of what is said of the mailing.

    :raises UnknownMessage: for pieces of a message that is not among the campaign's.
    :raises ValueNotAllowed: for a value that no mailing has.
    """
    values.refuse_mailing(step.chain.code, row)
    messages = {one.code for one in step.facts.messages}
    for number, piece in enumerate(row.pieces, start=1):
        if piece.message not in messages:
            raise UnknownMessage(row=number, message=piece.message)
    if step.facts.mailing is not None:
        _end(step, [step.facts.mailing])
    step.session.add(
        MailingDescription(
            **step.from_now_on(),
            body=plain(row),
            sha256=sha256_of(row),
            described_by_id=step.actor.person_id,
            described_at=step.now,
        )
    )
    step.session.flush()
    step.forget_facts()


def write_history(step: Step, rows: Sequence[PastRow], *, published_by: UUID | None = None) -> int:
    """Add what earlier campaigns brought to the advertiser's history; a row that is there already is left as it is.

    :param published_by: the campaign whose results these are: they take the place of those that it published before.
    :return: how many rows were new.
    :raises ValueNotAllowed: for a value that no campaign has had.
    """
    values.refuse_rows("history", rows, values.PAST)
    advertiser_id = step.chain.advertiser_id
    present = select(HistoryRow).where(
        HistoryRow.advertiser_id == advertiser_id, col(HistoryRow.campaign).in_({row.campaign for row in rows})
    )
    known = {(row.campaign, row.list_code, row.segment, row.channel, row.message): row for row in step.session.exec(present)}
    before = {key: row for key, row in known.items() if published_by is not None and row.published_by_id == published_by}
    added = 0
    for row in rows:
        key = (row.campaign, row.list_code, row.segment, row.channel, row.message)
        figures: dict[str, Any] = {name: getattr(row, name) for name in _FIGURES}
        if replaced := before.pop(key, None):
            replaced.sqlmodel_update(figures)
        elif key not in known:
            named: dict[str, Any] = dict(zip(("campaign", "list_code", "segment", "channel", "message"), key, strict=True))
            known[key] = HistoryRow(advertiser_id=advertiser_id, published_by_id=published_by, **named, **figures)
            step.session.add(known[key])
            added += 1
    for gone in before.values():
        step.session.delete(gone)
    step.session.flush()
    return added


_FIGURES = ("nature", "gross", "net", "mailed", "undeliverable", "responses", "gifts", "amount", "cost")


def write_curves(step: Step, label: str, by_channel: Mapping[str, Sequence[int]]) -> None:
    """Add how fast the campaign's answers came in to the advertiser's history, by channel, in place of what it published before.

    What another has published under that name is left as it is.
    """
    advertiser_id = step.chain.advertiser_id
    present = select(HistoryCurve).where(HistoryCurve.advertiser_id == advertiser_id, HistoryCurve.campaign == label)
    known = {row.channel: row for row in step.session.exec(present)}
    before = {channel: row for channel, row in known.items() if row.published_by_id == step.chain.id}
    for channel, days in by_channel.items():
        if replaced := before.pop(channel, None):
            replaced.by_day = list(days)
        elif channel not in known:
            step.session.add(
                HistoryCurve(advertiser_id=advertiser_id, campaign=label, channel=channel, by_day=list(days), published_by_id=step.chain.id)
            )
    for gone in before.values():
        step.session.delete(gone)
    step.session.flush()
