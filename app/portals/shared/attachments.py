"""Files put with a task: the same page in every portal, for whoever sees the task. What may be put there is a rule; purging is a move."""

from io import SEEK_END
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from app.errors import say_refusal, status_of
from app.intake.attachments import is_what_it_says
from app.jalon import jalon
from app.portals.shared.asking import execute, execute_with_file, file_name
from app.portals.shared.checklist import home_of
from app.portals.shared.downloads import save_file
from app.portals.shared.kept_text import KeptTextForm
from app.portals.shared.words import TASKS
from app.queries.attachments import attachments_of, get_attachment
from app.queries.checklist import get_checklist
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.engine.refusals import NotFound
from workflows.user_task.attaching import KNOWN_ENDINGS, MOST_BYTES, MOST_MEGABYTES, AttachFile, FileTooLarge, WithdrawFile
from workflows.user_task.rules import PEOPLE

blueprint = Blueprint("attachments", __name__, url_prefix="/attachments")

LONGEST_NAME = 200


class AttachmentForm(KeptTextForm):
    """One file."""

    class Meta:
        csrf = False

    file = FileField(_l("File"), [FileRequired(_l("Choose a file."))])


@blueprint.get("/<uuid:task_id>")
@audience(*PEOPLE)
def attachments(task_id: UUID) -> Response:
    """The files of a task."""
    return _page(task_id, AttachmentForm(None))


@blueprint.post("/<uuid:task_id>")
@audience(*PEOPLE)
def attach_file(task_id: UUID) -> AnyResponse:
    """Put a file with a task."""
    form = AttachmentForm()
    if not form.validate():
        return _page(task_id, form, 422)
    upload: FileStorage = form.file.data
    name = _name_of(upload)
    if upload.stream.seek(0, SEEK_END) > MOST_BYTES:
        # Said before it is kept: the rule says the same of what comes in another way.
        refusal = FileTooLarge(most=MOST_MEGABYTES)
        form.file.errors = [say_refusal(refusal)]
        return _page(task_id, form, status_of(refusal))
    upload.stream.seek(0)
    if not is_what_it_says(upload.stream, name):
        form.file.errors = [_("%(name)s is no file of the kind that its name says.", name=name)]
        return _page(task_id, form, 422)
    refused = execute_with_file(upload, lambda kept: AttachFile(subject_id=task_id, file=kept, file_name=name), name=name)
    if refused:
        form.file.errors = [say_refusal(refused)]
        return _page(task_id, form, status_of(refused))
    flash(_("%(name)s is with the task.", name=name), "done")
    return _back(task_id)


@blueprint.get("/<uuid:task_id>/<uuid:file_id>")
@audience(*PEOPLE)
def attachment(task_id: UUID, file_id: UUID) -> Response:
    """One file, to be saved: never shown as a page of ours."""
    rooms = jalon()
    row = get_attachment(rooms.database, current_actor(), file_id)
    if row.user_task_id != task_id:
        raise NotFound(subject="stored_file")
    return save_file(rooms.files.read(row), row.name)


@blueprint.post("/<uuid:task_id>/<uuid:file_id>/withdraw")
@audience(*PEOPLE)
def withdraw_file(task_id: UUID, file_id: UUID) -> AnyResponse:
    """Take a file away: it is destroyed."""
    refusal = execute(WithdrawFile(subject_id=task_id, file_id=file_id))
    if refusal:
        flash(say_refusal(refusal), "stop")
        return _page(task_id, AttachmentForm(None), status_of(refusal))
    flash(_("The file is taken away and destroyed."), "done")
    return _back(task_id)


def accepted() -> str:
    """The kinds of file that a browser offers to choose."""
    return ",".join(f".{ending}" for ending in KNOWN_ENDINGS)


def _back(task_id: UUID) -> AnyResponse:
    if request.form.get("back") == "task":
        return redirect(url_for("manager.task", task_id=task_id, _anchor="files"), 303)
    return redirect(url_for("attachments.attachments", task_id=task_id), 303)


def _name_of(upload: FileStorage) -> str:
    """The name it had; a long one keeps its ending."""
    name = file_name(upload)
    stem, dot, ending = name.rpartition(".")
    return name if len(name) <= LONGEST_NAME else stem[: LONGEST_NAME - len(dot + ending)] + dot + ending


def _page(task_id: UUID, form: AttachmentForm, status: int = 200) -> Response:
    actor, database = current_actor(), jalon().database
    task = get_checklist(database, actor, task_id)
    values: dict[str, Any] = {
        "page": task,
        "title": str(TASKS.get(task.name, _("Do what is asked"))),
        "files": attachments_of(database, actor, task_id),
        "form": form,
        "accept": accepted(),
        "most": MOST_MEGABYTES,
        "back": home_of(actor, task_id),
    }
    return make_response(render_template("shared/attachments.html", **values), status)
