"""People and the roles they hold. Nobody changes their own rights, and nobody learns another's password: they choose it by a link."""

from typing import Any
from uuid import UUID

from flask import Response, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, EmailField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.errors import say_refusal
from app.i18n import LANGUAGES
from app.jalon import jalon
from app.parties import find_person, get_member, grant, refuse_own_role, register_person, withdraw
from app.portals.administration.room import administrator, blueprint, change, page, reading
from app.portals.shared.fields import AmountField
from app.portals.shared.kept_text import KeptTextForm
from app.portals.shared.once import Answer
from app.portals.shared.words import ROLES
from app.queries.people import SupplierLine, get_person, list_people, list_suppliers
from app.security.audience import audience
from app.security.limits import ASK_FOR_LINK, at_most
from app.security.passkeys import list_passkeys, remove_passkey
from app.security.password_letters import PASSKEY_REMOVED, ask_for_letter, tell_of_passkey
from app.security.provider_accounts import list_provider_accounts, untie
from workflows.engine.refusals import NotFound, Refused
from workflows.parties.actor import SYSTEM
from workflows.parties.roles import Role

GRANTED = tuple(role for role in Role if role is not Role.SYSTEM)
"""Roles that a person can be given."""


class RoleForm(KeptTextForm):
    """A role, with what some roles need."""

    role = SelectField(_l("Role"), [InputRequired()], choices=[SelectChoice(role.value, ROLES[role]) for role in GRANTED])
    limit = AmountField(
        _l("Approval limit"),
        [Optional()],
        description=_l("For an approver: the largest budget, without VAT, they may accept alone. Empty: they support and refuse only."),
    )
    supplier = SelectField(_l("Supplier"), [Optional()], description=_l("For a supplier's contact: for whom they speak."))

    def offer(self, suppliers: tuple[SupplierLine, ...]) -> None:
        """Let one of these suppliers be chosen."""
        self.supplier.choices = [SelectChoice("", _("none")), *(SelectChoice(str(one.id), f"{one.code} · {one.name}") for one in suppliers)]

    def granted(self) -> dict[str, Any]:
        """What `parties.grant` takes."""
        supplier = self.supplier.data or None
        return {
            "role": Role(self.role.data),
            "approval_limit_amount": self.limit.data,
            "supplier_id": UUID(supplier) if supplier else None,
        }


class PersonForm(RoleForm):
    """Somebody new, and their first role."""

    name = StringField(_l("Name"), [InputRequired(_l("Write the name.")), Length(max=200)])
    email = EmailField(_l("E-mail address"), [InputRequired(_l("Write the e-mail address.")), Length(max=254)])
    locale = SelectField(_l("Language"), [InputRequired()], choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()])
    password = BooleanField(
        _l("Send them a link to choose a password"),
        default=True,
        description=_l("It goes to the address above. Without a password, only a signed link in an e-mail lets in a supplier’s contact."),
    )


@blueprint.get("/")
@audience(Role.ADMINISTRATOR)
def home() -> str:
    """Everybody who holds a role for the advertiser."""
    with reading() as (session, advertiser_id):
        people = list_people(session, advertiser_id)
    return page("administration/people.html", people=people)


@blueprint.route("/people/new", methods=["GET", "POST"])
@audience(Role.ADMINISTRATOR)
def new_person() -> AnyResponse | str:
    """Register somebody with a first role."""
    form = PersonForm()
    with reading() as (session, advertiser_id):
        form.offer(list_suppliers(session, advertiser_id))
    if request.method == "GET":
        return page("administration/new_person.html", form=form)
    if not form.validate():
        return _again("administration/new_person.html", form)
    try:
        added = change("person added", lambda session, advertiser_id: _add(session, advertiser_id, form))
    except Refused as refusal:
        return _again("administration/new_person.html", form, refusal)
    person_id = UUID(added["person_id"])
    if added["known"]:
        flash(_("%(name)s is here already. Give them another role on this page.", name=added["name"]), "now")
        return redirect(url_for("administration.person", person_id=person_id), 303)
    flash(_("%(name)s is registered.", name=added["name"]), "done")
    if added["sent_to"]:
        jalon().door.nudge()
        flash(_("A link to choose a password is on its way to %(email)s.", email=added["sent_to"]), "done")
    return redirect(url_for("administration.person", person_id=person_id), 303)


def _add(session: Session, advertiser_id: UUID, form: PersonForm) -> Answer:
    found = find_person(session, form.email.data)
    if found is not None and any(one.id == found.id for one in list_people(session, advertiser_id)):
        return {"person_id": str(found.id), "name": found.name, "known": True}
    added = register_person(
        session,
        email=form.email.data,
        name=form.name.data,
        locale=form.locale.data,
        password=None,
        now=jalon().clock.now(),
    )
    refuse_own_role(administrator(), added.id)
    grant(session, added.id, advertiser_id, **form.granted())
    # Somebody who works for another advertiser keeps the password they have.
    asks = bool(form.password.data) and added.password_hash is None
    sent = asks and ask_for_letter(session, added.email, advertiser_id=advertiser_id)
    return {"person_id": str(added.id), "name": added.name, "known": False, "sent_to": added.email if sent else ""}


@blueprint.get("/people/<uuid:person_id>")
@audience(Role.ADMINISTRATOR)
def person(person_id: UUID) -> Response:
    """Somebody's roles."""
    return _person_page(person_id, RoleForm())


@blueprint.post("/people/<uuid:person_id>/roles")
@audience(Role.ADMINISTRATOR)
def give_role(person_id: UUID) -> AnyResponse:
    """Let somebody hold a role; for one they hold already, change its limit."""
    form = RoleForm()
    with reading() as (session, advertiser_id):
        form.offer(list_suppliers(session, advertiser_id))
    if not form.validate():
        return _person_page(person_id, form, status=422)

    def give(session: Session, advertiser_id: UUID) -> Answer:
        get_member(session, advertiser_id, person_id)
        grant(session, person_id, advertiser_id, **form.granted())
        return {}

    try:
        refuse_own_role(administrator(), person_id)
        change("role given", give)
    except NotFound:
        raise
    except Refused as refusal:
        form.role.errors = [say_refusal(refusal)]
        return _person_page(person_id, form, status=409)
    flash(_("The role is given; it counts from the next page they open."), "done")
    return redirect(url_for("administration.person", person_id=person_id), 303)


@blueprint.post("/people/<uuid:person_id>/roles/<uuid:membership_id>/withdraw")
@audience(Role.ADMINISTRATOR)
def withdraw_role(person_id: UUID, membership_id: UUID) -> AnyResponse:
    """Take a role back."""

    def take_back(session: Session, advertiser_id: UUID) -> Answer:
        withdraw(session, advertiser_id, person_id, membership_id)
        return {"is_left": any(one.id == person_id for one in list_people(session, advertiser_id))}

    try:
        refuse_own_role(administrator(), person_id)
        done = change("role withdrawn", take_back)
    except NotFound:
        raise
    except Refused as refusal:
        flash(say_refusal(refusal), "stop")
        return redirect(url_for("administration.person", person_id=person_id), 303)
    flash(_("The role is withdrawn; what was decided under it stays decided."), "done")
    return redirect(url_for("administration.person", person_id=person_id) if done["is_left"] else url_for("administration.home"), 303)


@blueprint.post("/people/<uuid:person_id>/link")
@at_most(ASK_FOR_LINK)
@audience(Role.ADMINISTRATOR)
def send_link(person_id: UUID) -> AnyResponse:
    """Send somebody the link by which they choose a password; to their own address, so whoever they work for beside."""

    def ask(session: Session, advertiser_id: UUID) -> Answer:
        person = get_member(session, advertiser_id, person_id)
        return {"email": person.email, "sent": ask_for_letter(session, person.email, advertiser_id=advertiser_id)}

    asked = change("link asked for", ask)
    if asked["sent"]:
        jalon().door.nudge()
        flash(_("A link to choose a password is on its way to %(email)s.", email=asked["email"]), "done")
    else:
        flash(_("A link went to %(email)s a moment ago. If it does not come, send another in a few minutes.", email=asked["email"]), "wait")
    return redirect(url_for("administration.person", person_id=person_id), 303)


@blueprint.post("/people/<uuid:person_id>/passkeys/<uuid:passkey_id>/remove")
@audience(Role.ADMINISTRATOR)
def end_passkey(person_id: UUID, passkey_id: UUID) -> AnyResponse:
    """Remove a passkey that somebody lost; they are told. One's own goes under one's account, with a password."""

    def take_away(session: Session, advertiser_id: UUID) -> Answer:
        person = get_member(session, advertiser_id, person_id)
        name = remove_passkey(session, person_id, passkey_id)
        tell_of_passkey(session, person.email, PASSKEY_REMOVED, name)
        return {"name": name}

    if administrator().person_id == person_id:
        return redirect(url_for("account.account"), 303)
    done = change("passkey removed", take_away)
    jalon().door.nudge()
    flash(_("The passkey %(name)s is removed. An e-mail tells them so.", name=done["name"]), "done")
    return redirect(url_for("administration.person", person_id=person_id), 303)


@blueprint.post("/people/<uuid:person_id>/provider-accounts/<uuid:account_id>/remove")
@audience(Role.ADMINISTRATOR)
def end_provider_account(person_id: UUID, account_id: UUID) -> AnyResponse:
    """Take somebody's tie to their provider away: their account there was made anew, or is somebody else's. Not one's own."""

    def take_away(session: Session, advertiser_id: UUID) -> Answer:
        get_member(session, advertiser_id, person_id)
        return {"provider": jalon().settings.providers.name_of(untie(session, person_id, account_id))}

    refuse_own_role(administrator(), person_id)
    done = change("provider account removed", take_away)
    flash(_("The tie to %(provider)s is removed. The next sign-in there ties anew.", provider=done["provider"]), "done")
    return redirect(url_for("administration.person", person_id=person_id), 303)


def _person_page(person_id: UUID, form: RoleForm, *, status: int = 200) -> Response:
    with reading() as (session, advertiser_id):
        found = get_person(session, advertiser_id, person_id)
        form.offer(list_suppliers(session, advertiser_id))
    with jalon().database.reading(SYSTEM) as session:
        ties = list_provider_accounts(session, jalon().settings.providers, person_id)
        passkeys = list_passkeys(session, person_id)
    is_oneself = administrator().person_id == person_id
    told = page("administration/person.html", person=found, passkeys=passkeys, provider_accounts=ties, form=form, is_oneself=is_oneself)
    return make_response(told, status)


def _again(template: str, form: KeptTextForm, refusal: Refused | None = None) -> AnyResponse:
    if refusal is not None:
        form.form_errors.append(say_refusal(refusal))
    return make_response(page(template, form=form), 409 if refusal else 422)
