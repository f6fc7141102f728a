"""Keeps a person signed in from page to page, and says who asks. Not for finding people: `people` does."""

from uuid import UUID

from flask import Flask, session
from flask_login import LoginManager, current_user, login_user, logout_user

from app.jalon import jalon
from app.security.people import PASSWORD, PROVIDER, SignedIn
from workflows.engine.refusals import Refused
from workflows.parties.actor import Actor


class ProviderRequired(Refused):
    """The organisation lets its people in by its own provider alone."""

    code = "provider.required"


def init_sessions(app: Flask) -> None:
    """Let Flask-Login load the person named in the signed session."""
    manager = LoginManager(app)
    manager.user_loader(_load)


def current_actor() -> Actor:
    """The person who asks, for `execute(...)` and `database.reading(...)`.

    :raises RuntimeError: on a public page that nobody signed in to see.
    """
    if not current_user.is_authenticated:
        raise RuntimeError("nobody is signed in")
    actor: Actor = current_user.actor
    return actor


def refuse_other_ways(email: str) -> None:
    """Refuse a password or a passkey where the organisation of that address wants its provider asked, known here or not.

    :raises ProviderRequired: then.
    """
    provider = jalon().settings.providers.of(email)
    if provider is not None and provider.required:
        raise ProviderRequired(provider=provider.name)


def enter(person: SignedIn) -> None:
    """Start a new session for this person; nothing of an earlier one is kept.

    :raises ProviderRequired: where they came another way than their organisation wants.
    """
    if person.way == PASSWORD:
        refuse_other_ways(person.actor.email)
    session.clear()
    session.permanent = True
    login_user(person)


def enter_anew(person: SignedIn) -> None:
    """As `enter`, for whoever chose a password: the page they came from can be sent once more, and is answered alike."""
    kept = {name: session[name] for name in ("csrf_token", "language") if name in session}
    enter(person)
    session.update(kept)


def named_session() -> tuple[UUID, str, str] | None:
    """Who this browser's signed session names, with their fingerprint and way in, whether or not it has ended since; None for nobody."""
    return _parts(str(session.get("_user_id", "")))


def leave() -> None:
    """End the session."""
    logout_user()
    session.clear()


def _load(session_id: str) -> SignedIn | None:
    named = _parts(session_id)
    if named is None:
        return None
    person_id, fingerprint, way = named
    person = jalon().people.by_id(person_id)
    if person is None or person.fingerprint != fingerprint or not _is_open(way, person.actor.email):
        return None
    return person.entered(way)


def _is_open(way: str, email: str) -> bool:
    """Whether one may still be in that way: the file of providers may say otherwise since."""
    provider = jalon().settings.providers.of(email)
    if way == PROVIDER:
        return provider is not None
    return way != PASSWORD or provider is None or not provider.required


def _parts(session_id: str) -> tuple[UUID, str, str] | None:
    try:
        person_id, fingerprint, entry = session_id.split("|")
        return UUID(person_id), fingerprint, entry
    except ValueError:
        return None
