"""Forms about what others may move meanwhile: they carry the version that was looked at. Not for how such a move is refused."""

from wtforms import IntegerField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from app.portals.shared.kept_text import KeptTextForm


class SeenForm(KeptTextForm):
    """A form about one version of something."""

    seen_version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    def seen_again(self, version: int) -> None:
        """Count as seen what the page shows now: what was typed stays, to be decided anew."""
        self.seen_version.raw_data, self.seen_version.data = None, version
