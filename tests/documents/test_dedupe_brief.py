"""The brief of a merge-purge says what contact pressure allows."""

import pytest

from app.documents.render import render_html
from tests.documents.samples_production import dedupe_brief


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("fr", "plus de 15 jours entre deux envois à une personne, par personne 2 en 30 jours, par foyer 12 en 365 jours"),
        ("en", "more than 15 days between two sends to a person, 2 to a person within 30 days, 12 to a household within 365 days"),
    ],
)
def test_a_cap_of_one_send_to_a_person_is_called_a_gap(locale: str, said: str) -> None:
    assert said in render_html("dedupe_brief", dedupe_brief(), locale)
