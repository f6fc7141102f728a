"""An administrator manages people, suppliers and policy of one advertiser, and nobody's own rights."""

import re
from decimal import Decimal
from uuid import UUID

import pytest
from flask import Flask
from sqlmodel import select

from tests.integration.papers.journey import BEGINNING, Journey
from tests.integration.portals.visiting import Visitor, enrol, person_named, words
from workflows.campaign.model import Campaign
from workflows.campaign.policy import PolicyVersion
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Advertiser, Membership, Person, Supplier
from workflows.parties.roles import Role

ROOM = "/administration"


@pytest.fixture
def stage() -> str:
    return "plan"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """An open campaign, and Camille who administers its advertiser."""
    enrol(opened, "camille@clairval.example", "Camille Roussel", Role.ADMINISTRATOR)
    return opened


@pytest.fixture
def administrator(journey: Journey, site: Flask) -> Visitor:
    return Visitor(site, person_named(journey, "Camille Roussel"))


def roles_of(journey: Journey, person_id: UUID) -> dict[str, Decimal | None]:
    with journey.database.reading(SYSTEM) as session:
        rows = session.exec(select(Membership).where(Membership.person_id == person_id))
        return {row.role: row.approval_limit_amount for row in rows}


def a_stranger(journey: Journey) -> UUID:
    """Somebody who approves for another advertiser."""
    with journey.database.writing(SYSTEM) as session:
        other = Advertiser(name="Les Amis du Fleuve")
        person = Person(email="emma@fleuve.example", name="Emma Fabre", password_hash="theirs", created_at=BEGINNING)
        session.add_all([other, person])
        session.flush()
        session.add(Membership(person_id=person.id, advertiser_id=other.id, role=Role.AUDITOR))
        return person.id


def test_a_person_is_added_with_a_role_and_without_a_password(journey: Journey, administrator: Visitor) -> None:
    sent = {"name": "Lucie Morel", "email": "Lucie@Clairval.example", "locale": "fr", "role": "budget_approver", "limit": "12 500,00"}
    assert administrator.send(f"{ROOM}/people/new", {**sent, "supplier": "", "password": "y"}).status_code == 303

    with journey.database.reading(SYSTEM) as session:
        person = session.exec(select(Person).where(Person.email == "lucie@clairval.example")).one()
        session.expunge_all()
    assert roles_of(journey, person.id) == {"budget_approver": Decimal("12500.00")}
    assert person.password_hash is None
    assert "Lucie Morel" in administrator.words(f"{ROOM}/")


def test_somebody_from_elsewhere_gets_a_role_and_keeps_their_password(journey: Journey, administrator: Visitor) -> None:
    stranger = a_stranger(journey)
    sent = {"name": "Another Name", "email": "emma@fleuve.example", "locale": "en", "role": "auditor", "limit": "", "supplier": ""}
    page = administrator.send(f"{ROOM}/people/new", {**sent, "password": "y"})

    assert page.status_code == 303
    assert administrator.send(f"{ROOM}/people/{stranger}/link", {}).status_code == 303
    with journey.database.reading(SYSTEM) as session:
        person = session.get_one(Person, stranger)
        session.expunge_all()
    assert (person.name, person.password_hash) == ("Emma Fabre", "theirs")


def test_people_of_another_advertiser_are_nobody_here(journey: Journey, administrator: Visitor) -> None:
    stranger = a_stranger(journey)

    assert "Emma Fabre" not in administrator.words(f"{ROOM}/")
    assert administrator.open(f"{ROOM}/people/{stranger}").status_code == 404
    for path, data in (("roles", {"role": "auditor"}), ("link", {})):
        assert administrator.send(f"{ROOM}/people/{stranger}/{path}", data).status_code == 404
    with journey.database.reading(SYSTEM) as session:
        other = session.exec(select(Advertiser.id).where(Advertiser.name == "Les Amis du Fleuve")).one()
    assert administrator.open(f"{ROOM}/?advertiser={other}").status_code == 404


def test_a_limit_is_changed_and_a_role_withdrawn(journey: Journey, administrator: Visitor) -> None:
    director = person_named(journey, "Bruno Leroux")
    administrator.send(f"{ROOM}/people/{director}/roles", {"role": "budget_approver", "limit": "9 000", "supplier": ""})
    assert roles_of(journey, director) == {"budget_approver": Decimal("9000.00")}

    with journey.database.reading(SYSTEM) as session:
        held = session.exec(select(Membership.id).where(Membership.person_id == director)).one()
    administrator.send(f"{ROOM}/people/{director}/roles/{held}/withdraw", {})
    assert roles_of(journey, director) == {}


def test_a_limit_is_an_approvers_alone(journey: Journey, administrator: Visitor) -> None:
    manager = person_named(journey, "Marion Vidal")
    page = administrator.send(f"{ROOM}/people/{manager}/roles", {"role": "auditor", "limit": "9 000", "supplier": ""})

    assert page.status_code == 409
    assert roles_of(journey, manager) == {"project_manager": None}


def test_nobody_changes_their_own_rights(journey: Journey, administrator: Visitor) -> None:
    oneself = person_named(journey, "Camille Roussel")
    page = administrator.send(f"{ROOM}/people/{oneself}/roles", {"role": "budget_approver", "limit": "1 000 000", "supplier": ""})

    assert page.status_code == 409
    assert roles_of(journey, oneself) == {"administrator": None}
    assert "This is you" in administrator.words(f"{ROOM}/people/{oneself}")


def test_a_supplier_is_added_and_changed_and_its_siren_checked(journey: Journey, administrator: Visitor) -> None:
    sent = {
        "code": "S-NEU",
        "name": "Neuve SARL",
        "kind": "printer",
        "email": "a@neuve.example",
        "payment_days": "45",
        "siren": "123456789",
        "vat_status": "not_liable",
        "einvoice_address": "000900001_FACTURES",
    }
    refused = administrator.send(f"{ROOM}/suppliers/new", sent)
    assert refused.status_code == 409
    assert 'value="Neuve SARL"' in refused.text

    assert administrator.send(f"{ROOM}/suppliers/new", sent | {"siren": "000 900 001"}).status_code == 303
    with journey.database.reading(SYSTEM) as session:
        supplier = session.exec(select(Supplier).where(Supplier.code == "S-NEU")).one()
        session.expunge_all()
    assert (supplier.siren, supplier.payment_days, supplier.advertiser_id) == ("000900001", 45, journey.advertiser_id)
    assert (supplier.vat_status, supplier.einvoice_address) == ("not_liable", "000900001_FACTURES")

    assert administrator.send(f"{ROOM}/suppliers/{supplier.id}", sent | {"name": "Neuve SA", "siren": ""}).status_code == 303
    assert "S-NEU · Neuve SA" in administrator.words(f"{ROOM}/suppliers")
    assert administrator.send(f"{ROOM}/suppliers/new", sent | {"siren": ""}).status_code == 422

    wrong = administrator.send(f"{ROOM}/suppliers/{supplier.id}", sent | {"siren": "", "einvoice_address": "factures@neuve.example"})
    assert (wrong.status_code, "is no address of electronic invoices" in words(wrong)) == (409, True)


def test_a_number_beyond_what_is_kept_comes_back_with_a_remark(administrator: Visitor) -> None:
    sent = {"code": "S-NEU", "name": "Neuve SARL", "kind": "printer", "vat_status": "standard", "payment_days": "9" * 40}

    refused = administrator.send(f"{ROOM}/suppliers/new", sent)

    assert refused.status_code == 422
    assert "This number is too large: 2,147,483,647 at most." in words(refused)
    assert f'value="{"9" * 40}"' in refused.text


def test_a_policy_is_compared_before_it_is_saved_and_open_campaigns_keep_theirs(journey: Journey, administrator: Visitor) -> None:
    sent = administrator.form(f"{ROOM}/policy/edit") | {"region": "alsace_moselle", "delays__review_budget": "4"}
    sent = {name: value for name, value in sent.items() if name not in ("csrf_token", "form_key", "lang", "next")}
    compared = administrator.send(f"{ROOM}/policy/edit", sent | {"step": "compare"})

    assert "2 values differ" in words(compared)
    assert "Approve or refuse the budget 3 working days 4 working days changed" in words(compared)
    assert versions(journey) == [1]

    assert administrator.send(f"{ROOM}/policy/edit", sent | {"step": "save"}).status_code == 303
    assert versions(journey) == [1, 2]
    with journey.database.reading(SYSTEM) as session:
        newest = session.exec(select(PolicyVersion).where(PolicyVersion.number == 2)).one()
        campaign = session.get_one(Campaign, journey.campaign_id)
        assert (newest.body["delays"]["review_budget"], newest.body["region"]) == (4, "alsace_moselle")
        assert newest.body["tolerances"] == campaign.policy_version.body["tolerances"]
        assert campaign.policy_version.number == 1
    assert "Version 1" in administrator.words(f"{ROOM}/policy")

    stale = administrator.send(f"{ROOM}/policy/edit", sent | {"delays__review_budget": "9", "step": "save"})
    assert stale.status_code == 409
    assert versions(journey) == [1, 2]


def test_whether_a_message_is_signed_off_without_a_proof_is_policy(journey: Journey, administrator: Visitor) -> None:
    assert "A message is signed off only with a proof that was deposited" in administrator.words(f"{ROOM}/policy")
    sent = administrator.form(f"{ROOM}/policy/edit")
    sent = {name: value for name, value in sent.items() if name not in ("csrf_token", "form_key", "lang", "next")}
    assert sent["send__proof_required"] == "true"

    compared = administrator.send(f"{ROOM}/policy/edit", sent | {"send__proof_required": "false", "step": "compare"})
    assert "on its data protection notice alone, where no proof was deposited" in words(compared)
    assert administrator.send(f"{ROOM}/policy/edit", sent | {"send__proof_required": "false", "step": "save"}).status_code == 303

    with journey.database.reading(SYSTEM) as session:
        newest = session.exec(select(PolicyVersion).where(PolicyVersion.number == 2)).one()
        assert newest.body["send"] == {"proof_required": False}


def test_the_rules_of_calling_are_policy_and_its_hours_are_kept_in_one_way(journey: Journey, administrator: Visitor) -> None:
    page = administrator.words(f"{ROOM}/policy")
    assert "(empty: any hour of any day) 10:00–13:00, 14:00–20:00" in page
    assert "Most calls of a person, within 30 days 4" in page
    assert "Days after a refusal during which a person is not called again 60 days" in page
    sent = {name: value for name, value in administrator.form(f"{ROOM}/policy/edit").items() if name not in ("csrf_token", "form_key")}
    assert sent["calls__hours"] == "10:00-13:00 14:00-20:00"

    faulty = administrator.send(f"{ROOM}/policy/edit", sent | {"calls__hours": "20:00-10:00", "step": "compare"})
    assert faulty.status_code == 422
    assert "Write hours in their order, such as 10:00-13:00 14:00-20:00." in words(faulty)
    assert "any hour of any day changed" in words(administrator.send(f"{ROOM}/policy/edit", sent | {"calls__hours": "", "step": "compare"}))
    changed = sent | {"calls__hours": "9h-12h30, 14h-19h", "calls__refusal_days": "90"}
    assert "10:00–13:00, 14:00–20:00 09:00–12:30, 14:00–19:00 changed" in words(
        administrator.send(f"{ROOM}/policy/edit", changed | {"step": "compare"})
    )
    assert administrator.send(f"{ROOM}/policy/edit", changed | {"step": "save"}).status_code == 303

    with journey.database.reading(SYSTEM) as session:
        newest = session.exec(select(PolicyVersion).where(PolicyVersion.number == 2)).one()
        assert newest.body["calls"] == {"hours": "09:00-12:30 14:00-19:00", "person_30": 4, "refusal_days": 90}


def test_the_tolerance_on_retention_is_read_and_written_in_points(journey: Journey, administrator: Visitor) -> None:
    assert "Retention against the assumption 5 points" in administrator.words(f"{ROOM}/policy/1")
    assert re.search(
        r'tolerances__retention_points"[^>]*value="5"[^>]*><span aria-hidden="true">points', administrator.open(f"{ROOM}/policy/edit").text
    )

    sent = administrator.form(f"{ROOM}/policy/edit") | {
        "region": "france",
        "tolerances__retention_points": "2.5",
        "pressure__gap_days": "15",
    }
    compared = administrator.send(f"{ROOM}/policy/edit", sent | {"step": "compare"})
    assert "Retention against the assumption 5 points 2.5 points changed" in words(compared)
    assert "Days after a send for which a person gets no other, by whatever channel 0 days 15 days changed" in words(compared)


def test_a_policy_that_makes_no_sense_is_remarked(journey: Journey, administrator: Visitor) -> None:
    sent = administrator.form(f"{ROOM}/policy/edit") | {
        "region": "france",
        "thresholds__segments_most": "2",
        "day_ends_at": "25:00",
        "lots__test_power": "100",
        "pressure__gap_days": "366",
        "pressure__email_30": "-1",
    }
    page = administrator.send(f"{ROOM}/policy/edit", sent | {"step": "save"})

    assert page.status_code == 422
    assert "The most cannot be below the least." in words(page)
    assert "no test shows everything" in words(page)
    assert "Write a whole number up to 365." in words(page)
    assert "Write a whole number, such as 12,000." in words(page)
    assert "Write a time, such as 18:00." in words(page)
    assert versions(journey) == [1]


def test_each_value_of_a_policy_is_called_otherwise(administrator: Visitor) -> None:
    labels = re.findall(r'<label for="(?:analysis|order|send)__[^"]+">([^<]+)<', administrator.open(f"{ROOM}/policy/edit").text)
    assert len(labels) == len(set(labels)) == 5


def test_a_policy_written_again_as_it_was_is_no_new_version(journey: Journey, administrator: Visitor) -> None:
    sent = administrator.form(f"{ROOM}/policy/edit") | {"region": "france", "step": "save"}

    assert "Nothing differs" in administrator.send(f"{ROOM}/policy/edit", sent).text
    assert versions(journey) == [1]


def versions(journey: Journey) -> list[int]:
    with journey.database.reading(SYSTEM) as session:
        return sorted(session.exec(select(PolicyVersion.number)))


def test_a_campaign_is_moved_to_the_newest_policy_on_record_after_its_changes_were_shown(journey: Journey, administrator: Visitor) -> None:
    sent = administrator.form(f"{ROOM}/policy/edit") | {"delays__review_budget": "4"}
    administrator.send(f"{ROOM}/policy/edit", sent | {"step": "save"})
    marion = Visitor(administrator.client.application, person_named(journey, "Marion Vidal"))
    with journey.reading() as session:
        code = journey.facts(session).campaign.code
    page = f"/manager/campaigns/{code}/policy"

    assert "3 working days" in marion.words(page)
    assert "4 working days" in marion.words(page)
    followed = marion.send(page, marion.form(page, "follow") | {"follow-reason": "The board asked for it."})

    assert followed.status_code == 303
    with journey.reading() as session:
        campaign = journey.facts(session).campaign
        assert (campaign.policy_number, campaign.policy.days("review_budget")) == (2, 4)
    assert "It is the newest." in marion.words(page)


def test_somebody_is_erased_by_their_address_typed_again_and_not_by_a_slip(journey: Journey, administrator: Visitor) -> None:
    person_id = person_named(journey, "Solange Petit")
    page = f"/administration/people/{person_id}/erase"
    assert "What stays, and why" in administrator.words(page)

    slip = administrator.send(page, {"email": "someone@else.example", "also": ""})
    assert slip.status_code == 422
    assert "nobody was erased" in words(slip)
    done = administrator.send(page, {"email": journey.actors["presidence"].email, "also": "Soso, la présidente"})

    assert done.status_code == 303
    register = administrator.words("/administration/erasures")
    assert person_id.hex[:8] in register
    assert "Solange Petit" not in administrator.words("/administration/")


def test_nobody_erases_themselves_or_somebody_whom_others_know(journey: Journey, administrator: Visitor) -> None:
    oneself = administrator.open(f"/administration/people/{person_named(journey, 'Camille Roussel')}/erase")
    assert oneself.status_code == 303
    other = person_named(journey, "Solange Petit")
    with journey.database.writing(SYSTEM) as session:
        elsewhere = Advertiser(name="Ailleurs")
        session.add(elsewhere)
        session.flush()
        session.add(Membership(person_id=other, advertiser_id=elsewhere.id, role="auditor"))

    refused = administrator.client.get(f"/administration/people/{other}/erase", follow_redirects=True)

    assert "also works, or has worked, for another advertiser" in words(refused)


def test_an_administrator_lets_somebody_stand_in_for_an_absent_person_and_never_themselves(
    journey: Journey, administrator: Visitor
) -> None:
    marion, bruno = person_named(journey, "Marion Vidal"), person_named(journey, "Bruno Leroux")
    page = f"{ROOM}/people/{marion}/absences"
    sent = {"role": "project_manager", "substitute": str(bruno), "from_on": "2026-07-06", "to_on": "2026-07-20"}
    substitute = Visitor(administrator.client.application, bruno)
    assert substitute.open("/manager/").status_code == 403

    oneself = person_named(journey, "Camille Roussel")
    assert str(oneself) not in administrator.open(page).text.partition("<select")[2], "who arranges it is not to be chosen"
    assert administrator.send(page, sent | {"substitute": str(oneself)}).status_code == 422
    backwards = administrator.send(page, sent | {"to_on": "2026-07-01"})
    assert (backwards.status_code, "An absence ends after it begins" in words(backwards)) == (409, True)
    assert administrator.send(page, sent).location == page

    assert "Marion Vidal Bruno Leroux Project manager 6 July 2026 20 July 2026 Camille Roussel" in administrator.words(page)
    assert substitute.open("/manager/").status_code == 200
    assert "20 July 2026 Camille Roussel" in Visitor(administrator.client.application, marion).words("/absences/"), "the absent learn who"
    ended = administrator.open(page).text.partition(f'action="{page}/')[2].partition("/end")[0]
    assert administrator.send(f"{ROOM}/people/{bruno}/absences/{ended}/end", {}).status_code == 404
    assert administrator.send(f"{page}/{ended}/end", {}).status_code == 303
    assert substitute.open("/manager/").status_code == 403


def test_nobody_stands_in_for_an_administrator(journey: Journey, administrator: Visitor) -> None:
    page = f"{ROOM}/people/{person_named(journey, 'Camille Roussel')}/absences"

    assert "No role that is stood in for" in administrator.words(page)
