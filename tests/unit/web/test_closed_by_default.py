import pytest
from flask import Blueprint, Flask

from app.security.audience import audience, declared_audience, public, signed_in
from tests.unit.web.conftest import sign_in
from workflows.parties.roles import Role


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application with four rooms, one of which forgot to say who it is for."""
    rooms = Blueprint("rooms", __name__, url_prefix="/rooms")
    rooms.add_url_rule("/silent", "silent", lambda: "silent")
    rooms.add_url_rule("/open", "open", public(lambda: "open"))
    rooms.add_url_rule("/managers", "managers", audience(Role.PROJECT_MANAGER)(lambda: "managers"))
    rooms.add_url_rule("/anybody", "anybody", signed_in(lambda: "anybody"))
    app.register_blueprint(rooms)
    return app


def test_a_view_that_does_not_say_who_it_is_for_is_refused(client) -> None:
    assert client.get("/rooms/silent").status_code == 403


def test_a_view_that_does_not_say_who_it_is_for_is_refused_even_to_people_of_the_house(client) -> None:
    sign_in(client, "Claire")

    assert client.get("/rooms/silent").status_code == 403


def test_a_public_view_answers_to_everybody(client) -> None:
    assert client.get("/rooms/open").text == "open"


def test_a_stranger_is_asked_to_sign_in_and_led_back(client) -> None:
    answer = client.get("/rooms/managers?page=2")

    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/rooms/managers?page%3D2"


def test_a_fragment_asked_for_by_a_stranger_sends_the_whole_page_to_sign_in(client) -> None:
    answer = client.get("/rooms/managers", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in")


def test_the_right_role_enters(client) -> None:
    sign_in(client, "Claire")

    assert client.get("/rooms/managers").text == "managers"


def test_another_role_is_refused(client) -> None:
    sign_in(client, "Emma")

    assert client.get("/rooms/managers").status_code == 403
    assert client.get("/rooms/anybody").text == "anybody"


def test_an_audience_names_at_least_one_role_of_a_person() -> None:
    with pytest.raises(ValueError, match="at least one role"):
        audience()
    with pytest.raises(ValueError, match="at least one role"):
        audience(Role.SYSTEM)


def test_what_was_not_declared_is_told_from_what_is_public() -> None:
    assert declared_audience(lambda: None) is None
    assert declared_audience(public(lambda: None)) == frozenset()
