"""Who administers one house erases people there: nothing of another house is searched, shown or changed."""

from email.message import EmailMessage
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlmodel import col, select

from app.erasure import erase_again, find, found_of
from tests.integration.papers.journey import BEGINNING, Journey
from tests.integration.portals.visiting import Visitor, enrol, person_named, words
from workflows.engine.checkpoints import Checkpoint, ErasableText
from workflows.engine.documents import Document
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Advertiser, Erasure, Membership, Person
from workflows.parties.roles import Role

MARION = "Marion Vidal"


@pytest.fixture
def zoe(journey: Journey, site: Flask) -> Visitor:
    """Zoé Lang, who administers another house."""
    with journey.database.writing(SYSTEM) as session:
        other = Advertiser(name="Les Amis du Fleuve")
        person = Person(email="zoe@fleuve.example", name="Zoé Lang", created_at=BEGINNING)
        session.add_all([other, person])
        session.flush()
        session.add(Membership(person_id=person.id, advertiser_id=other.id, role=Role.ADMINISTRATOR))
    return Visitor(site, person_named(journey, "Zoé Lang"))


def register(zoe: Visitor, journey: Journey, name: str) -> UUID:
    """Register somebody at the other house under a name of one's choice."""
    sent = {"name": name, "email": "x@fleuve.example", "locale": "fr", "role": "auditor", "limit": "", "supplier": ""}
    assert zoe.send("/administration/people/new", sent).status_code == 303
    with journey.database.reading(SYSTEM) as session:
        return session.exec(select(Person.id).where(Person.email == "x@fleuve.example")).one()


def kept(journey: Journey) -> list[object]:
    """What Entraide Clairval's records say."""
    with journey.database.reading(SYSTEM) as session:
        mine = journey.advertiser_id
        return [
            sorted(session.exec(select(Document.content).where(Document.advertiser_id == mine))),
            sorted(session.exec(select(ErasableText.text).where(ErasableText.advertiser_id == mine))),
            len(session.exec(select(Checkpoint.seq).where(Checkpoint.advertiser_id == mine)).all()),
            sorted(session.exec(select(Person.name).join(Membership).where(Membership.advertiser_id == mine))),
        ]


def mail_of_the_house(journey: Journey, site: Flask) -> str:
    """An e-mail of Entraide Clairval that waits as a file and names Marion."""
    with journey.database.reading(SYSTEM) as session:
        message_id = session.exec(select(OutboxMessage.id).where(col(OutboxMessage.advertiser_id) == journey.advertiser_id)).first()
    message = EmailMessage()
    message["To"], message["Subject"], message["Message-ID"] = "a@example.org", MARION, f"<{message_id or uuid4()}@jalon>"
    folder = site.extensions["jalon"].settings.outbox_dir
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "one.eml").write_bytes(bytes(message))
    return str(folder / "one.eml")


def test_erasing_somebody_of_the_same_name_changes_nothing_of_another_house(journey: Journey, site: Flask, zoe: Visitor) -> None:
    with journey.database.reading(SYSTEM) as session:
        code = journey.facts(session).campaign.code
        found = found_of(session, find(session, str(person_named(journey, MARION))))
    assert found.codes == (code,), "there is something to be found"
    before, mail = kept(journey), mail_of_the_house(journey, site)
    namesake = register(zoe, journey, MARION)

    preview = zoe.words(f"/administration/people/{namesake}/erase")
    assert code not in preview
    assert "Campaigns with traces 0" in preview
    answer = zoe.send(f"/administration/people/{namesake}/erase", {"email": "x@fleuve.example", "also": "Entraide, Clairval, Bruno Leroux"})

    assert answer.location == "/administration/erasures"
    assert "The person is erased" in zoe.words("/administration/erasures")
    assert kept(journey) == before
    assert MARION in Path(mail).read_text()
    with journey.database.reading(SYSTEM) as session:
        assert session.get_one(Person, namesake).name != MARION
        assert journey.advertiser_id not in set(session.exec(select(Erasure.advertiser_id)))


@pytest.mark.parametrize("also", ["de", "Entraide, le", "a-b"])
def test_a_spelling_that_stands_everywhere_is_refused_with_a_remark(journey: Journey, zoe: Visitor, also: str) -> None:
    person = register(zoe, journey, "Paul Simon")

    page = zoe.send(f"/administration/people/{person}/erase", {"email": "x@fleuve.example", "also": also})

    assert page.status_code == 422
    assert "is too short to be looked for" in words(page)
    assert person_named(journey, "Paul Simon") == person


def test_a_name_that_stands_everywhere_is_erased_by_no_administrator(journey: Journey, zoe: Visitor) -> None:
    person = register(zoe, journey, "le")

    for answer in (
        zoe.open(f"/administration/people/{person}/erase"),
        zoe.send(f"/administration/people/{person}/erase", {"email": "x@fleuve.example", "also": ""}),
    ):
        assert answer.location == f"/administration/people/{person}"
    assert "le is too short to be looked for" in zoe.words(f"/administration/people/{person}")


def test_somebody_who_once_acted_for_another_house_is_erased_by_neither_alone(journey: Journey, site: Flask, zoe: Visitor) -> None:
    marion = person_named(journey, MARION)
    with journey.database.writing(SYSTEM) as session:
        (held,) = session.exec(select(Membership).where(Membership.person_id == marion)).all()
        other = session.exec(select(Advertiser.id).where(Advertiser.name == "Les Amis du Fleuve")).one()
        held.advertiser_id, held.role = other, Role.AUDITOR.value
        email = session.get_one(Person, marion).email

    answer = zoe.send(f"/administration/people/{marion}/erase", {"email": email, "also": ""})

    assert answer.location == f"/administration/people/{marion}"
    assert "has worked, for another advertiser" in zoe.words(f"/administration/people/{marion}")
    assert person_named(journey, MARION) == marion


def test_after_a_restore_somebody_is_erased_again_in_the_same_records_alone(journey: Journey, site: Flask, zoe: Visitor) -> None:
    rooms = site.extensions["jalon"]
    namesake, before = register(zoe, journey, MARION), kept(journey)
    zoe.send(f"/administration/people/{namesake}/erase", {"email": "x@fleuve.example", "also": ""})
    with journey.database.writing(SYSTEM) as session:  # as an older backup has them
        person = session.get_one(Person, namesake)
        person.name, person.email = MARION, "x@fleuve.example"

    assert erase_again(rooms.door, rooms.settings, rooms.settings.data_dir / "erased.jsonl") == 1
    with journey.database.reading(SYSTEM) as session:
        assert session.get_one(Person, namesake).name != MARION
    assert kept(journey) == before


def test_a_house_goes_on_erasing_its_own(journey: Journey, site: Flask) -> None:
    ada = Visitor(site, enrol(journey, "ada@example.org", "Ada Roche", Role.ADMINISTRATOR))
    marion, mail = person_named(journey, MARION), mail_of_the_house(journey, site)

    answer = ada.send(f"/administration/people/{marion}/erase", {"email": journey.manager.email, "also": ""})

    assert answer.location == "/administration/erasures"
    assert not any(MARION.encode() in content for content in kept(journey)[0])  # type: ignore[attr-defined]
    assert not Path(mail).exists()
