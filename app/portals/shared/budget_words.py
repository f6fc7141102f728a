"""A budget in words, the same for whoever prepares and whoever decides it: its bar, what speaks against it, how it was decided. Data in,
sentences out. The signatures are in `signing_words`.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app import i18n
from app.documents.catalogue import catalogue
from app.formats import NOTHING
from app.portals.shared.words import weak_day
from app.queries.budget import Part
from workflows.trade.working_days import NoDropWindow

PARTS_SHOWN = 6
"""How many parts one bar can tell apart."""

DECISIONS = {"approved": _l("approved"), "endorsed": _l("supported"), "refused": _l("refused")}

_WARNINGS = {
    "target_responses": _l("%(actual)s responses are expected; the target is %(expected)s."),
    "target_roi": _l("Each euro spent should bring back %(actual)s; the target is %(expected)s."),
    "minimum_net_quantity": _l("%(actual)s addresses should be left after deduplication; the brief asks for %(expected)s."),
    "segments": _l("The plan has %(actual)s segments; %(expected)s is the habit."),
    "drop": _l("The drop falls on a weak date: %(about)s."),
    "universe": _l("Of %(about)s %(actual)s addresses are ordered, and there are %(expected)s."),
    "offer_ends": _l("Whole weeks that the offer runs after the mail has landed: %(actual)s; %(expected)s is the habit."),
    "test_volume": _l("Tests take %(actual)s%% of the addresses; %(expected)s%% is the habit."),
}
_TOLD_TOGETHER = ("recent_use", "other_use", "minimum_cell", "test_responses", "test_precision")
"""What may be said of several lists or tests: one sentence names them all."""


def nature(code: str) -> str:
    """The word for a nature of cost, or for all lists together, the same as on paper."""
    word = catalogue(i18n.language()).label("nature", code)
    return word[:1].upper() + word[1:]


def bar(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """The parts of the one bar, the largest first; what is too small to tell apart stands together at the end."""
    shown = parts if len(parts) <= PARTS_SHOWN else parts[: PARTS_SHOWN - 1]
    drawn: list[dict[str, Any]] = [{"label": nature(part.nature), "value": part.amount} for part in shown]
    rest = parts[len(shown) :]
    if rest:
        names = ", ".join(nature(part.nature).lower() for part in rest)
        drawn.append({"label": _("Other: %(parts)s", parts=names), "value": sum((part.amount for part in rest), Decimal(0))})
    return drawn


def warning_words(raised: Sequence[Mapping[str, Any]], windows: Sequence[NoDropWindow]) -> list[str]:
    """Targets that are missed and habits that are broken, one sentence each; lists or tests of which the same is said share one.

    :param raised: as `workflows.campaign.planning.warnings` gives them; a plan keeps them.
    :param windows: name a weak date that was kept without its own words.
    """
    parted = [(*str(one["code"]).partition(":")[::2], one) for one in raised]
    sentences = [_sentence(code, about, one, windows) for code, about, one in parted if code not in _TOLD_TOGETHER]
    of_each = {together: [(about, one) for code, about, one in parted if code == together] for together in _TOLD_TOGETHER}
    return [*sentences, *(_shared_sentence(code, told) for code, told in of_each.items() if told)]


def _shared_sentence(code: str, of_each: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """One sentence for all: what each has, and what it needed."""
    needed = _figure("", of_each[0][1]["expected"])
    named = ", ".join(f"{_place(about)} ({_figure('', one['actual'])})" for about, one in of_each)
    if code == "recent_use":
        words = ngettext(
            "One list was used fewer than %(needed)s months before; months since then: %(lists)s.",
            "%(num)s lists were used fewer than %(needed)s months before; months since then: %(lists)s.",
            len(of_each),
            needed=needed,
            lists=named,
        )
    elif code == "other_use":
        drops = ", ".join(
            _("%(list)s (%(days)s, %(campaign)s)", list=about, days=one["actual"], campaign=one["campaign"]) for about, one in of_each
        )
        words = ngettext(
            "One list is used by another campaign fewer than %(needed)s days away; days between the drops: %(lists)s.",
            "%(num)s lists are used by other campaigns fewer than %(needed)s days away; days between the drops: %(lists)s.",
            len(of_each),
            needed=needed,
            lists=drops,
        )
    elif code == "minimum_cell":
        words = ngettext(
            "One test is too small for a verdict, which takes %(needed)s addresses: %(tests)s.",
            "%(num)s tests are too small for a verdict, which takes %(needed)s addresses: %(tests)s.",
            len(of_each),
            needed=needed,
            tests=named,
        )
    elif code == "test_precision":
        figures = ((_place(about), _figure("", one["actual"]), _figure("", one["expected"])) for about, one in of_each)
        sizes = ", ".join(
            _("%(test)s (%(actual)s of %(needed)s)", test=test, actual=actual, needed=needed) for test, actual, needed in figures
        )
        words = ngettext(
            "One test is too small to tell its response rate as closely as policy asks; addresses there, and wanted: %(tests)s.",
            "%(num)s tests are too small to tell their response rates as closely as policy asks; addresses there, and wanted: %(tests)s.",
            len(of_each),
            tests=sizes,
        )
    else:
        words = ngettext(
            "One test may count on too few responses for a verdict, which takes %(needed)s: %(tests)s.",
            "%(num)s tests may count on too few responses for a verdict, which takes %(needed)s: %(tests)s.",
            len(of_each),
            needed=needed,
            tests=named,
        )
    return str(words)


def _place(about: str) -> str:
    return about.replace("/", "\u00a0")


def _sentence(code: str, about: str, raised: Mapping[str, Any], windows: Sequence[NoDropWindow]) -> str:
    if code not in _WARNINGS:
        return f"{code.replace('_', ' ')}: {raised['actual']}"
    if code == "drop":
        about = raised["words"][i18n.language()] if "words" in raised else weak_day(about, windows)
    figures = {name: _figure(code, raised[name]) for name in ("expected", "actual")}
    return str(_WARNINGS[code]) % {"about": _place(about), **figures}


def _figure(code: str, value: Any) -> str:
    """A figure as it is counted on: never more than it, so that a target it misses is missed in words too."""
    if value is None:
        return NOTHING
    try:
        figure = Decimal(str(value))
    except InvalidOperation:
        return str(value).replace("-", "–")
    return i18n.money(figure) if code == "target_roi" else i18n.number(figure.to_integral_value(ROUND_FLOOR))
