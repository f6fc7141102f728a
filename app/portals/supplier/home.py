"""The supplier's first page, and what can be found again: orders, what may be invoiced, papers."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from app import i18n
from app.documents.catalogue import catalogue
from app.jalon import jalon
from app.portals.shared.downloads import show_file
from app.portals.shared.invoice_words import billed_words
from app.portals.shared.sending_words import SENDING, SendingWords
from app.portals.supplier.room import blueprint, contact, now, reading
from app.queries import supplier as queries
from app.queries import supplier_papers as papers
from app.queries.checklist import open_checklists
from app.queries.counts import list_given_counts
from app.queries.deposits import DepositLine, list_own_deposits, list_ways_to_prove, newest_refusal
from app.queries.terms_sheets import list_agreed
from app.security.audience import audience
from workflows.campaign.model import Campaign
from workflows.parties.roles import Role


@blueprint.get("/")
@audience(Role.SUPPLIER)
def home() -> str:
    """What there is to do, what the advertiser has in hand, what may be invoiced."""
    with reading() as session:
        todos = queries.list_todos(session, now=now())
        orders = queries.list_orders(session)
        counts = list_given_counts(session)
        agreed = list_agreed(session)
        statements = papers.list_statements(session)
    proving = {one.target_id: _to_prove(one.target_id) for one in todos if one.kind == "prove_deposit"}
    advertisers = list(
        dict.fromkeys(
            [one.advertiser_name for one in todos]
            + [one.advertiser_name for one in orders]
            + [one.content.head.advertiser.name for one in agreed]
        )
    )
    return render_template(
        "supplier/home.html",
        advertisers=advertisers,
        todos=[one for one in todos if not one.with_advertiser],
        to_answer=sum(one.kind == "acknowledge_order" for one in todos),
        with_advertiser=[one for one in todos if one.with_advertiser],
        counts=counts,
        agreed=agreed,
        orders=orders,
        statements=[one for one in statements if not one.is_invoiced],
        proving=proving,
        billed_words=billed_words,
        checklists=open_checklists(jalon().database, contact()),
    )


def _to_prove(campaign_id: UUID) -> list[tuple[SendingWords, DepositLine | None]]:
    """What is to be proved of a campaign, way by way: its words, and the deposit that was refused, where it was the last one. It is read by
    itself, since that reading ends as the machine's.
    """
    with reading() as session:
        campaign, suppliers = session.get_one(Campaign, campaign_id), contact().supplier_ids
        ways = list_ways_to_prove(session, campaign, suppliers)
        proved = list_own_deposits(session, campaign_id, suppliers)
        return [(SENDING[way], newest_refusal([one for one in proved if one.way is way])) for way in ways]


@blueprint.get("/orders")
@audience(Role.SUPPLIER)
def orders() -> str:
    """Every order, the newest first."""
    with reading() as session:
        return render_template("supplier/orders.html", orders=queries.list_orders(session))


@blueprint.get("/statements")
@audience(Role.SUPPLIER)
def statements() -> str:
    """What may be invoiced, list by list."""
    with reading() as session:
        return render_template("supplier/statements.html", statements=papers.list_statements(session))


@blueprint.get("/statements/<uuid:document_id>")
@audience(Role.SUPPLIER)
def statement(document_id: UUID) -> str:
    """How one amount to invoice comes about."""
    with reading() as session:
        line = papers.get_statement(session, document_id)
    words = catalogue(i18n.language())
    return render_template("supplier/statement.html", line=line, doc=line.content, label=words.label, labels=words.labels)


@blueprint.get("/documents/<uuid:document_id>.pdf")
@audience(Role.SUPPLIER)
def document(document_id: UUID) -> ResponseReturnValue:
    """A paper as it is printed, in the reader's language."""
    with reading() as session:
        pdf = papers.get_pdf(session, document_id, locale=i18n.language())
    return show_file(pdf.content, pdf.name)
