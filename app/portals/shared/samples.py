"""The file of a sample mail piece for everybody who sees the sample; and the samples that a form was shown with, as it carries them."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol
from uuid import UUID

from flask import Blueprint, Response
from wtforms import HiddenField
from wtforms.validators import Optional

from app.jalon import jalon
from app.portals.shared.downloads import safe_name, show_file
from app.portals.shared.proofs import ENDINGS
from app.queries.samples import get_sample_file
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.parties.roles import Role

blueprint = Blueprint("samples", __name__, url_prefix="/samples")


class Hashed(Protocol):
    """A sample, by its message and hash."""

    @property
    def message(self) -> str: ...

    @property
    def sha256(self) -> str: ...


class SeenSamplesField(HiddenField):  # type: ignore[misc]
    """The samples that whoever sends the form had before them: hashes by message, a line each."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validators=[Optional()], **options)

    def shows(self, samples: Iterable[Hashed]) -> None:
        """Be about these, whatever was sent about others."""
        self.raw_data, self.data = None, "\n".join(f"{one.sha256} {one.message}" for one in samples)

    @property
    def seen(self) -> Mapping[str, str]:
        """What was sent."""
        pairs = (line.partition(" ") for line in (self.data or "").splitlines())
        return {message: sha256 for sha256, _, message in pairs if message}


@blueprint.get("/<uuid:sample_id>")
@audience(Role.PROJECT_MANAGER, Role.BUDGET_APPROVER, Role.SUPPLIER, Role.AUDITOR, Role.DPO)
def file(sample_id: UUID) -> Response:
    """One version, to be looked at: a PDF or a picture, by what its bytes were found to be."""
    rooms = jalon()
    sample, row = get_sample_file(rooms.database, current_actor(), sample_id)
    name = f"{safe_name(sample.message)}-v{sample.version}.{ENDINGS[sample.media_type]}"
    return show_file(rooms.files.read(row), name, sample.media_type)
