"""Signing in reads people from a real database, before anybody is known to be asking."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.clock import FixedClock
from app.database import Database
from app.security.people import PeopleInDatabase
from app.settings import Settings
from tests.databases import DatabaseUrls
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Advertiser, Membership, Person
from workflows.parties.roles import Role


@pytest.fixture
def people(database_urls: DatabaseUrls, tmp_path: Path):
    """A director who also keeps the people of one advertiser, and somebody without any role."""
    database = Database(Settings.from_env({"DATABASE_URL": database_urls.app, "JALON_DATA_DIR": str(tmp_path)}))
    now = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
    with database.writing(SYSTEM) as session:
        advertiser = Advertiser(name="Les Amis du Fleuve")
        director = Person(email="henri@fleuve.example", name="Henri Vasseur", password_hash="x", created_at=now)
        session.add_all([advertiser, director, Person(email="nadia@fleuve.example", name="Nadia Roy", locale="en", created_at=now)])
        session.flush()
        for role, limit in ((Role.BUDGET_APPROVER, Decimal(50000)), (Role.ADMINISTRATOR, None)):
            session.add(Membership(person_id=director.id, advertiser_id=advertiser.id, role=role, approval_limit_amount=limit))
    yield PeopleInDatabase(database, FixedClock(now))
    database.close()


def test_a_person_is_found_by_address_with_every_role_and_limit(people: PeopleInDatabase) -> None:
    found = people.by_email(" Henri@Fleuve.example")

    assert found is not None
    assert found.actor.roles == {Role.BUDGET_APPROVER, Role.ADMINISTRATOR}
    assert [grant.approval_limit_amount for grant in found.actor.grants] == [None, Decimal(50000)]
    assert list(found.advertisers.values()) == ["Les Amis du Fleuve"]


def test_a_person_is_found_again_by_the_id_of_their_session(people: PeopleInDatabase) -> None:
    found = people.by_email("nadia@fleuve.example")

    assert found is not None
    again = people.by_id(found.actor.person_id)
    assert again is not None
    assert (again.actor, again.fingerprint, again.actor.roles) == (found.actor, found.fingerprint, frozenset())


def test_a_stranger_is_nobody(people: PeopleInDatabase) -> None:
    assert people.by_email("nobody@fleuve.example") is None


def test_the_demonstration_lists_everybody_by_name(people: PeopleInDatabase) -> None:
    assert [person.actor.name for person in people.everybody()] == ["Henri Vasseur", "Nadia Roy"]
