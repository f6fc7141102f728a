"""Saves an advertiser's policy as its next version. Not for what a policy says, nor for a campaign that is to follow another."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from workflows.campaign.policy import PolicyVersion, newest_policy
from workflows.engine.command import sha256_of
from workflows.engine.refusals import NotFound, Refused
from workflows.parties.model import Advertiser


class PolicyMovedOn(Refused):
    """Another version was saved since this one was read."""

    code = "parties.policy_moved_on"


class PolicyUnchanged(Refused):
    """The new version says what the one before says."""

    code = "parties.policy_unchanged"


def save_policy(
    session: Session, advertiser_id: UUID, body: dict[str, Any], *, seen_number: int, by: UUID | None, now: datetime
) -> PolicyVersion:
    """Save the advertiser's policy as its next version. Campaigns that are open keep the one they pinned.

    :param seen_number: the version that was read before the change; 0 is the default, which becomes version 1.
    :raises Refused: `NotFound`, `PolicyMovedOn` or `PolicyUnchanged`.
    """
    if session.exec(select(Advertiser).where(Advertiser.id == advertiser_id).with_for_update()).one_or_none() is None:
        raise NotFound(subject="advertiser")
    newest = newest_policy(session, advertiser_id, now=now)
    if newest.number != max(seen_number, 1):
        raise PolicyMovedOn()
    if sha256_of(body) == newest.sha256:
        raise PolicyUnchanged()
    version = PolicyVersion(
        advertiser_id=advertiser_id, number=newest.number + 1, body=body, sha256=sha256_of(body), saved_at=now, saved_by_id=by
    )
    session.add(version)
    session.flush()
    return version
