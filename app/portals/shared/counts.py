"""What counts of a list ask for, in one form for the supplier who gives them and the project manager who records them."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.portals.shared.fields import CountField, DayField
from app.portals.shared.kept_text import LONGEST_WORDS, KeptTextForm

Kind = TypeVar("Kind", bound="CountsForm")


class CountsForm(KeptTextForm):
    """Counts of a list; `of_segments` adds one field a segment."""

    held_until_on = DayField(_l("Addresses kept for this campaign until"), [Optional()])
    remark = TextAreaField(_l("Remark"), [Optional(), Length(max=LONGEST_WORDS)])

    segments: Sequence[str] = ()

    def segment_fields(self) -> list[tuple[str, Any]]:
        """Each segment with its field."""
        return [(code, self[_name(place)]) for place, code in enumerate(self.segments)]

    def given(self) -> dict[str, Any]:
        """What is counted, by the names of the command; the form is valid."""
        return {
            "available": {code: int(field.data) for code, field in self.segment_fields()},
            "held_until_on": self.held_until_on.data,
            "remark": self.remark.data or "",
        }


def of_segments(kind: type[Kind], segments: Iterable[str]) -> type[Kind]:
    """The form for a list with these segments."""
    codes = tuple(segments)
    fields: dict[str, Any] = {
        _name(place): CountField(
            _l("Segment %(code)s", code=code), [InputRequired(_l("Write how many addresses there are, 0 where there is none."))]
        )
        for place, code in enumerate(codes)
    }
    return type(kind.__name__, (kind,), {**fields, "segments": codes})


def counted(segments: Sequence[str], available: dict[str, int]) -> dict[str, int]:
    """What was counted before, by the names of the form's fields."""
    return {_name(place): available[code] for place, code in enumerate(segments) if code in available}


def _name(place: int) -> str:
    """By place and not by code: a segment is called as its owner likes."""
    return f"segment_{place}"
