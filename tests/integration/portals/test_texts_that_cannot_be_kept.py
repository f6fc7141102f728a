"""A NUL in a text, which no column takes: the form comes back with what was typed, remarked beside its field."""

import io
import re
import zipfile
from html import unescape

import pytest
from werkzeug.test import TestResponse

from tests.integration.papers.journey import KIT
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


@pytest.mark.parametrize(
    ("taken", "put", "field"),
    [
        ('title = "', r'title = "\u0000', "title"),
        ('name = "Marion', r'name = "\u0000Marion', "people.1.name"),
        ("[dedupe]", '[dedupe]\n"\\u0000" = 1', "dedupe"),
    ],
)
def test_a_kit_whose_brief_holds_one_is_refused_by_the_field_s_name(taken: str, put: str, field: str, marion: Visitor) -> None:
    brief, archive = (KIT / "campaign.toml").read_text(encoding="utf-8"), io.BytesIO()
    assert taken in brief
    with zipfile.ZipFile(archive, "w") as kit:
        kit.writestr("campaign.toml", brief.replace(taken, put, 1))
    here = "/manager/campaigns/new"
    sent = {"kit-advertiser_id": marion.form(here, "kit-advertiser_id")["kit-advertiser_id"]}

    back = marion.send(f"{here}/kit", sent, **{"kit-file": (io.BytesIO(archive.getvalue()), "automne.zip")})

    assert back.status_code == 422
    assert f"A character that cannot be kept (NUL) stands in campaign.toml, at {field}: take it out." in words(back)
