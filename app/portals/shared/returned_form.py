"""What the forms for a file of what came back have in common, whoever brings it. Not for what a file's titles are."""

from collections.abc import Collection
from typing import Any

from app.portals.shared.kept_text import KeptTextForm
from app.portals.shared.returned_words import titles_remark


class ReturnedFileForm(KeptTextForm):
    """For a form that has the fields `kind` and `file`."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Also look at the titles, which say at once whether it is such a file."""
        if not super().validate(extra_validators):
            return False
        remark = titles_remark(self.file.data, self.kind.data)
        self.file.errors = [*self.file.errors, *([remark] if remark else [])]
        return not remark

    def offer(self, kinds: Collection[str]) -> None:
        """Offer these kinds alone; a single one is chosen already."""
        self.kind.choices = [choice for choice in self.kind.choices if choice.value in kinds]
        if len(kinds) == 1 and not self.kind.data:
            (self.kind.data,) = kinds
