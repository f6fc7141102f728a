"""A NUL in a text, which no column takes: the form comes back with what was typed, remarked beside its field."""

import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from tests.integration.portals.visiting import Visitor, words

HERE = "/manager/campaigns/26A"
TAKEN_OUT = "A character that cannot be kept was taken out: read it, and send it again."


def remarked(page: TestResponse, name: str) -> str:
    """What a remarked field of a page holds."""
    [tag] = [tag for tag in re.findall(r"<(?:input|textarea)[^>]*>[^<]*", page.text) if f'name="{name}"' in tag]
    assert 'aria-invalid="true"' in tag
    value = re.search(r'value="([^"]*)"', tag)
    return unescape(value[1] if value else tag.partition(">")[2].strip())


def test_a_reason_comes_back_and_is_taken_the_second_time(marion: Visitor) -> None:
    fields = marion.form(HERE, "hold_campaign") | {"hold_campaign-reason": "La poste\x00 est en grève"}

    back = marion.send(f"{HERE}/moves/hold_campaign", fields)
    typed = remarked(back, "hold_campaign-reason")

    assert back.status_code == 422
    assert TAKEN_OUT in words(back)
    assert typed == "La poste est en grève"
    assert marion.send(f"{HERE}/moves/hold_campaign", fields | {"hold_campaign-reason": typed}).status_code == 303


@pytest.mark.parametrize(
    ("page", "path", "name", "typed", "kept"),
    [
        ("/administration/people/new", "/administration/people/new", "name", "Lucie\x00 Morel", "Lucie Morel"),
        ("/administration/suppliers/new", "/administration/suppliers/new", "name", "Neuve\x00 SARL", "Neuve SARL"),
        ("/administration/policy/edit", "/administration/policy/edit", "checklists__prepare_plan", "a: un\x00 | one", "a: un | one"),
        ("/api/", "/api/tokens", "name", "Tableau\x00 de bord", "Tableau de bord"),
    ],
)
def test_other_forms_come_back_too(page: str, path: str, name: str, typed: str, kept: str, administrator: Visitor) -> None:
    back = administrator.send(path, administrator.form(page) | {name: typed})

    assert back.status_code == 422
    assert TAKEN_OUT in words(back)
    assert remarked(back, name) == kept
