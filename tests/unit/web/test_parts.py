"""Parts of pages that are drawn once for what they show."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale
from jinja2 import DictLoader

from app.portals.shared.parts import Part

TEMPLATE = """
{% macro part(thing) %}
<a href="{{ url_for("sign_in.form") }}">{{ thing }}</a> {{ _("Sign out") }} <form>{{ form_fields() }}</form>
{% endmacro %}
"""


@pytest.fixture
def drawn() -> list[str]:
    """What was drawn, each time it was."""
    return []


@pytest.fixture
def part(app: Flask, drawn: list[str]) -> Iterator[Part]:
    def values(thing: str) -> dict[str, str]:
        drawn.append(thing)
        return {"thing": thing}

    loader, app.jinja_env.loader = app.jinja_env.loader, DictLoader({"part.html": TEMPLATE})
    yield Part("part.html", values, kept=2)
    app.jinja_env.loader = loader


def test_what_shows_the_same_is_drawn_once_and_its_forms_are_new(app: Flask, part: Part, drawn: list[str]) -> None:
    with app.test_request_context("/"):
        shown = [str(part("<b>Lyon</b>")) for _ in range(2)]
        together = str(part.each(["<b>Lyon</b>", "Metz"]))

    assert drawn == ["<b>Lyon</b>", "Metz"]
    assert "&lt;b&gt;Lyon&lt;/b&gt;" in shown[0]
    keys = re.findall('name="form_key" value="([0-9a-f]{32})"', "".join(shown) + together)
    assert len(keys) == len(set(keys)) == 4
    assert len(set(re.findall('name="csrf_token" value="([^"]+)"', "".join(shown)))) == 1


def test_it_is_another_part_in_another_language_and_under_another_address(app: Flask, part: Part, drawn: list[str]) -> None:
    with app.test_request_context("/"):
        with force_locale("fr"):
            french = part("Lyon")
        with force_locale("en"):
            english = part("Lyon")
    with app.test_request_context("/", base_url="http://localhost/jalon"), force_locale("en"):
        elsewhere = part("Lyon")

    assert len(drawn) == 3
    assert "Se déconnecter" in french
    assert "Sign out" in english
    assert 'href="/sign-in' in english
    assert 'href="/jalon/sign-in' in elsewhere


def test_what_was_not_shown_for_long_is_forgotten(app: Flask, part: Part, drawn: list[str]) -> None:
    with app.test_request_context("/"):
        for thing in ("Lyon", "Metz", "Lyon", "Nancy", "Lyon", "Metz"):
            part(thing)

    assert drawn == ["Lyon", "Metz", "Nancy", "Metz"]


def test_a_drawing_that_fails_leaves_other_forms_as_they_are(app: Flask, part: Part) -> None:
    app.jinja_env.loader = DictLoader(
        {"part.html": "{% macro part(thing) %}{{ missing.word }}{% endmacro %}", "page.html": "{{ form_fields() }}"}
    )
    with app.test_request_context("/"):
        with pytest.raises(Exception, match="missing"):
            part("Lyon")

        assert "csrf_token" in app.jinja_env.get_template("page.html").render()
