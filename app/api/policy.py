"""A policy, for programs: each version on record, and what differs between two. Not for writing it: people do."""

from typing import Any

from app.api.room import answers, api_actor, blueprint
from app.api.schemas import DifferencesOut, PolicyOut, TwoVersions, WhichVersion
from app.jalon import jalon
from app.queries.campaign import find_campaign
from app.queries.policy import PolicyLine, get_policy, list_differences, list_policies
from app.security.audience import signed_in


@blueprint.get("/campaigns/<code>/policy")
@signed_in
@blueprint.input(WhichVersion, location="query", arg_name="asked")
@blueprint.output(PolicyOut)
@answers(_404="No such campaign for this person, no such version, or one that is not for suppliers")
def policy(code: str, asked: WhichVersion) -> dict[str, Any]:
    """Read the policy that a campaign follows, or another version of it."""
    with jalon().database.reading(api_actor()) as session:
        found = find_campaign(session, code)
        version = get_policy(session, found.advertiser_id, asked.version or found.policy_number)
        versions = list_policies(session, found.advertiser_id)
    return {
        **_version(version),
        "followed": found.policy_number,
        "body": version.body,
        "versions": [_version(one) for one in versions],
    }


@blueprint.get("/campaigns/<code>/policy/differences")
@signed_in
@blueprint.input(TwoVersions, location="query", arg_name="asked")
@blueprint.output(DifferencesOut)
@answers(_404="No such campaign for this person, no such version, or one that is not for suppliers")
def policy_differences(code: str, asked: TwoVersions) -> dict[str, Any]:
    """Compare two versions of a policy, value by value."""
    with jalon().database.reading(api_actor()) as session:
        found = find_campaign(session, code)
        before, after = (get_policy(session, found.advertiser_id, number) for number in (asked.before, asked.after))
    differing = list_differences(before.body, after.body)
    return {
        "before": before.number,
        "after": after.number,
        "differences": [{"place": list(one.place), "before": one.before, "after": one.after} for one in differing],
    }


def _version(line: PolicyLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "sha256": line.sha256,
        "saved_at": line.saved_at,
        "open_campaigns": list(line.open_campaigns),
    }
