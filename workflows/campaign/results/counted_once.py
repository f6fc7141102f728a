"""An answer that only a name tells counts in the campaign that counted it first, also where two campaigns import it at the same moment.

Not for what was printed, which tells whose an answer is whoever comes first: the trade's `attribution` reads that.
"""

from collections.abc import Collection, Iterator

from sqlalchemy import text
from sqlmodel import Session, col, select

from workflows.campaign.model import Campaign
from workflows.campaign.records import Response
from workflows.engine.step import Step
from workflows.trade.attribution import Method

CREDITED = tuple(method for method in Method if method != Method.UNATTRIBUTED)
_ALONE = text("select pg_advisory_xact_lock(hashtextextended(:advertiser_id, 7215004))")


def credited_elsewhere(session: Session, campaign: Campaign, row_hashes: Collection[str]) -> Iterator[str]:
    """Which of these rows, by their SHA-256s, other campaigns of the advertiser credited."""
    others = select(Campaign.id).where(Campaign.advertiser_id == campaign.advertiser_id, Campaign.id != campaign.id)
    ordered = sorted(row_hashes)
    for some in (ordered[start : start + 1000] for start in range(0, len(ordered), 1000)):
        named = col(Response.row_sha256).in_(some), col(Response.attribution).in_(CREDITED)
        yield from session.exec(select(Response.row_sha256).where(col(Response.campaign_id).in_(others), *named))


def credited_meanwhile(step: Step, row_hashes: Collection[str]) -> frozenset[str]:
    """The same, of what was read a while ago. Until the step is over no other campaign of the advertiser comes past here."""
    if not row_hashes:
        return frozenset()
    step.session.connection().execute(_ALONE, {"advertiser_id": str(step.chain.advertiser_id)})
    return frozenset(credited_elsewhere(step.session, step.facts.campaign, row_hashes))
