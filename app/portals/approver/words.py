"""A budget in words for its approver: its lines and lists, scenarios, reasons of a closed answer. Data in, sentences out."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import i18n
from app.errors import say
from app.portals.shared.budget_words import nature
from app.portals.shared.words import ROLES
from app.queries.budget import BudgetPage, Line
from app.queries.overrun import OverrunPage
from workflows.engine.refusals import Unmet
from workflows.parties.roles import Role

SCENARIOS = {"low": _l("Cautious"), "central": _l("Expected"), "high": _l("Favourable")}


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why an answer is closed, and who can give it instead; in the form that the page's blockers take."""

    sentence: str
    who: str
    url: str = ""
    since: Any = None


def line_title(line: Line) -> str:
    """What a line of the budget is for."""
    return line.list_name or nature(line.nature)


def list_choice(page: BudgetPage, code: str) -> str:
    """A list of the budget as one chooses it: its name and what it comes to."""
    amount = sum((Decimal(line["net_amount"]) for line in page.body["lines"] if line["list"] == code), Decimal(0))
    return f"{page.names.get(code, code)} · {i18n.money(amount)}"


def reasons(page: BudgetPage | OverrunPage, unmet: tuple[Unmet, ...]) -> list[Reason]:
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
