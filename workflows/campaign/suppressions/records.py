"""The table of what a machine found in suppression files."""

from uuid import UUID

from sqlmodel import UniqueConstraint

from workflows.campaign.model import CampaignFact
from workflows.engine.columns import reference, text


class SuppressionReading(CampaignFact, table=True):
    """What one suppression file is: how many records, or why it cannot be read, as a code and an English sentence."""

    __tablename__ = "suppression_reading"
    __table_args__ = (UniqueConstraint("file_id"),)

    file_id: UUID = reference("stored_file.id")
    record_count: int
    fault: str = ""
    detail: str = text()
