"""The table of contracts with processors: each was recorded in a campaign, and holds in every campaign of the advertiser."""

from datetime import date, datetime
from uuid import UUID

from workflows.campaign.model import CampaignFact
from workflows.engine.columns import instant, reference, text


class ProcessorContract(CampaignFact, table=True):
    """A contract of article 28 with a supplier: under which number, signed when and by whom of the supplier's, and its last day, if any.

    `file_id` is the signed contract, where somebody uploaded it.
    """

    __tablename__ = "processor_contract"

    supplier_id: UUID = reference("supplier.id")
    number: str
    signed_on: date
    signatory: str = text()
    ends_on: date | None = None
    file_id: UUID | None = reference("stored_file.id", nullable=True)
    recorded_by_id: UUID | None = reference("person.id", nullable=True)
    recorded_at: datetime = instant()
