from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.security.signed_links import LinkExpired, LinkInvalid
from app.security.supplier_link import read_supplier_link, supplier_link
from tests.unit.web.conftest import PeopleInMemory

KEY = "a key for these tests"


def link_for(app: Flask, person, next_path: str = "") -> str:
    key = app.extensions["jalon"].settings.secret_key
    return supplier_link(person.actor.person_id, person.fingerprint, secret_key=key, base_url="", next_path=next_path)


def test_a_link_reads_as_it_was_written() -> None:
    person_id = uuid4()
    link = supplier_link(person_id, "abc", secret_key=KEY, base_url="https://jalon.example/", next_path="/supplier/orders/1")

    assert link.startswith("https://jalon.example/supplier/enter/")
    assert read_supplier_link(link.rsplit("/", 1)[1], secret_key=KEY) == (person_id, "abc", "/supplier/orders/1")


def test_an_old_link_is_told_from_a_foreign_one() -> None:
    token = supplier_link(uuid4(), "abc", secret_key=KEY, base_url="").rsplit("/", 1)[1]

    with pytest.raises(LinkExpired):
        read_supplier_link(token, secret_key=KEY, lifetime=timedelta(seconds=-1))
    with pytest.raises(LinkInvalid):
        read_supplier_link(token, secret_key="another key")
    with pytest.raises(LinkInvalid):
        read_supplier_link(token[:-1], secret_key=KEY)


def test_a_link_lets_the_supplier_in_where_the_mail_said(app: Flask, client: FlaskClient, people: PeopleInMemory) -> None:
    answer = client.get(link_for(app, people.people[2], "/supplier/orders/1"))

    assert (answer.status_code, answer.location) == (303, "/supplier/orders/1")
    assert client.get("/").location == "/supplier/"


def test_a_link_opens_the_suppliers_portal_and_nothing_else_of_that_person(app: Flask, client: FlaskClient, people: PeopleInMemory) -> None:
    client.get(link_for(app, people.people[3]))

    assert client.get("/").location == "/supplier/"


def test_a_link_never_lets_staff_in(app: Flask, client: FlaskClient, people: PeopleInMemory) -> None:
    answer = client.get(link_for(app, people.people[0]))

    assert answer.status_code == 404
    assert client.get("/").location.startswith("/sign-in")


def test_a_link_dies_when_the_address_changes_hands(app: Flask, client: FlaskClient, people: PeopleInMemory) -> None:
    link = link_for(app, people.people[2])
    someone = people.people[2]
    people.people[2] = replace(someone, actor=replace(someone.actor, email="new@fleuve.example"))

    assert client.get(link).status_code == 404


def test_a_link_cut_in_two_explains_itself(client: FlaskClient) -> None:
    answer = client.get("/supplier/enter/WyJhYmMi")

    assert answer.status_code == 404
    assert "Ce lien n’ouvre rien" in answer.text
