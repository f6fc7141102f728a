"""Administration's forms sent twice act once, and are answered alike: the second answer of a double click is the one that is seen."""

import re
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from app.api.tokens import ApiToken
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, person_named, words
from workflows.campaign.policy import PolicyVersion
from workflows.engine.checkpoints import Checkpoint
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Erasure, Membership, PasswordLetter, Person, Supplier

ROOM = "/administration"
LEA = {
    "name": "Léa Morel",
    "email": "lea@clairval.example",
    "locale": "fr",
    "role": "auditor",
    "limit": "",
    "supplier": "",
    "password": "y",
}


def send_twice(administrator: Visitor, path: str, form: dict[str, Any], shown_on: str = "") -> list[tuple[int, str | None, str]]:
    """Both answers to one showing of a form: status, where it leads, what it says."""
    keyed = {**form, "form_key": administrator.form(shown_on or path, "form_key")["form_key"]}
    answers = [administrator.send(path, keyed) for _ in range(2)]
    return [(answer.status_code, answer.location, words(answer) if answer.status_code == 200 else "") for answer in answers]


def count(journey: Journey, table: Any, *where: Any) -> int:
    def read(session: Session) -> int:
        return int(session.exec(select(func.count()).select_from(table).where(*where)).one())

    with journey.database.reading(SYSTEM) as session:
        return read(session)


def test_a_person_is_added_once_and_is_sent_one_link(journey: Journey, administrator: Visitor) -> None:
    first, second = send_twice(administrator, f"{ROOM}/people/new", LEA)

    assert first == second
    with journey.database.reading(SYSTEM) as session:
        person = session.exec(select(Person).where(Person.email == LEA["email"])).one()
        assert first == (303, f"{ROOM}/people/{person.id}", "")
        assert list(session.exec(select(PasswordLetter.email))) == [LEA["email"]]
        assert len(session.exec(select(Membership).where(Membership.person_id == person.id)).all()) == 1


def test_a_token_is_made_once_and_both_answers_show_it(journey: Journey, administrator: Visitor) -> None:
    first, second = send_twice(administrator, "/api/tokens", {"name": "Nightly export"}, "/api/")

    assert first == second
    assert re.search(r"jalon_[\w-]{43}", second[2])
    assert count(journey, ApiToken) == 1


def test_the_key_of_one_wish_is_refused_for_another(administrator: Visitor) -> None:
    key = administrator.form(f"{ROOM}/people/new", "form_key")
    administrator.send(f"{ROOM}/people/new", {**LEA, **key})

    other = administrator.send(f"{ROOM}/people/new", {**LEA, **key, "email": "luc@clairval.example"})

    assert other.status_code == 409
    assert "Luc" not in administrator.words(f"{ROOM}/")


def test_a_supplier_is_added_once(journey: Journey, administrator: Visitor) -> None:
    form = {**administrator.form(f"{ROOM}/suppliers/new"), "code": "ZED", "name": "Zède Impression", "kind": "printer"}

    first, second = send_twice(administrator, f"{ROOM}/suppliers/new", form)

    assert first == second == (303, f"{ROOM}/suppliers", "")
    assert count(journey, Supplier, Supplier.code == "ZED") == 1


def test_a_policy_is_saved_once(journey: Journey, administrator: Visitor) -> None:
    form = {**administrator.form(f"{ROOM}/policy/edit"), "delays__review_budget": "7", "step": "save"}
    before = count(journey, PolicyVersion)

    first, second = send_twice(administrator, f"{ROOM}/policy/edit", form)

    assert first == second == (303, f"{ROOM}/policy", "")
    assert count(journey, PolicyVersion) == before + 1


def test_a_role_is_withdrawn_once(journey: Journey, administrator: Visitor) -> None:
    person = person_named(journey, "Yann Kerbrat")
    with journey.database.reading(SYSTEM) as session:
        held: UUID = session.exec(select(Membership.id).where(Membership.person_id == person)).one()

    first, second = send_twice(administrator, f"{ROOM}/people/{person}/roles/{held}/withdraw", {}, f"{ROOM}/people/{person}")

    assert first == second == (303, f"{ROOM}/", "")
    assert count(journey, Membership, Membership.person_id == person) == 0


def test_somebody_is_erased_once_and_the_second_click_is_told_so_too(journey: Journey, administrator: Visitor) -> None:
    person = person_named(journey, "Marion Vidal")

    first, second = send_twice(administrator, f"{ROOM}/people/{person}/erase", {"email": journey.manager.email, "also": ""})

    assert first == second == (303, f"{ROOM}/erasures", "")
    assert count(journey, Erasure) == 1
    assert count(journey, Checkpoint, col(Checkpoint.event) == "campaign.person.erased") <= 1
