"""A password is chosen by whoever it belongs to: by a link sent to their own address, or knowing the one before. Nobody else learns it."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select
from werkzeug.test import TestResponse

from app.jalon import Jalon
from app.security.password_letters import QUIET_MINUTES
from app.security.password_link import password_link, read_password_link
from app.security.passwords import hash_password, password_matches
from app.security.signed_links import LinkExpired
from tasks.password_mail import MOST_ATTEMPTS, send_letter
from tests.integration.papers.journey import BEGINNING, Journey
from tests.integration.portals.passwords import BRUNO, FIRST, forget_tries, with_password
from tests.integration.portals.visiting import Visitor, give_contact, person_named, words
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Advertiser, Membership, PasswordLetter, Person
from workflows.parties.roles import Role

SECOND = "une autre phrase assez longue"


@pytest.fixture
def stage() -> str:
    return "plan"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    return with_password(opened)


@pytest.fixture(autouse=True)
def nobody_tried_before(site: Flask) -> None:
    forget_tries(site)


class Browser:
    """Somebody who is not signed in."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def send(self, path: str, data: dict[str, str], shown_on: str = "") -> TestResponse:
        page = self.client.get(shown_on or path)
        found = re.findall(r'name="csrf_token" value="([^"]+)"', page.text)
        return self.client.post(path, data={"csrf_token": found[0], **data})

    def signs_in(self, email: str, password: str) -> bool:
        return self.send("/sign-in", {"email": email, "password": password}).status_code == 303


@pytest.fixture
def browser(site: Flask) -> Browser:
    return Browser(site)


def rooms(site: Flask) -> Jalon:
    found: Jalon = site.extensions["jalon"]
    return found


def waiting(site: Flask) -> list[UUID]:
    with rooms(site).database.reading(SYSTEM) as session:
        return list(session.exec(select(PasswordLetter.id).where(col(PasswordLetter.done_at).is_(None))))


def delivered(site: Flask) -> list[tuple[str, str, str]]:
    """Who gets which e-mail once the worker has been there: address, subject, text."""
    settings = rooms(site).settings
    for read_before in settings.outbox_dir.glob("*.eml"):
        read_before.unlink()
    for letter_id in waiting(site):
        assert send_letter(rooms(site).database, settings, letter_id)
    return [read(path) for path in sorted(settings.outbox_dir.glob("*.eml"))]


def read(path: Path) -> tuple[str, str, str]:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return str(message["To"]), str(message["Subject"]), body.get_content().replace("\u00a0", " ")


def link_in(text: str) -> str:
    return "/password/choose/" + re.findall(r"/password/choose/(\S+)", text)[0]


def chosen(password: str) -> dict[str, str]:
    return {"password": password, "again": password}


def stranger(journey: Journey) -> UUID:
    """Somebody of another house, who has a password."""
    with journey.database.writing(SYSTEM) as session:
        other = Advertiser(name="Les Amis du Fleuve")
        person = Person(email="emma@fleuve.example", name="Emma Fabre", password_hash=hash_password(FIRST), created_at=BEGINNING)
        session.add_all([other, person])
        session.flush()
        session.add(Membership(person_id=person.id, advertiser_id=other.id, role=Role.BUDGET_APPROVER))
        return person.id


def forget_that_it_was_just_asked(journey: Journey) -> None:
    with journey.database.writing(SYSTEM) as session:
        for letter in session.exec(select(PasswordLetter)):
            letter.asked_at -= timedelta(minutes=QUIET_MINUTES + 1)


# --- who is registered ---------------------------------------------------------------------------------------------------------


def test_somebody_new_chooses_their_password_by_a_link_that_only_their_address_gets(
    journey: Journey, site: Flask, administrator: Visitor, browser: Browser
) -> None:
    lucie = {"name": "Lucie Morel", "email": "lucie@clairval.example", "locale": "fr", "role": "auditor", "limit": "", "supplier": ""}
    page = administrator.client.post(
        "/administration/people/new", data={**lucie, "password": "y", "csrf_token": administrator.token}, follow_redirects=True
    )
    assert "A link to choose a password is on its way to lucie@clairval.example." in words(page)
    ((to, subject, text),) = delivered(site)

    assert (to, subject) == ("lucie@clairval.example", "Entraide Clairval – choisissez votre mot de passe")
    assert link_in(text) not in page.text
    answer = browser.send(link_in(text), chosen(FIRST))
    assert (answer.status_code, browser.client.get("/").location) == (303, "/auditor/")
    assert Browser(site).signs_in("lucie@clairval.example", FIRST)


def test_no_page_of_administration_shows_a_password(journey: Journey, administrator: Visitor) -> None:
    bruno = person_named(journey, "Bruno Leroux")
    page = administrator.words(f"/administration/people/{bruno}")

    assert "Send a link to choose a password" in page
    assert administrator.send(f"/administration/people/{bruno}/password", {}).status_code == 404
    with journey.database.reading(SYSTEM) as session:
        assert password_matches(session.get_one(Person, bruno).password_hash, FIRST)


def test_an_administrator_sends_the_link_once_however_often_the_form_comes(journey: Journey, site: Flask, administrator: Visitor) -> None:
    bruno = person_named(journey, "Bruno Leroux")
    path, shown = f"/administration/people/{bruno}/link", f"/administration/people/{bruno}"
    keyed = administrator.form(shown, "form_key")

    first, second = (administrator.send(path, {"form_key": keyed["form_key"]}) for _ in range(2))
    assert (first.status_code, first.location) == (second.status_code, second.location) == (303, shown)
    ((to, _subject, text),) = delivered(site)
    assert (to, "Vous, ou un administrateur pour vous, avez demandé un nouveau mot de passe" in text) == (BRUNO, True)

    administrator.send(path, administrator.form(shown, "form_key"))
    assert "A link went to bruno.leroux@clairval.example a moment ago." in administrator.words(shown)
    assert delivered(site) == []


def test_a_link_is_sent_to_nobody_of_another_house(journey: Journey, site: Flask, administrator: Visitor) -> None:
    emma = stranger(journey)

    assert administrator.send(f"/administration/people/{emma}/link", {}).status_code == 404
    assert waiting(site) == []


def test_whoever_works_for_another_house_keeps_their_password_and_is_sent_no_link(
    journey: Journey, site: Flask, administrator: Visitor, browser: Browser
) -> None:
    stranger(journey)
    emma = {"name": "Whoever", "email": "emma@fleuve.example", "locale": "fr", "role": "auditor", "limit": "", "supplier": ""}
    assert administrator.send("/administration/people/new", {**emma, "password": "y"}).status_code == 303

    assert waiting(site) == []
    assert browser.signs_in("emma@fleuve.example", FIRST)


# --- the link ------------------------------------------------------------------------------------------------------------------


def test_a_link_opens_once_and_looking_at_it_spends_nothing(journey: Journey, site: Flask, browser: Browser) -> None:
    browser.send("/password/forgotten", {"email": BRUNO})
    ((_to, _subject, text),) = delivered(site)
    link = link_in(text)
    assert [browser.client.get(link).status_code for _ in range(2)] == [200, 200]

    other = Browser(site)
    assert browser.send(link, chosen(SECOND)).status_code == 303
    assert other.client.get(link).status_code == 404
    assert other.send(link, chosen("un troisième, assez long"), shown_on="/sign-in").status_code == 404
    assert not other.signs_in(BRUNO, FIRST)
    assert other.signs_in(BRUNO, SECOND)


def test_a_link_dies_with_a_password_that_was_changed_meanwhile(journey: Journey, site: Flask, browser: Browser) -> None:
    browser.send("/password/forgotten", {"email": BRUNO})
    ((_to, _subject, text),) = delivered(site)
    browser.signs_in(BRUNO, FIRST)
    browser.send("/account", {"old": FIRST, **chosen(SECOND)})

    assert Browser(site).client.get(link_in(text)).status_code == 404


def test_a_form_of_a_link_sent_twice_is_answered_alike(journey: Journey, site: Flask, browser: Browser) -> None:
    browser.send("/password/forgotten", {"email": BRUNO})
    ((_to, _subject, text),) = delivered(site)
    form = {"csrf_token": re.findall(r'name="csrf_token" value="([^"]+)"', browser.client.get(link_in(text)).text)[0], **chosen(SECOND)}

    answers = [browser.client.post(link_in(text), data=form) for _ in range(2)]

    assert [(one.status_code, one.location) for one in answers] == [(303, "/")] * 2
    assert browser.client.get("/").location == "/approver/"


def test_a_link_is_of_no_use_after_three_days_and_a_forged_one_never(journey: Journey, site: Flask, browser: Browser) -> None:
    bruno = rooms(site).people.by_email(BRUNO)
    assert bruno is not None
    key = rooms(site).settings.secret_key
    token = password_link(person_named(journey, "Bruno Leroux"), bruno.fingerprint, secret_key=key, base_url="").rpartition("/")[2]

    with pytest.raises(LinkExpired):
        read_password_link(token, secret_key=key, lifetime=-timedelta(seconds=1))
    assert browser.client.get(f"/password/choose/{token[:-3]}").status_code == 404


@pytest.mark.parametrize(
    ("form", "remark"),
    [
        ({"password": "court", "again": "court"}, "at least 12 characters"),
        ({"password": SECOND, "again": FIRST}, "This is not what you wrote above."),
        ({"password": "", "again": ""}, "Write the new password."),
    ],
)
def test_what_is_no_password_is_remarked_and_the_link_goes_on(
    journey: Journey, site: Flask, browser: Browser, form: dict[str, str], remark: str
) -> None:
    browser.client.set_cookie("jalon_language", "en")
    browser.send("/password/forgotten", {"email": BRUNO})
    ((_to, _subject, text),) = delivered(site)

    page = browser.send(link_in(text), form)

    assert page.status_code == 422
    assert remark in words(page)
    assert browser.client.get(link_in(text)).status_code == 200


# --- forgotten -----------------------------------------------------------------------------------------------------------------


def test_a_forgotten_password_is_answered_alike_whoever_is_asked_for(journey: Journey, site: Flask, browser: Browser) -> None:
    with journey.database.writing(SYSTEM) as session:
        session.add(
            Person(email="left@clairval.example", name="Somebody who left", password_hash=hash_password(FIRST), created_at=BEGINNING)
        )
    answers = {}
    for email in (BRUNO, "left@clairval.example", "nobody@clairval.example"):
        answer = browser.send("/password/forgotten", {"email": email})
        answers[answer.status_code, answer.location, words(browser.client.get("/sign-in")).replace(email, "…")] = email

    assert len(answers) == 1
    assert len(waiting(site)) == 3, "as much is done for an address that nobody has"
    assert [to for to, _subject, _text in delivered(site)] == [BRUNO]
    assert waiting(site) == []


def test_a_mailbox_is_not_filled_by_asking_again(journey: Journey, site: Flask, browser: Browser) -> None:
    for address in (BRUNO, BRUNO.upper()):
        browser.send("/password/forgotten", {"email": address})
    assert len(delivered(site)) == 1
    browser.send("/password/forgotten", {"email": BRUNO})
    assert delivered(site) == []

    forget_that_it_was_just_asked(journey)
    browser.send("/password/forgotten", {"email": BRUNO})
    assert len(delivered(site)) == 1


def test_asking_for_links_is_limited(journey: Journey, browser: Browser) -> None:
    statuses = [browser.send("/password/forgotten", {"email": f"a{number}@x.example"}).status_code for number in range(6)]

    assert statuses == [303] * 5 + [429]


def test_the_sign_in_page_leads_to_whoever_forgot(browser: Browser) -> None:
    assert 'href="/password/forgotten"' in browser.client.get("/sign-in").text


def test_a_letter_that_cannot_be_sent_is_tried_again_and_then_given_up(journey: Journey, site: Flask, browser: Browser) -> None:
    browser.send("/password/forgotten", {"email": BRUNO})
    settings, database = rooms(site).settings, rooms(site).database
    settings.outbox_dir.parent.mkdir(parents=True, exist_ok=True)
    settings.outbox_dir.write_text("no folder")
    (letter_id,) = waiting(site)

    tried = next(number for number in count(1) if send_letter(database, settings, letter_id) and not waiting(site))

    assert tried == MOST_ATTEMPTS
    assert not send_letter(database, settings, letter_id)


# --- one's own account ---------------------------------------------------------------------------------------------------------


def test_one_changes_ones_own_password_and_only_the_other_sessions_end(journey: Journey, site: Flask, browser: Browser) -> None:
    elsewhere = Browser(site)
    assert browser.signs_in(BRUNO, FIRST)
    assert elsewhere.signs_in(BRUNO, FIRST)

    answer = browser.send("/account", {"old": FIRST, **chosen(SECOND)})

    assert (answer.status_code, answer.location) == (303, "/account")
    assert browser.client.get("/").location == "/approver/"
    assert elsewhere.client.get("/").location.startswith("/sign-in")
    assert Browser(site).signs_in(BRUNO, SECOND)


@pytest.mark.parametrize("cookie_is_kept", [True, False], ids=["after the first answer", "before it"])
def test_a_change_sent_twice_is_made_once_and_keeps_one_signed_in(
    journey: Journey, site: Flask, browser: Browser, cookie_is_kept: bool
) -> None:
    browser.signs_in(BRUNO, FIRST)
    page = browser.client.get("/account").text
    form = {"csrf_token": re.findall(r'name="csrf_token" value="([^"]+)"', page)[0], "old": FIRST, **chosen(SECOND)}
    session_before = browser.client.get_cookie("jalon")
    assert session_before is not None

    first = browser.client.post("/account", data=form)
    if not cookie_is_kept:
        browser.client.set_cookie("jalon", session_before.value)
    second = browser.client.post("/account", data=form)

    assert (first.status_code, first.location) == (second.status_code, second.location) == (303, "/account")
    assert browser.client.get("/").location == "/approver/"


def test_an_old_session_changes_nothing(journey: Journey, site: Flask, browser: Browser) -> None:
    elsewhere = Browser(site)
    browser.signs_in(BRUNO, FIRST)
    elsewhere.signs_in(BRUNO, FIRST)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', elsewhere.client.get("/account").text)[0]
    browser.send("/account", {"old": FIRST, **chosen(SECOND)})

    answer = elsewhere.client.post("/account", data={"csrf_token": token, "old": SECOND, **chosen("un troisième, assez long")})

    assert answer.location.startswith("/sign-in")
    assert Browser(site).signs_in(BRUNO, SECOND)


def test_a_password_is_changed_by_nobody_who_does_not_know_it(journey: Journey, site: Flask, browser: Browser) -> None:
    browser.signs_in(BRUNO, FIRST)
    page = browser.send("/account", {"old": "une phrase inventée", **chosen(SECOND)})

    assert page.status_code == 409
    assert "une phrase inventée" not in page.text
    assert Browser(site).signs_in(BRUNO, FIRST)


def test_ones_account_is_named_beside_ones_name(journey: Journey, site: Flask, browser: Browser) -> None:
    browser.signs_in(BRUNO, FIRST)

    assert 'href="/account"' in browser.client.get("/approver/").text
    assert BRUNO in words(browser.client.get("/account"))
    assert Browser(site).client.get("/account").location.startswith("/sign-in")


def test_a_suppliers_contact_goes_on_coming_in_by_link_and_may_choose_a_password(journey: Journey, site: Flask) -> None:
    contact = Visitor(site, give_contact(journey, "S-CRT"))

    assert "You have no password yet." in contact.words("/account")
    assert contact.send("/account/link", {}).status_code == 303
    ((_to, subject, text),) = delivered(site)
    assert subject == "Jalon – choisissez votre mot de passe"
    browser = Browser(site)
    assert browser.send(link_in(text), chosen(FIRST)).status_code == 303
    assert browser.client.get("/").location == "/supplier/"


def test_an_erased_persons_letter_goes_with_them(journey: Journey, site: Flask, browser: Browser, administrator: Visitor) -> None:
    browser.send("/password/forgotten", {"email": BRUNO})
    bruno = person_named(journey, "Bruno Leroux")
    assert administrator.send(f"/administration/people/{bruno}/erase", {"email": BRUNO, "also": ""}).status_code == 303

    def left(session: Session) -> list[str]:
        return list(session.exec(select(PasswordLetter.email)))

    with journey.database.reading(SYSTEM) as session:
        assert left(session) == []
