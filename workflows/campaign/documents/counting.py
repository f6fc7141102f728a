"""The paper on which the supplier of a list is asked how many addresses there are, before anything is ordered."""

from dataclasses import dataclass
from datetime import date

from workflows.campaign.documents.head import DocumentContent, Party
from workflows.campaign.documents.record import Record


@dataclass(frozen=True, kw_only=True)
class CountRow(Record):
    """What is wanted of one segment, over all lines of the plan. `universe_qty` is how many there are as far as is known, else None.

    `roles` and `messages` are codes: whether addresses test or roll out, and what they are to be sent.
    """

    segment: str
    quantity: int
    roles: tuple[str, ...]
    messages: tuple[str, ...]
    universe_qty: int | None = None


@dataclass(frozen=True, kw_only=True)
class CountRequest(DocumentContent):
    """A request to count a list: which addresses are wanted, what for and when, and until when an answer is expected.

    `exclusions` are in words; `offers` are the pieces to be sent, `A – …`.
    """

    list_code: str
    list_name: str
    owner: Party
    rows: tuple[CountRow, ...]
    channels: tuple[str, ...]
    offers: tuple[str, ...]
    mailing_from: date
    mailing_until: date
    answer_by: date
    exchange: bool = False
    exclusions: str = ""

    @property
    def quantity(self) -> int:
        """Addresses wanted over all segments."""
        return sum(row.quantity for row in self.rows)
