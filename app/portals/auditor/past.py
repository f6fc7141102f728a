"""The campaign put back to a day, and what differs between two days."""

from datetime import date
from functools import partial
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional

from app.formats import local_date
from app.portals.auditor.room import blueprint, reading_campaign
from app.portals.auditor.words import DECISIONS, campaign_head, task_word
from app.portals.shared.fields import DayField
from app.portals.shared.kept_text import KeptTextForm
from app.portals.shared.signing_words import condition_words
from app.portals.shared.words import ROLES, state_word
from app.queries.history import get_history
from app.queries.past import Past, get_past
from app.security.audience import audience
from workflows.parties.roles import Role


class DaysForm(KeptTextForm):
    """The day to go back to, and a later or earlier one to compare it with."""

    class Meta:
        csrf = False

    on = DayField(_l("As known on"), [Optional()])
    against = DayField(_l("Compared with"), [Optional()])


@blueprint.get("/campaigns/<code>/past")
@audience(Role.AUDITOR, Role.DPO)
def past(code: str) -> str:
    """State, budget, orders and open tasks as they were known when a day ended."""
    form = DaysForm(formdata=request.args)
    form.validate()
    with reading_campaign(code) as (session, campaign):
        history = get_history(session, campaign)
        last = local_date(history[-1].at) if history else local_date(campaign.opened_at)
        on: date = form.on.data or last
        known = get_past(session, campaign, on)
        other = get_past(session, campaign, form.against.data) if form.against.data else None
        head = campaign_head(session, campaign)
    form.on.data = on
    days = sorted({local_date(entry.at) for entry in history if entry.kind == "campaign" and entry.came_from != entry.to})
    return render_template(
        "auditor/past.html",
        head=head,
        form=form,
        known=known,
        days=days,
        tasks=[{"what": task_word(task.name, task.label), "role": ROLES[Role(task.role)], "task": task} for task in known.tasks],
        differences=_differences(*sorted((known, other), key=lambda one: one.on)) if other else None,
        other=other,
        decisions=DECISIONS,
        bound=partial(condition_words, names={}),
    )


def _differences(before: Past, after: Past) -> list[dict[str, Any]]:
    """What differs between two days, oldest first, for the page's table."""

    def row(label: str, kind: str, old: Any, new: Any) -> dict[str, Any]:
        return {"label": label, "kind": kind, "before": old, "after": new}

    def state(one: Past) -> str | None:
        return str(state_word(one.state).word) if one.state else None

    def budget(one: Past) -> tuple[Any, Any]:
        return (one.budget.total_amount, _("yes") if one.budget.is_approved else _("no")) if one.budget else (None, None)

    (old_total, old_approved), (new_total, new_approved) = budget(before), budget(after)
    return [
        row(_("Stage"), "text", state(before), state(after)),
        row(_("Drop planned for"), "day", before.drop_on if before.state else None, after.drop_on if after.state else None),
        row(_("Entries in the chain"), "number", before.seq, after.seq),
        row(_("Addresses wanted"), "number", before.gross_qty, after.gross_qty),
        row(_("Budget"), "money", old_total, new_total),
        row(_("Budget approved"), "text", old_approved, new_approved),
        row(_("Orders"), "number", len(before.orders), len(after.orders)),
        row(_("Orders accepted"), "number", before.accepted_orders, after.accepted_orders),
        row(_("Amount ordered"), "money", before.ordered_amount, after.ordered_amount),
        row(_("Documents"), "number", before.documents, after.documents),
        row(_("Addresses in lots"), "number", before.lot_qty, after.lot_qty),
        row(_("Responses attributed"), "number", before.responses, after.responses),
        row(_("Open tasks"), "number", len(before.tasks), len(after.tasks)),
    ]
