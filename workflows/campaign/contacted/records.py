"""The table of what senders report: a row a bounce or a call."""

from datetime import date
from uuid import UUID

from sqlmodel import Field, UniqueConstraint

from workflows.campaign.model import CampaignFact
from workflows.engine.columns import reference


class ContactReport(CampaignFact, table=True):
    """How one contact ended, once, however often it was reported. `outcome` is one of `trade.contact_reports`; `hour` is as `14:05` where a
    report says it.
    """

    __tablename__ = "contact_report"
    __table_args__ = (UniqueConstraint("campaign_id", "row_sha256"),)

    batch_id: UUID = reference("response_batch.id")
    row_sha256: str
    reported_on: date
    lot_code: str = Field(index=True)
    unique_id: str = Field(index=True)
    outcome: str
    hour: str = ""
