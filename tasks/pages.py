"""Where letters lead: pages of the portals as paths, since machines load no portal. A test holds them against the portals' own routes."""

from typing import Any
from urllib.parse import quote

from workflows.campaign.counts.records import CountRequest
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.model import Campaign
from workflows.campaign.samples.records import SampleApproval
from workflows.engine.documents import Document
from workflows.engine.user_tasks import UserTask
from workflows.parties.roles import Role

APPROVERS_PAGES = {
    "review_budget": "/approver/campaigns/{code}/budget",
    "reapprove_budget": "/approver/campaigns/{code}/overrun",
    "approve_cancellation": "/approver/campaigns/{code}/cancellation",
    "review_override": "/approver/overrides",
}
"""Where an approver does each task that waits for one."""

SUPPLIERS_PAGES = {
    "acknowledge_order": "/supplier/orders/{subject_id}",
    "answer_claim": "/supplier/campaigns/{code}/claims",
    "approve_sample": "/supplier/lists/{list_id}/sample",
    "bring_proof": "/supplier/campaigns/{code}/proofs",
    "certify_destruction": "/supplier/campaigns/{code}/certificates",
    "deliver_list": "/supplier/lists/{subject_id}/delivery",
    "give_counts": "/supplier/lists/{list_id}/counts",
    "prove_deposit": "/supplier/campaigns/{code}/send",
    "send_invoice": "/supplier/campaigns/{code}/invoices/{label}",
    "take_objections": "/supplier/campaigns/{code}/responses",
}
"""Where a supplier does each task that waits for one."""

DOCUMENTS_PAGES = {
    "count_request": SUPPLIERS_PAGES["give_counts"],
    "destruction_certificate": SUPPLIERS_PAGES["certify_destruction"],
    "invoice_dispute": "/supplier/campaigns/{code}/invoices/{order_number}",
    "mailing_order": SUPPLIERS_PAGES["prove_deposit"],
    "net_statement": "/supplier/statements/{document_id}",
    "non_conformity": "/supplier/deliveries/{subject_id}",
    "purchase_order": SUPPLIERS_PAGES["acknowledge_order"],
    "refund_claim": SUPPLIERS_PAGES["answer_claim"],
}
"""Where a supplier finds what each document that it is sent is about, and answers it; those that ask nothing lead to its orders."""

SUPPLIERS_ORDERS = "/supplier/orders"

_OF_A_LIST = {"give_counts": CountRequest, "count_request": CountRequest, "approve_sample": SampleApproval}
"""What is asked about a list, and told by what was asked."""


def suppliers_page(session: Any, campaign: Campaign, task: UserTask) -> str:
    """Where a supplier does a task of its own."""
    more = {"list_id": _list_of(session, task.name, task.subject_id), "label": quote(task.label, safe="")}
    return SUPPLIERS_PAGES[task.name].format(code=campaign.code, subject_id=task.subject_id, **more)


def documents_page(session: Any, campaign: Campaign, document: Document) -> str:
    """Where a supplier finds what a document is about."""
    disputed = session.get(Invoice, document.subject_id) if document.kind == "invoice_dispute" else None
    more = {
        "list_id": _list_of(session, document.kind, document.subject_id),
        "order_number": quote(disputed.order_number, safe="") if disputed else "",
    }
    page = DOCUMENTS_PAGES.get(document.kind, SUPPLIERS_ORDERS)
    return page.format(code=campaign.code, subject_id=document.subject_id, document_id=document.id, **more)


def page_of(session: Any, campaign: Campaign, task: UserTask, role: Role | None) -> str:
    """Where those who see a task in that role find it; the first page for those who do not."""
    match role:
        case Role.PROJECT_MANAGER:
            return f"/manager/tasks/{task.id}"
        case Role.BUDGET_APPROVER:
            return APPROVERS_PAGES.get(task.name, "/approver/").format(code=campaign.code)
        case Role.ADMINISTRATOR:
            return f"/administration/undone?advertiser={task.advertiser_id}#task-{task.id}"
        case Role.SUPPLIER if task.name in SUPPLIERS_PAGES:
            return suppliers_page(session, campaign, task)
    return "/"


def _list_of(session: Any, name: str, subject_id: Any) -> Any:
    asked = _OF_A_LIST.get(name)
    return session.get_one(asked, subject_id).list_id if asked else None
