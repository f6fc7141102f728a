"""Somebody who reads pages and sends forms, signed in as one person of a played campaign. No browser is needed."""

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, select
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.factory import create_app
from app.settings import Settings
from tests.databases import DatabaseUrls
from tests.integration.papers.journey import BEGINNING, Journey
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Membership, Person, Supplier
from workflows.parties.roles import Role

_UNTICKED = ("-reuse_seconds", "-unbilled_reasons")
"""Boxes that change what is agreed, and stay as nobody ticked them."""


class Visitor:
    """A signed-in reader."""

    def __init__(self, app: Flask, person_id: UUID, language: str = "en") -> None:
        self.client: FlaskClient = app.test_client()
        self.token = re.findall(r'name="csrf_token" value="([^"]+)"', self.client.get("/sign-in").text)[0]
        assert self.client.post("/demo/sign-in", data={"person_id": person_id, "csrf_token": self.token}).status_code == 303
        self.token = re.findall(r'name="csrf_token" value="([^"]+)"', self.client.get("/", follow_redirects=True).text)[0]
        self.client.post("/language", data={"lang": language, "csrf_token": self.token})

    def open(self, path: str) -> TestResponse:
        """A page, whatever its status."""
        return self.client.get(path)

    def words(self, path: str) -> str:
        """What a page says, without its marks and with single spaces."""
        page = self.open(path)
        assert page.status_code == 200, page.status
        return words(page)

    def send(self, path: str, data: Mapping[str, Any], **files: Any) -> TestResponse:
        """A form, with the token of this session."""
        return self.client.post(path, data={"csrf_token": self.token, **data, **files}, content_type="multipart/form-data")

    def form(self, path: str, prefix: str = "") -> dict[str, str]:
        """The values that a page's inputs and selects propose, by their names; every box is ticked, but for those that ask for more."""
        page = self.open(path).text
        fields = {}
        for tag in re.findall(r"<input[^>]+>", page):
            name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
            if name and value and name[1].startswith(prefix) and 'type="radio"' not in tag and not name[1].endswith(_UNTICKED):
                fields[name[1]] = unescape(value[1])
        for name_, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
            chosen = re.search(r'<option selected value="([^"]*)"', options) or re.search(r'value="([^"]*)"', options)
            if chosen and name_.startswith(prefix):
                fields[name_] = unescape(chosen[1])
        return fields


def words(page: TestResponse) -> str:
    """The text of an answer: no marks, one space between words, spaces that do not break as plain ones."""
    body = page.text.split("<main", 1)[-1].partition(">")[2].split("</main>")[0]
    text = unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ").replace("\u202f", " ")
    return re.sub(r"\s+([.,;:])", r"\1", re.sub(r"\s+", " ", text)).strip()


def make_site(journey: Journey, urls: DatabaseUrls, folder: Path) -> Flask:
    """The application on a campaign's database, at the campaign's beginning."""
    settings = Settings.from_env({"DATABASE_URL": urls.app, "JALON_DATA_DIR": str(folder), "JALON_DEMO": "1"})
    return create_app(settings, database=journey.database, clock=FixedClock(BEGINNING))


def person_named(journey: Journey, name: str) -> UUID:
    """The id of one of the campaign's people."""
    with journey.database.reading(SYSTEM) as session:
        return session.exec(select(Person.id).where(Person.name == name)).one()


def enrol(journey: Journey, email: str, name: str, role: Role) -> UUID:
    """Somebody new who holds a role at the campaign's advertiser."""
    with journey.database.writing(SYSTEM) as session:
        person = Person(email=email, name=name, created_at=BEGINNING)
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id, advertiser_id=journey.advertiser_id, role=role.value))
        return person.id


def give_contact(journey: Journey, supplier_code: str) -> UUID:
    """Somebody who speaks for a supplier and comes in by a link."""
    with journey.database.writing(SYSTEM) as session:
        supplier = session.exec(select(Supplier).where(col(Supplier.code) == supplier_code)).one()
        person = Person(email=supplier.email, name=f"Contact {supplier_code}", created_at=BEGINNING)
        session.add(person)
        session.flush()
        session.add(
            Membership(person_id=person.id, advertiser_id=supplier.advertiser_id, role=Role.SUPPLIER.value, supplier_id=supplier.id)
        )
        return person.id
