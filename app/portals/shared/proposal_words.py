"""What a supplier proposes to change in its order, in words: the same on its own page and where it is answered."""

from collections.abc import Iterable

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app import i18n
from app.queries.proposals import Proposal

TERM_WORDS: dict[str, LazyString] = {
    "cpm": _l("Price for a thousand addresses"),
    "selection_cpm": _l("Selection, for a thousand delivered"),
    "run_charge_cpm": _l("Run charge, for a thousand not billed in full"),
    "min_billing_rate": _l("Least share billed in full"),
    "min_invoice_amount": _l("Least invoice"),
    "technical_fee": _l("Technical fee"),
}


def proposal_rows(proposal: Proposal, currency: str) -> Iterable[tuple[LazyString, str]]:
    """Each thing that would change, with what it would be."""
    if proposal.quantity is not None:
        yield _l("Quantity"), i18n.number(proposal.quantity)
    if proposal.deliver_on is not None:
        yield _l("Day"), i18n.day(proposal.deliver_on)
    for name, value in proposal.terms.items():
        yield TERM_WORDS[name], i18n.percent(value) if name == "min_billing_rate" else i18n.money(value, currency)
