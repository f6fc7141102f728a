"""Pages of passkeys: signing in with one, adding and removing one's own. Browsers are told in JSON what to ask, and answer by forms."""

import logging
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse
from wtforms import PasswordField, StringField
from wtforms.validators import Length

from app.errors import say_refusal
from app.jalon import jalon
from app.parties import PasswordWrong
from app.portals.shared.kept_text import KeptTextForm
from app.security import views
from app.security.account import AddPasskeyForm, account_page
from app.security.audience import public, signed_in
from app.security.challenges import put_challenge, take_challenge
from app.security.limits import SIGN_IN, SIGN_IN_AS, WRITE_PASSWORD, at_most, credential_sent
from app.security.next_url import safe_next
from app.security.passkeys import (
    ADD,
    CONFIRM,
    ENTER,
    LIFETIME,
    PasskeyCopied,
    PasskeyTooLate,
    Site,
    add_passkey,
    asked_to_add,
    asked_to_sign,
    remove_passkey,
    site_of,
    use_passkey,
)
from app.security.password_letters import PASSKEY_ADDED, PASSKEY_REMOVED, tell_of_passkey
from app.security.passwords import password_matches
from app.security.sessions import enter
from workflows.engine.refusals import NotFound, Refused
from workflows.parties.actor import SYSTEM

log = logging.getLogger(__name__)

blueprint = Blueprint("passkeys", __name__)

_KEPT = "passkey_challenge"
"""Where the browser's signed session keeps the challenge that was put to it."""


class RemovePasskeyForm(KeptTextForm):
    """Who removes a passkey says who they are: by password, or by a passkey."""

    password = PasswordField(_l("Your password"), [Length(max=1024)])
    credential = StringField(validators=[Length(max=20_000)])


@blueprint.post("/sign-in/passkey/options")
@at_most(SIGN_IN)
@public
def ask_to_enter() -> Response:
    """Ask whoever stands there for a passkey."""
    return _ask(ENTER)


@blueprint.post("/sign-in/passkey")
@at_most(SIGN_IN_AS, of=credential_sent)
@at_most(SIGN_IN)
@public
def sign_in() -> AnyResponse | str:
    """Let in whoever's passkey signed the challenge."""
    try:
        person_id, name = _use(ENTER, None)
    except Refused as refusal:
        return views.sign_in_page(views.SignInForm(formdata=None), 409, refusal=say_refusal(refusal))
    person = jalon().people.by_id(person_id)
    if person is None:
        abort(404)
    enter(person)
    log.info("passkey used to sign in by=%s name=%s", person_id, name)
    return redirect(safe_next(request.form.get("next"), url_for("sign_in.home")), 303)


@blueprint.post("/account/passkeys/options")
@at_most(WRITE_PASSWORD)
@signed_in
def ask_to_add() -> Response:
    """Ask for a new passkey, once its owner has written their password: who finds a session open must not make a way in that stays."""
    if not password_matches(current_user.password_hash, request.form.get("password", "")):
        return Response(say_refusal(PasswordWrong()), 409, mimetype="text/plain")
    return _ask(ADD)


@blueprint.post("/account/passkeys/confirm")
@at_most(WRITE_PASSWORD)
@signed_in
def ask_to_confirm() -> Response:
    """Ask for a passkey that one has, before something that is not done silently."""
    return _ask(CONFIRM)


@blueprint.post("/account/passkeys")
@at_most(WRITE_PASSWORD)
@signed_in
def add() -> AnyResponse:
    """Keep the passkey that the browser made."""
    person_id, site = _oneself(), _site()
    form = AddPasskeyForm()
    if not form.validate():
        return account_page(adding=form, status=422)
    name, now = form.name.data.strip(), jalon().clock.now()
    try:
        challenge = _take(ADD, person_id)
        with jalon().database.writing(SYSTEM) as written:
            add_passkey(written, site, person_id, name=name, answer=form.credential.data, challenge=challenge, now=now)
            tell_of_passkey(written, current_user.actor.email, PASSKEY_ADDED, name)
    except Refused as refusal:
        form.name.errors = [say_refusal(refusal)]
        return account_page(adding=form, status=409)
    jalon().door.nudge()
    log.info("passkey added by=%s", person_id)
    flash(_("The passkey %(name)s is added. An e-mail tells you so.", name=name), "done")
    return redirect(url_for("account.account"), 303)


@blueprint.post("/account/passkeys/<uuid:passkey_id>/remove")
@at_most(WRITE_PASSWORD)
@signed_in
def remove(passkey_id: UUID) -> AnyResponse:
    """Remove one of one's passkeys, after a password or a passkey."""
    person_id = _oneself()
    form = RemovePasskeyForm()
    try:
        if not form.validate():
            raise PasswordWrong()
        if form.credential.data:
            _use(CONFIRM, person_id)
        elif not password_matches(current_user.password_hash, form.password.data or ""):
            raise PasswordWrong()
        with jalon().database.writing(SYSTEM) as written:
            name = remove_passkey(written, person_id, passkey_id)
            tell_of_passkey(written, current_user.actor.email, PASSKEY_REMOVED, name)
    except NotFound:
        raise
    except Refused as refusal:
        return account_page(not_removed=(passkey_id, say_refusal(refusal)), status=409)
    jalon().door.nudge()
    log.info("passkey removed by=%s", person_id)
    flash(_("The passkey %(name)s is removed, and opens nothing any more. Remove it on your device too.", name=name), "done")
    return redirect(url_for("account.account"), 303)


def _ask(purpose: str) -> Response:
    site, person_id = _site(), None if purpose == ENTER else _oneself()
    with jalon().database.writing(SYSTEM) as written:
        challenge = put_challenge(written, purpose, person_id, now=jalon().clock.now(), lifetime=LIFETIME)
        if purpose == ADD:
            assert person_id is not None, "somebody is signed in"
            actor = current_user.actor
            told = asked_to_add(written, site, person_id, email=actor.email, name=actor.name, challenge=challenge)
        else:
            told = asked_to_sign(written, site, person_id, challenge=challenge)
    session[_KEPT] = challenge.hex()
    return Response(told, mimetype="application/json")


def _take(purpose: str, person_id: UUID | None) -> bytes:
    """The challenge that this browser was given; spent by the first answer, whatever that comes to.

    :raises PasskeyTooLate: when it is over, or none was given.
    """
    challenge = bytes.fromhex(session.pop(_KEPT, ""))
    with jalon().database.writing(SYSTEM) as written:
        if not take_challenge(written, challenge, purpose, person_id, now=jalon().clock.now()):
            raise PasskeyTooLate()
    return challenge


def _use(purpose: str, person_id: UUID | None) -> tuple[UUID, str]:
    """Whose passkey answered, and its name."""
    site, answer, now = _site(), request.form.get("credential", ""), jalon().clock.now()
    try:
        challenge = _take(purpose, person_id)
        with jalon().database.writing(SYSTEM) as written:
            passkey = use_passkey(written, site, person_id, answer=answer, challenge=challenge, now=now)
            return passkey.person_id, passkey.name
    except Refused as refusal:
        told = log.error if isinstance(refusal, PasskeyCopied) else log.warning
        told("passkey refused to %s: %s", purpose, refusal.code)
        raise


def _site() -> Site:
    site = site_of(jalon().settings.base_url)
    if site is None:
        abort(404)
    return site


def _oneself() -> UUID:
    """Who is signed in themselves: a link in an e-mail adds and removes no way in."""
    if current_user.by_link:
        abort(403)
    person_id: UUID = current_user.actor.person_id
    return person_id
