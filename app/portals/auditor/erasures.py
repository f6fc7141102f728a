"""The register of erasures for those who answer for it: who was erased, by opaque number, when, by whom, and which entries say so."""

from flask import render_template, url_for
from flask_babel import gettext as _

from app.erasure import list_erasures
from app.portals.auditor.room import blueprint, reader, reading
from app.security.audience import audience
from workflows.parties.roles import Role


@blueprint.get("/erasures")
@audience(Role.AUDITOR, Role.DPO)
def erasures() -> str:
    """All of them, the newest first."""
    with reading() as session:
        found = [entry for advertiser in reader().staff_advertiser_ids for entry in list_erasures(session, advertiser)]
    rows = [
        {
            "number": entry.person_id.hex[:8],
            "erased_at": entry.erased_at,
            "asked_by": entry.asked_by or _("an operator"),
            "campaigns": entry.campaigns,
            "entries": [(f"{code} · {seq}", url_for("auditor.entry", code=code, seq=seq)) for code, seq in entry.entries],
        }
        for entry in sorted(found, key=lambda entry: entry.erased_at, reverse=True)
    ]
    return render_template("auditor/erasures.html", rows=rows)
