"""Pages of signing in at one's organisation's own provider: going there, and coming back. The button stands on the sign-in page."""

import logging
import secrets
from datetime import timedelta
from hmac import compare_digest

from flask import Blueprint, abort, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.adapters.openid import Question, Vouched, where_to_ask, who_came_back
from app.errors import say_refusal
from app.i18n import language
from app.jalon import jalon
from app.security.audience import public
from app.security.challenges import put_challenge, take_challenge
from app.security.limits import SIGN_IN, at_most
from app.security.next_url import safe_next
from app.security.people import PROVIDER
from app.security.provider_accounts import person_vouched_for
from app.security.providers import Provider
from app.security.sessions import ProviderRequired, enter
from workflows.engine.refusals import Refused
from workflows.parties.actor import SYSTEM

log = logging.getLogger(__name__)

blueprint = Blueprint("providers", __name__)

LIFETIME = timedelta(minutes=15)
"""How long somebody may take at the provider, with a password and a second factor to look for."""
_KEPT = "provider_question"
"""Where the browser's signed session keeps what was asked of which provider, and where to go afterwards."""
_PURPOSE = "provider"


class ProviderDenied(Refused):
    """The provider let nobody in, or whoever stood there turned back."""

    code = "provider.denied"


class ProviderTooLate(Refused):
    """Nothing was asked in this browser, too long ago, or it was answered before."""

    code = "provider.too_late"


@blueprint.get("/sign-in/with/<key>")
@at_most(SIGN_IN)
@public
def ask(key: str) -> Response:
    """Lead whoever stands there to their provider. A link and no form: the content policy would let no form lead to other sites."""
    provider, after = _named(key), safe_next(request.args.get("next"), "")
    with jalon().database.writing(SYSTEM) as written:
        state = put_challenge(written, _PURPOSE, None, now=jalon().clock.now(), lifetime=LIFETIME).hex()
    question = Question(state=state, nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48))
    try:
        address = where_to_ask(provider, question, back=_back(provider), language=language())
    except Refused as refusal:
        return _turned_away(refusal, after)
    session[_KEPT] = {"provider": key, "next": after, **vars(question)}
    return redirect(address, 303)


@blueprint.get("/sign-in/with/<key>/back")
@at_most(SIGN_IN)
@public
def come_back(key: str) -> Response:
    """Let in whom the provider vouches for."""
    provider, kept = _named(key), session.pop(_KEPT, {})
    after = kept.get("next", "")
    try:
        vouched = _answered(provider, kept)
        with jalon().database.writing(SYSTEM) as written:
            person_id = person_vouched_for(written, provider, vouched, now=jalon().clock.now())
    except Refused as refusal:
        log.warning("provider %s let nobody in: %s", key, refusal.code)
        return _turned_away(refusal, after)
    person = jalon().people.by_id(person_id)
    if person is None:
        abort(404)
    enter(person.entered(PROVIDER))
    log.info("provider used to sign in by=%s provider=%s", person_id, key)
    return redirect(safe_next(after, url_for("sign_in.home")), 303)


@blueprint.app_errorhandler(ProviderRequired)
def lead_to_the_provider(refusal: ProviderRequired) -> Response:
    """Whichever other way somebody tried: the sign-in page says why, and has the button."""
    return _turned_away(refusal, request.values.get("next", ""))


def _answered(provider: Provider, kept: dict[str, str]) -> Vouched:
    """Who it is; what was asked is spent by the first answer, whatever that comes to."""
    question = Question(state=kept.get("state", ""), nonce=kept.get("nonce", ""), verifier=kept.get("verifier", ""))
    asked_here = kept.get("provider") == provider.key and compare_digest(question.state.encode(), request.args.get("state", "").encode())
    with jalon().database.writing(SYSTEM) as written:
        if not asked_here or not take_challenge(written, bytes.fromhex(question.state), _PURPOSE, None, now=jalon().clock.now()):
            raise ProviderTooLate(provider=provider.name)
    if "code" not in request.args:
        raise ProviderDenied(provider=provider.name)
    return who_came_back(provider, question, back=_back(provider), code=request.args["code"], now=jalon().clock.now())


def _turned_away(refusal: Refused, after: str) -> Response:
    flash(say_refusal(refusal), "stop")
    return redirect(url_for("sign_in.form", next=safe_next(after, "") or None), 303)


def _back(provider: Provider) -> str:
    """Where the provider leads to, as it was registered there: under the installation's address, whatever a request says of itself."""
    return f"{jalon().settings.base_url}{url_for('providers.come_back', key=provider.key)}"


def _named(key: str) -> Provider:
    provider = jalon().settings.providers.named(key)
    if provider is None:
        abort(404)
    return provider
