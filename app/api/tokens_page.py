"""The page on which people make and end their own tokens. For a browser: tokens make no tokens."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, abort, flash, make_response, redirect, render_template, url_for
from flask import session as browser_session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.api.room import blueprint
from app.api.tokens import LIFETIME, list_tokens, make_token, revoke_token, token_of
from app.errors import say_refusal
from app.jalon import jalon
from app.portals.shared import once
from app.portals.shared.kept_text import KeptTextForm
from app.security.audience import signed_in
from workflows.engine.refusals import Refused


class TokenForm(KeptTextForm):
    """What a token is for."""

    name = StringField(_l("What it is for"), [InputRequired(_l("Write what it is for, to know it again.")), Length(max=100)])


@blueprint.get("/")
@signed_in
@blueprint.doc(hide=True)
def tokens() -> Response:
    """One's own tokens."""
    return _page(TokenForm())


@blueprint.post("/tokens")
@signed_in
@blueprint.doc(hide=True)
def new_token() -> AnyResponse:
    """Make a token, and show it this once."""
    person_id = _person_id()
    form = TokenForm()
    if not form.validate():
        return _page(form, status=422)
    noise, now, fingerprint = once.noise(f"token {person_id}"), jalon().clock.now(), current_user.fingerprint

    def make(session: Session) -> once.Answer:
        make_token(session, person_id, name=form.name.data.strip(), fingerprint=fingerprint, now=now, noise=noise)
        return {}

    try:
        _act_once(person_id, make)
    except Refused as refusal:
        form.name.errors = [say_refusal(refusal)]
        return _page(form, status=409)
    return _page(TokenForm(formdata=None), token=token_of(noise))


@blueprint.post("/tokens/<uuid:token_id>/revoke")
@signed_in
@blueprint.doc(hide=True)
def end_token(token_id: UUID) -> AnyResponse:
    """End a token."""
    person_id = _person_id()

    def end(session: Session) -> once.Answer:
        revoke_token(session, person_id, token_id)
        return {}

    _act_once(person_id, end)
    flash(_("The token is ended."), "done")
    return redirect(url_for("api.tokens"), 303)


def _act_once(person_id: UUID, write: Callable[[Session], once.Answer]) -> None:
    once.act_once(jalon().database, person_id, current_user.actor.grants[0].advertiser_id, write)


def _person_id() -> UUID:
    """Who is signed in by password and holds a role; neither a token nor a link in an e-mail makes tokens."""
    if not _by_browser() or not current_user.actor.grants:
        abort(403)
    person_id: UUID = current_user.actor.person_id
    return person_id


def _by_browser() -> bool:
    return "_user_id" in browser_session and not current_user.by_link


def _page(form: TokenForm, *, token: str = "", status: int = 200) -> Response:
    person_id = _person_id()
    with jalon().database.reading(current_user.actor) as session:
        own = list_tokens(session, person_id)
    now = jalon().clock.now()
    return make_response(render_template("api/tokens.html", form=form, tokens=own, token=token, now=now, days=LIFETIME.days), status)
