"""One-click sign-ins, registered in the demonstration only. Never for an installation with real people."""

from uuid import UUID

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from app.jalon import jalon
from app.portals import ROLE_ORDER
from app.security.audience import public
from app.security.people import People, SignedIn
from app.security.sessions import enter
from workflows.parties.roles import Role

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


@blueprint.post("/sign-in")
@public
def sign_in() -> Response:
    """Come in as one of the demonstration's people, without a password."""
    try:
        person = jalon().people.by_id(UUID(request.form.get("person_id", "")))
    except ValueError:
        abort(400)
    if person is None:
        abort(404)
    enter(person)
    return redirect(url_for("sign_in.home"), 303)


def people_by_role(people: People) -> list[tuple[Role, list[SignedIn]]]:
    """The demonstration's people, each once under their strongest role, roles in the order of the campaign."""
    groups: dict[Role, list[SignedIn]] = {}
    for person in people.everybody():
        strongest = next((role for role in ROLE_ORDER if role in person.actor.roles), None)
        if strongest is not None:
            groups.setdefault(strongest, []).append(person)
    return [(role, groups[role]) for role in ROLE_ORDER if role in groups]
