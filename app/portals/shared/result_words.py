"""The results of a campaign as pages take them: tables with their titles, verdicts in words, what may be said of the mailing."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.portals.shared.credit_words import ATTRIBUTIONS
from app.portals.shared.margin_words import margin_words
from app.portals.shared.verdicts import between, test_line, uplift_line, uplift_row
from app.portals.shared.words import label
from app.queries.results import Figures, ResultsPage, Shared

TITLES = {
    "by_list": _l("By list"),
    "by_message": _l("By message"),
    "by_tag": _l("By tag"),
    "by_channel": _l("By channel"),
    "by_segment": _l("By segment"),
    "by_lot": _l("By lot"),
}


def results_words(page: ResultsPage, currency: str) -> dict[str, Any]:
    """What the parts of `shared/results.html` take."""
    several = len({test.channel for test in page.tests}) > 1
    return {
        "page": page,
        "margin": margin_words(page.margin, currency),
        "tables": [{"name": name, "title": title, "rows": _rows(name, page)} for name, title in TITLES.items()],
        "tests": [test_line(test, several_channels=several) for test in page.tests],
        "credited": [
            {"word": word, **page.credited["steps"][name]} for name, word in ATTRIBUTIONS.items() if name in page.credited.get("steps", {})
        ],
        "shared_total": _total(page.shared) if page.shared else None,
        "uplifts": [uplift_line(one) for one in page.uplifts],
        "uplift_rows": [uplift_row(one, currency) for one in page.uplifts],
    }


def _total(shared: Shared) -> dict[str, Any]:
    """The foot of the shared view: both sides of it come to the same."""
    names = ("responses", "shared_responses", "gifts", "shared_gifts", "amount", "shared_amount")
    return {name: sum(getattr(line, name) for line in shared.lines) for name in names}


def _rows(name: str, page: ResultsPage) -> list[dict[str, Any]]:
    """A table's rows; what does not tell one piece from another makes no table: one channel alone, or tags that every piece has."""
    figures = page.tables[name]
    mailed = page.total.mailed if page.total else 0
    if (name == "by_channel" and len(figures) < 2) or (name == "by_tag" and all(one.mailed == mailed for one in figures)):
        return []
    return [_row(one, label("channel", one.key) if name == "by_channel" else one.key) for one in figures]


def _row(figures: Figures, key: str) -> dict[str, Any]:
    return {
        **vars(figures),
        "key": key,
        "response_between": between(figures.response_interval, 2),
        "undeliverable_between": between(figures.undeliverable_interval, 1),
    }
