"""Pages of one's own account: choosing a password by the link in an e-mail, asking for that link, changing the password one knows.

A password is known to whoever chose it and to nobody else: no page shows one, and administrators send the link.
"""

import logging
from uuid import UUID

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse
from wtforms import EmailField, Field, PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from app.errors import say_refusal
from app.jalon import jalon
from app.parties import PasswordMovedOn, choose_password
from app.portals.shared.kept_text import KeptTextForm
from app.security.audience import public, signed_in
from app.security.limits import ASK_FOR_LINK, WRITE_PASSWORD, at_most
from app.security.passkeys import PasskeyLine, list_passkeys, site_of
from app.security.password_letters import ask_for_letter
from app.security.password_link import LIFETIME, read_password_link
from app.security.passwords import MINIMUM_LENGTH
from app.security.people import PASSWORD
from app.security.sessions import enter_anew, named_session, refuse_other_ways
from app.security.signed_links import LinkExpired, LinkInvalid
from workflows.engine.refusals import NotFound, Refused
from workflows.parties.actor import SYSTEM

log = logging.getLogger(__name__)

blueprint = Blueprint("account", __name__)

_MOST = 1024


def _long_enough(_form: KeptTextForm, field: Field) -> None:
    if len(field.data) < MINIMUM_LENGTH:
        raise ValidationError(_("The password is too short: it has at least %(least)s characters.", least=MINIMUM_LENGTH))


class ChosenPasswordForm(KeptTextForm):
    """A password, written twice since it is not seen."""

    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Write the new password.")), Length(max=_MOST), _long_enough],
        description=_l("At least 12 characters. A few words in a row are easy to remember and hard to guess."),
    )
    again = PasswordField(_l("The new password once more"), [InputRequired(_l("Write the new password once more.")), Length(max=_MOST)])

    def validate_again(self, field: Field) -> None:
        """Remark a slip."""
        if field.data != self.password.data:
            raise ValidationError(_("This is not what you wrote above. Write both again."))


class ChangedPasswordForm(ChosenPasswordForm):
    """The same, by somebody who knows the one before."""

    old = PasswordField(_l("Your password today"), [InputRequired(_l("Write your password.")), Length(max=_MOST)])

    def validate_password(self, field: Field) -> None:
        """Remark what changes nothing."""
        if field.data == self.old.data:
            raise ValidationError(_("This is the password you have. Choose another."))


class AddPasskeyForm(KeptTextForm):
    """A passkey that the browser made, and a name to know it by."""

    name = StringField(
        _l("Name of the passkey"),
        [InputRequired(_l("Write a name, to know it again.")), Length(max=60)],
        description=_l("To know it again, such as the device it is on."),
    )
    credential = StringField(validators=[Length(max=20_000)])


class ForgottenForm(KeptTextForm):
    """The address to write to."""

    email = EmailField(_l("E-mail address"), [InputRequired(_l("Write your e-mail address.")), Length(max=254)])


@blueprint.get("/password/forgotten")
@public
def forgotten() -> Response:
    """Ask for a link."""
    return _forgotten_page(ForgottenForm())


@blueprint.post("/password/forgotten")
@at_most(ASK_FOR_LINK)
@public
def send_forgotten() -> AnyResponse:
    """Send the link to whoever may come in; say the same, and do as much, whether the address is known."""
    form = ForgottenForm()
    if not form.validate():
        return _forgotten_page(form, 422)
    _ask(form.email.data)
    flash(
        _(
            "If %(email)s is known here, a link to choose a password is on its way there. It works once, for %(days)s days. "
            "If nothing comes, look among unwanted mail, then ask your administrator.",
            email=form.email.data.strip(),
            days=LIFETIME.days,
        ),
        "done",
    )
    return redirect(url_for("sign_in.form"), 303)


@blueprint.route("/password/choose/<token>", methods=["GET", "POST"])
@at_most(WRITE_PASSWORD)
@public
def choose(token: str) -> AnyResponse:
    """Choose a password by the link in an e-mail. Opening the page spends nothing: programs open links before people do."""
    rooms = jalon()
    try:
        person_id, fingerprint = read_password_link(token, secret_key=rooms.settings.secret_key)
    except LinkExpired:
        return _link_refused(expired=True)
    except LinkInvalid:
        return _link_refused()
    person = rooms.people.by_id(person_id)
    if person is None:
        return _link_refused()
    refuse_other_ways(person.actor.email)
    form = ChosenPasswordForm()
    if request.method == "GET":
        if person.fingerprint != fingerprint:
            return _link_refused()
        return _choose_page(form, person.actor.email)
    if not form.validate():
        return _choose_page(form, person.actor.email, 422)
    try:
        _write(person_id, form, fingerprint)
    except (PasswordMovedOn, NotFound):
        return _link_refused()
    _enter_anew(person_id, PASSWORD)
    flash(_("Your password is chosen, and you are signed in."), "done")
    return redirect(url_for("sign_in.home"), 303)


@blueprint.get("/account")
@signed_in
def account() -> Response:
    """Who one is here, and one's password."""
    return account_page()


@blueprint.post("/account")
@at_most(WRITE_PASSWORD)
@public
def change() -> AnyResponse:
    """Change one's own password; this session goes on, others end.

    Public, and closed here: sent twice, the form comes a second time from a session that the first ended, and is answered alike.
    """
    named = named_session()
    if named is None:
        return redirect(url_for("sign_in.form", next=url_for("account.account")), 303)
    person_id, fingerprint, way = named
    form = ChangedPasswordForm()
    try:
        if not form.validate():
            if not current_user.is_authenticated:
                raise PasswordMovedOn()
            return account_page(form, status=422)
        _write(person_id, form, fingerprint, old=form.old.data)
    except (PasswordMovedOn, NotFound):
        return redirect(url_for("sign_in.form", next=url_for("account.account")), 303)
    except Refused as refusal:
        form.old.errors = [say_refusal(refusal)]
        return account_page(form, status=409)
    _enter_anew(person_id, way)
    flash(_("Your password is changed. Every other session of yours has ended, and so have your API tokens."), "done")
    return redirect(url_for("account.account"), 303)


@blueprint.post("/account/link")
@at_most(ASK_FOR_LINK)
@signed_in
def send_link() -> AnyResponse:
    """Send oneself the link."""
    email = current_user.actor.email
    _ask(email)
    flash(_("A link to choose a password is on its way to %(email)s.", email=email), "done")
    return redirect(url_for("account.account"), 303)


def _ask(email: str) -> None:
    with jalon().database.writing(SYSTEM) as session:
        ask_for_letter(session, email)
    jalon().door.nudge()


def _write(person_id: UUID, form: ChosenPasswordForm, fingerprint: str, old: str | None = None) -> None:
    with jalon().database.writing(SYSTEM) as session:
        choose_password(session, person_id, form.password.data, fingerprint=fingerprint, old=old)
    log.info("password chosen by=%s", person_id)


def _enter_anew(person_id: UUID, way: str) -> None:
    person = jalon().people.by_id(person_id)
    if person is None:
        abort(404)
    enter_anew(person.entered(way))


def _forgotten_page(form: ForgottenForm, status: int = 200) -> Response:
    return make_response(render_template("sign_in/forgotten.html", form=form), status)


def _choose_page(form: ChosenPasswordForm, email: str, status: int = 200) -> Response:
    return make_response(render_template("sign_in/choose_password.html", form=form, email=email), status)


def account_page(
    form: ChangedPasswordForm | None = None,
    *,
    adding: AddPasskeyForm | None = None,
    not_removed: tuple[UUID | None, str] = (None, ""),
    status: int = 200,
) -> Response:
    """Who one is here, one's password and one's passkeys.

    :param not_removed: a passkey that was not removed, and why.
    """
    passkeys_open = not current_user.by_link and site_of(jalon().settings.base_url) is not None
    found: tuple[PasskeyLine, ...] = ()
    if passkeys_open:
        with jalon().database.reading(current_user.actor) as session:
            found = list_passkeys(session, current_user.actor.person_id)
    page = render_template(
        "sign_in/account.html",
        form=form or ChangedPasswordForm(formdata=None),
        has_password=current_user.password_hash is not None,
        passkeys_open=passkeys_open,
        passkeys=found,
        provider=jalon().settings.providers.of(current_user.actor.email),
        adding=adding or AddPasskeyForm(formdata=None),
        not_removed=not_removed,
    )
    return make_response(page, status)


def _link_refused(*, expired: bool = False) -> Response:
    page = render_template("sign_in/password_link_refused.html", expired=expired, days=LIFETIME.days)
    return make_response(page, 410 if expired else 404)
