"""A task's checklist, for whoever does the task: the same page in every portal. Ticking is a move; what closes the task is elsewhere."""

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.errors import say_refusal, status_of
from app.jalon import jalon
from app.portals.shared.asking import execute
from app.portals.shared.words import TASKS
from app.queries.checklist import get_checklist
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.parties.actor import Actor
from workflows.parties.roles import Role
from workflows.user_task.rules import PEOPLE
from workflows.user_task.ticking import TickPoint, UntickPoint

blueprint = Blueprint("checklist", __name__, url_prefix="/checklists")

BACK = {
    Role.PROJECT_MANAGER: "manager.task",
    Role.BUDGET_APPROVER: "approver.home",
    Role.SUPPLIER: "supplier.home",
    Role.ADMINISTRATOR: "administration.undone",
}
"""Where each reader goes on from here; of several roles the first."""


@blueprint.get("/<uuid:task_id>")
@audience(*PEOPLE)
def checklist(task_id: UUID) -> Response:
    """The points of a task, and who ticked which."""
    return _page(task_id)


@blueprint.post("/<uuid:task_id>/<point>/tick")
@audience(*PEOPLE)
def tick_point(task_id: UUID, point: str) -> AnyResponse:
    """Vouch for a point."""
    return _act(task_id, TickPoint(subject_id=task_id, point=point))


@blueprint.post("/<uuid:task_id>/<point>/untick")
@audience(*PEOPLE)
def untick_point(task_id: UUID, point: str) -> AnyResponse:
    """Take a tick back."""
    return _act(task_id, UntickPoint(subject_id=task_id, point=point))


def home_of(actor: Actor, task_id: UUID) -> str:
    """Where this reader goes on from a task's checklist, files or comments."""
    home = next(BACK[role] for role in BACK if role in actor.roles)
    return url_for(home, task_id=task_id) if home == "manager.task" else url_for(home)


def _act(task_id: UUID, command: TickPoint | UntickPoint) -> AnyResponse:
    """Come back to the checklist, or to the task's own page where it was ticked there."""
    refusal = execute(command)
    if refusal is not None:
        flash(say_refusal(refusal), "stop")
        return _page(task_id, status_of(refusal))
    if request.form.get("back") == "task":
        return redirect(url_for("manager.task", task_id=task_id, _anchor="checklist"), 303)
    return redirect(url_for("checklist.checklist", task_id=task_id, _anchor=f"point-{command.point}"), 303)


def _page(task_id: UUID, status: int = 200) -> Response:
    actor = current_actor()
    found = get_checklist(jalon().database, actor, task_id)
    title = str(TASKS.get(found.name, _("Do what is asked")))
    return make_response(render_template("shared/checklist.html", page=found, title=title, back=home_of(actor, task_id)), status)
