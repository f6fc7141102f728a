"""An advertiser's policy, version by version, with the campaigns that pinned each, and what differs between two bodies."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.campaign.default_policy import BEFORE_IT_WAS_ASKED, DEFAULT_POLICY
from workflows.campaign.model import Campaign
from workflows.campaign.policy import Policy, PolicyVersion
from workflows.campaign.states import ENDS
from workflows.engine.refusals import NotFound
from workflows.parties.model import Person
from workflows.trade.working_days import NoDropWindow

Place = tuple[str, ...]
"""Where a value stands in a policy: `("delays", "review_budget")`, or `("region",)`."""


@dataclass(frozen=True, kw_only=True)
class PolicyLine:
    """One version. `number` 0 is the default, which stands until a first version is saved."""

    number: int
    body: Mapping[str, Any]
    sha256: str
    saved_at: datetime | None
    saved_by: str
    open_campaigns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One value that differs between two bodies."""

    place: Place
    before: Any
    after: Any


def list_policies(session: Session, advertiser_id: UUID) -> tuple[PolicyLine, ...]:
    """All versions, the newest first; the default alone where nothing was saved yet."""
    statement = (
        select(PolicyVersion, Person.name)
        .outerjoin(Person, col(Person.id) == col(PolicyVersion.saved_by_id))
        .where(PolicyVersion.advertiser_id == advertiser_id)
        .order_by(col(PolicyVersion.number).desc())
    )
    pinned: dict[UUID, list[str]] = {}
    campaigns = select(Campaign.policy_version_id, Campaign.code).where(
        Campaign.advertiser_id == advertiser_id, col(Campaign.state).not_in([state.value for state in ENDS])
    )
    for version_id, code in session.exec(campaigns.order_by(Campaign.code)):
        pinned.setdefault(version_id, []).append(code)
    lines = tuple(
        PolicyLine(
            number=row.number,
            body=complete(row.body),
            sha256=row.sha256,
            saved_at=row.saved_at,
            saved_by=name or "",
            open_campaigns=tuple(pinned.get(row.id, ())),
        )
        for row, name in session.exec(statement)
    )
    return lines or (PolicyLine(number=0, body=complete({}), sha256="", saved_at=None, saved_by="", open_campaigns=()),)


def get_policy(session: Session, advertiser_id: UUID, number: int) -> PolicyLine:
    """One version.

    :raises NotFound: when there is none of that number.
    """
    found = next((line for line in list_policies(session, advertiser_id) if line.number == number), None)
    if found is None:
        raise NotFound(subject="policy")
    return found


def no_drop_windows(session: Session, campaign_id: UUID, numbers: Iterable[int]) -> dict[int, tuple[NoDropWindow, ...]]:
    """When mail should not drop, in the words of these versions of the policy of a campaign's advertiser."""
    statement = select(PolicyVersion).join(Campaign, col(Campaign.advertiser_id) == col(PolicyVersion.advertiser_id))
    rows = session.exec(statement.where(Campaign.id == campaign_id, col(PolicyVersion.number).in_(set(numbers))))
    return {row.number: Policy(row.body).no_drop_windows for row in rows}


def complete(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body with the default for whatever an older version lacks, or what it meant by that; the default itself for no body at all."""
    whole = deepcopy(DEFAULT_POLICY)
    for section, value in [*(BEFORE_IT_WAS_ASKED.items() if body else ()), *body.items()]:
        if isinstance(value, Mapping) and isinstance(whole.get(section), dict):
            whole[section].update(value)
        else:
            whole[section] = value
    return whole


def list_values(body: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    """Every value with its place, sections in their order."""
    for section, value in body.items():
        if isinstance(value, Mapping):
            yield from (((section, name), one) for name, one in value.items())
        else:
            yield (section,), value


def list_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What differs between two bodies, in the order of the second."""
    old, new = dict(list_values(before)), dict(list_values(after))
    places = [*new, *(place for place in old if place not in new)]
    return tuple(
        Difference(place=place, before=old.get(place), after=new.get(place)) for place in places if old.get(place) != new.get(place)
    )
