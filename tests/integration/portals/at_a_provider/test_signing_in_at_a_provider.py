"""Somebody's own organisation says who they are: its people alone, those who are registered here alone, and only where all of it holds."""

import logging
import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import select

from app.adapters import openid
from app.clock import FixedClock
from app.erasure.person import erase
from app.security.provider_pages import LIFETIME
from tests.integration.papers.journey import BEGINNING, Journey
from tests.integration.portals.at_a_provider.at_work import WANTED, AtWork, configure, ties
from tests.integration.portals.passwords import BRUNO, FIRST
from tests.integration.portals.provider import SECRET, OrganisationsProvider, come_from
from tests.integration.portals.test_choosing_a_password import rooms
from tests.integration.portals.visiting import Visitor, enrol, person_named, words
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Membership, Person
from workflows.parties.roles import Role


def test_a_verified_address_opens_its_person_s_account_where_they_wanted_to_go(site: Flask, journey: Journey, person: AtWork) -> None:
    assert "Sign in with Clairval" in words(person.client.get("/sign-in"))
    assert person.is_let_in()
    (tie,) = ties(journey)
    assert (tie.person_id, tie.subject) == (person_named(journey, "Bruno Leroux"), "8f3a")


def test_afterwards_the_account_counts_and_no_address(
    site: Flask, journey: Journey, clairval: OrganisationsProvider, person: AtWork
) -> None:
    person.enters()
    enrol(journey, "lea@clairval.example", "Léa Marchand", Role.AUDITOR)
    clairval.meets("8f3a", "lea@clairval.example", email_verified=False)
    again = AtWork(site)

    assert again.is_let_in()
    assert len(ties(journey)) == 1


@pytest.mark.parametrize(
    "lies",
    [
        {"iss": "https://login.agence.example"},
        {"aud": "another"},
        {"aud": "another", "azp": "jalon"},
        {"aud": ["another", "jalon"], "azp": "another"},
        {"exp": int((BEGINNING - timedelta(minutes=5)).timestamp())},
        {"exp": None},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"at_hash": "b2YgYW5vdGhlciB0b2tlbg"},
    ],
    ids=lambda lies: " ".join(f"{name}={value}" for name, value in lies.items()),
)
def test_a_token_of_which_anything_does_not_hold_opens_nothing(
    journey: Journey, clairval: OrganisationsProvider, person: AtWork, lies: dict[str, object]
) -> None:
    clairval.claims = lies

    assert person.is_turned_away("What Clairval answered does not hold, so nobody is signed in.")
    assert ties(journey) == []


@pytest.mark.parametrize("forge", ["signs_by_the_shared_secret", "signs_by_another_key"])
def test_a_token_that_the_provider_did_not_sign_opens_nothing(clairval: OrganisationsProvider, person: AtWork, forge: str) -> None:
    getattr(clairval, forge)()

    assert person.is_turned_away("What Clairval answered does not hold")


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_is_not_verified_ties_nobody(
    journey: Journey, clairval: OrganisationsProvider, person: AtWork, verified: object
) -> None:
    clairval.meets("8f3a", BRUNO, email_verified=verified)

    assert person.is_turned_away("Clairval does not say that it verified your e-mail address.")
    assert ties(journey) == []


def test_the_address_may_be_told_beside_the_token_but_only_of_the_same_account(clairval: OrganisationsProvider, person: AtWork) -> None:
    clairval.claims = {"email": None, "email_verified": None}
    clairval.userinfo = {"sub": "another"}
    assert person.is_turned_away("does not say that it verified your e-mail address")

    clairval.userinfo = {}
    assert person.is_let_in()


def test_a_provider_never_signs_in_another_organisation_s_people(
    site: Flask, journey: Journey, clairval: OrganisationsProvider, person: AtWork
) -> None:
    other = enrol(journey, "paul@agence.example", "Paul Amar", Role.ADMINISTRATOR)
    for email in ("paul@agence.example", "nobody@agence.example"):
        clairval.meets("8f3a", email)
        assert person.is_turned_away(f"{email} is none of its addresses")

    # Nor somebody who became another organisation's since.
    clairval.meets("8f3a", BRUNO)
    assert person.is_let_in()
    with journey.database.writing(SYSTEM) as session:
        session.get_one(Person, ties(journey)[0].person_id).email = "bruno@agence.example"
    assert AtWork(site).is_turned_away("bruno@agence.example is none of its addresses")
    assert {one.person_id for one in ties(journey)} == {person_named(journey, "Bruno Leroux")} != {other}


def test_nobody_is_registered_and_no_right_is_given(journey: Journey, clairval: OrganisationsProvider, person: AtWork) -> None:
    def all_there_is() -> tuple[list[object], list[object]]:
        with journey.database.reading(SYSTEM) as session:
            return list(session.exec(select(Person.id))), list(session.exec(select(Membership.id, Membership.role)))

    left = enrol(journey, "lea@clairval.example", "Léa Marchand", Role.AUDITOR)
    with journey.database.writing(SYSTEM) as session:
        session.delete(session.exec(select(Membership).where(Membership.person_id == left)).one())
    before = all_there_is()

    for subject, email in (("1", "nobody@clairval.example"), ("2", "lea@clairval.example")):
        clairval.meets(subject, email)
        assert person.is_turned_away(f"knows you as {email}, but nobody with this address holds a role here")
    assert (all_there_is(), ties(journey)) == (before, [])


def test_who_is_not_let_in_there_is_told(clairval: OrganisationsProvider, person: AtWork) -> None:
    clairval.lets_in = False

    assert person.is_turned_away("Clairval did not let you in, or you turned back.")


def test_an_answer_counts_once_soon_and_in_the_browser_that_asked(site: Flask, journey: Journey, person: AtWork) -> None:
    address = person.is_asked()
    held = person.client.get_cookie("jalon")
    back = come_from(address)
    stranger = AtWork(site)
    assert "in another browser" in stranger.comes_back(back)[1]
    stranger.is_asked()
    assert "in another browser" in stranger.comes_back(back)[1]
    assert person.comes_back(back)[0] == WANTED

    again = AtWork(site)
    again.client.set_cookie("jalon", held.value if held else "")
    assert "has ended already" in again.comes_back(back)[1]
    late = AtWork(site)
    back = come_from(late.is_asked())
    clock = rooms(site).clock
    assert isinstance(clock, FixedClock)
    site.extensions["jalon"] = replace(rooms(site), clock=FixedClock(clock.now() + LIFETIME + timedelta(seconds=1)))
    assert "too long ago" in late.comes_back(back)[1]
    assert not any(one.is_in() for one in (stranger, again, late))


def test_an_answer_to_one_provider_s_question_is_none_to_another_s(person: AtWork) -> None:
    back = come_from(person.is_asked())

    assert "Start again" in person.comes_back(back.replace("/clairval/", "/agence/"))[1]
    assert not person.is_in()
    assert person.client.get("/sign-in/with/nobody").status_code == 404


@pytest.mark.parametrize(
    "published",
    [
        {"issuer": "https://login.agence.example"},
        {"token_endpoint": "http://login.clairval.example/token"},
        {"userinfo_endpoint": "ftp://login.clairval.example/"},
        {"jwks_uri": None},
    ],
    ids=lambda published: next(iter(published)),
)
def test_what_a_provider_publishes_has_to_hold(clairval: OrganisationsProvider, person: AtWork, published: dict[str, object]) -> None:
    clairval.published = published

    answer = person.client.get("/sign-in/with/clairval", follow_redirects=True)
    assert "What Clairval answered does not hold" in words(answer)


def test_a_provider_that_is_away_silent_or_leads_elsewhere_is_told(
    site: Flask, clairval: OrganisationsProvider, person: AtWork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> str:
        return words(person.client.get("/sign-in/with/clairval", follow_redirects=True))

    clairval.moved = True
    assert "Clairval does not answer." in told()
    monkeypatch.setattr(openid, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        clairval.issuer = f"http://127.0.0.1:{silent.getsockname()[1]}"
        configure(site, tmp_path, clairval)
        assert "Clairval does not answer." in told()
    assert "Clairval does not answer." in told()
    assert person.signs_in(BRUNO, FIRST), "and the password opens"


@pytest.mark.parametrize("method", [["client_secret_basic"], ["client_secret_post"]])
def test_who_asks_says_so_the_way_the_provider_wants(clairval: OrganisationsProvider, person: AtWork, method: list[str]) -> None:
    clairval.published = {"token_endpoint_auth_methods_supported": method}

    assert person.is_let_in()


def test_a_code_without_its_secrets_opens_nothing(site: Flask, clairval: OrganisationsProvider, person: AtWork, tmp_path: Path) -> None:
    back = come_from(person.is_asked())
    clairval.asked[next(iter(clairval.asked))]["code_challenge"] = "of another verifier"
    assert "does not hold" in person.comes_back(back)[1]
    configure(site, tmp_path, clairval, secret="not the secret")

    assert person.is_turned_away("What Clairval answered does not hold")


def test_an_address_that_was_handed_on_opens_no_account_until_an_administrator_says_so(
    site: Flask, journey: Journey, clairval: OrganisationsProvider, person: AtWork
) -> None:
    person.enters()
    clairval.meets("new", BRUNO)
    successor = AtWork(site)
    assert successor.is_turned_away(f"{BRUNO} is tied to another account at Clairval.")
    boss = Visitor(site, enrol(journey, "camille@clairval.example", "Camille Roussel", Role.ADMINISTRATOR))
    (tie,) = ties(journey)
    page = f"/administration/people/{tie.person_id}"
    assert "Their organisation’s sign-in" in boss.words(page)

    bruno = Visitor(site, tie.person_id)
    assert bruno.send(f"{page}/provider-accounts/{tie.id}/remove", {}).status_code == 403
    assert boss.send(f"{page}/provider-accounts/{tie.id}/remove", {}).status_code == 303
    assert boss.send(f"{page}/provider-accounts/{tie.id}/remove", {}).status_code == 404
    assert successor.is_let_in()
    assert [one.subject for one in ties(journey)] == ["new"]


def test_the_way_back_never_leaves_the_site(person: AtWork) -> None:
    assert person.enters("https://elsewhere.example/")[0] == "/"


def test_nobody_tries_all_day(person: AtWork) -> None:
    statuses = [person.client.get("/sign-in/with/clairval").status_code for _ in range(11)]

    assert statuses == [303] * 10 + [429]


def test_nothing_that_opens_anything_is_logged(clairval: OrganisationsProvider, person: AtWork, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        back = come_from(person.is_asked())
        clairval.asked.clear()
        person.comes_back(back)
        person.enters()

    assert f"by={ties_of(caplog)}" in caplog.text
    assert len(clairval.handed_out) == 4
    assert [one for one in (*clairval.handed_out, SECRET, BRUNO) if one in caplog.text] == []


def ties_of(caplog: pytest.LogCaptureFixture) -> str:
    (told,) = [one.getMessage() for one in caplog.records if one.getMessage().startswith("provider used to sign in")]
    assert told.endswith("provider=clairval")
    return told.split("by=")[1].split()[0]


def test_the_tie_goes_with_the_person(site: Flask, journey: Journey, person: AtWork) -> None:
    person.enters()

    erase(rooms(site).door, rooms(site).settings, ties(journey)[0].person_id, asked_by_id=None)

    assert ties(journey) == []
    assert person.is_turned_away("nobody with this address holds a role here")
