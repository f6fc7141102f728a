"""What a supplier reads while it delivers, posts and returns: its lists, files and lots. Not for orders and money: `supplier`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.queries.batches import Batch, list_batches
from app.queries.campaign import find_campaign
from app.queries.deadline import Deadline, deadline_of
from app.queries.deposits import DepositLine, list_own_deposits, list_ways_to_prove, newest_refusal
from app.queries.objections import ObjectionsLine, list_own_objections
from app.queries.supplier import is_faulty, kinds_to_bring, list_order, ordered_by_segment, ordered_quantity
from app.queries.supplier_papers import PaperLine, documents_of, paper_line
from workflows.campaign.documents import FileReference, LotRow, MailingOrder, UnsentRow, content_from_json
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.records import LotPlan, StoredFile
from workflows.campaign.send.proofs import proof_makers
from workflows.campaign.states import CampaignState
from workflows.delivery.model import DeliveredFile, FileState, files_of
from workflows.engine.documents import Document
from workflows.engine.refusals import NotFound
from workflows.engine.user_tasks import open_task
from workflows.parties.model import Advertiser
from workflows.trade.channels import Way, way_of


@dataclass(frozen=True, kw_only=True)
class FileLine:
    """One delivered file in a list of files."""

    id: UUID
    name: str
    tranche: int
    file_version: int
    state: str
    declared_count: int | None
    record_count: int | None
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class FilePage(FileLine):
    """One delivered file and what was found in it: `report` and `checks` as the examination left them; None while it goes on."""

    list_id: UUID
    list_name: str
    advertiser_name: str
    campaign_title: str
    order_number: str
    conforming: bool | None
    report: dict[str, Any] | None
    checks: tuple[dict[str, Any], ...]
    rejection_reason: str
    may_deliver: bool
    papers: tuple[PaperLine, ...]

    @property
    def being_read(self) -> bool:
        return self.state == FileState.RECEIVED


@dataclass(frozen=True, kw_only=True)
class DeliveryPage:
    """What has come of a list, and how the next file is numbered; `segments` counts what was ordered of each."""

    list_id: UUID
    list_name: str
    advertiser_name: str
    campaign_title: str
    order_id: UUID
    order_number: str
    ordered_qty: int
    segments: dict[str, int]
    accepted_qty: int
    deadline: Deadline | None
    may_deliver: bool
    files: tuple[FileLine, ...]
    next_tranche: int
    next_version: int

    @property
    def missing_qty(self) -> int:
        return max(0, self.ordered_qty - self.accepted_qty)


@dataclass(frozen=True, kw_only=True)
class SendPage:
    """What a sender sends in one `way`: the lots of its orders to do so, and until when it proves it. `ordered` and `proved` are of all the
    ways in which it sends, `to_prove` those in which something is still to be proved.

    `is_first`: no proof was asked for before under these orders, else it is of the rest. `makes_proofs`: it prints or mails, and reads the
    proofs that were signed off.
    """

    campaign_id: UUID
    campaign_code: str
    campaign_title: str
    campaign_version: int
    advertiser_name: str
    drop_on: date
    deadline: Deadline | None
    today: date
    is_open: bool
    tolerance_rate: Decimal
    way: Way
    ordered: tuple[tuple[PaperLine, MailingOrder], ...]
    proved: tuple[DepositLine, ...]
    to_prove: tuple[Way, ...]
    is_first: bool
    makes_proofs: bool

    @property
    def ways(self) -> tuple[Way, ...]:
        """Every way in which it sends."""
        found = {way_of(order.channel) for _, order in self.ordered}
        return tuple(way for way in Way if way in found)

    def in_way(self, way: Way) -> "SendPage":
        """The same of another way.

        :raises NotFound: when it sends nothing so.
        """
        if way not in self.ways:
            raise NotFound(subject="campaign")
        return replace(self, way=way)

    @property
    def papers(self) -> tuple[tuple[PaperLine, str], ...]:
        """Its orders, each with its channel."""
        return tuple((paper, order.channel) for paper, order in self.ordered if way_of(order.channel) is self.way)

    @property
    def orders(self) -> tuple[MailingOrder, ...]:
        return tuple(order for _, order in self.ordered if way_of(order.channel) is self.way)

    @property
    def lots(self) -> tuple[LotRow, ...]:
        return tuple(sorted({lot.code: lot for order in self.orders for lot in order.lots}.values(), key=lambda lot: lot.code))

    @property
    def left_unsent(self) -> tuple[UnsentRow, ...]:
        return tuple(row for order in self.orders for row in order.left_unsent)

    @property
    def files(self) -> tuple[FileReference, ...]:
        return tuple({file.name: file for order in self.orders for file in order.files}.values())

    @property
    def deposits(self) -> tuple[DepositLine, ...]:
        """What it proved."""
        return tuple(one for one in self.proved if one.way is self.way)

    @property
    def is_asked(self) -> bool:
        """Whether a proof is waited for."""
        return self.way in self.to_prove

    @property
    def tracked(self) -> tuple[LotRow, ...]:
        """Lots that carry a number or an address of their own."""
        return tuple(lot for lot in self.lots if lot.is_tracked)

    @property
    def refused(self) -> DepositLine | None:
        """The deposit that was refused last, while another is waited for in its place."""
        return newest_refusal(self.deposits) if self.is_asked else None

    @property
    def begins(self) -> bool:
        """Whether everything is to be proved: nothing was asked for before, or nothing was proved in this way."""
        return self.is_asked and (self.is_first or not self.deposits)

    @property
    def proposed(self) -> Mapping[str, int]:
        """Pieces by lot to begin a proof with: all that was ordered, or what was refused; nothing where a rest is waited for."""
        if self.begins:
            return {lot.code: lot.pieces for lot in self.lots}
        return self.refused.quantities if self.refused else {}


@dataclass(frozen=True, kw_only=True)
class ResponsesPage:
    """A campaign of which something comes back to this supplier, or that has a file of objections and returns for it.

    `kinds` are of the files it may bring now, `batches` those it brought.
    """

    campaign_id: UUID
    campaign_code: str
    campaign_title: str
    advertiser_name: str
    kinds: tuple[str, ...]
    batches: tuple[Batch, ...]
    objections: tuple[ObjectionsLine, ...]

    @property
    def is_open(self) -> bool:
        return bool(self.kinds)


def get_delivery(session: Session, list_id: UUID, *, now: datetime) -> DeliveryPage:
    """A list that this supplier delivers.

    :raises NotFound: when there is none, it is another supplier's, or nothing was ordered of it.
    """
    wanted, order = session.get(CampaignList, list_id), list_order(session, list_id)
    if wanted is None or order is None:
        raise NotFound(subject="campaign_list")
    campaign = session.get_one(Campaign, wanted.campaign_id)
    files = files_of(session, list_id)
    task = open_task(session, "deliver_list", list_id)
    tranche = _next_tranche(files)
    return DeliveryPage(
        list_id=wanted.id,
        list_name=wanted.name,
        advertiser_name=session.get_one(Advertiser, campaign.advertiser_id).name,
        campaign_title=campaign.title,
        order_id=order.id,
        order_number=order.number,
        ordered_qty=ordered_quantity(order),
        segments=ordered_by_segment(order),
        accepted_qty=sum(file.record_count or 0 for file in files if file.state == FileState.ACCEPTED),
        deadline=deadline_of(task, campaign, now),
        may_deliver=task is not None,
        files=tuple(FileLine(**_file_line(file)) for file in files),
        next_tranche=tranche,
        next_version=1 + max((file.file_version for file in files if file.tranche == tranche), default=0),
    )


def get_file(session: Session, file_id: UUID) -> FilePage:
    """One delivered file.

    :raises NotFound: when there is none, or it is another supplier's.
    """
    file = session.get(DeliveredFile, file_id)
    if file is None:
        raise NotFound(subject="delivery")
    campaign = session.get_one(Campaign, file.campaign_id)
    order = list_order(session, file.list_id)
    return FilePage(
        **_file_line(file),
        list_id=file.list_id,
        list_name=session.get_one(CampaignList, file.list_id).name,
        advertiser_name=session.get_one(Advertiser, campaign.advertiser_id).name,
        campaign_title=campaign.title,
        order_number=order.number if order else "",
        conforming=file.conforming,
        report=file.report,
        checks=tuple((file.findings or {}).get("checks", ())),
        rejection_reason=file.rejection_reason,
        may_deliver=open_task(session, "deliver_list", file.list_id) is not None,
        papers=tuple(paper_line(session, one) for one in documents_of(session, Document.subject_id == file.id)),
    )


def get_sending(session: Session, campaign_code: str, *, now: datetime) -> SendPage:
    """What this supplier was ordered to send for a campaign, in the first way in which something is still to be proved.

    The rest of the transaction reads as the machine.

    :raises NotFound: when there is no such campaign, or no mailing order for this supplier.
    """
    campaign = find_campaign(session, campaign_code)
    papers = documents_of(session, Document.campaign_id == campaign.id, Document.kind == "mailing_order", Document.state != "superseded")
    # One that was sent again is superseded once the new one is drawn; until then both are here.
    papers = list({one.number: one for one in sorted(papers, key=lambda one: one.revision)}.values())
    contents = [(one, content_from_json(one.kind, one.content)) for one in papers]
    ordered = tuple((paper_line(session, one), content) for one, content in contents if isinstance(content, MailingOrder))
    if not ordered:
        raise NotFound(subject="campaign")
    task = open_task(session, "prove_deposit", campaign.id)
    advertiser_name = session.get_one(Advertiser, campaign.advertiser_id).name
    suppliers = {one.supplier_id for one in papers if one.supplier_id}
    proved = list_own_deposits(session, campaign.id, suppliers)
    # From here on as the machine: what is missing, and who makes proofs, is the advertiser's.
    to_prove = list_ways_to_prove(session, campaign, suppliers) if task else ()
    page = SendPage(
        campaign_id=campaign.id,
        campaign_code=campaign.code,
        campaign_title=campaign.title,
        campaign_version=campaign.version,
        advertiser_name=advertiser_name,
        drop_on=ordered[0][1].drop_on,
        deadline=deadline_of(task, campaign, now),
        today=campaign.today(now),
        is_open=campaign.state == CampaignState.SEND,
        tolerance_rate=ordered[0][1].tolerance_rate,
        way=way_of(ordered[0][1].channel),
        ordered=ordered,
        proved=proved,
        to_prove=to_prove,
        is_first=task is not None and task.opened_seq in {one.requested_seq for one in papers},
        makes_proofs=not suppliers.isdisjoint(proof_makers(CampaignFacts(session, campaign))),
    )
    return page.in_way(next((way for way in page.ways if way in to_prove), page.ways[0]))


def get_frozen_lots(session: Session, campaign_id: UUID) -> StoredFile:
    """The sealed files of the lots that count, read as a machine for a mailer who was allowed to take one.

    :raises NotFound: when there are none.
    """
    plan = select(LotPlan.result_file_id).where(LotPlan.campaign_id == campaign_id, col(LotPlan.to_seq).is_(None))
    stored = session.exec(select(StoredFile).where(col(StoredFile.id).in_(plan))).first()
    if stored is None:
        raise NotFound(subject="lot_plan")
    session.expunge(stored)
    return stored


def get_returns(session: Session, campaign_code: str) -> ResponsesPage:
    """A campaign to which this supplier may bring what came back.

    :raises NotFound: when there is no such campaign for this supplier.
    """
    campaign = find_campaign(session, campaign_code)
    return ResponsesPage(
        campaign_id=campaign.id,
        campaign_code=campaign.code,
        campaign_title=campaign.title,
        advertiser_name=session.get_one(Advertiser, campaign.advertiser_id).name,
        kinds=kinds_to_bring(session, campaign),
        batches=list_batches(session, campaign.id),
        objections=list_own_objections(session, campaign.id),
    )


def _next_tranche(files: list[DeliveredFile]) -> int:
    """A part that is faulty is sent again; otherwise what comes next is a new part."""
    standing = {file.tranche: file for file in files}
    faulty = [tranche for tranche, file in standing.items() if is_faulty(file)]
    return min(faulty) if faulty else 1 + max(standing, default=0)


def _file_line(file: DeliveredFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "name": file.name,
        "tranche": file.tranche,
        "file_version": file.file_version,
        "state": file.state,
        "declared_count": file.declared_count,
        "record_count": file.record_count,
        "received_at": file.received_at,
    }
