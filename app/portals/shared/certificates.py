"""What a certificate of destruction asks, in one form for whoever gives it and whoever records it; and its signed paper, to be read."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.jalon import jalon
from app.portals.shared.downloads import show_file
from app.portals.shared.fields import DayField
from app.portals.shared.kept_text import KeptTextForm
from app.queries.certificates import get_signed_paper
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.parties.roles import Role

blueprint = Blueprint("certificates", __name__, url_prefix="/certificates")

METHODS: dict[str, LazyString] = {
    "deleted": _l("Deleted from every system"),
    "overwritten": _l("Overwritten"),
    "key_destroyed": _l("Encryption keys destroyed"),
    "media_destroyed": _l("Storage media shredded"),
}
"""How files of people are done away with."""
ALL_GONE, SOME_REMAIN = "gone", "remain"
LONGEST_NAME = 120


class CertificateFields(KeptTextForm):
    """The fields of a certificate; the form that takes them adds the file of the signed paper."""

    method = SelectField(
        _l("How were they destroyed?"), [InputRequired()], choices=[SelectChoice(code, word) for code, word in METHODS.items()]
    )
    destroyed_on = DayField(_l("Destroyed on"), [InputRequired(_l("Write the day on which the last file was destroyed."))])
    copies = RadioField(
        _l("Copies and backups"),
        [InputRequired()],
        choices=[SelectChoice(ALL_GONE, _l("destroyed too")), SelectChoice(SOME_REMAIN, _l("some remain for a time"))],
        default=ALL_GONE,
    )
    remaining = StringField(_l("Which remain"), [Optional(), Length(max=400)])
    remaining_until_on = DayField(_l("Until"), [Optional()])
    operator = StringField(_l("Carried out by"), [DataRequired(_l("Write who destroyed the files.")), Length(max=LONGEST_NAME)])
    signatory = StringField(_l("Signatory"), [DataRequired(_l("Write who signs for your company.")), Length(max=LONGEST_NAME)])

    def certified(self) -> dict[str, Any]:
        """What is certified, by the names of the command."""
        some = self.copies.data == SOME_REMAIN
        return {
            "method": self.method.data,
            "destroyed_on": self.destroyed_on.data,
            "remaining": (self.remaining.data or "").strip() if some else "",
            "remaining_until_on": self.remaining_until_on.data if some else None,
            "operator": self.operator.data.strip(),
            "signatory": self.signatory.data.strip(),
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Copies that remain are named, and have their day."""
        fits = super().validate(extra_validators)
        if self.copies.data == SOME_REMAIN:
            words = {
                "remaining": _("Write which copies or backups remain."),
                "remaining_until_on": _("Write the day on which they will be gone."),
            }
            for name, sentence in words.items():
                if not self[name].data and not self[name].errors:
                    self[name].errors = [sentence]
                    fits = False
        return fits


@blueprint.get("/<uuid:certificate_id>")
@audience(Role.PROJECT_MANAGER, Role.BUDGET_APPROVER, Role.SUPPLIER, Role.AUDITOR, Role.DPO)
def paper(certificate_id: UUID) -> Response:
    """The signed paper of one certificate, a PDF."""
    rooms = jalon()
    row = get_signed_paper(rooms.database, current_actor(), certificate_id)
    return show_file(rooms.files.read(row), row.name)
