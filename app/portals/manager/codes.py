"""Checking a code that somebody typed from a coupon: whose lot it is, or which character is likely wrong."""

from flask import render_template, url_for

from app.portals.manager.blueprint import blueprint
from app.portals.manager.rooms import reading
from app.portals.shared.codes import code_view, typed_text
from app.queries.codes import read_code
from app.security.audience import audience
from workflows.parties.roles import Role


@blueprint.get("/codes")
@audience(Role.PROJECT_MANAGER)
def codes() -> str:
    """One code, looked for among all lots of one's advertisers."""
    text = typed_text()
    view = None
    if text:
        with reading() as session:
            view = code_view(read_code(session, text), lambda code: url_for("manager.campaign", code=code))
    return render_template("manager/codes.html", text=text, view=view)
