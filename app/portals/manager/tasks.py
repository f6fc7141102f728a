"""User tasks one by one and several at once: taken in hand, handed on, made urgent, set aside. What they ask is done in their rooms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Length, Optional

from app import i18n
from app.errors import say_refusal, status_of
from app.jalon import jalon
from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import Form, needed
from app.portals.manager.rooms import clock_now, execute, reading
from app.portals.manager.words import task_row, task_verb
from app.portals.shared.attachments import AttachmentForm, accepted
from app.portals.shared.events import event_words, who_words
from app.portals.shared.fields import DayField
from app.portals.shared.kept_text import LONGEST_WORDS
from app.portals.shared.words import PRIORITY_WORDS
from app.queries.colleagues import Candidate
from app.queries.user_task import TaskEvent, TaskPage, TaskTitle, get_task, list_titles
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.engine.command import Command
from workflows.engine.refusals import NotFound, Refused
from workflows.parties.roles import Role
from workflows.user_task.attaching import MOST_MEGABYTES
from workflows.user_task.priority import PRIORITIES
from workflows.user_task.process import (
    AssignTask,
    ClaimTask,
    DelegateTask,
    GiveBackTask,
    PostponeTask,
    PrioritizeTask,
    ReleaseTask,
)
from workflows.user_task.talking import CommentOnTask, NoteMention


class TaskForm(Form):
    """Whatever one may say about a task; each act reads its own part."""

    person = SelectField(_l("Who"), [Optional()], validate_choice=False)
    priority = SelectField(_l("Priority"), [Optional()], choices=[SelectChoice(one, PRIORITY_WORDS[one]) for one in PRIORITIES])
    until_on = DayField(_l("Until"), [Optional()])
    words = TextAreaField(_l("Comment"), [Optional(), Length(max=LONGEST_WORDS)])
    tell = SelectMultipleField(_l("Tell by e-mail"), [Optional()], validate_choice=False)
    note = TextAreaField(_l("A word with it"), [Optional(), Length(max=LONGEST_WORDS)])

    def offer(self, people: tuple[Candidate, ...], colleagues: tuple[Candidate, ...] = ()) -> None:
        """Let one of these people be chosen, and several of those be told."""
        self.tell.choices = [SelectChoice(str(one.id), one.name) for one in colleagues]
        self.person.choices = [SelectChoice(str(one.id), one.name) for one in people]


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something one does about a task: the command, what is said when it is done, and the field without which it makes no sense."""

    command: Callable[[UUID, TaskForm], Command]
    done: LazyString
    needs: str = ""


def _person(form: TaskForm) -> UUID:
    return UUID(needed(form.person.data))


ACTS: dict[str, Act] = {
    "claim": Act(command=lambda task, form: ClaimTask(subject_id=task), done=_l("The task is in your hands.")),
    "release": Act(command=lambda task, form: ReleaseTask(subject_id=task), done=_l("The task is anybody’s again.")),
    "assign": Act(
        command=lambda task, form: AssignTask(subject_id=task, person_id=_person(form)), done=_l("The task is given."), needs="person"
    ),
    "delegate": Act(
        command=lambda task, form: DelegateTask(subject_id=task, person_id=_person(form), note=form.note.data or ""),
        done=_l("The task is handed on; it can be given back to you."),
        needs="person",
    ),
    "give_back": Act(
        command=lambda task, form: GiveBackTask(subject_id=task, note=form.note.data or ""), done=_l("The task is given back.")
    ),
    "comment": Act(
        command=lambda task, form: CommentOnTask(
            subject_id=task, words=form.words.data or "", tell=tuple(UUID(one) for one in form.tell.data or ())
        ),
        done=_l("The comment is kept with the task."),
        needs="words",
    ),
    "note_mention": Act(command=lambda task, form: NoteMention(subject_id=task), done=_l("Noted: you have seen it.")),
    "prioritize": Act(
        command=lambda task, form: PrioritizeTask(subject_id=task, priority=form.priority.data),
        done=_l("The priority is set."),
        needs="priority",
    ),
    "postpone": Act(
        command=lambda task, form: PostponeTask(subject_id=task, until_on=form.until_on.data),
        done=_l("The task rests until that day."),
        needs="until_on",
    ),
    "wake": Act(command=lambda task, form: PostponeTask(subject_id=task), done=_l("The task rests no more.")),
}
AT_ONCE = ("claim", "assign", "prioritize", "postpone")
"""What may be done about several tasks at once."""
MOST_AT_ONCE = 200


@blueprint.get("/tasks/<uuid:task_id>")
@audience(Role.PROJECT_MANAGER)
def task(task_id: UUID) -> Response:
    """A task: what, until when, who has it, and what happened to it."""
    return _page(task_id, TaskForm.fresh("task"))


@blueprint.post("/tasks/<uuid:task_id>/<name>")
@audience(Role.PROJECT_MANAGER)
def act_on_task(task_id: UUID, name: str) -> AnyResponse:
    """Do one thing about one task; come back to it, or to the inbox where that is where it was asked."""
    act = ACTS.get(name) or abort(404)
    form = TaskForm.received("task")
    if not _is_whole(form, act):
        return _page(task_id, form, 422)
    try:
        execute(act.command(task_id, form))
    except NotFound:
        raise
    except Refused as refusal:
        flash(say_refusal(refusal), "stop")
        return _page(task_id, form, status_of(refusal))
    flash(act.done, "done")
    goes_back = request.form.get("back") == "inbox"
    return redirect(url_for("manager.inbox") if goes_back else url_for("manager.task", task_id=task_id), 303)


@dataclass(frozen=True, kw_only=True)
class BulkRow:
    """One of several tasks: `refusal` is why nothing was done about it, empty where it was."""

    verb: str
    campaign: str
    url: str
    refusal: str


@blueprint.post("/tasks")
@audience(Role.PROJECT_MANAGER)
def act_on_tasks() -> AnyResponse:
    """Do one thing about each of several tasks, each in a transaction of its own, and say of each what came of it."""
    name = request.form.get("act", "")
    if name not in AT_ONCE:
        abort(404)
    act, form = ACTS[name], TaskForm.received("bulk")
    chosen = _chosen()
    if not chosen or not _is_whole(form, act):
        flash(_("Choose the tasks, and what is to be said about them."), "stop")
        return redirect(url_for("manager.inbox"), 303)
    with reading() as session:
        titles = list_titles(session, chosen)
    rows = [_try(title, act, form) for title in titles]
    done = sum(not row.refusal for row in rows)
    summary = ngettext("%(num)s task changed", "%(num)s tasks changed", done)
    return make_response(render_template("manager/tasks.html", rows=rows, summary=summary, refused=len(rows) - done))


def colleagues_form(colleagues: tuple[Candidate, ...]) -> TaskForm:
    """The form for several tasks at once, with those to whom they may be given."""
    form = TaskForm.fresh("bulk")
    form.offer(colleagues)
    return form


def _chosen() -> list[UUID]:
    try:
        chosen = list(dict.fromkeys(UUID(one) for one in request.form.getlist("task")))
    except ValueError:
        abort(400)
    return chosen[:MOST_AT_ONCE]


def _try(task: TaskTitle, act: Act, form: TaskForm) -> BulkRow:
    refusal = ""
    try:
        jalon().door.execute(act.command(task.id, form), actor=current_actor())
    except Refused as refused:
        refusal = say_refusal(refused)
    return BulkRow(
        verb=task_verb(task.name, task.about),
        campaign=f"{task.campaign_code} · {task.campaign_title}",
        url=url_for("manager.task", task_id=task.id),
        refusal=refusal,
    )


def _is_whole(form: TaskForm, act: Act) -> bool:
    """Whether the form has its shape and what this act needs."""
    if not form.validate():
        return False
    if act.needs and not form[act.needs].data:
        form[act.needs].errors = [_("This is needed.")]
        return False
    if act.needs in ("person", "words"):
        try:
            [UUID(one) for one in ([form.person.data] if act.needs == "person" else form.tell.data or ())]
        except ValueError:
            return False
    return True


def _page(task_id: UUID, form: TaskForm, status: int = 200) -> Response:
    with reading() as session:
        page: TaskPage = get_task(session, current_actor(), task_id, now=clock_now())
    form.offer(page.candidates, page.colleagues)
    form.priority.data = form.priority.data or page.task.priority
    points = {point.code: point.words[i18n.language()] for point in page.checklist.points}
    rendered = render_template(
        "manager/task.html",
        page=page,
        task=task_row(page.task),
        form=form,
        file_form=AttachmentForm(None),
        accept=accepted(),
        most=MOST_MEGABYTES,
        is_candidate=page.is_candidate,
        priority=PRIORITY_WORDS[page.task.priority],
        told_nobody=any(one.told_nobody and one.event == "user_task.escalated" for one in page.events),
        events=[_event(one, points) for one in page.events],
    )
    return make_response(rendered, status)


def _event(event: TaskEvent, points: Mapping[str, str]) -> dict[str, Any]:
    what = event_words(event.event)
    if event.receiver:
        what = _("%(what)s: %(n)s", what=what, n=event.receiver)
    elif event.point:
        what = _("%(what)s: %(n)s", what=what, n=points.get(event.point, event.point))
    elif event.mentioned:
        what = _("%(what)s: %(n)s", what=what, n=", ".join(event.mentioned))
    elif event.priority:
        what = _("%(what)s: %(n)s", what=what, n=str(PRIORITY_WORDS[event.priority]))
    elif event.until_on:
        what = _("%(what)s: %(n)s", what=what, n=i18n.day(event.until_on))
    return {
        "at": event.at,
        "who": who_words(event.who, event.stood_in_for),
        "sentence": what,
        "stage": "",
        "hash": event.sha256,
        "said": event.said,
        "notes": [_("Nobody could be told: nobody holds the role it goes to.")] if event.told_nobody else [],
        "tags": [],
    }
