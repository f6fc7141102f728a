"""Papers: what each issued document says, gathered from the campaign's facts at the moment of the move that issues it.

A stage declares *that* a document is issued and names the function here that writes it; the content's form is the business of
`campaign.documents`, its look the renderer's. The same facts and the same `now` give the same bytes: nothing random, no clock. Not for
deciding: no paper refuses a move, it only repeats what was decided; nor for computing: amounts and rates come from `workflows.trade`.

To add a kind: a function of a step in the module of its theme, a prefix for its number in `heads`, and its name here.
"""

from workflows.campaign.papers.budgeting import budget_file
from workflows.campaign.papers.counts import count_requests
from workflows.campaign.papers.delivery import non_conformity
from workflows.campaign.papers.destruction import certificate_due_on, destruction_certificates, purge_certificates
from workflows.campaign.papers.invoices import invoice_disputes
from workflows.campaign.papers.mailing import lot_plan, mailing_orders
from workflows.campaign.papers.ordering import purchase_order, redated_order, service_due_on
from workflows.campaign.papers.planning import media_plan
from workflows.campaign.papers.processing import dedupe_brief, dedupe_report
from workflows.campaign.papers.redating import papers_to_redate, redated_briefs, redated_lot_plans, redated_media_plans
from workflows.campaign.papers.results import results_report
from workflows.campaign.papers.statements import net_statements
from workflows.campaign.papers.terms import stated_sheet, terms_sheets

__all__ = [
    "budget_file",
    "certificate_due_on",
    "count_requests",
    "dedupe_brief",
    "dedupe_report",
    "destruction_certificates",
    "invoice_disputes",
    "lot_plan",
    "mailing_orders",
    "media_plan",
    "net_statements",
    "non_conformity",
    "papers_to_redate",
    "purchase_order",
    "purge_certificates",
    "redated_briefs",
    "redated_lot_plans",
    "redated_media_plans",
    "redated_order",
    "results_report",
    "service_due_on",
    "stated_sheet",
    "terms_sheets",
]
