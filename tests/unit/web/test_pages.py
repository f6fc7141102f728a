import ast
import gzip
import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.portals.shared.assets import STATIC
from app.portals.shared.words import STAGES
from workflows.campaign.states import TEN_STAGES

VENDORED = [STATIC / "vendor", Path(__file__).parents[2] / "vendor"]
HEAVIEST_PAGE_BYTES = 250_000


@pytest.fixture
def demo(make_app) -> FlaskClient:
    return make_app(JALON_DEMO="1").test_client()


@pytest.mark.parametrize("folder", VENDORED, ids=["static", "tests"])
def test_what_is_not_ours_is_what_the_manifest_says(folder: Path) -> None:
    entries = json.loads((folder / "MANIFEST.json").read_text())
    licences = {entry["licence_file"] for entry in entries}

    assert {entry["file"] for entry in entries} | licences | {"MANIFEST.json"} == {path.name for path in folder.iterdir()}
    for entry in entries:
        assert sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry["file"]


def test_the_heaviest_page_stays_light_with_everything_it_loads(demo: FlaskClient) -> None:
    page = demo.get("/style")
    linked = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page.text)) | {
        "/static/vendor/" + path.name for path in (STATIC / "vendor").glob("*.woff2")
    }
    bodies = [page.data, *(demo.get(address, buffered=True).data for address in linked)]

    assert sum(len(gzip.compress(body)) for body in bodies) < HEAVIEST_PAGE_BYTES


def test_the_mark_of_pages_is_also_where_a_browser_looks_for_that_of_a_pdf(client: FlaskClient) -> None:
    asked, linked = client.get("/favicon.ico", buffered=True), client.get("/static/img/favicon.svg", buffered=True)

    assert (asked.status_code, asked.mimetype) == (200, "image/svg+xml")
    assert asked.data == linked.data
    assert asked.cache_control.max_age == 86_400


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_style_page_shows_every_part_in_both_languages(demo: FlaskClient, language: str) -> None:
    page = demo.get("/style", headers={"Accept-Language": language})

    assert page.status_code == 200
    for part in (
        "rail",
        "figures",
        "tasks",
        "blockers",
        "cards",
        "heat",
        "split",
        "timeline",
        "form",
        "empty",
        "pages",
        "hash",
        "consequence",
        "closed",
        "badge",
    ):
        assert re.search(rf'class="[^"]*\b{part}\b', page.text), part


def test_every_icon_asked_for_is_drawn(demo: FlaskClient) -> None:
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', (STATIC / "img" / "icons.svg").read_text()))
    asked = set(re.findall(r"icons\.svg[^#]*#([a-z]*)", demo.get("/style").text + demo.get("/sign-in").text))

    assert asked
    assert asked <= drawn


def test_the_stages_have_their_words_in_their_order() -> None:
    assert list(STAGES) == [state.value for state in TEN_STAGES]


def test_a_page_is_readable_without_scripts(demo: FlaskClient) -> None:
    page = demo.get("/sign-in").text

    assert '<form method="post" action="/sign-in"' in page
    assert "hx-boost" not in page


def test_health_says_only_that_the_process_answers(demo: FlaskClient) -> None:
    assert demo.get("/healthz").json == {"status": "ok"}


def test_no_page_is_given_something_under_a_name_that_every_template_knows(app: Flask) -> None:
    given = {
        (path.name, keyword.arg)
        for path in Path(app.root_path).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "render_template"
        for keyword in call.keywords
    }

    assert ("inbox.py", "groups") in given
    assert [one for one in sorted(given, key=str) if one[1] in app.jinja_env.globals] == []
