"""Checking a code typed from a coupon, for whoever enters a campaign's answers. The codes of that campaign alone."""

from flask import render_template

from app.jalon import jalon
from app.portals.shared.codes import code_view, typed_text
from app.portals.supplier.room import blueprint, reading
from app.queries.codes import read_code
from app.queries.supplier_work import get_returns
from app.security.audience import audience
from workflows.engine.refusals import NotFound
from workflows.parties.actor import SYSTEM
from workflows.parties.roles import Role


@blueprint.get("/campaigns/<code>/codes")
@audience(Role.SUPPLIER)
def codes(code: str) -> str:
    """One code of a campaign whose answers come to this supplier.

    :raises NotFound: when they do not, or nothing is collected now.
    """
    with reading() as session:
        page = get_returns(session, code)
    if not page.is_open:
        raise NotFound(subject="campaign")
    text = typed_text()
    view = None
    if text:
        # Lots are the advertiser's; whoever enters the answers has their coupons before them.
        with jalon().database.reading(SYSTEM) as session:
            view = code_view(read_code(session, text, page.campaign_id))
    return render_template("supplier/codes.html", page=page, text=text, view=view)
