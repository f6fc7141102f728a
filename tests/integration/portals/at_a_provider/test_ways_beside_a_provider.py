"""What a provider's sign-in leaves of the other ways in, and what ends its sessions."""

from dataclasses import replace
from pathlib import Path

from flask import Flask

from app.security.password_link import password_link
from app.security.supplier_link import supplier_link
from tests.integration.papers.journey import Journey
from tests.integration.portals.at_a_provider.at_work import WANTED, AtWork, configure
from tests.integration.portals.device import Device
from tests.integration.portals.passwords import BRUNO, FIRST
from tests.integration.portals.provider import OrganisationsProvider
from tests.integration.portals.test_choosing_a_password import rooms
from tests.integration.portals.test_passkeys import Stranger, add
from tests.integration.portals.visiting import Visitor, enrol, person_named, words
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Person
from workflows.parties.roles import Role


def test_an_organisation_may_have_its_people_come_no_other_way(
    site: Flask, journey: Journey, clairval: OrganisationsProvider, person: AtWork, tmp_path: Path
) -> None:
    before = AtWork(site)
    assert before.signs_in(BRUNO, FIRST)
    configure(site, tmp_path, clairval, "required = true")
    asked = "Your organisation has its people sign in with Clairval."
    assert not before.is_in(), "whoever came by a password is out"

    for email, password in ((BRUNO, FIRST), (BRUNO, "not this one at all"), ("nobody@clairval.example", FIRST)):
        answer = person.send("/sign-in", {"email": email, "password": password, "next": WANTED}, shown_on="/sign-in")
        assert answer.location.startswith("/sign-in?next=/account")
        assert asked in words(person.client.get(answer.location))
    bruno = rooms(site).people.by_email(BRUNO)
    assert bruno is not None
    link = password_link(bruno.actor.person_id, bruno.fingerprint, secret_key=rooms(site).settings.secret_key, base_url="")
    assert asked in words(person.client.get(link, follow_redirects=True))
    assert not person.is_in()

    told = person.enters()[1]
    assert "Ni mot de passe ni clé d’accès n’ouvre votre compte." in told
    assert "Changer" not in told


def test_a_passkey_opens_only_where_the_organisation_does_not_want_its_provider(
    site: Flask, journey: Journey, clairval: OrganisationsProvider, tmp_path: Path
) -> None:
    device, stranger = Device(), Stranger(site)
    stranger.client.set_cookie("jalon_language", "en")
    assert add(Visitor(site, person_named(journey, "Bruno Leroux")), device)[0] == 303
    configure(site, tmp_path, clairval, "required = true")

    assert stranger.enters(device.sign(stranger.asked()))[0] == 303
    assert "Your organisation has its people sign in with Clairval." in words(stranger.client.get("/sign-in"))
    configure(site, tmp_path, clairval)
    assert stranger.enters(device.sign(stranger.asked()))[0] == 303
    assert stranger.client.get("/account").status_code == 200


def test_a_supplier_s_link_opens_whatever_an_organisation_wants(
    site: Flask, journey: Journey, clairval: OrganisationsProvider, person: AtWork, tmp_path: Path
) -> None:
    configure(site, tmp_path, clairval, "required = true")
    person_id = enrol(journey, "lea@clairval.example", "Léa Marchand", Role.SUPPLIER)
    found = rooms(site).people.by_id(person_id)
    assert found is not None
    link = supplier_link(person_id, found.fingerprint, secret_key=rooms(site).settings.secret_key, base_url="")

    assert person.client.get(link).status_code == 303
    assert person.is_in()


def test_a_provider_that_is_taken_out_of_the_file_ends_its_sessions(site: Flask, person: AtWork) -> None:
    person.enters()
    found = rooms(site)
    site.extensions["jalon"] = replace(found, settings=replace(found.settings, providers=replace(found.settings.providers, every=())))

    assert not person.is_in()


def test_a_new_password_ends_a_session_that_came_by_the_provider(site: Flask, journey: Journey, person: AtWork) -> None:
    person.enters()
    with journey.database.writing(SYSTEM) as session:
        session.get_one(Person, person_named(journey, "Bruno Leroux")).password_hash = "another"

    assert not person.is_in()


def test_whoever_changes_their_password_stays_in_the_way_they_came(
    site: Flask, clairval: OrganisationsProvider, person: AtWork, tmp_path: Path
) -> None:
    person.enters()
    chosen = {"old": FIRST, "password": "une autre phrase assez longue", "again": "une autre phrase assez longue"}
    assert person.send("/account", chosen).status_code == 303
    configure(site, tmp_path, clairval, "required = true")

    assert person.is_in()


def test_nothing_of_a_session_before_is_kept(person: AtWork) -> None:
    person.client.get("/sign-in")
    with person.client.session_transaction() as before:
        before["of_somebody_else"] = "kept"
    person.enters()

    with person.client.session_transaction() as after:
        assert "of_somebody_else" not in after
        assert "provider_question" not in after
