"""The table of what was stated of lists beside their terms. A row is never changed: a later statement takes its place."""

from datetime import date, datetime
from uuid import UUID

from workflows.campaign.model import CampaignFact, current
from workflows.engine.columns import instant, reference


class ListBasis(CampaignFact, table=True):
    """The legal basis on which a list may be used for this campaign, as whoever answers for the list stated it.

    People were told, or agreed, from `collected_from_on` to `collected_until_on`, by that means; `partners_named`: those who agreed knew
    for whom. Objections are honoured: the list was last held against its owner's on `objections_purged_on`. `data_role` is empty for a
    house list, whose owner is the advertiser. `on_behalf`: its supplier told it by other means, and somebody of the house wrote it down.
    """

    __tablename__ = "list_basis"
    __table_args__ = (current("campaign_id", "list_id"),)

    list_id: UUID = reference("campaign_list.id")
    supplier_id: UUID | None = reference("supplier.id", nullable=True)
    legal_basis: str
    collected_from_on: date | None = None
    collected_until_on: date | None = None
    collected_through: str = ""
    partners_named: bool = False
    objections_purged_on: date
    data_role: str = ""
    on_behalf: bool
    stated_by_id: UUID | None = reference("person.id", nullable=True)
    stated_at: datetime = instant()
