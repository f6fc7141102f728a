"""Comments on a task, for whoever sees it in a portal without a page for each task: approvers, who answer, and administrators, who read."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from app.errors import say_refusal, status_of
from app.jalon import jalon
from app.portals.shared.asking import execute
from app.portals.shared.checklist import home_of
from app.portals.shared.events import who_words
from app.portals.shared.kept_text import LONGEST_WORDS, KeptTextForm
from app.portals.shared.words import TASKS
from app.queries.talk import Talk, get_talk
from app.security.audience import audience
from app.security.next_url import safe_next
from app.security.sessions import current_actor
from workflows.parties.roles import Role
from workflows.user_task.talking import CommentOnTask

blueprint = Blueprint("comments", __name__, url_prefix="/comments")

READERS = (Role.PROJECT_MANAGER, Role.BUDGET_APPROVER, Role.ADMINISTRATOR)


class CommentForm(KeptTextForm):
    """What somebody says about a task."""

    words = TextAreaField(_l("Comment"), [DataRequired(_l("Write what you have to say.")), Length(max=LONGEST_WORDS)])


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """A task's comments as `shared/comment_parts.html` shows them: entries of a timeline, and the form to add one."""

    talk: Talk
    entries: list[dict[str, Any]]
    form: CommentForm


def conversation(talk: Talk, form: CommentForm | None = None) -> Conversation:
    """A task's comments with a form that nobody sent, or with the one that was refused."""
    entries = [
        {"at": one.at, "who": who_words(one.who, one.stood_in_for), "sentence": _("Comment"), "said": one.said} for one in talk.comments
    ]
    return Conversation(talk=talk, entries=entries, form=form or CommentForm(None, prefix=f"talk-{talk.task_id.hex}"))


@blueprint.get("/<uuid:task_id>")
@audience(*READERS)
def comments(task_id: UUID) -> Response:
    """What is said about a task."""
    return _page(task_id)


@blueprint.post("/<uuid:task_id>")
@audience(*READERS)
def say(task_id: UUID) -> AnyResponse:
    """Say something about a task; come back to where it was said."""
    form = CommentForm(prefix=f"talk-{task_id.hex}")
    if not form.validate_on_submit():
        return _page(task_id, form, 422)
    refusal = execute(CommentOnTask(subject_id=task_id, words=form.words.data))
    if refusal:
        form.words.errors = [say_refusal(refusal)]
        return _page(task_id, form, status_of(refusal))
    flash(_("Your comment is kept with the task."), "done")
    here = url_for("comments.comments", task_id=task_id)
    return redirect(f"{safe_next(request.form.get('back'), here)}#comments-{task_id}", 303)


def _page(task_id: UUID, form: CommentForm | None = None, status: int = 200) -> Response:
    actor = current_actor()
    with jalon().database.reading(actor) as session:
        talk = get_talk(session, actor, task_id)
    page = render_template(
        "shared/comments.html",
        one=conversation(talk, form),
        title=str(TASKS.get(talk.name, _("Do what is asked"))),
        back=home_of(actor, task_id),
    )
    return make_response(page, status)
