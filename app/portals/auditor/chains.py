"""The auditor's first page: every campaign with the head of its chain."""

from flask import render_template

from app.portals.auditor.room import blueprint, reading
from app.queries.history import list_chains
from app.security.audience import audience
from workflows.parties.roles import Role


@blueprint.get("/")
@audience(Role.AUDITOR, Role.DPO)
def home() -> str:
    """All campaigns."""
    with reading() as session:
        chains = list_chains(session)
    return render_template("auditor/campaigns.html", chains=chains)
