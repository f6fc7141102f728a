"""The tables of counts: each request, and each answer. Neither is changed: a later one takes its place."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from workflows.campaign.model import CampaignFact, current
from workflows.engine.columns import document, instant, reference, text


class CountRequest(CampaignFact, table=True):
    """What the supplier of a list is asked to count: addresses `wanted` by segment, as its paper says them, and what is to be left out.

    It ends with the next one, or when nobody waits for its answer any more.
    """

    __tablename__ = "count_request"
    __table_args__ = (current("campaign_id", "list_id"),)

    list_id: UUID = reference("campaign_list.id")
    supplier_id: UUID = reference("supplier.id")
    wanted: dict[str, Any] = document()
    exclusions: str = text()
    due_on: date
    asked_at: datetime = instant()


class ListCount(CampaignFact, table=True):
    """How many addresses of a list are `available`, by segment; kept for the campaign until the end of `held_until_on`, where one is named.

    `on_behalf`: its supplier told it by other means, and a project manager wrote it down.
    """

    __tablename__ = "list_count"
    __table_args__ = (current("campaign_id", "list_id"),)

    list_id: UUID = reference("campaign_list.id")
    supplier_id: UUID = reference("supplier.id")
    available: dict[str, Any] = document()
    remark: str = text()
    held_until_on: date | None = None
    on_behalf: bool
    counted_by_id: UUID | None = reference("person.id", nullable=True)
    counted_at: datetime = instant()
