"""The root of every form that somebody sends: what no column takes is remarked beside its field. Not for what a field or a stage asks."""

from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm

NUL = "\x00"
LONGEST_WORDS = 4000
"""Characters of what somebody writes to somebody."""


class KeptTextForm(FlaskForm):  # type: ignore[misc]
    """A form whose texts can be kept."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Also refuse a NUL, which no text of PostgreSQL holds; what was typed comes back without it, to be read and sent again."""
        fits: bool = super().validate(extra_validators)
        for field in self:
            if isinstance(field.data, str) and NUL in field.data:
                field.data = field.data.replace(NUL, "")
                field.errors = [*field.errors, _("A character that cannot be kept was taken out: read it, and send it again.")]
                fits = False
        return fits
