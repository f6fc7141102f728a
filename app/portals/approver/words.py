"""A budget in words: natures of cost, warnings, decisions, reasons of a closed answer. Data in, sentences out."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app import i18n
from app.documents.catalogue import catalogue
from app.errors import say
from app.portals.shared.words import ROLES, weak_day
from app.queries.budget import LISTS, BudgetPage, Line, Missed
from workflows.engine.refusals import Unmet
from workflows.parties.roles import Role
from workflows.trade.working_days import NoDropWindow

PARTS_SHOWN = 6
"""How many parts one bar can tell apart."""

DECISIONS = {"approved": _l("approved"), "endorsed": _l("supported"), "refused": _l("refused")}
SCENARIOS = {"low": _l("Cautious"), "central": _l("Expected"), "high": _l("Favourable")}


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why an answer is closed, and who can give it instead; in the form that the page's blockers take."""

    sentence: str
    who: str
    url: str = ""
    since: Any = None


def nature(code: str) -> str:
    """The word for a nature of cost, the same as on paper."""
    if code == LISTS:
        return str(_("Address lists"))
    word = catalogue(i18n.language()).label("nature", code)
    return word[:1].upper() + word[1:]


def line_title(line: Line) -> str:
    """What a line of the budget is for."""
    return line.list_name or nature(line.nature)


def list_choice(page: BudgetPage, code: str) -> str:
    """A list of the budget as one chooses it: its name and what it comes to."""
    amount = sum((Decimal(line["net_amount"]) for line in page.body["lines"] if line["list"] == code), Decimal(0))
    return f"{page.names.get(code, code)} · {i18n.money(amount)}"


def bar(page: BudgetPage) -> list[dict[str, Any]]:
    """The parts of the one bar, the largest first; what is too small to tell apart stands together at the end."""
    shown = page.parts if len(page.parts) <= PARTS_SHOWN else page.parts[: PARTS_SHOWN - 1]
    parts: list[dict[str, Any]] = [{"label": nature(part.nature), "value": part.amount} for part in shown]
    rest = page.parts[len(shown) :]
    if rest:
        names = ", ".join(nature(part.nature).lower() for part in rest)
        parts.append({"label": _("Other: %(parts)s", parts=names), "value": sum((part.amount for part in rest), Decimal(0))})
    return parts


def warnings(page: BudgetPage) -> list[str]:
    """Targets that are missed, one sentence each; tests that are too small share one."""
    missed = page.warnings
    sentences = [_warning(one, page.windows) for one in missed if one.code != "minimum_cell"]
    small = [one for one in missed if one.code == "minimum_cell"]
    if small:
        tests = ", ".join(f"{_about(one, page.windows)} ({_figures(one)[1]})" for one in small)
        sentences.append(
            ngettext(
                "One test is too small for a verdict, which takes %(needed)s addresses: %(tests)s.",
                "%(num)s tests are too small for a verdict, which takes %(needed)s addresses: %(tests)s.",
                len(small),
                needed=_figures(small[0])[0],
                tests=tests,
            )
        )
    return sentences


def _warning(missed: Missed, windows: Sequence[NoDropWindow]) -> str:
    expected, actual = _figures(missed)
    sentences = {
        "target_responses": _l("%(actual)s responses are expected; the target is %(expected)s."),
        "target_roi": _l("Each euro spent should bring back %(actual)s; the target is %(expected)s."),
        "minimum_net_quantity": _l("%(actual)s addresses should be left after deduplication; the brief asks for %(expected)s."),
        "segments": _l("The plan has %(actual)s segments; %(expected)s is the habit."),
        "drop": _l("The drop falls on a weak date: %(about)s."),
    }
    sentence = sentences.get(missed.code)
    if sentence is None:
        return f"{missed.code.replace('_', ' ')}: {actual}"
    return str(sentence) % {"about": _about(missed, windows), "expected": expected, "actual": actual}


def reasons(page: BudgetPage, unmet: tuple[Unmet, ...]) -> list[Reason]:
    """Why an answer is closed, with the names of those who can give it."""
    codes = {one.code for one in unmet}
    able, nobody = page.others, _("nobody yet: an administrator can raise a limit")
    if "budget.approver_limit_exceeded" in codes:
        able = page.covering
    if "budget.signatures_missing" in codes:
        able, nobody = tuple(one for one in able if not one.has_signed), _("nobody yet: an administrator can name another approver")
    names = ", ".join(_("%(name)s (up to %(limit)s)", name=one.name, limit=i18n.money(one.limit_amount, decimals=0)) for one in able)
    by_approver = names or nobody
    manager = _("the project manager")
    return [
        Reason(
            sentence=say(one.code, one.params),
            who=_lifters(one, by_approver, manager),
            url=url_for("checklist.checklist", task_id=one.params["task_id"]) if "task_id" in one.params else "",
            since=one.since,
        )
        for one in unmet
    ]


def _lifters(unmet: Unmet, by_approver: str, manager: str) -> str:
    if "task_id" in unmet.params or unmet.lifted_by is Role.ADMINISTRATOR:
        return str(ROLES[unmet.lifted_by])
    return by_approver if unmet.lifted_by is Role.BUDGET_APPROVER else manager


def _figures(missed: Missed) -> tuple[str, str]:
    def write(value: Any) -> str:
        try:
            figure = Decimal(str(value))
        except ArithmeticError:
            return str(value).replace("-", "–")
        return i18n.money(figure) if missed.code == "target_roi" else i18n.number(figure.to_integral_value(ROUND_FLOOR))

    return write(missed.expected), write(missed.actual)


def _about(missed: Missed, windows: Sequence[NoDropWindow]) -> str:
    return weak_day(missed.about, windows) if missed.code == "drop" else missed.about.replace("/", "\u00a0")
