"""The policy: the numbers the advertiser tunes. A change is compared, then saved as a new version; open campaigns keep theirs."""

from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from app.errors import say_refusal
from app.jalon import jalon
from app.portals.administration.policy_form import PolicyForm, policy_form
from app.portals.administration.room import blueprint, change, oneself, page, reading
from app.portals.shared import once
from app.portals.shared.once import Answer
from app.portals.shared.policy_words import difference_words, sections_of
from app.queries.policy import PolicyLine, get_policy, list_policies
from app.saved_policy import save_policy
from app.security.audience import audience
from workflows.engine.refusals import Refused
from workflows.parties.roles import Role


@blueprint.get("/policy")
@audience(Role.ADMINISTRATOR)
def policy() -> str:
    """The policy as it stands, and its versions."""
    with reading() as (session, advertiser_id):
        versions = list_policies(session, advertiser_id)
    return page("administration/policy.html", version=versions[0], versions=versions, sections=sections_of(versions[0].body))


@blueprint.get("/policy/<int:number>")
@audience(Role.ADMINISTRATOR)
def policy_version(number: int) -> str:
    """One version, and what it changed."""
    with reading() as (session, advertiser_id):
        version = get_policy(session, advertiser_id, number)
        versions = list_policies(session, advertiser_id)
    before = next((one for one in versions if one.number == number - 1), None)
    return page(
        "administration/policy_version.html",
        version=version,
        before=before,
        differences=difference_words(before.body, version.body) if before else [],
        sections=sections_of(version.body),
    )


@blueprint.route("/policy/edit", methods=["GET", "POST"])
@audience(Role.ADMINISTRATOR)
def edit_policy() -> AnyResponse | str:
    """Write the next version: first compared with the one it follows, then saved."""
    with reading() as (session, advertiser_id):
        version = list_policies(session, advertiser_id)[0]
    form = policy_form(version.body)
    if request.method == "GET" or request.form.get("step") == "edit":
        return page("administration/policy_form.html", form=form, version=version, sections=form.sections())
    if not form.validate():
        return _again(form, version)
    body = form.body()
    differences = difference_words(version.body, body)
    if request.form.get("step") != "save":
        if not differences:
            flash(_("Nothing differs from version %(number)s yet.", number=version.number), "now")
            return _again(form, version, status=200)
        sent = [(name, value) for name, value in request.form.items() if name not in ("csrf_token", once.FIELD, "step", "seen_number")]
        return page("administration/policy_compare.html", version=version, differences=differences, sent=sent)
    try:
        number = change("policy saved", lambda session, advertiser_id: _save(session, advertiser_id, body))["number"]
    except Refused as refusal:
        flash(say_refusal(refusal), "stop")
        return _again(form, version, status=409)
    flash(_("Version %(number)s is saved. Campaigns opened from now on follow it.", number=number), "done")
    return redirect(url_for("administration.policy"), 303)


def _save(session: Session, advertiser_id: UUID, body: dict[str, Any]) -> Answer:
    seen = request.form.get("seen_number", -1, type=int)
    saved = save_policy(session, advertiser_id, body, seen_number=seen, by=oneself(), now=jalon().clock.now())
    return {"number": saved.number}


def _again(form: PolicyForm, version: PolicyLine, status: int = 422) -> AnyResponse:
    return make_response(page("administration/policy_form.html", form=form, version=version, sections=form.sections()), status)
