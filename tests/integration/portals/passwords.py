"""Somebody who signs in with a password of their own, as tests of signing in begin with."""

from flask import Flask
from sqlmodel import select

from app.security import limits
from app.security.passwords import hash_password
from tests.integration.papers.journey import Journey
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Person

FIRST = "une phrase assez longue"
BRUNO = "bruno.leroux@clairval.example"


def with_password(opened: Journey) -> Journey:
    """The campaign; its director has a password."""
    with opened.database.writing(SYSTEM) as session:
        person = session.exec(select(Person).where(Person.name == "Bruno Leroux")).one()
        person.password_hash, person.email = hash_password(FIRST), BRUNO
    return opened


def forget_tries(site: Flask) -> None:
    """Let everybody try as if they had not before."""
    with site.app_context():
        limits._limiter.reset()
