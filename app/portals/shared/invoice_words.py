"""An invoice's control in words, the same for whoever sends it and whoever decides about it: what differs, and by how much."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_pgettext as _lp

from app import i18n
from app.documents.catalogue import catalogue
from app.documents.typography import Typography
from app.formats import NOTHING
from app.queries.invoices import OrderInvoice
from workflows.trade.costs import ServiceBill
from workflows.trade.invoice_control import Point

ACCEPTED = ".pdf,.xml"
"""The kinds of file that a browser offers to choose."""

STATES: dict[str, tuple[str, LazyString]] = {
    "received": ("waiting", _lp("invoice", "To decide")),
    "matched": ("done", _lp("invoice", "Matched")),
    "accepted": ("accepted", _lp("invoice", "Accepted")),
    "above_budget": ("waiting", _lp("invoice", "Waiting for an approver")),
    "disputed": ("rejected", _lp("invoice", "Disputed")),
    "replaced": ("superseded", _lp("invoice", "Replaced")),
    "credited": ("superseded", _lp("invoice", "Credited in full")),
    "deducted": ("done", _lp("invoice", "Credit note")),
    "missing": ("awaited", _lp("invoice", "Missing")),
    "waived": ("resolved", _lp("invoice", "Waived")),
}
"""How an invoice stands: the badge it takes, and its word."""
TOLD: dict[str, LazyString] = {
    "received": _lp("invoice", "Being looked at"),
    "above_budget": _lp("invoice", "Being looked at"),
    "deducted": _lp("invoice", "Deducted"),
    "missing": _lp("invoice", "To send"),
    "waived": _lp("invoice", "Not expected"),
}
"""The same where its supplier reads it, where that is another word."""


def finding_words(finding: Point, currency: str = "EUR") -> str:
    """What differs and by how much, as a sentence."""
    expected, actual = (_written(one, currency) for one in (finding.expected, finding.actual))
    match finding.code:
        case "order":
            return str(_("Order %(number)s: nothing is to be invoiced under this number.", number=actual))
        case "supplier":
            return str(_("The order is another supplier’s (%(supplier)s).", supplier=expected))
        case "billed_once":
            return str(_("Invoice %(number)s bills this order already.", number=actual))
        case "quantity":
            return _more_or_less(finding, _("%(actual)s addresses billed, %(expected)s due", actual=actual, expected=expected), currency)
        case "unit_price":
            words = _("%(actual)s for a thousand billed, %(expected)s due", actual=actual, expected=expected)
            return _more_or_less(finding, words, currency)
        case "net_amount":
            words = _("%(actual)s without VAT billed, %(expected)s due", actual=actual, expected=expected)
            return _more_or_less(finding, words, currency)
        case "vat_amount":
            words = _("%(actual)s of VAT, where the amount billed gives %(expected)s", actual=actual, expected=expected)
            return _more_or_less(finding, words, currency)
        case "total_amount":
            words = _("%(actual)s in total, where amount and VAT make %(expected)s", actual=actual, expected=expected)
            return _more_or_less(finding, words, currency)
        case "not_before":
            return str(_("Dated %(actual)s; what is due was known on %(expected)s.", actual=actual, expected=expected))
    return str(_("Dated %(actual)s, which is still to come.", actual=actual))


def billed_words(list_name: str, natures: Iterable[str]) -> str:
    """What an order is for: its list, or the natures of its services as on paper."""
    words = ", ".join(_word("nature", nature).lower() for nature in natures)
    return list_name or words[:1].upper() + words[1:]


def about_order(one: OrderInvoice) -> str:
    """What an order is for."""
    what = billed_words(one.list_name, one.natures)
    return str(_("%(what)s: cancellation fee", what=what)) if one.is_fee else what


def order_words(one: OrderInvoice, currency: str, today: date) -> dict[str, Any]:
    """An order and how its invoice stands, as tables take it."""
    return {
        "order": one,
        "about": about_order(one),
        "services": services_words(one.services, currency) if one.services else [],
        "since": since_words(one, today) if one.is_missing else "",
    }


def services_words(bill: ServiceBill, currency: str) -> list[dict[str, Any]]:
    """What was done of an order for services, line by line, for a table."""
    write = Typography(i18n.language(), currency)
    return [
        {
            "nature": billed_words("", (line.nature,)),
            "basis": _word("basis", line.basis),
            "quantity": line.done,
            "unit_price": write.unit_money(line.unit_amount),
            "amount": line.amount,
        }
        for line in bill.lines
    ]


def _word(group: str, code: str) -> str:
    return catalogue(i18n.language()).label(group, code)


def _written(value: Decimal | int | date | str | None, currency: str) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, date):
        return i18n.day(value)
    if isinstance(value, Decimal):
        return i18n.money(value, currency)
    return i18n.number(value) if isinstance(value, int) else value


def _more_or_less(finding: Point, words: str, currency: str) -> str:
    difference = finding.difference
    if difference is None:
        return f"{words}."
    apart = i18n.money(abs(difference), currency) if isinstance(difference, Decimal) else i18n.number(abs(difference))
    if difference > 0:
        return str(_("%(words)s: %(apart)s too much.", words=words, apart=apart))
    return str(_("%(words)s: %(apart)s too little.", words=words, apart=apart))


def since_words(one: OrderInvoice, today: date) -> str:
    """For how long an invoice may have been sent."""
    if one.stated_on is None:
        return ""
    days = (today - one.stated_on).days
    if one.is_fee:
        return str(ngettext("withdrawn %(num)s day ago", "withdrawn %(num)s days ago", days))
    if one.services:
        return str(ngettext("done %(num)s day ago", "done %(num)s days ago", days))
    return str(ngettext("stated %(num)s day ago", "stated %(num)s days ago", days))
