"""Pages of coming in and going out: password, a supplier's link, sign-out, language. Not for the portals behind them."""

from flask import Blueprint, Response, abort, current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from app.i18n import LANGUAGE_COOKIE, LANGUAGES
from app.jalon import jalon
from app.portals import landing
from app.portals.shared.kept_text import KeptTextForm
from app.security import demo
from app.security.audience import public, signed_in
from app.security.limits import ENTER_BY_LINK, SIGN_IN, SIGN_IN_AS, at_most, email_sent
from app.security.next_url import safe_next
from app.security.passkeys import site_of
from app.security.passwords import password_matches
from app.security.people import LINK
from app.security.sessions import enter, leave, refuse_other_ways
from app.security.signed_links import LinkExpired, LinkInvalid
from app.security.supplier_link import read_supplier_link
from workflows.parties.roles import Role

blueprint = Blueprint("sign_in", __name__)


class SignInForm(KeptTextForm):
    """Address and password, no more."""

    email = EmailField(_l("E-mail address"), [InputRequired(_l("Write your e-mail address.")), Length(max=254)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Write your password.")), Length(max=1024)])


@blueprint.get("/")
@signed_in
def home() -> AnyResponse | str:
    """Lead each person to the portal of their strongest role; tell those who have none whom to ask."""
    start = landing(current_user.actor.roles)
    return redirect(start) if start else render_template("sign_in/no_role.html")


@blueprint.get("/sign-in")
@public
def form() -> AnyResponse | str:
    """The sign-in page."""
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next"), url_for("sign_in.home")))
    return sign_in_page(SignInForm())


@blueprint.post("/sign-in")
@at_most(SIGN_IN_AS, of=email_sent)
@at_most(SIGN_IN)
@public
def sign_in() -> AnyResponse | str:
    """Check the password; say the same thing whether the address or the password is wrong."""
    sent = SignInForm()
    if not sent.validate_on_submit():
        return sign_in_page(sent, 422)
    refuse_other_ways(sent.email.data.strip())
    person = jalon().people.by_email(sent.email.data)
    # Asked of nobody too, so that an unknown address takes as long.
    matches = password_matches(person.password_hash if person else None, sent.password.data)
    if person is None or not matches:
        sent.password.errors = [_("The address or the password is not right. Check both and try again.")]
        return sign_in_page(sent, 422)
    enter(person)
    return redirect(safe_next(request.form.get("next"), url_for("sign_in.home")), 303)


@blueprint.post("/sign-out")
@public
def sign_out() -> AnyResponse:
    """End the session and say so."""
    leave()
    flash(_("You are signed out."), "done")
    return redirect(url_for("sign_in.form"), 303)


@blueprint.get("/supplier/enter/<token>")
@at_most(ENTER_BY_LINK)
@public
def enter_by_link(token: str) -> AnyResponse | tuple[str, int]:
    """Let a supplier's contact in from an e-mail; an old or foreign link explains itself."""
    rooms = jalon()
    try:
        person_id, fingerprint, next_path = read_supplier_link(token, secret_key=rooms.settings.secret_key)
    except LinkExpired:
        return render_template("sign_in/link_refused.html", expired=True), 410
    except LinkInvalid:
        return render_template("sign_in/link_refused.html", expired=False), 404
    person = rooms.people.by_id(person_id)
    if person is None or person.fingerprint != fingerprint or Role.SUPPLIER not in person.actor.roles:
        return render_template("sign_in/link_refused.html", expired=False), 404
    enter(person.entered(LINK))
    return redirect(safe_next(next_path, url_for("sign_in.home")), 303)


@blueprint.post("/language")
@public
def language() -> Response:
    """Read on in another language: in this session, and on this device for the sign-in page."""
    chosen = request.form.get("lang", "")
    if chosen not in LANGUAGES:
        abort(400)
    response = make_response(redirect(safe_next(request.form.get("next"), url_for("sign_in.home")), 303))
    response.set_cookie(
        LANGUAGE_COOKIE,
        chosen,
        max_age=31536000,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    if current_user.is_authenticated:
        session["language"] = chosen
    return response


def sign_in_page(sent: SignInForm, status: int = 200, *, refusal: str = "") -> Response:
    """The sign-in page; `refusal` says why a passkey did not open it."""
    rooms = jalon()
    page = render_template(
        "sign_in/sign_in.html",
        form=sent,
        refusal=refusal,
        providers=rooms.settings.providers.every,
        passkeys_open=site_of(rooms.settings.base_url) is not None,
        next=safe_next(request.values.get("next"), ""),
        demo_people=demo.people_by_role(rooms.people) if rooms.settings.demo else [],
    )
    return make_response(page, status)
