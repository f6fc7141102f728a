"""A supplier's letter leads to the page where the work it speaks of is done, or where the document it carries is read."""

import pytest
from flask import Flask
from sqlmodel import col, select

from app.portals import PORTALS
from app.security.supplier_link import supplier_link
from tasks.pages import APPROVERS_PAGES, DOCUMENTS_PAGES, SUPPLIERS_PAGES, documents_page, suppliers_page
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, give_contact
from workflows.campaign.counts.counting import RequestCounts
from workflows.campaign.model import Campaign
from workflows.engine.documents import Document
from workflows.engine.user_tasks import UserTask, open_tasks
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Supplier
from workflows.parties.roles import Role

SOME_ID = "6df34ba0-c7cb-4c08-8809-69b71c0a8368"


@pytest.fixture
def visitors(journey: Journey, site: Flask) -> dict[str, Visitor]:
    """Somebody who speaks for each supplier, by the supplier's id."""
    with journey.database.reading(SYSTEM) as session:
        suppliers = {one.code: str(one.id) for one in session.exec(select(Supplier))}
    return {supplier_id: Visitor(site, give_contact(journey, code)) for code, supplier_id in suppliers.items()}


def pages_of_tasks(journey: Journey) -> list[tuple[str, str, str]]:
    """Name, supplier and page of each of the suppliers' open tasks."""
    with journey.reading() as session:
        campaign = session.get_one(Campaign, journey.campaign_id)
        waiting = open_tasks(session, UserTask.candidate_role == str(Role.SUPPLIER))
        return [(task.name, str(task.supplier_id), suppliers_page(session, campaign, task)) for task in waiting]


def pages_of_documents(journey: Journey) -> list[tuple[str, str, str]]:
    """Kind, supplier and page of each document that a supplier was sent."""
    with journey.reading() as session:
        campaign = session.get_one(Campaign, journey.campaign_id)
        sent = session.exec(select(Document).where(col(Document.supplier_id).is_not(None)))
        return [(one.kind, str(one.supplier_id), documents_page(session, campaign, one)) for one in sent]


def opened(found: list[tuple[str, str, str]], visitors: dict[str, Visitor]) -> set[str]:
    """The names of those whose page was opened by the supplier's own contact."""
    for name, supplier_id, page in found:
        assert visitors[supplier_id].open(page).status_code == 200, f"{name}: {page}"
    return {name for name, _, _ in found}


def test_every_task_of_a_supplier_and_of_an_approver_has_a_page_that_the_portals_have(site: Flask) -> None:
    routes = site.url_map.bind("jalon.example")
    known = {"code": "26A", "subject_id": SOME_ID, "list_id": SOME_ID, "document_id": SOME_ID, "label": "BC-1", "order_number": "BC-1"}
    prefixes = {portal.prefix for portal in PORTALS}

    for page in {*SUPPLIERS_PAGES.values(), *APPROVERS_PAGES.values(), *DOCUMENTS_PAGES.values()}:
        endpoint, _ = routes.match(page.format(**known), method="GET")
        assert endpoint.partition(".")[2], page
        assert any(page.startswith(prefix) for prefix in prefixes - {"/"}), page


def test_what_is_asked_before_the_order_is_answered_where_its_letter_leads(journey: Journey, visitors: dict[str, Visitor]) -> None:
    with journey.reading() as session:
        lists = tuple(row.id for row in journey.facts(session).live_lists if row.supplier_id)
    journey.ask(RequestCounts(subject_id=journey.campaign_id, list_ids=lists))

    assert opened(pages_of_tasks(journey), visitors) == {"give_counts"}
    assert opened(pages_of_documents(journey), visitors) == {"count_request"}


def test_orders_are_answered_where_their_letters_lead(journey: Journey, visitors: dict[str, Visitor]) -> None:
    journey.reach("order")

    assert opened(pages_of_tasks(journey), visitors) == {"acknowledge_order"}
    assert "purchase_order" in opened(pages_of_documents(journey), visitors)


def test_files_are_delivered_and_corrected_where_letters_lead(journey: Journey, visitors: dict[str, Visitor]) -> None:
    journey.reach("delivery")
    journey.refuse_a_delivery("ALZ")

    assert "deliver_list" in opened(pages_of_tasks(journey), visitors)
    assert "non_conformity" in opened(pages_of_documents(journey), visitors)


def test_a_mailer_proves_what_it_posted_where_its_order_leads(journey: Journey, visitors: dict[str, Visitor]) -> None:
    journey.reach("send").order_mailing()

    assert {"prove_deposit", "send_invoice"} <= opened(pages_of_tasks(journey), visitors)
    assert {"mailing_order", "net_statement"} <= opened(pages_of_documents(journey), visitors)


def test_certificates_are_given_and_found_where_letters_lead(journey: Journey, visitors: dict[str, Visitor]) -> None:
    journey.reach("analysis")

    assert "certify_destruction" in opened(pages_of_tasks(journey), visitors)
    journey.certify_destruction()
    assert "destruction_certificate" in opened(pages_of_documents(journey), visitors)


def test_a_letter_s_link_opens_its_page_for_whoever_has_no_session(journey: Journey, site: Flask) -> None:
    journey.reach("order")
    person = site.extensions["jalon"].people.by_id(give_contact(journey, "S-CRT"))
    page = next(page for _, supplier_id, page in pages_of_tasks(journey) if supplier_id == str(journey.supplier_id("S-CRT")))
    link = supplier_link(person.actor.person_id, person.fingerprint, secret_key=site.config["SECRET_KEY"], base_url="", next_path=page)

    answer = site.test_client().get(link, follow_redirects=True)

    assert answer.request.path == page
    assert "<title>Commande BC-26A-" in answer.text
