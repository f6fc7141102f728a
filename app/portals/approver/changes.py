"""What changed between two budgets, in words and euros. Pure: two signed bodies in, rows for the page's table out."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import i18n
from app.portals.shared.budget_words import nature
from app.portals.shared.proposal_words import BASIS_WORDS, losses_told
from workflows.campaign.margins import margin_in
from workflows.trade.billing import BillingBasis
from workflows.trade.kpis import Margin
from workflows.trade.projection import whole_responses

Row = dict[str, Any]

TERMS = {
    "cpm": _l("price per thousand"),
    "selection_cpm": _l("selection per thousand"),
    "run_charge_cpm": _l("run charge per thousand"),
    "min_invoice_amount": _l("minimum invoice"),
    "technical_fee": _l("technical fee"),
}
"""Terms of a list that are euros; the billing floor is a rate, and is written apart like what is no figure."""


def changes(before: dict[str, Any], after: dict[str, Any], names: dict[str, str]) -> list[Row]:
    """Every figure that differs, the total first; `names` has the names of lists and suppliers by their code."""
    rows = [_money(_("Total without VAT"), before["total_amount"], after["total_amount"])]
    rows.append(_money(_("Envelope"), before["envelope_amount"], after["envelope_amount"]))
    rows.extend(_lists(before, after, names))
    rows.extend(_services(before, after, names))
    rows.append(
        {
            "label": _("Responses expected"),
            "kind": "number",
            "before": whole_responses(Decimal(before["expected"]["central"]["responses"])),
            "after": whole_responses(Decimal(after["expected"]["central"]["responses"])),
        }
    )
    rows.extend(_margin(margin_in(before), margin_in(after)))
    rows.append({"label": _("Drop date"), "kind": "day", "before": _day(before["drop_on"]), "after": _day(after["drop_on"])})
    return [row for row in rows if row["before"] != row["after"] or row.get("sentence")]


def _margin(before: Margin, after: Margin) -> Iterable[Row]:
    """What stays of what people give or buy."""
    yield {"label": _("Margin rate"), "kind": "percent", "decimals": 2, "before": before.rate, "after": after.rate}
    yield _money(_("Handling of an order or gift, without VAT"), before.handling_amount, after.handling_amount)


def _money(label: str, before: str | Decimal | None, after: str | Decimal | None, sentence: str = "") -> Row:
    amounts = [None if amount is None else Decimal(amount) for amount in (before, after)]
    return {"label": label, "kind": "money", "before": amounts[0], "after": amounts[1], "sentence": sentence}


def _lists(before: dict[str, Any], after: dict[str, Any], names: dict[str, str]) -> Iterable[Row]:
    was, now = _amounts_by_list(before), _amounts_by_list(after)
    terms_before = {one["list"]: one["terms"] for one in before["lists"]}
    terms_after = {one["list"]: one["terms"] for one in after["lists"]}
    for code in sorted(terms_before | terms_after):
        words = []
        if code in terms_before and code in terms_after:
            words = [*_quantity(_planned(before, code), _planned(after, code)), *_terms(terms_before[code], terms_after[code])]
        yield _money(_("List %(name)s", name=names.get(code, code)), was.get(code), now.get(code), i18n.clauses(words))


def _services(before: dict[str, Any], after: dict[str, Any], names: dict[str, str]) -> Iterable[Row]:
    was, now = _services_by_key(before), _services_by_key(after)
    for key in dict.fromkeys([*was, *now]):
        earlier, later = was.get(key), now.get(key)
        words = ""
        if earlier and later and earlier["unit_amount"] != later["unit_amount"]:
            words = _("unit price %(before)s → %(after)s", before=_price(earlier["unit_amount"]), after=_price(later["unit_amount"]))
        code, supplier = key
        label = f"{nature(code)} · {names.get(supplier, supplier)}" if supplier else nature(code)
        amounts = [line["net_amount"] if line else None for line in (earlier, later)]
        yield _money(label, amounts[0], amounts[1], words)


def _amounts_by_list(body: dict[str, Any]) -> dict[str, Decimal]:
    amounts: dict[str, Decimal] = {}
    for line in body["lines"]:
        if line["list"]:
            amounts[line["list"]] = amounts.get(line["list"], Decimal(0)) + Decimal(line["net_amount"])
    return amounts


def _services_by_key(body: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(line["nature"], line["supplier"] or ""): line for line in body["lines"] if not line["list"]}


def _planned(body: dict[str, Any], code: str) -> int:
    """Addresses wanted of a list."""
    return sum(int(row[6]) for row in body["plan"] if row[0] == code)


def _quantity(before: int, after: int) -> Iterable[str]:
    if before != after:
        yield _("%(before)s → %(after)s addresses", before=i18n.number(before), after=i18n.number(after))


def _terms(before: dict[str, Any], after: dict[str, Any]) -> Iterable[str]:
    for name, label in TERMS.items():
        if Decimal(before[name]) != Decimal(after[name]):
            yield f"{label} {_price(before[name])} → {_price(after[name])}"
    floors = [Decimal(terms["min_billing_rate"]) for terms in (before, after)]
    if floors[0] != floors[1]:
        yield _("billing floor %(before)s → %(after)s", before=i18n.percent(floors[0], 0), after=i18n.percent(floors[1], 0))
    bases = [terms.get("billing_basis", BillingBasis.DELIVERED) for terms in (before, after)]
    if bases[0] != bases[1]:
        yield _("billing floor counted on %(before)s → %(after)s", before=BASIS_WORDS[bases[0]], after=BASIS_WORDS[bases[1]])
    losses = [terms.get("unbilled_reasons", []) for terms in (before, after)]
    if losses[0] != losses[1]:
        yield _("never billed: %(before)s → %(after)s", before=losses_told(losses[0]), after=losses_told(losses[1]))


def _price(value: str | None) -> str:
    """A unit price with the decimals it needs, two at least."""
    if value is None:
        return i18n.money(None)
    exponent = Decimal(value).normalize().as_tuple().exponent
    return i18n.money(Decimal(value), decimals=max(2, -exponent if isinstance(exponent, int) else 2))


def _day(value: str) -> date:
    return date.fromisoformat(value)
