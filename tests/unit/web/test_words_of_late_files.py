"""A file that came once addresses were destroyed says so to whoever brought it, and what to do."""

from uuid import NAMESPACE_DNS, uuid5

import pytest
from flask import Flask

from app.portals.shared.returned_words import batch_view
from app.queries.batches import Batch


@pytest.mark.parametrize(
    ("kind", "state", "counts", "told"),
    [
        ("responses", "refused", {"reason": "file_gone"}, "Déposez-le de nouveau."),
        ("calls", "refused", {"reason": "mailing_gone"}, "Les retours peuvent être clôturés sans lui."),
        ("undeliverables", "imported", {"rows": 2, "new": 2, "without_mailing": 2}, "Les adresses du mailing étaient déjà détruites"),
        ("undeliverables", "imported", {"rows": 2, "new": 2}, ""),
        ("calls", "refused", {"reason": "RESULTAT"}, "RESULTAT"),
    ],
)
def test_what_is_said_of_a_late_file(app: Flask, kind: str, state: str, counts: dict[str, object], told: str) -> None:
    file = Batch(id=uuid5(NAMESPACE_DNS, kind), name="retours.csv", kind=kind, state=state, counts=counts, sha256="0" * 64, brought_by="")
    with app.test_request_context():
        remarks = batch_view(file)["remarks"]
    assert told in remarks if told else remarks == ""
