"""The evidence: the whole chain verified here, the bundle to verify it elsewhere, and how."""

from flask import Response, render_template, request, send_file

from app.evidence import check_chain, export, seal_first
from app.evidence.notes import Signer
from app.jalon import jalon
from app.portals.auditor.room import blueprint, reading_campaign
from app.portals.auditor.words import campaign_head
from app.security.audience import audience
from app.storage.scratch import ScratchFolders
from workflows.parties.roles import Role


@blueprint.get("/campaigns/<code>/evidence")
@audience(Role.AUDITOR, Role.DPO)
def evidence(code: str) -> str:
    """What the bundle holds and how to check it; with `?verify=1` it is checked here and now."""
    with reading_campaign(code) as (session, campaign):
        check = check_chain(session, campaign, jalon().settings.work_dir) if request.args.get("verify") else None
        head = campaign_head(session, campaign)
    return render_template("auditor/evidence.html", head=head, check=check)


@blueprint.get("/campaigns/<code>/evidence.zip")
@audience(Role.AUDITOR, Role.DPO)
def bundle(code: str) -> Response:
    """The bundle itself."""
    seal_first(jalon().database, Signer(jalon().settings.seal_key), now=jalon().clock.now())
    with ScratchFolders(jalon().settings.work_dir, prefix="evidence-").folder() as folder:
        target = folder / "evidence.zip"
        with reading_campaign(code) as (session, campaign):
            export(session, campaign, target)
        # Opened before the folder goes: the file lives on until it is sent.
        return send_file(target.open("rb"), mimetype="application/zip", as_attachment=True, download_name=f"evidence-{code}.zip")
