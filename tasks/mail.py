"""Tells people what waits for them, by e-mail; suppliers with a link that signs them in. One text a language in `templates/mail`.

Not for what approvers decide about a budget: `budget_mail` tells that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from app import formats
from app.clock import SystemClock
from app.queries.deposits import list_deposits
from app.queries.documents import channel_of
from app.security.people import PeopleInDatabase
from app.security.supplier_link import supplier_link
from tasks.letters import about_campaign, campaign_of, link_to, post, worded, words_said
from tasks.pages import SUPPLIERS_PAGES, documents_page, page_of
from tasks.registry import Work, service_task
from workflows.campaign.data_protection.certificates import awaited
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import CampaignList
from workflows.campaign.records import Deposit, ObjectionFile, StoredFile
from workflows.campaign.samples.records import SampleApproval
from workflows.campaign.states import ORDERS_ARE_OUT, CampaignState
from workflows.engine.command import Command
from workflows.engine.documents import Document, DocumentPdf
from workflows.engine.user_tasks import UserTask, open_task, open_tasks
from workflows.order.model import OrderState, PurchaseOrder
from workflows.order.proposing import ProposalState
from workflows.parties.model import Membership, Person, Supplier
from workflows.parties.roles import Role
from workflows.trade.channels import way_of
from workflows.trade.working_days import instant_at, local_day
from workflows.user_task.told import company_address, list_colleagues, who_is_told


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a letter to a supplier says, who speaks for the supplier, the company's own address, what it is about, and where it leads."""

    says: dict[str, Any]
    people: list[UUID]
    fallback: str
    about: str
    page: str


ANSWERED_BY = {"count_request": "give_counts", "purchase_order": "acknowledge_order", "refund_claim": "answer_claim"}
"""By which user task a supplier answers a document: its e-mail says until when."""


NOT_MAILED = ("terms_sheet",)
"""Documents that ask nothing of their supplier: they are in its portal, and what follows from them names them."""


@service_task("mail_document")
def mail_document(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Send an issued document to everybody who speaks for its supplier, in their language; but for those that are only read."""
    with work.reading() as session:
        document = session.get(Document, UUID(payload["document_id"]))
        if document.kind in NOT_MAILED:
            return []
        campaign, advertiser = campaign_of(session, work)
        supplier = session.get(Supplier, document.supplier_id)
        pdfs = {pdf.locale: pdf.pdf for pdf in session.exec(select(DocumentPdf).where(DocumentPdf.document_id == document.id))}
        people = _contacts(session, supplier)
        context = {
            **about_campaign(campaign, advertiser),
            "supplier_name": supplier.name,
            "document_number": document.number,
            "revision": document.revision,
        }
        asked = open_task(session, ANSWERED_BY[document.kind], document.subject_id) if document.kind in ANSWERED_BY else None
        due_at = asked.due_at if asked else None
        kind, fallback = worded(document.kind, way_of(channel_of(document))), supplier.email
        page = documents_page(session, campaign, document)
        names = {locale: document.pdf_name(locale) for locale in pdfs}
    for to, locale, link in _addressees(work, people, fallback, page):
        attachment = (names[locale], pdfs[locale])
        due_on = formats.day(due_at, locale) if due_at else ""
        post(work, kind, to, locale, {**context, "due_on": due_on, "link": link}, attachments=(attachment,))
    return []


@service_task("remind_orders")
def remind_orders(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Ask again those suppliers who have not answered an order that was out by then, if the campaign still waits for them."""
    with work.reading() as session:
        campaign, _ = campaign_of(session, work)
        if campaign.state not in ORDERS_ARE_OUT:
            return []
        waiting = select(PurchaseOrder).where(
            PurchaseOrder.campaign_id == campaign.id,
            PurchaseOrder.state == OrderState.ISSUED.value,
            PurchaseOrder.proposal_state != ProposalState.WAITING.value,
            col(PurchaseOrder.to_seq).is_(None),
        )
        if "issued_until_seq" in payload:  # none in what was asked for before there was one
            waiting = waiting.where(col(PurchaseOrder.from_seq) <= payload["issued_until_seq"])
        reminders = [_order_letter(session, work, order) for order in session.exec(waiting.order_by(col(PurchaseOrder.number)))]
    _send_each(work, "reminder", reminders)
    return []


@service_task("mail_cancellation")
def mail_cancellation(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Tell each supplier that its order is withdrawn, and what its terms still give it."""
    with work.reading() as session:
        campaign, _ = campaign_of(session, work)
        given_up = campaign.state == CampaignState.CANCELLED
        letters = [
            _order_letter(session, work, session.get(PurchaseOrder, UUID(order_id)), owed_amount=Decimal(amount), is_given_up=given_up)
            for order_id, amount in sorted(payload["orders"].items())
        ]
    _send_each(work, "cancellation", letters)
    return []


@service_task("mail_proposal_answered")
def mail_proposal_answered(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Tell a supplier that the change it proposed was taken up, or that the order stands; the words are on the order's page."""
    with work.reading() as session:
        order = session.get(PurchaseOrder, UUID(payload["order_id"]))
        letter = _order_letter(session, work, order, is_accepted=payload["is_accepted"])
    _send_each(work, "proposal_answered", [letter])
    return []


@service_task("mail_left_out")
def mail_left_out(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Tell the suppliers of lists that were negotiated and are not ordered that nobody waits for them."""
    with work.reading() as session:
        rows = [session.get(CampaignList, UUID(list_id)) for list_id in payload["lists"]]
        letters = [_letter(session, work, row.supplier_id, row.code, list_name=row.name) for row in rows if row.supplier_id]
    _send_each(work, "left_out", letters)
    return []


@service_task("mail_proofs")
def mail_proofs(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Ask suppliers for the proofs that are waited for from them; or for one that was returned, whose remarks are on its page."""
    returned = payload.get("returned")
    with work.reading() as session:
        waited = open_tasks(session, UserTask.campaign_id == work.campaign_id, UserTask.name == "bring_proof")
        letters = []
        for supplier_id, tasks in groupby(sorted(waited, key=lambda one: (str(one.supplier_id), one.label)), lambda one: one.supplier_id):
            asked = [task for task in tasks if returned in (None, str(task.subject_id))]
            if asked and supplier_id:
                more = {"messages": ", ".join(task.label for task in asked), "several": len(asked) > 1, "is_returned": returned is not None}
                about = session.get(Supplier, supplier_id).code
                page = SUPPLIERS_PAGES["bring_proof"]
                letters.append(_letter(session, work, supplier_id, about, page, due_on=asked[0].due_at, **more))
    _send_each(work, "proofs", letters)
    return []


@service_task("mail_samples")
def mail_samples(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Ask the suppliers of lists to approve the sample mail pieces that they have not answered about, one letter to each."""
    with work.reading() as session:
        waited = open_tasks(session, UserTask.campaign_id == work.campaign_id, UserTask.name == "approve_sample")
        asked = {task.id: session.get_one(SampleApproval, task.subject_id) for task in waited}
        letters = []
        for supplier_id, tasks in groupby(sorted(waited, key=lambda one: (str(one.supplier_id), one.label)), lambda one: one.supplier_id):
            about = [task for task in tasks if str(asked[task.id].list_id) in payload["lists"]]
            if about and supplier_id:
                names = [session.get_one(CampaignList, asked[task.id].list_id).name for task in about]
                is_again = all(asked[task.id].before_id for task in about)
                more = {"lists": ", ".join(names), "several": len(names) > 1, "is_again": is_again, "due_on": about[0].due_at}
                page = SUPPLIERS_PAGES["approve_sample"].format(list_id=asked[about[0].id].list_id) if len(about) == 1 else ""
                letters.append(_letter(session, work, supplier_id, ", ".join(task.label for task in about), page, **more))
    _send_each(work, "samples", letters)
    return []


@service_task("mail_deposit_refused")
def mail_deposit_refused(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Tell a sender that its deposit counts for nothing, and until when another is waited for; the reason is on its page."""
    with work.reading() as session:
        deposit = session.get_one(Deposit, UUID(payload["deposit_id"]))
        way = next(one.way for one in list_deposits(session, deposit.campaign_id) if one.id == deposit.id)
        waited = open_tasks(session, UserTask.campaign_id == work.campaign_id, UserTask.name == "prove_deposit")
        task = next((one for one in waited if one.supplier_id == deposit.supplier_id), None)
        if deposit.supplier_id is None or task is None:
            return []
        about = session.get(Supplier, deposit.supplier_id).code
        more = {"slip_number": deposit.slip_number, "due_on": task.due_at}
        letters = [_letter(session, work, deposit.supplier_id, about, SUPPLIERS_PAGES["prove_deposit"], **more)]
    _send_each(work, worded("deposit_refused", way), letters)
    return []


@service_task("mail_objections")
def mail_objections(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Tell the suppliers of lists that a file of those who objected or could not be reached waits for them; not who has it already."""
    with work.reading() as session:
        letters = []
        for file_id in payload["files"]:
            row = session.get(ObjectionFile, UUID(file_id))
            if row.to_seq is not None or row.taken_at is not None:
                continue
            about, ends_on = session.get(Supplier, row.supplier_id).code, session.get(StoredFile, row.file_id).purge_on
            page = SUPPLIERS_PAGES["take_objections"]
            letters.append(_letter(session, work, row.supplier_id, about, page, people=sum(row.counts.values()), ends_on=ends_on))
    _send_each(work, "objections", letters)
    return []


@service_task("mail_certificates")
def mail_certificates(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Ask suppliers to certify that they have destroyed what they were handed; or remind those of whom a day is near."""
    due_on = payload.get("due_on")
    with work.reading() as session:
        campaign, _ = campaign_of(session, work)
        letters = [
            _letter(
                session,
                work,
                row.supplier_id,
                session.get(Supplier, row.supplier_id).code,
                SUPPLIERS_PAGES["certify_destruction"],
                due_on=instant_at(row.due_on, campaign.policy.day_ends_at),
                is_reminder=payload["reminder"],
            )
            for row in awaited(CampaignFacts(session, campaign))
            if due_on in (None, row.due_on.isoformat())
        ]
    _send_each(work, "certificate", letters)
    return []


def _order_letter(session: Any, work: Work, order: PurchaseOrder, **more: Any) -> Letter:
    """A letter about an order."""
    page = SUPPLIERS_PAGES["acknowledge_order"].format(subject_id=order.id)
    return _letter(session, work, order.supplier_id, order.number, page, document_number=order.number, revision=order.revision, **more)


def _letter(session: Any, work: Work, supplier_id: UUID, about: str, page: str = "", **more: Any) -> Letter:
    """A letter to a supplier; `page` is where it leads, the supplier's first page when empty."""
    campaign, advertiser = campaign_of(session, work)
    supplier = session.get(Supplier, supplier_id)
    return Letter(
        says={**about_campaign(campaign, advertiser), "supplier_name": supplier.name, **more},
        people=_contacts(session, supplier),
        fallback=supplier.email,
        about=about,
        page=page.format(code=campaign.code),
    )


def _send_each(work: Work, kind: str, letters: list[Letter]) -> None:
    """Each letter to everybody who speaks for its supplier."""
    for letter in letters:
        says = letter.says
        for to, locale, link in _addressees(work, letter.people, letter.fallback, letter.page):
            written = {"owed_words": formats.money(says["owed_amount"], locale)} if "owed_amount" in says else {}
            written |= {"due_on": formats.day(says["due_on"], locale)} if "due_on" in says else {}
            written |= {"ends_on": formats.day(says["ends_on"], locale)} if "ends_on" in says else {}
            post(work, kind, to, locale, {**says, **written, "link": link}, about=letter.about)


@service_task("mail_comment")
def mail_comment(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Tell colleagues what was said about a user task, and that it mentions them, unless the words were erased meanwhile."""
    with work.reading() as session:
        campaign, advertiser = campaign_of(session, work)
        words = words_said(session, work, payload["seq"])
        if words is None:
            return []
        task = session.get_one(UserTask, UUID(payload["task_id"]))
        seen_as = {one.id: one.sees_as for one in list_colleagues(session, task, today=local_day(work.now))}
        ids = [UUID(one) for one in payload["people"]]
        told = [
            (one.email, one.locale, link_to(work, page_of(session, campaign, task, seen_as.get(one.id))))
            for one in session.exec(select(Person).where(col(Person.id).in_(ids)).order_by(Person.email))
        ]
        context = {**about_campaign(campaign, advertiser), "words": words, "mentioned": payload.get("mentioned", False)}
    for to, locale, link in told:
        post(work, "comment", to, locale, {**context, "link": link})
    return []


@service_task("mail_overdue")
def mail_overdue(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Remind of an overdue user task, or tell that it stays undone, unless it was done meanwhile."""
    with work.reading() as session:
        campaign, advertiser = campaign_of(session, work)
        task = session.get(UserTask, UUID(payload["task_id"]))
        if task is None or task.state != "open":
            return []
        escalates_to = campaign.policy.escalates_to(task.candidate_role) if payload["escalated"] else None
        if payload["escalated"] and escalates_to is None:
            return []
        people = who_is_told(session, task, escalates_to, today=local_day(work.now))
        fallback = company_address(session, task, escalates_to)
        due_at = task.due_at
        context = {
            **about_campaign(campaign, advertiser),
            "about": task.label,
            "escalated": payload["escalated"],
        }
        is_suppliers = task.supplier_id is not None and escalates_to is None
        page = page_of(session, campaign, task, escalates_to or Role(task.candidate_role))
    found = _addressees(work, list(people), fallback, page) if people or fallback else []
    for to, locale, personal in found:
        link = personal if is_suppliers else link_to(work, page)
        post(work, "overdue", to, locale, {**context, "due_on": formats.day(due_at, locale), "link": link})
    return []


def _contacts(session: Any, supplier: Supplier) -> list[UUID]:
    """Who speaks for a supplier, in a stable order."""
    statement = (
        select(Person.id)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(Membership.supplier_id == supplier.id)
        .order_by(Person.email)
    )
    return list(session.exec(statement))


def _addressees(work: Work, person_ids: list[UUID], fallback: str, page: str) -> list[tuple[str, str, str]]:
    """Address, language and personal link to that page of each contact; the company's address and the plain portal where it has none."""
    people = PeopleInDatabase(work.database, SystemClock())
    found = [(person_id, person) for person_id in person_ids if (person := people.by_id(person_id))]
    if not found:
        return [(fallback, "fr", work.settings.base_url)]
    settings = work.settings
    return [
        (
            person.actor.email,
            person.actor.locale,
            supplier_link(person_id, person.fingerprint, secret_key=settings.secret_key, base_url=settings.base_url, next_path=page),
        )
        for person_id, person in found
    ]
