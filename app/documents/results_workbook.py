"""The results of a campaign as a workbook, for whoever goes on reckoning with them: every indicator of each list, segment, lot and message.

Numbers of the figures that are kept, none worked out anew. The report that is issued is a paper, with a number and a hash: this is none.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.documents.catalogue import Catalogue, catalogue
from app.documents.workbook import Share, workbook
from workflows.campaign.margins import margin_in
from workflows.campaign.results.figures import GROUPINGS, read_ratio
from workflows.trade.kpis import IN_EUROS, KPIS, RETURNS, WHOLE, Ratio

_COUNTS = {
    "mailed": ("response_rate", "denominator"),
    "undeliverable": ("undeliverable_rate", "numerator"),
    "responses": ("response_rate", "numerator"),
    "gifts": ("yield_rate", "numerator"),
    "amount": ("average_gift", "numerator"),
    "cost": ("cost_per_contact", "numerator"),
}
"""Of which indicator each count is a side."""
Row = list[Any]


def results_workbook(body: Mapping[str, Any], title: str, currency: str, locale: str) -> bytes:
    """The figures of a campaign as they are kept, in the reader's language. Amounts are without VAT; rates are shown in per cent."""
    words = catalogue(locale)
    sheets = {words.text("results_report.kpis"): _indicators(body, words)}
    for name in GROUPINGS:
        if body["kpis"].get(name):
            sheets[words.text(f"results_report.{name}")] = _table(name, body["kpis"][name], words, currency)
    if "shared" in body:
        sheets[words.text("results_report.shared_sheet")] = _shared(body, words, currency)
    return workbook(title, sheets)


def _indicators(body: Mapping[str, Any], words: Catalogue) -> list[Row]:
    of_margin = margin_in(body) != WHOLE
    named = ("kpi", "formula", "numerator", "denominator", "value", "interval_low", "interval_high")
    rows: list[Row] = [[words.text(f"results_report.{name}") for name in named]]
    for code in (*KPIS, *RETURNS):
        if kept := body["kpis"]["campaign"].get(code):
            figure, formula = read_ratio(kept), words.label("formula_of_margin" if of_margin and code in RETURNS else "formula", code)
            edges = (figure.interval.low, figure.interval.high) if figure.interval else ()
            sides = (figure.numerator, figure.denominator, _value(code, figure))
            rows.append([words.label("kpi", code), formula, *sides, *(Share(edge) for edge in edges)])
    return rows


def _table(name: str, kept: Mapping[str, Mapping[str, Any]], words: Catalogue, currency: str) -> list[Row]:
    shown = [code for code in (*KPIS, *RETURNS) if any(code in figures for figures in kept.values())]
    head = [words.text("results_report.label"), *(words.text(f"results_report.{count}", **_in(count, currency)) for count in _COUNTS)]
    rows: list[Row] = [[*head, *(words.label("kpi", code) for code in shown)]]
    for key, those in sorted(kept.items()):
        figures = {code: read_ratio(those[code]) for code in shown if code in those}
        counts = (getattr(figures[code], side) if code in figures else None for code, side in _COUNTS.values())
        values = (_value(code, figures[code]) if code in figures else None for code in shown)
        rows.append([words.label("channel", key) if name == "by_channel" else key, *counts, *values])
    return rows


def _shared(body: Mapping[str, Any], words: Catalogue, currency: str) -> list[Row]:
    sides = ("responses", "gifts", "amount")
    part = words.text("results_report.shared_part")
    named = [words.text(f"results_report.{side}", **_in(side, currency)) for side in sides]
    rows: list[Row] = [[words.text("col.list"), *(title for one in named for title in (one, f"{one} – {part}"))]]
    for code, parts in sorted(body["shared"]["by_list"].items()):
        rows.append([code, *(_number(of[side]) for side in sides for of in (body["lists"][code], parts))])
    return rows


def _in(count: str, currency: str) -> dict[str, str | int]:
    return {"currency": currency} if count in ("amount", "cost") else {}


def _value(code: str, figure: Ratio) -> Decimal | Share | None:
    return figure.value if code in IN_EUROS or code in RETURNS else Share(figure.value)


def _number(value: int | str) -> int | Decimal:
    return value if isinstance(value, int) else Decimal(value)
