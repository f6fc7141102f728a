"""Deposits as their mailers proved them, each with its slip where it was scanned. Its mailer sees one, and whoever sees the campaign."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.database import Database, say_who_asks
from app.queries.kept_files import take_out
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.records import Deposit, Lot, StoredFile
from workflows.campaign.send.depositing import missing_pieces
from workflows.campaign.send.senders import sends
from workflows.engine.refusals import NotFound
from workflows.parties.actor import SYSTEM, Actor
from workflows.parties.model import Supplier
from workflows.trade.channels import Way, way_of


@dataclass(frozen=True, kw_only=True)
class DepositLine:
    """A deposit that was proved: pieces by lot code, seeds included. `mailer` is empty where it was recorded for it; `seq` is its entry.

    `way` says what it proves; of calls `ended_on` is the last day, where it is not the first.

    `slip_sha256` is empty where no slip was scanned. A later `version` says in `correction` why it stands for the one before; one that was
    refused says why in `refusal`. One that `is_over` was corrected since or refused, and counts nowhere.
    """

    id: UUID
    way: Way
    deposited_on: date
    ended_on: date | None
    slip_number: str
    quantities: Mapping[str, int]
    explanation: str
    rest_follows: bool
    mailer: str
    seq: int
    slip_sha256: str
    version: int
    correction: str
    refusal: str
    is_over: bool

    @property
    def pieces(self) -> int:
        return sum(self.quantities.values())


def list_deposits(session: Session, campaign_id: UUID) -> tuple[DepositLine, ...]:
    """Every deposit of a campaign, for whoever sees it whole, the first one first; those that are over among them."""
    return _lines(session, session.exec(_of(campaign_id)).all())


def list_own_deposits(session: Session, campaign_id: UUID, suppliers: Collection[UUID]) -> tuple[DepositLine, ...]:
    """The deposits that these suppliers proved. The rest of the transaction reads as the machine: the rows are the advertiser’s."""
    say_who_asks(session, SYSTEM)
    return _lines(session, session.exec(_of(campaign_id).where(col(Deposit.supplier_id).in_(suppliers))).all())


def list_ways_to_prove(session: Session, campaign: Campaign, suppliers: Collection[UUID]) -> tuple[Way, ...]:
    """The ways in which a proof is waited for of suppliers who are asked for one: of what they send and have not proved; of all they send
    where nothing is missing. The rest of the transaction reads as the machine.
    """
    say_who_asks(session, SYSTEM)
    facts = CampaignFacts(session, campaign)
    missing = missing_pieces(facts)
    theirs = [lot for lot in facts.lots if lot.is_sent and sends(facts, suppliers, lot.channel)]
    found = {way_of(lot.channel) for lot in theirs if lot.code in missing} or {way_of(lot.channel) for lot in theirs}
    return tuple(way for way in Way if way in found)


def list_seen_deposits(session: Session, campaign_id: UUID, actor: Actor) -> tuple[DepositLine, ...]:
    """The deposits of a campaign that somebody may read: all of them, or those of the suppliers they speak for."""
    whole = list_deposits(session, campaign_id)
    return whole if whole or not actor.supplier_ids else list_own_deposits(session, campaign_id, actor.supplier_ids)


def newest_refusal(deposits: Collection[DepositLine]) -> DepositLine | None:
    """The deposit that was proved last, where it was refused: another is waited for in its place."""
    newest = max(deposits, key=lambda one: one.seq, default=None)
    return newest if newest and newest.refusal else None


def get_slip(database: Database, actor: Actor, deposit_id: UUID) -> tuple[Deposit, StoredFile]:
    """One deposit and the scan of its slip.

    :raises NotFound: when there is none for this person, or it came without a scan.
    """
    with database.reading(actor) as session:
        row = session.get(Deposit, deposit_id)
        if row is None and actor.supplier_ids:
            # The row is the advertiser's alone: a mailer is let have its own.
            say_who_asks(session, SYSTEM)
            row = session.get(Deposit, deposit_id)
            row = row if row and row.supplier_id in actor.supplier_ids else None
        if row is None or row.file_id is None:
            raise NotFound(subject="deposit")
        return row, take_out(session, row.file_id)


def _of(campaign_id: UUID) -> Any:
    statement = select(Deposit).where(Deposit.campaign_id == campaign_id)
    return statement.order_by(col(Deposit.deposited_on), col(Deposit.from_seq))


def _lines(session: Session, rows: Collection[Deposit]) -> tuple[DepositLine, ...]:
    mailers = {row.supplier_id for row in rows if row.supplier_id}
    names = dict(session.exec(select(Supplier.id, Supplier.name).where(col(Supplier.id).in_(mailers))).all())
    slips = {row.file_id for row in rows if row.file_id}
    channels = _channels_of_lots(session, rows)
    hashes = dict(session.exec(select(StoredFile.id, StoredFile.sha256).where(col(StoredFile.id).in_(slips))).all())
    return tuple(
        DepositLine(
            id=row.id,
            way=_way_of(channels, row),
            deposited_on=row.deposited_on,
            ended_on=row.ended_on,
            slip_number=row.slip_number,
            quantities=row.quantities,
            explanation=row.explanation,
            rest_follows=row.rest_follows,
            mailer=names.get(row.supplier_id, "") if row.supplier_id else "",
            seq=row.from_seq,
            slip_sha256=hashes[row.file_id] if row.file_id else "",
            version=row.version,
            correction=row.correction,
            refusal=row.refusal,
            is_over=row.to_seq is not None,
        )
        for row in rows
    )


def _channels_of_lots(session: Session, deposits: Collection[Deposit]) -> Mapping[tuple[UUID, str], str]:
    """The channel of each lot by campaign and code; of one whose plan was made anew the newest."""
    campaigns = {row.campaign_id for row in deposits}
    lots = select(Lot.campaign_id, Lot.code, Lot.channel).where(col(Lot.campaign_id).in_(campaigns)).order_by(col(Lot.from_seq))
    return {(campaign_id, code): channel for campaign_id, code, channel in session.exec(lots)}


def _way_of(channels: Mapping[tuple[UUID, str], str], deposit: Deposit) -> Way:
    """The way of its lots; the post where they have several, which was let be once."""
    ways = {way_of(channels[deposit.campaign_id, code]) for code in deposit.quantities}
    return ways.pop() if len(ways) == 1 else Way.POST
