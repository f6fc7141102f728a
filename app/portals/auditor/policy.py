"""The policy that a campaign follows, value by value, with every version there was and what each changed. Administration writes it."""

from flask import render_template, request

from app.portals.auditor.room import blueprint, reading_campaign
from app.portals.auditor.words import campaign_head
from app.portals.shared.policy_words import difference_words, sections_of
from app.queries.policy import get_policy, list_policies
from app.security.audience import audience
from workflows.parties.roles import Role


@blueprint.get("/campaigns/<code>/policy")
@audience(Role.AUDITOR, Role.DPO)
def policy(code: str) -> str:
    """The version that the campaign follows, or the one asked for."""
    with reading_campaign(code) as (session, campaign):
        followed = campaign.policy_number
        version = get_policy(session, campaign.advertiser_id, request.args.get("version", followed, type=int))
        versions = list_policies(session, campaign.advertiser_id)
        head = campaign_head(session, campaign)
    before = next((one for one in versions if one.number == version.number - 1), None)
    return render_template(
        "auditor/policy.html",
        head=head,
        followed=followed,
        version=version,
        versions=versions,
        before=before,
        differences=difference_words(before.body, version.body) if before else [],
        sections=sections_of(version.body),
    )
