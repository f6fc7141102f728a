"""What the portal's forms share: many on one page, each with its own names, each able to come back with a refusal. Shape only, no rule."""

from collections.abc import Callable
from typing import Any, Self, TypeVar
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage
from wtforms import IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app.portals.shared.kept_text import LONGEST_WORDS
from app.portals.shared.seen import SeenForm
from workflows.engine.command import Command

Value = TypeVar("Value")


class Form(SeenForm):
    """A form under a key that is its prefix on the page. Forgery is refused before any view runs."""

    class Meta:
        csrf = False

    seen_version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    key = ""
    overtaken = False
    """Whether somebody else was faster than whoever sent this."""

    @classmethod
    def fresh(cls, key: str, **data: Any) -> Self:
        """A form that nobody sent, filled with `data`."""
        form = cls(formdata=None, prefix=key, data=data)
        form.key = key
        return form

    @classmethod
    def received(cls, key: str, **data: Any) -> Self:
        """The form that this request sent under `key`; `data` stands where the request says nothing."""
        form = cls(prefix=key, data=data)
        form.key = key
        return form

    def refuse(self, *sentences: str) -> None:
        """Note why what was asked cannot be done."""
        self.form_errors: list[str] = [*(self.form_errors or ()), *sentences]

    @property
    def version(self) -> int | None:
        """The version that the person looked at."""
        seen: int | None = self.seen_version.data
        return seen

    def asking(self, kind: Callable[..., Command], subject_id: UUID, **about: Any) -> Callable[[], Command]:
        """What makes its command once it is valid: a command whose fields have the names of the form's, besides what it is about."""

        def command() -> Command:
            filled = {field.short_name: field.data for field in self if field.short_name != "seen_version"}
            return kind(subject_id=subject_id, seen_version=self.version, **filled, **about)

        return command


class PressForm(Form):
    """A press of a button."""


class ReasonForm(Form):
    """A decision that needs its reason."""

    reason = TextAreaField(_l("Why"), [InputRequired(_l("Write the reason: it is kept with the decision.")), Length(max=LONGEST_WORDS)])


class CommentForm(Form):
    """A decision that may carry a word."""

    comment = TextAreaField(_l("A word with it"), [Optional(), Length(max=LONGEST_WORDS)], default="")


class ShortfallForm(Form):
    """A way forward that needs a reason only where something falls short."""

    shortfall_reason = TextAreaField(_l("Why the campaign goes on, if something falls short"), [Optional(), Length(max=LONGEST_WORDS)])


class UploadForm(Form):
    """One file."""

    file = FileField(_l("File"), [FileRequired(_l("Choose a file."))])


def needed(value: Value | None) -> Value:
    """What a validated field that may not be empty holds."""
    assert value is not None, "the form was validated"
    return value


def uploaded(field: FileField) -> FileStorage:
    """The file that a validated field holds."""
    storage: FileStorage = field.data
    return storage
