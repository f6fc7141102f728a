"""A campaign that was mailed and may be followed up, its follow-up, and what tests of both look at."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from tests.integration.papers.brought import a_gift, a_return
from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from workflows.campaign.follow_up.opening import (
    OpenFollowUp,
)
from workflows.campaign.follow_up.sources import sources_of
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.stages.negotiation import AgreeTerms
from workflows.campaign.stages.responses import ImportBatch, RecordBatch
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.parties.actor import SYSTEM

Campaigns = Callable[[str], Played]
DROP_ON = date(2026, 10, 13)
UNTIL = date(2027, 3, 1)
AGAIN = date(2027, 1, 19)
"""The day of a follow-up, for which its addresses are taken while they are there."""
AGREED = {"reuse_cpm": Decimal(90), "reuse_until_on": UNTIL}


def agree(campaign: Played, code: str, **terms: Any) -> None:
    campaign.ask(AgreeTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id(code), **terms))


def settle(campaign: Played, code: str, **terms: Any) -> None:
    """Agree a list in these terms, and every other one as the brief has it."""
    agree(campaign, code, **terms)
    campaign.close_consent(code)
    campaign.settle_lists()


def mailed(played: Campaigns, **terms: Any) -> Played:
    """A campaign whose mail is posted: of ALZ a second use was agreed."""
    campaign = played("negotiation")
    settle(campaign, "ALZ", **(terms or AGREED))
    return campaign.reach("responses")


def open_one(campaign: Played, *lists: str, **other: Any) -> Campaign:
    """Open a follow-up to these lists."""
    asked: dict[str, Any] = {"campaign_code": "26R", "title": "Relance", "drop_on": AGAIN, "envelope_amount": Decimal("60000.00")} | other
    campaign.ask(OpenFollowUp(subject_id=campaign.campaign_id, lists=lists, **asked))
    with campaign.reading() as session:
        return session.exec(select(Campaign).where(Campaign.code == asked["campaign_code"])).one()


def followed_up(played: Campaigns, *lists: str) -> Played:
    """The follow-up of a campaign that was mailed, in its plan: with ALZ and the house's list where no others are named."""
    campaign = mailed(played)
    campaign.campaign_id = open_one(campaign, *(lists or ("ALZ", "MAI"))).id
    return campaign


def answered(campaign: Played, code: str, number: int, *, returned: int = 0) -> None:
    """So many people of a lot answered, and the mail of so many others came back."""
    gifts = tuple(a_gift(code, one, DROP_ON + timedelta(days=2)) for one in range(number))
    back = tuple(a_return(code, one) for one in range(number, number + returned))
    for kind, rows in (("responses", gifts), ("undeliverables", back)):
        campaign.ask(ImportBatch(subject_id=campaign.campaign_id, kind=kind, file=kept(f"{code}{kind}.csv")))
        with campaign.reading() as session:
            batch = next(one for one in campaign.facts(session).batches if one.state == "received")
        campaign.ask(RecordBatch(subject_id=campaign.campaign_id, batch_id=batch.id, **{kind: rows}), by=SYSTEM)


def entry(campaign: Played, event: str) -> Any:
    (found,) = (one for one in campaign.rows(Checkpoint) if one.event == event)
    return read_json(found.body)


def sources(campaign: Played, drop_on: date = AGAIN) -> dict[str, Any]:
    with campaign.reading() as session:
        return {one.list.code: one for one in sources_of(campaign.facts(session), drop_on)}


def lists_of(campaign: Played) -> dict[str, CampaignList]:
    return {row.code: row for row in campaign.rows(CampaignList, col(CampaignList.to_seq).is_(None))}
