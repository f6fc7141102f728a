"""An overrun in words, the same for whoever prepares and whoever decides it: each line as approved beside its forecast, and the tolerance.
Data in, sentences out.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app import i18n
from app.portals.shared.budget_words import nature
from app.queries.overrun import Overrun


def difference_rows(overrun: Overrun, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each line that differs, as the page's table of differences takes it, the total first; `names` are those of lists and suppliers."""
    total = {"label": _("Total without VAT"), "before": overrun.approved_amount, "after": overrun.forecast_amount}
    rows = [total, *(_row(line, names) for line in overrun.body["lines"])]
    return [{"kind": "money", **row} for row in rows if row["before"] != row["after"]]


def _row(line: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    if line["list"]:
        label = _("List %(name)s", name=names.get(line["list"], line["list"]))
    else:
        supplier = names.get(line["supplier"], line["supplier"]) if line["supplier"] else ""
        label = " · ".join(filter(None, (nature(line["nature"]), supplier)))
    quantities = [line["approved_quantity"], line["forecast_quantity"]]
    counted = line["basis"] not in ("forfait", "pourcent") and None not in quantities and quantities[0] != quantities[1]
    sentence = _("%(before)s → %(after)s", before=_number(quantities[0]), after=_number(quantities[1])) if counted else ""
    if line["basis"] == "pourcent":
        sentence = _("approved for what nobody foresaw; it is part of no forecast")
    return {
        "label": label,
        "before": Decimal(line["approved_amount"] or 0),
        "after": Decimal(line["forecast_amount"] or 0),
        "sentence": sentence,
    }


def _number(quantity: str) -> str:
    return i18n.number(Decimal(quantity))


def tolerance_words(overrun: Overrun) -> str:
    """How much more than what was approved may pass."""
    share = i18n.percent(overrun.tolerance_share)
    if overrun.tolerance_amount:
        return str(_("%(share)s above it, and at most %(amount)s", share=share, amount=i18n.money(overrun.tolerance_amount)))
    return str(_("%(share)s above it", share=share))
