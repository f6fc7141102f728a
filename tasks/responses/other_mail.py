"""What other campaigns of the advertiser had printed and credited, so that an answer counts once over all of them."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.records import Lot
from workflows.campaign.results.counted_once import credited_elsewhere
from workflows.campaign.send.records import LotTracking
from workflows.campaign.send.tracking import references_of
from workflows.trade.attribution import OtherMail
from workflows.trade.lot_codes import KnownCodes, unique_id_prefix
from workflows.trade.tracking import TrackedLots


def other_mail(session: Session, campaign: Campaign, row_hashes: Collection[str]) -> OtherMail:
    """Read it; of the rows that others credited only those of a file, whose SHA-256s these are."""
    is_other = (Campaign.advertiser_id == campaign.advertiser_id, Campaign.id != campaign.id)
    others = session.exec(select(Campaign.id).where(*is_other)).all()
    codes = select(Lot).where(col(Lot.campaign_id).in_(others), col(Lot.to_seq).is_(None))
    sent = {lot.code for lot in session.exec(codes) if lot.is_sent}
    trackings = select(LotTracking).where(col(LotTracking.campaign_id).in_(others), col(LotTracking.to_seq).is_(None))
    listed = select(Campaign.code, CampaignList.code).join(CampaignList, col(CampaignList.campaign_id) == Campaign.id).where(*is_other)
    return OtherMail(
        known_codes=KnownCodes.of(sent),
        id_prefixes=frozenset(unique_id_prefix(*one) for one in session.exec(listed.distinct())),
        credited_rows=frozenset(credited_elsewhere(session, campaign, row_hashes)),
        tracked=TrackedLots.of(one for row in session.exec(trackings) for one in references_of(row.body) if one.lot_code in sent),
    )
