"""The inbox: what is mine, by urgency, and what waits for others. A press does what takes no more than a press."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from app.jalon import jalon
from app.portals.manager.blueprint import blueprint
from app.portals.manager.rooms import clock_now
from app.portals.manager.tasks import colleagues_form
from app.portals.manager.words import task_row
from app.portals.shared.parts import Part
from app.queries.inbox import OpenTask, get_inbox
from app.queries.open_tasks import MOST_KEPT
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.parties.roles import Role

VIEWS = ("", "held", "free", "mentioned")
"""Everything, what one has in hand, what nobody has, where one was mentioned."""


def _head(mine_count: int, mentions: int, whose: str) -> dict[str, Any]:
    return {"mine_count": mine_count, "mentions": mentions, "whose": whose}


HEAD = Part("manager/inbox_head.html", _head, kept=1024)
ROW = Part("manager/inbox_task.html", lambda task: {"task": task_row(task)}, kept=MOST_KEPT)
SEVERAL = Part("manager/inbox_several.html", lambda colleagues: {"form": colleagues_form(colleagues)}, kept=256)


@blueprint.get("/")
@audience(Role.PROJECT_MANAGER)
def inbox() -> str:
    """Everything open in one's campaigns, or what one has in hand, or what nobody has."""
    asked = request.args.get("whose", "")
    whose = asked if asked in VIEWS else ""
    found = get_inbox(jalon().database, current_actor(), now=clock_now(), whose=whose)
    groups = [
        _group("late", _("Late"), found.late),
        _group("today", _("Today"), found.today),
        _group("week", _("This week"), found.this_week),
        _group("later", _("Later"), found.later),
    ]
    return render_template(
        "manager/inbox.html",
        groups=[group for group in groups if group["tasks"]],
        others=_group("others", _("Waiting for others"), found.others),
        mine_count=found.mine_count,
        whose=whose,
        mentions=found.mentions,
        colleagues=found.colleagues,
        head=HEAD,
        rows=ROW.each,
        several=SEVERAL,
    )


def _group(name: str, title: str, tasks: tuple[OpenTask, ...]) -> dict[str, Any]:
    return {"name": name, "title": title, "tasks": tasks}
