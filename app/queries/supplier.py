"""What a supplier reads: what there is to do, and orders. Row-level security narrows every row to what is its own.

Amounts are Decimal without VAT unless a name says otherwise. Files and deposits are read by `supplier_work`, papers by `supplier_papers`.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.queries.deadline import Deadline, deadline_of
from app.queries.proofs import remarks_on
from app.queries.proposals import Proposal, proposal_of
from app.queries.supplier_papers import PaperLine, documents_of, paper_line
from workflows.campaign.contacted.bringing import KINDS, kinds_of
from workflows.campaign.counts.records import CountRequest
from workflows.campaign.documents import MailingOrder, NetStatement, content_from_json
from workflows.campaign.documents import PurchaseOrder as OrderContent
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.invoices.services import is_proved, natures
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.samples.records import SampleApproval
from workflows.campaign.send.proofs import PROVERS
from workflows.campaign.states import CampaignState
from workflows.delivery.model import DeliveredFile, FileState
from workflows.engine.documents import Document
from workflows.engine.refusals import NotFound
from workflows.engine.user_tasks import UserTask, open_task, open_tasks
from workflows.order.model import STANDING, OrderState, PurchaseOrder
from workflows.parties.model import Advertiser, Supplier
from workflows.parties.roles import Role


@dataclass(frozen=True, kw_only=True)
class Todo:
    """One thing to do. `kind` is the user task's name, or `import_responses`, which has no date; `target_id` is the order's or list's.

    `natures` are those of the services that an invoice is of; `detail` names the list otherwise. `is_fee`: the order was withdrawn, and the
    invoice is of what its cancellation terms give. `is_again`: a sample changed since it was approved.
    `brings` are the kinds of file that come back.
    """

    kind: str
    advertiser_name: str
    campaign_code: str
    campaign_title: str
    about: str
    target_id: UUID
    deadline: Deadline | None
    task_id: UUID | None = None
    detail: str = ""
    natures: tuple[str, ...] = ()
    is_fee: bool = False
    is_again: bool = False
    brings: tuple[str, ...] = ()
    amount: Decimal | None = None
    ordered_qty: int = 0
    accepted_qty: int = 0
    in_hand_qty: int = 0
    last_file_id: UUID | None = None
    last_name: str = ""
    last_state: str = ""
    last_is_faulty: bool = False

    @property
    def with_advertiser(self) -> bool:
        """The advertiser has a file in hand, so nothing presses but to send what is still missing, if anything is."""
        return self.last_state in (FileState.RECEIVED, FileState.EXAMINED) and not self.last_is_faulty

    @property
    def missing_qty(self) -> int:
        """Records ordered that have not come in any form."""
        return max(0, self.ordered_qty - self.accepted_qty - self.in_hand_qty)


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """An order in a list of orders; `about` is the list's name, empty for services."""

    id: UUID
    number: str
    revision: int
    advertiser_name: str
    campaign_title: str
    about: str
    state: str
    total_amount: Decimal
    currency: str
    issued_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OrderPage:
    """One order as it was issued, what was answered, and the papers that go with it.

    `may_invoice`: it is of services, and they are proved; or it was withdrawn at a fee. `has_posting`: its supplier was sent a mailing
    order, and proves what it posts. `says_less`: somebody was taken out of its document since it was sent, or since it was answered.
    """

    order: OrderLine
    version: int
    campaign_code: str
    is_open: bool
    content: OrderContent
    content_sha256: str
    says_less: bool
    refusal_reason: str
    proposal: Proposal | None
    owed_amount: Decimal | None
    deadline: Deadline | None
    list_id: UUID | None
    may_deliver: bool
    has_proofs: bool
    has_posting: bool
    may_invoice: bool
    papers: tuple[PaperLine, ...]

    @property
    def paper(self) -> PaperLine | None:
        return next((one for one in self.papers if one.kind == "purchase_order"), None)


def list_todos(session: Session, *, now: datetime) -> list[Todo]:
    """What there is to do for this supplier, the most urgent first, what has no date last."""
    campaigns = {row.id: row for row in session.exec(select(Campaign))}
    names = {row.id: row.name for row in session.exec(select(Advertiser))}
    todos = []
    for task in open_tasks(session, UserTask.candidate_role == str(Role.SUPPLIER)):
        campaign = campaigns[task.campaign_id]
        common = {
            "advertiser_name": names[campaign.advertiser_id],
            "campaign_code": campaign.code,
            "campaign_title": campaign.title,
            "deadline": deadline_of(task, campaign, now),
            "task_id": task.id,
        }
        todos.append(_todo(session, task, common))
    todos.extend(
        Todo(
            kind="import_responses",
            advertiser_name=names[campaign.advertiser_id],
            campaign_code=campaign.code,
            campaign_title=campaign.title,
            about="",
            target_id=campaign.id,
            deadline=None,
            brings=brings,
        )
        for campaign in campaigns.values()
        if (brings := kinds_to_bring(session, campaign))
    )
    return sorted(todos, key=lambda one: (one.deadline is None, one.deadline.due_at if one.deadline else now, one.about))


def list_orders(session: Session) -> list[OrderLine]:
    """Every order this supplier was given, the newest first."""
    statement = (
        select(PurchaseOrder, Campaign, Advertiser.name)
        .join(Campaign, col(Campaign.id) == col(PurchaseOrder.campaign_id))
        .join(Advertiser, col(Advertiser.id) == col(Campaign.advertiser_id))
        .order_by(col(PurchaseOrder.issued_at).desc(), col(PurchaseOrder.number), col(PurchaseOrder.revision).desc())
    )
    lists = list_names(session)
    return [_order_line(order, campaign, name, lists) for order, campaign, name in session.exec(statement)]


def list_orders_to_answer(session: Session, *, now: datetime) -> list[OrderPage]:
    """The orders that wait for an answer of this supplier, and for no other word of the advertiser's: what is wanted soonest first."""
    waiting = select(PurchaseOrder).where(PurchaseOrder.state == OrderState.ISSUED.value, col(PurchaseOrder.to_seq).is_(None))
    orders = session.exec(waiting.order_by(col(PurchaseOrder.number))).all()
    pages = [get_order(session, order.id, now=now) for order in orders]
    return sorted(
        (page for page in pages if not (page.proposal and page.proposal.waits)),
        key=lambda page: (page.deadline is None, page.deadline.due_at if page.deadline else now),
    )


def get_order(session: Session, order_id: UUID, *, now: datetime) -> OrderPage:
    """One order with its exact content.

    :raises NotFound: when there is none, or it is another supplier's.
    """
    order = session.get(PurchaseOrder, order_id)
    papers = documents_of(session, Document.subject_id == order_id) if order else []
    document = next((one for one in papers if one.kind == "purchase_order"), None)
    if order is None or document is None:
        raise NotFound(subject="order")
    campaign = session.get_one(Campaign, order.campaign_id)
    content = content_from_json(document.kind, document.content)
    if not isinstance(content, OrderContent):
        raise NotFound(subject="order")
    task = open_task(session, "acknowledge_order", order.id)
    advertiser = session.get_one(Advertiser, campaign.advertiser_id)
    related = papers + (documents_of(session, Document.subject_id == order.list_id) if order.list_id else [])
    return OrderPage(
        order=_order_line(order, campaign, advertiser.name, list_names(session)),
        version=order.version,
        campaign_code=campaign.code,
        is_open=order.state == OrderState.ISSUED and order.to_seq is None,
        content=content,
        content_sha256=order.content_sha256,
        # Being drawn makes one version of a document; any other takes somebody out of it.
        says_less=document.version > (document.state != "requested"),
        refusal_reason=order.refusal_reason,
        proposal=proposal_of(order),
        owed_amount=order.owed_amount,
        deadline=deadline_of(task, campaign, now),
        list_id=order.list_id,
        may_deliver=order.state == OrderState.ACCEPTED and order.to_seq is None and is_to_deliver(content),
        has_proofs=order.list_id is None and session.get_one(Supplier, order.supplier_id).kind in PROVERS,
        has_posting=order.list_id is None and _was_ordered_to_post(session, order),
        may_invoice=bool(order.owed_amount) or (order.to_seq is None and order.state in STANDING and is_proved(campaign, order)),
        papers=tuple(paper_line(session, one) for one in related),
    )


def _was_ordered_to_post(session: Session, order: PurchaseOrder) -> bool:
    posting = (Document.campaign_id == order.campaign_id, Document.kind == "mailing_order", Document.supplier_id == order.supplier_id)
    return bool(documents_of(session, *posting, Document.state != "superseded"))


def is_to_deliver(content: OrderContent) -> bool:
    """Whether an order asks for addresses: one for a list does, but not that of a follow-up, whose addresses are here."""
    return content.list_terms is not None and content.list_terms.follow_up is None


def kinds_to_bring(session: Session, campaign: Campaign) -> tuple[str, ...]:
    """The kinds of file of what came back of this campaign that come to this supplier, now."""
    if campaign.state != CampaignState.RESPONSES:
        return ()
    statement = (
        select(Supplier.kind)
        .join(PurchaseOrder, col(Supplier.id) == col(PurchaseOrder.supplier_id))
        .where(PurchaseOrder.campaign_id == campaign.id, col(PurchaseOrder.list_id).is_(None))
        .where(col(PurchaseOrder.to_seq).is_(None), PurchaseOrder.state == OrderState.ACCEPTED.value)
        .distinct()
    )
    ordered = documents_of(session, Document.campaign_id == campaign.id, Document.kind == "mailing_order", Document.state != "superseded")
    contents = [content_from_json(one.kind, one.content) for one in ordered]
    sends = {lot.channel for content in contents if isinstance(content, MailingOrder) for lot in content.lots}
    found = {kind for does in session.exec(statement) for kind in kinds_of(does, sends)}
    return tuple(kind for kind in KINDS if kind in found)


def list_names(session: Session) -> dict[UUID, str]:
    """The names of the lists this supplier has to do with."""
    return {row.id: row.name for row in session.exec(select(CampaignList))}


def ordered_quantity(order: PurchaseOrder) -> int:
    """Addresses that an order for a list asks for."""
    return sum(int(row[-1]) for row in order.body.get("selection", ()))


def ordered_by_segment(order: PurchaseOrder) -> dict[str, int]:
    """The same by segment, in the order's order."""
    segments: dict[str, int] = {}
    for row in order.body.get("selection", ()):
        segments[row[0]] = segments.get(row[0], 0) + int(row[-1])
    return segments


def list_order(session: Session, list_id: UUID) -> PurchaseOrder | None:
    """The accepted order under which a list is delivered."""
    statement = select(PurchaseOrder).where(PurchaseOrder.list_id == list_id, PurchaseOrder.state == OrderState.ACCEPTED.value)
    return session.exec(statement.where(col(PurchaseOrder.to_seq).is_(None))).first()


def is_faulty(file: DeliveredFile) -> bool:
    """A file that was refused, or that will be: its supplier can send a corrected one at once."""
    return file.state == FileState.REJECTED or (file.state == FileState.EXAMINED and not file.conforming)


def in_hand(file: DeliveredFile) -> bool:
    """A file that the advertiser reads or has yet to accept."""
    return file.state in (FileState.RECEIVED, FileState.EXAMINED) and not is_faulty(file)


def _todo(session: Session, task: UserTask, common: dict[str, Any]) -> Todo:
    if task.name == "acknowledge_order":
        order = session.get_one(PurchaseOrder, task.subject_id)
        wanted = session.get(CampaignList, order.list_id) if order.list_id else None
        detail = wanted.name if wanted else ""
        return Todo(kind=task.name, about=order.number, detail=detail, target_id=order.id, amount=order.total_amount, **common)
    if task.name == "bring_proof":
        remarks = remarks_on(session, task.campaign_id, task.label)
        return Todo(kind=task.name, about=task.label, target_id=task.subject_id, detail=remarks, **common)
    if task.name == "send_invoice":
        came = select(Invoice).where(Invoice.order_number == task.label, Invoice.campaign_id == task.campaign_id)
        newest = session.exec(came.where(col(Invoice.credits_id).is_(None)).order_by(col(Invoice.received_at).desc())).first()
        ordered = session.get(PurchaseOrder, task.subject_id)
        fee = ordered.owed_amount if ordered else None
        of_list = ordered.list_id if ordered and ordered.list_id else task.subject_id
        return Todo(
            kind=task.name,
            about=task.label,
            detail=list_names(session).get(of_list, ""),
            natures=natures(ordered) if ordered else (),
            target_id=task.subject_id,
            amount=_stated(session, task.subject_id) if fee is None else fee,
            is_fee=fee is not None,
            last_name=newest.number if newest else "",
            last_state=newest.state if newest else "",
            **common,
        )
    if task.name == "give_counts":
        request = session.get_one(CountRequest, task.subject_id)
        name = list_names(session).get(request.list_id, task.label)
        return Todo(kind=task.name, about=name, target_id=request.list_id, ordered_qty=sum(request.wanted.values()), **common)
    if task.name == "approve_sample":
        asked = session.get_one(SampleApproval, task.subject_id)
        name = list_names(session).get(asked.list_id, task.label)
        return Todo(kind=task.name, about=name, target_id=asked.list_id, is_again=asked.before_id is not None, **common)
    if task.name != "deliver_list":
        return Todo(kind=task.name, about=task.label, target_id=task.subject_id, **common)
    wanted = session.get_one(CampaignList, task.subject_id)
    under = list_order(session, wanted.id)
    files = list(session.exec(select(DeliveredFile).where(DeliveredFile.list_id == wanted.id).order_by(col(DeliveredFile.received_at))))
    last = next((file for file in reversed(files) if file.state != FileState.SUPERSEDED), None)
    return Todo(
        kind=task.name,
        about=wanted.name,
        target_id=wanted.id,
        ordered_qty=ordered_quantity(under) if under else 0,
        accepted_qty=sum(file.record_count or 0 for file in files if file.state == FileState.ACCEPTED),
        in_hand_qty=sum(file.record_count or file.declared_count or 0 for file in files if in_hand(file)),
        last_file_id=last.id if last else None,
        last_name=last.name if last else "",
        last_state=last.state if last else "",
        last_is_faulty=last is not None and is_faulty(last),
        **common,
    )


def _stated(session: Session, list_id: UUID) -> Decimal | None:
    """What the newest net statement of a list lets its supplier invoice, without VAT."""
    document = next(iter(documents_of(session, Document.kind == "net_statement", Document.subject_id == list_id)), None)
    content = content_from_json(document.kind, document.content) if document else None
    return content.due_amount if isinstance(content, NetStatement) else None


def _order_line(order: PurchaseOrder, campaign: Campaign, advertiser_name: str, lists: dict[UUID, str]) -> OrderLine:
    return OrderLine(
        id=order.id,
        number=order.number,
        revision=order.revision,
        advertiser_name=advertiser_name,
        campaign_title=campaign.title,
        about=lists.get(order.list_id, "") if order.list_id else "",
        state=order.state,
        total_amount=order.total_amount,
        currency=campaign.currency,
        issued_at=order.issued_at,
        answered_at=order.answered_at,
    )
