"""The fields of a form that proves what went out, in the words of its way. What each lot has of it is added where the form is made."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.portals.shared.fields import DayField
from app.portals.shared.sending_words import SendingWords


def proof_fields(words: SendingWords) -> dict[str, Any]:
    """The day, or the first and the last; the number by which the proof is known, and its file."""
    fields: dict[str, Any] = {
        "deposited_on": DayField(words.day, [InputRequired(words.day_missing)]),
        "slip_number": StringField(words.number, [DataRequired(words.number_missing), Length(max=80)]),
        "slip": FileField(words.slip, [Optional()]),
    }
    if words.last_day:
        fields["ended_on"] = DayField(words.last_day, [Optional()])
    return fields


def ended_on(form: Any) -> Any:
    """The last day that a form says, where it is of calls."""
    return form.ended_on.data if form.ended_on is not None else None
