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
    "mail_pieces": _l("Pieces of a message"),
    "mailing": _l("What is posted"),
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
    "billing_basis": _l("what the least share is counted on"),
    "campaign": _l("campaign"),
    "channel": _l("channel"),
    "code": _l("code"),
    "collected_through": _l("means by which people were told or agreed"),
    "components": _l("components of a piece"),
    "contact": _l("whom the mailer asks"),
    "cost": _l("cost"),
    "cpm": _l("price per thousand"),
    "data_role": _l("roles towards the data"),
    "deposit_site": _l("deposit site"),
    "expected_rate": _l("expected response rate"),
    "format": _l("format"),
    "gifts": _l("gifts"),
    "gross": _l("gross quantity"),
    "handling_amount": _l("handling of an order or gift"),
    "gross_qty": _l("gross quantity"),
    "lead_days": _l("lead time in days"),
    "legal_basis": _l("legal basis"),
    "level": _l("level"),
    "mailed": _l("pieces mailed"),
    "margin_rate": _l("margin rate"),
    "message": _l("message"),
    "min_billing_rate": _l("least share billed in full"),
    "min_invoice_amount": _l("least invoice"),
    "minimum_net_quantity": _l("least net addresses"),
    "multi_buyers": _l("number of files of people in several"),
    "nature": _l("nature"),
    "postal_product": _l("postal product"),
    "postal_sort": _l("postal sort"),
    "net": _l("net quantity"),
    "protected": _l("protected lists"),
    "quantity": _l("quantity"),
    "rank": _l("rank"),
    "remarks": _l("instructions"),
    "responses": _l("responses"),
    "return_address": _l("street of the return address"),
    "return_name": _l("name on the return address"),
    "return_postcode": _l("postcode of the return address"),
    "return_town": _l("town of the return address"),
    "role": _l("role"),
    "run_charge_cpm": _l("run charge per thousand"),
    "selection_cpm": _l("selection per thousand"),
    "spoilage_rate": _l("spoilage"),
    "suppressions": _l("names of the files"),
    "target_responses": _l("responses wanted"),
    "target_roi": _l("euros back for each euro spent"),
    "reuse_cpm": _l("follow-up, for a thousand mailed again"),
    "technical_fee": _l("technical fee"),
    "thickness_mm": _l("thickness in millimetres"),
    "unbilled_reasons": _l("losses that are never billed"),
    "undeliverable": _l("undeliverable pieces"),
    "undeliverable_guarantee": _l("guaranteed share of undeliverable pieces"),
    "universe": _l("universe"),
    "vat_rate": _l("VAT"),
    "weight_grams": _l("weight in grams"),
}
"""The fields that are held against a rule."""

RULES: dict[str, LazyString] = {
    "amount": _l("an amount, 0 or more"),
    "amount_to_the_cent": _l("an amount to the cent, 0 or more"),
    "code": _l("up to 60 letters, digits, dots, hyphens, underscores and spaces, no dot first"),
    "components": _l("20 things at most, each in one line of 200 characters at most"),
    "count": _l("a whole number, 0 or more"),
    "count_of_some": _l("a whole number, 1 or more"),
    "line": _l("one line of 200 characters at most"),
    "margin": _l("a share above 0 and up to 1, with four decimals at most"),
    "multi_buyers": _l("a number of files, 2 or more, or 0"),
    "names": _l("a list of names"),
    "once": _l("each code once, whether in capitals or not, and none that a list and a suppression file share"),
    "postcode": _l("five digits"),
    "price": _l("a number, 0 or more and below a million"),
    "rate": _l("a share above 0 and up to 1"),
    "share": _l("a share from 0 to 1"),
    "something": _l("something written"),
    "spoilage": _l("a share from 0 to 0.2"),
    "thickness": _l("more than 0 and 50 mm at most, to the hundredth"),
    "weight": _l("more than 0 and 3,000 g at most, to the hundredth"),
    "whole_address": _l("all four parts of the return address, or none"),
    "words": _l("4,000 characters at most"),
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
