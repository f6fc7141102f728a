"""The web application with people in memory: what these tests look at needs no database."""

from collections.abc import Callable
from pathlib import Path
from uuid import NAMESPACE_DNS, UUID, uuid5

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.clock import SystemClock
from app.factory import create_app
from app.security import limits
from app.security.passwords import hash_password
from app.security.people import SignedIn
from app.settings import Settings
from workflows.parties.actor import Actor, Grant
from workflows.parties.roles import Role

PASSWORD = "un mot de passe assez long"
PASSWORD_HASH = hash_password(PASSWORD)
ADVERTISER = uuid5(NAMESPACE_DNS, "fleuve.example")


def person(name: str, *roles: Role, locale: str = "fr", password_hash: str | None = PASSWORD_HASH) -> SignedIn:
    """Somebody with these roles; the address is made of the name."""
    email = f"{name.lower()}@fleuve.example"
    grants = tuple(Grant(advertiser_id=ADVERTISER, role=role) for role in roles)
    actor = Actor(person_id=uuid5(NAMESPACE_DNS, email), name=name, email=email, locale=locale, grants=grants)
    return SignedIn(actor=actor, password_hash=password_hash, advertisers={ADVERTISER: "Les Amis du Fleuve"})


class PeopleInMemory:
    """People as a list."""

    def __init__(self, people: list[SignedIn]) -> None:
        self.people = people

    def by_id(self, person_id: UUID) -> SignedIn | None:
        return next((one for one in self.people if one.actor.person_id == person_id), None)

    def by_email(self, email: str) -> SignedIn | None:
        return next((one for one in self.people if one.actor.email == email.strip().lower()), None)

    def everybody(self) -> list[SignedIn]:
        return self.people


@pytest.fixture
def people() -> PeopleInMemory:
    """One person of each kind that matters here."""
    return PeopleInMemory(
        [
            person("Claire", Role.PROJECT_MANAGER),
            person("Emma", Role.AUDITOR, locale="en"),
            person("Sophie", Role.SUPPLIER, password_hash=None),
            person("Hugo", Role.SUPPLIER, Role.BUDGET_APPROVER),
            person("Nadia"),
        ]
    )


AppMaker = Callable[..., Flask]


@pytest.fixture
def make_app(tmp_path: Path, people: PeopleInMemory) -> AppMaker:
    """Build the application with other surroundings."""

    def make(**environ: str) -> Flask:
        settings = Settings.from_env({"JALON_DATA_DIR": str(tmp_path), **environ})
        return create_app(settings, database=object(), clock=SystemClock(), people=people)

    return make


@pytest.fixture
def app(make_app: AppMaker) -> Flask:
    """The application as an installation runs it, its counters at zero."""
    app = make_app()
    with app.app_context():
        limits._limiter.reset()
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that has not been here before."""
    return app.test_client()


def token(client: FlaskClient, path: str = "/sign-in") -> str:
    """The token that the page's forms carry."""
    page = client.get(path).text
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD, next_path: str = "") -> "object":
    """Send the sign-in form."""
    return client.post(
        "/sign-in",
        data={"email": f"{name.lower()}@fleuve.example", "password": password, "next": next_path, "csrf_token": token(client)},
    )
