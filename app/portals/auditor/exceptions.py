"""What is out of the ordinary on one page: overrides, substitutions, rework, lateness, approvals near a limit or split, certificates."""

from flask import render_template, request

from app.jalon import jalon
from app.portals.auditor.room import blueprint, reading
from app.portals.auditor.words import exception_row, late_row
from app.queries.campaign import find_campaign
from app.queries.exceptions import NEAR, get_exceptions
from app.queries.history import list_chains
from app.queries.splits import NEAR_DAYS
from app.security.audience import audience
from workflows.parties.roles import Role


@blueprint.get("/exceptions")
@audience(Role.AUDITOR, Role.DPO)
def exceptions() -> str:
    """Exceptions of all campaigns, or of one."""
    code = request.args.get("campaign", "")
    with reading() as session:
        found = get_exceptions(session, find_campaign(session, code) if code else None, now=jalon().clock.now())
        codes = [chain.code for chain in list_chains(session)]
    return render_template(
        "auditor/exceptions.html",
        code=code,
        codes=codes,
        found=found,
        near=NEAR,
        near_days=NEAR_DAYS,
        overrides=[exception_row(one) for one in found.overrides],
        substitutions=[exception_row(one) for one in found.substitutions],
        rework=[exception_row(one) for one in found.rework],
        late=[late_row(one) for one in found.late],
    )
