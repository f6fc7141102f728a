"""A passkey opens the account it was added to, for whoever holds its device; nothing else does, and nobody adds or removes one unseen."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlmodel import select

from app.clock import FixedClock
from app.erasure.person import erase
from app.security import limits
from app.security.passkeys import LIFETIME, MOST, Passkey, site_of
from app.security.passwords import hash_password
from tests.integration.papers.journey import Journey
from tests.integration.portals.device import PRESENT, Device
from tests.integration.portals.passwords import BRUNO, FIRST, forget_tries, with_password
from tests.integration.portals.test_choosing_a_password import Browser, delivered, rooms
from tests.integration.portals.visiting import Visitor, enrol, person_named, words
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Person
from workflows.parties.roles import Role


@pytest.fixture
def stage() -> str:
    return "plan"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    return with_password(opened)


@pytest.fixture(autouse=True)
def nobody_tried_before(site: Flask) -> None:
    forget_tries(site)


@pytest.fixture
def bruno(site: Flask, journey: Journey) -> Visitor:
    return Visitor(site, person_named(journey, "Bruno Leroux"))


def kept(journey: Journey) -> list[Passkey]:
    with journey.database.reading(SYSTEM) as session:
        return list(session.exec(select(Passkey)))


def add(visitor: Visitor, device: Device, name: str = "Portable", **lies: object) -> tuple[int, str]:
    """A device's passkey is added; the answer's status and words."""
    asked = visitor.send("/account/passkeys/options", {"password": FIRST}).json
    answer = visitor.send("/account/passkeys", {"name": name, "credential": device.make(asked, **lies)})
    return answer.status_code, words(answer)


class Stranger(Browser):
    """Somebody at the sign-in page, with a device."""

    def asked(self) -> dict[str, object]:
        return self.send("/sign-in/passkey/options", {}, shown_on="/sign-in").json

    def enters(self, answer: str) -> tuple[int, str]:
        sent = self.send("/sign-in/passkey", {"credential": answer}, shown_on="/sign-in")
        return sent.status_code, words(sent)


@pytest.fixture
def stranger(site: Flask) -> Stranger:
    found = Stranger(site)
    found.client.set_cookie("jalon_language", "en")
    return found


def test_a_passkey_opens_the_account_it_was_added_to(site: Flask, journey: Journey, bruno: Visitor, stranger: Stranger) -> None:
    device = Device()
    assert add(bruno, device)[0] == 303
    assert "never" in bruno.words("/account")

    assert stranger.enters(device.sign(stranger.asked()))[0] == 303
    assert "Bruno Leroux" in words(stranger.client.get("/account"))
    assert "never" not in bruno.words("/account")
    ((to, subject, told),) = delivered(site)
    assert to == BRUNO
    assert "Portable" in told
    assert "passkey" in subject or "clé d’accès" in subject


def test_a_session_alone_makes_no_way_in_that_stays(journey: Journey, bruno: Visitor) -> None:
    for told in ({}, {"password": "not mine at all"}):
        answer = bruno.send("/account/passkeys/options", told)
        assert (answer.status_code, "not your password" in answer.text) == (409, True)
    asked = bruno.send("/account/passkeys/confirm", {}).json
    made = Device().make({"challenge": asked["challenge"], "rp": {"id": asked["rpId"]}, "user": {"id": ""}})

    assert bruno.send("/account/passkeys", {"name": "Portable", "credential": made}).status_code == 409
    assert kept(journey) == []


@pytest.mark.parametrize(
    "lies",
    [{"origin": "https://elsewhere.example"}, {"flags": PRESENT}, {"origin": "http://localhost:8001"}],
    ids=["another site", "nobody was checked", "another port"],
)
def test_an_answer_to_another_question_opens_and_adds_nothing(
    journey: Journey, bruno: Visitor, stranger: Stranger, lies: dict[str, object]
) -> None:
    device = Device()
    assert add(bruno, device, **lies)[0] == 409
    assert kept(journey) == []
    assert add(bruno, device)[0] == 303

    status, told = stranger.enters(device.sign(stranger.asked(), **lies))
    assert (status, "This passkey was not accepted" in told) == (409, True)


def test_a_challenge_is_answered_once_by_the_browser_it_was_put_to_and_soon(
    site: Flask, journey: Journey, bruno: Visitor, stranger: Stranger
) -> None:
    device = Device()
    add(bruno, device)
    asked = stranger.asked()
    held = stranger.client.get_cookie("jalon")
    assert held is not None
    answer = device.sign(asked)
    assert stranger.enters(answer)[0] == 303

    again = Stranger(site)
    again.client.set_cookie("jalon_language", "en")
    again.client.set_cookie("jalon", held.value)
    status, told = again.enters(device.sign(asked))
    assert (status, "answered already" in told) == (409, True)
    foreign = Stranger(site)
    assert foreign.enters(device.sign(asked))[0] == 409
    late = foreign.asked()
    clock = rooms(site).clock
    assert isinstance(clock, FixedClock)
    rooms(site).__dict__["clock"] = FixedClock(clock.now() + LIFETIME + timedelta(seconds=1))
    assert foreign.enters(device.sign(late))[0] == 409


def test_a_passkey_that_nobody_has_here_opens_nothing(bruno: Visitor, stranger: Stranger) -> None:
    add(bruno, Device(b"another"))
    device = Device()
    device.owner = Device(b"another").owner

    status, told = stranger.enters(device.sign(stranger.asked()))
    assert (status, "not known here" in told) == (409, True)
    stranger.asked()
    assert stranger.enters("no answer at all")[0] == 409


def test_a_key_that_is_not_the_passkey_s_opens_nothing(bruno: Visitor, stranger: Stranger) -> None:
    device, forged = Device(), Device()
    add(bruno, device)
    forged.owner = device.owner

    assert stranger.enters(forged.sign(stranger.asked()))[0] == 409


def test_a_passkey_that_counts_backwards_is_refused_and_told(bruno: Visitor, stranger: Stranger) -> None:
    device = Device()
    add(bruno, device)
    device.uses = 7
    assert stranger.enters(device.sign(stranger.asked()))[0] == 303
    stranger.client.delete_cookie("jalon")

    device.uses = 3
    status, told = stranger.enters(device.sign(stranger.asked()))
    assert (status, "counts fewer uses" in told) == (409, True)


def test_a_passkey_goes_by_a_password_or_a_passkey_and_never_silently(site: Flask, journey: Journey, bruno: Visitor) -> None:
    first, second = Device(b"first"), Device(b"second")
    add(bruno, first, "Premier")
    add(bruno, second, "Second")
    by_name = {one.name: f"/account/passkeys/{one.id}/remove" for one in kept(journey)}

    for wrong in ({}, {"password": "not this one at all"}, {"credential": "{}"}):
        assert bruno.send(by_name["Premier"], wrong).status_code == 409
    assert len(kept(journey)) == 2
    assert bruno.send(by_name["Premier"], {"password": FIRST}).status_code == 303
    asked = bruno.send("/account/passkeys/confirm", {}).json
    assert bruno.send(by_name["Second"], {"credential": second.sign(asked)}).status_code == 303
    assert kept(journey) == []
    assert len(delivered(site)) == 4, "each was told when it came and when it went"


def test_nobody_removes_or_confirms_with_what_is_somebody_else_s(site: Flask, journey: Journey, bruno: Visitor) -> None:
    person_id = enrol(journey, "lea@clairval.example", "Léa Marchand", Role.AUDITOR)
    with journey.database.writing(SYSTEM) as session:
        session.get_one(Person, person_id).password_hash = hash_password(FIRST)
    claire = Visitor(site, person_id)
    hers, his = Device(b"hers"), Device(b"his")
    add(claire, hers)
    add(bruno, his)
    his_row = next(one for one in kept(journey) if one.person_id == person_named(journey, "Bruno Leroux"))

    asked = claire.send("/account/passkeys/confirm", {}).json
    hers_signed = hers.sign(asked)
    assert claire.send(f"/account/passkeys/{his_row.id}/remove", {"credential": hers_signed}).status_code == 404
    asked = bruno.send("/account/passkeys/confirm", {}).json
    assert bruno.send(f"/account/passkeys/{his_row.id}/remove", {"credential": hers.sign(asked)}).status_code == 409
    assert len(kept(journey)) == 2


def test_a_device_stands_once_and_a_person_has_so_many(journey: Journey, bruno: Visitor, site: Flask) -> None:
    assert add(bruno, Device(b"0"))[0] == 303
    assert "stands here already" in add(bruno, Device(b"0"))[1]
    for number in range(1, MOST):
        with site.app_context():
            limits._limiter.reset()
        assert add(bruno, Device(str(number).encode()))[0] == 303
    status, told = add(bruno, Device(b"one more"))
    assert (status, f"{MOST} passkeys already" in told) == (409, True)


def test_an_administrator_removes_a_lost_passkey_and_its_owner_is_told(site: Flask, journey: Journey, bruno: Visitor) -> None:
    add(bruno, Device(), "Perdue")
    boss = Visitor(site, enrol(journey, "camille@clairval.example", "Camille Roussel", Role.ADMINISTRATOR))
    (row,) = kept(journey)
    page = f"/administration/people/{row.person_id}"
    assert "Perdue" in boss.words(page)

    assert bruno.send(f"{page}/passkeys/{row.id}/remove", {}).status_code == 403
    assert boss.send(f"{page}/passkeys/{row.id}/remove", {}).status_code == 303
    assert kept(journey) == []
    assert [to for to, _, _ in delivered(site)] == [BRUNO, BRUNO]


def test_passkeys_go_with_the_person(site: Flask, journey: Journey, bruno: Visitor) -> None:
    add(bruno, Device())
    person_id: UUID = kept(journey)[0].person_id

    erase(rooms(site).door, rooms(site).settings, person_id, asked_by_id=None)

    assert kept(journey) == []


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Jalon.Example", "https://jalon.example"),
        ("https://jalon.example:8443/", "https://jalon.example:8443"),
        ("https://jalon.example:443", "https://jalon.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://jalon.example", None),
        ("https://192.0.2.1", None),
    ],
)
def test_the_site_is_that_of_the_installation_s_address(address: str, origin: str | None) -> None:
    found = site_of(address)

    assert (found.origin if found else None) == origin
