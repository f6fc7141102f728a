from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from app.i18n import when
from app.translations import catalogue_path, compile_stale, rooms
from app.translations.__main__ import collect, main, missing
from tests.unit.web.conftest import sign_in, token

FRENCH_MARKS_NEED_A_NO_BREAK_SPACE = (" :", " ;", " !", " ?", " »", "« ", " %)", " €")


def test_a_stranger_reads_the_language_the_browser_asks_for(client: FlaskClient) -> None:
    assert '<html lang="en">' in client.get("/sign-in", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    assert '<html lang="fr">' in client.get("/sign-in", headers={"Accept-Language": "fr"}).text
    assert '<html lang="fr">' in client.get("/sign-in", headers={"Accept-Language": "de"}).text


def test_a_choice_is_kept_on_the_device(client: FlaskClient) -> None:
    answer = client.post("/language", data={"lang": "en", "next": "/sign-in", "csrf_token": token(client)})

    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert '<html lang="en">' in client.get("/sign-in").text


def test_a_person_reads_their_own_language_until_they_choose_another(client: FlaskClient) -> None:
    sign_in(client, "Emma")
    assert '<html lang="en">' in client.get("/nowhere").text

    client.post("/language", data={"lang": "fr", "csrf_token": token(client, "/nowhere")})
    assert '<html lang="fr">' in client.get("/nowhere").text


def test_an_unknown_language_is_refused(client: FlaskClient) -> None:
    assert client.post("/language", data={"lang": "de", "csrf_token": token(client)}).status_code == 400


def test_near_days_are_told_as_a_distance(app) -> None:
    today = date(2027, 3, 1)
    days = [today, date(2027, 3, 2), date(2027, 2, 28), date(2027, 3, 4), date(2027, 2, 20), date(2027, 6, 1)]
    with app.test_request_context():
        told = [when(day, today) for day in days]

    assert told == ["aujourd’hui", "demain", "hier", "dans 3 jours", "il y a 9 jours", "1er juin 2027"]


def test_every_sentence_has_its_french() -> None:
    assert missing(collect()) == []


def test_the_same_words_have_the_same_french_in_every_room() -> None:
    known: dict[tuple[object, object], object] = {}
    quarrels = []
    for room in rooms():
        with catalogue_path(room).open("rb") as file:
            for message in read_po(file):
                key = (message.id, message.context)
                quarrels += [(room, key)] if message.id and known.setdefault(key, message.string) != message.string else []

    assert quarrels == []


def test_french_marks_keep_to_their_word() -> None:
    loose = []
    for room in rooms():
        with catalogue_path(room).open("rb") as file:
            for message in read_po(file):
                texts = message.string if isinstance(message.string, tuple) else (message.string,)
                loose += [text for text in texts for mark in FRENCH_MARKS_NEED_A_NO_BREAK_SPACE if message.id and mark in text]

    assert loose == []


def test_catalogues_are_compiled_once_and_again_when_they_change(tmp_path: Path, monkeypatch) -> None:
    source = tmp_path / "shared" / "fr" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    source.write_bytes(catalogue_path("shared").read_bytes())
    monkeypatch.setattr("app.translations.HERE", tmp_path)

    assert compile_stale() == [source.with_suffix(".mo")]
    assert compile_stale() == []


def test_a_room_that_is_none_is_refused_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["aprover"]) == 2
    assert capsys.readouterr().err.startswith("there is no room aprover; there are shared, administration, approver, ")
