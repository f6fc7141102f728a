"""Contents of every kind, as a French appeal of autumn would have them; every company and person is fictional."""

from collections.abc import Callable

from tests.documents import samples_claiming as claiming
from tests.documents import samples_counting as counting
from tests.documents import samples_negotiating as negotiating
from tests.documents import samples_planning as planning
from tests.documents import samples_production as production
from workflows.campaign.documents import DocumentContent

SAMPLES: dict[str, Callable[[], DocumentContent]] = {
    "media_plan": planning.media_plan,
    "count_request": counting.count_request,
    "refund_claim": claiming.refund_claim,
    "terms_sheet": negotiating.terms_sheet,
    "budget_file": planning.budget_file,
    "purchase_order": planning.purchase_order,
    "non_conformity": planning.non_conformity,
    "dedupe_brief": production.dedupe_brief,
    "dedupe_report": production.dedupe_report,
    "net_statement": production.net_statement,
    "lot_plan": production.lot_plan,
    "mailing_order": production.mailing_order,
    "destruction_certificate": production.destruction_certificate,
    "invoice_dispute": production.invoice_dispute,
    "purge_certificate": production.purge_certificate,
    "results_report": production.results_report,
}
service_order = planning.service_order
service_dispute = production.service_dispute
