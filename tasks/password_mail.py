"""Sends the e-mail with a link to choose a password, or one that tells of a passkey. It belongs to no campaign, so no service task asks
for it: its own row does.

Sent at least once, under a key that is the same at each attempt. An address that nobody has who holds a role gets nothing.
"""

import logging
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from app.adapters.mail import Mail, send
from app.database import Database
from app.mail_texts import write
from app.security.password_letters import PASSKEY_ADDED, PASSWORD
from app.security.password_link import LIFETIME, password_link
from app.security.people import fingerprint_of
from app.settings import Settings
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Advertiser, Membership, PasswordLetter, Person

MOST_ATTEMPTS = 5
BACKOFF = timedelta(minutes=1)

log = logging.getLogger(__name__)


def send_letter(database: Database, settings: Settings, letter_id: UUID) -> bool:
    """Send what was asked for. False when it is not to be had: done, or in other hands."""
    now = database.now()
    with database.writing(SYSTEM) as session:
        waiting = select(PasswordLetter).where(PasswordLetter.id == letter_id, col(PasswordLetter.done_at).is_(None))
        letter = session.exec(waiting.with_for_update(skip_locked=True)).one_or_none()
        if letter is None:
            return False
        letter.attempts += 1
        try:
            if (mail := _mail(session, settings, letter)) is not None:
                send(settings, mail)
            letter.done_at = now
        except OSError as fault:
            is_last = letter.attempts >= MOST_ATTEMPTS
            log.log(logging.ERROR if is_last else logging.WARNING, "an e-mail about signing in (%s) was not sent: %s", letter.kind, fault)
            letter.due_at, letter.done_at = now + BACKOFF * letter.attempts, now if is_last else None
        session.add(letter)
    return True


def _mail(session: Session, settings: Settings, letter: PasswordLetter) -> Mail | None:
    holds_a_role = select(Membership.id).where(Membership.person_id == Person.id).exists()
    person = session.exec(select(Person).where(Person.email == letter.email, holds_a_role)).one_or_none()
    if person is None:
        return None
    if letter.kind != PASSWORD:
        return _of_passkey(settings, letter, person)
    house = session.get(Advertiser, letter.advertiser_id) if letter.advertiser_id else None
    link = password_link(
        person.id, fingerprint_of(person.email, person.password_hash), secret_key=settings.secret_key, base_url=settings.base_url
    )
    context = {
        "advertiser_name": house.name if house else "Jalon",
        "is_invited": house is not None and person.password_hash is None,
        "person_name": person.name,
        "days": LIFETIME.days,
        "link": link,
    }
    said = write("password_link", person.locale, context)
    # Asked for again, it is another e-mail.
    key = f"password.{letter.id}.{int(letter.asked_at.timestamp())}"
    return Mail(key=key, to=person.email, subject=said.subject, text=said.text, html=said.html, at=letter.asked_at)


def _of_passkey(settings: Settings, letter: PasswordLetter, person: Person) -> Mail:
    context = {"is_added": letter.kind == PASSKEY_ADDED, "name": letter.about, "person_name": person.name, "site": settings.base_url}
    said = write("passkey", person.locale, context)
    return Mail(key=f"passkey.{letter.id}", to=person.email, subject=said.subject, text=said.text, html=said.html, at=letter.asked_at)
