"""The table of the exchange ledger: each entry belongs to a campaign, its balance to the advertiser and one partner."""

from datetime import date
from uuid import UUID

from workflows.campaign.model import CampaignFact
from workflows.engine.columns import reference, text
from workflows.trade.exchange import Direction, Exchanged


class ExchangeEntry(CampaignFact, table=True):
    """Addresses that one campaign received of a partner, or that were given to it in return.

    `list_code` is the list they came from, where results posted them; else a person recorded them. `quality` says in words what kind of
    addresses they are, `written_in` where that is written.
    """

    __tablename__ = "exchange_entry"

    partner_id: UUID = reference("supplier.id")
    direction: str
    quantity: int
    basis: str
    dealt_on: date
    expires_on: date | None = None
    quality: str = text()
    written_in: str = text()
    list_code: str | None = None
    recorded_by_id: UUID | None = reference("person.id", nullable=True)

    @property
    def is_posted(self) -> bool:
        """Whether results posted it, so that nobody withdraws it by hand."""
        return self.list_code is not None

    @property
    def exchanged(self) -> Exchanged:
        """Itself, as the trade counts it."""
        return Exchanged(direction=Direction(self.direction), quantity=self.quantity, dealt_on=self.dealt_on, expires_on=self.expires_on)
