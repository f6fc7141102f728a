"""Terms of a list in words: the same where they are agreed, where a supplier proposes others in its order, and where they are signed."""

from collections.abc import Iterable
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import i18n
from app.queries.proposals import Proposal
from workflows.trade.billing import BillingBasis, LossReason

TERM_WORDS: dict[str, LazyString] = {
    "cpm": _l("Price for a thousand addresses"),
    "selection_cpm": _l("Selection, for a thousand delivered"),
    "run_charge_cpm": _l("Run charge, for a thousand not billed in full"),
    "min_billing_rate": _l("Least share billed in full"),
    "min_invoice_amount": _l("Least invoice"),
    "technical_fee": _l("Technical fee"),
    "billing_basis": _l("Least share counted on"),
    "unbilled_reasons": _l("Never billed"),
}
BASIS_WORDS: dict[str, LazyString] = {
    BillingBasis.DELIVERED: _l("the addresses delivered"),
    BillingBasis.ORDERED: _l("the addresses ordered"),
}
LOSS_WORDS: dict[str, LazyString] = {
    LossReason.REJECTED: _l("rejected addresses"),
    LossReason.SUPPRESSED: _l("people on suppression files"),
    LossReason.INTRA: _l("duplicates within the list"),
    LossReason.INTER: _l("duplicates that another list keeps"),
}
"""Losses of a dedupe that a contract may never bill."""


def losses_told(reasons: Iterable[str]) -> str:
    """These losses, one after the other; a word where there are none."""
    return ", ".join(str(LOSS_WORDS[one]) for one in reasons) or str(_("none of the losses"))


def billing_told(billing_basis: str, unbilled_reasons: Iterable[str]) -> list[str]:
    """How a list is billed otherwise than usual, in sentences; nothing where all is as usual."""
    told = [str(_("The least share is counted on the addresses ordered."))] if billing_basis == BillingBasis.ORDERED else []
    reasons = tuple(unbilled_reasons)
    return [*told, str(_("Never billed: %(losses)s.", losses=losses_told(reasons)))] if reasons else told


def proposal_rows(proposal: Proposal, currency: str) -> Iterable[tuple[LazyString, str]]:
    """Each thing that would change, with what it would be."""
    if proposal.quantity is not None:
        yield _l("Quantity"), i18n.number(proposal.quantity)
    if proposal.deliver_on is not None:
        yield _l("Day"), i18n.day(proposal.deliver_on)
    for name, value in proposal.terms.items():
        yield TERM_WORDS[name], _told(name, value, currency)


def _told(name: str, value: Any, currency: str) -> str:
    match name:
        case "billing_basis":
            return str(BASIS_WORDS[value])
        case "unbilled_reasons":
            return losses_told(value)
        case "min_billing_rate":
            return i18n.percent(value)
    return i18n.money(value, currency)
