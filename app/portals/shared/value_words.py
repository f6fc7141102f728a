"""A value that is refused, in words: where it stands, which field it is, and what is allowed there. Not for when it is refused."""

from collections.abc import Callable
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

PARTS: dict[str, LazyString] = {
    "brief": _l("Brief"),
    "costs": _l("Costs"),
    "dedupe": _l("Dedupe"),
    "history": _l("History"),
    "lists": _l("Lists"),
    "messages": _l("Messages"),
    "plan": _l("Plan"),
    "proposal": _l("Proposed change"),
    "seeds": _l("Monitor seeds"),
    "segments": _l("Segments"),
    "suppressions": _l("Suppression files"),
    "terms": _l("Terms"),
}
"""What a value stands in."""

FIELDS: dict[str, LazyString] = {
    "allocation": _l("allocation rule"),
    "amount": _l("amount"),
    "basis": _l("basis"),
    "campaign": _l("campaign"),
    "channel": _l("channel"),
    "code": _l("code"),
    "cost": _l("cost"),
    "cpm": _l("price per thousand"),
    "gifts": _l("gifts"),
    "gross": _l("gross quantity"),
    "gross_qty": _l("gross quantity"),
    "lead_days": _l("lead time in days"),
    "level": _l("level"),
    "mailed": _l("pieces mailed"),
    "min_billing_rate": _l("least share billed in full"),
    "min_invoice_amount": _l("least invoice"),
    "minimum_net_quantity": _l("least net addresses"),
    "multi_buyers": _l("number of files of people in several"),
    "nature": _l("nature"),
    "net": _l("net quantity"),
    "protected": _l("protected lists"),
    "quantity": _l("quantity"),
    "rank": _l("rank"),
    "responses": _l("responses"),
    "role": _l("role"),
    "run_charge_cpm": _l("run charge per thousand"),
    "selection_cpm": _l("selection per thousand"),
    "suppressions": _l("names of the files"),
    "target_responses": _l("responses wanted"),
    "target_roi": _l("euros back for each euro spent"),
    "reuse_cpm": _l("follow-up, for a thousand mailed again"),
    "technical_fee": _l("technical fee"),
    "undeliverable": _l("undeliverable pieces"),
    "undeliverable_guarantee": _l("guaranteed share of undeliverable pieces"),
    "universe": _l("universe"),
    "vat_rate": _l("VAT"),
}
"""The fields that are held against a rule."""

RULES: dict[str, LazyString] = {
    "amount": _l("an amount, 0 or more"),
    "code": _l("up to 60 letters, digits, dots, hyphens, underscores and spaces, no dot first"),
    "count": _l("a whole number, 0 or more"),
    "count_of_some": _l("a whole number, 1 or more"),
    "multi_buyers": _l("a number of files, 2 or more, or 0"),
    "names": _l("a list of names"),
    "once": _l("each code once, whether in capitals or not, and none that a list and a suppression file share"),
    "price": _l("a number, 0 or more and below a million"),
    "share": _l("a share from 0 to 1"),
    "something": _l("something written"),
}
"""What a rule allows."""


def _allowed(value: Any) -> str:
    return str(RULES[value]) if isinstance(value, str) else ", ".join(value)


VALUE_WORDS: dict[str, Callable[[Any], str]] = {
    "part": lambda value: str(PARTS[value]),
    "place": lambda value: str(_("row %(number)s", number=value)) if isinstance(value, int) else str(value),
    "field": lambda value: str(FIELDS[value]),
    "allowed": _allowed,
}
"""How the parameters of such a refusal are written, by their names."""
