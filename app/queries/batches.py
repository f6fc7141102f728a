"""Files of what came back, as they were brought: row-level security narrows them for a supplier to its own."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.campaign.records import ResponseBatch
from workflows.parties.model import Supplier


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One file. `state`: received, imported or refused; `counts` are its rows by what became of them, or why it was refused.

    `brought_by` is empty where the project manager brought it.
    """

    id: UUID
    name: str
    kind: str
    state: str
    counts: dict[str, Any]
    sha256: str
    brought_by: str


def list_batches(session: Session, campaign_id: UUID) -> tuple[Batch, ...]:
    """Every file of a campaign that the asker may see, in the order in which they came."""
    statement = (
        select(ResponseBatch, Supplier.name)
        .outerjoin(Supplier, col(Supplier.id) == col(ResponseBatch.supplier_id))
        .where(ResponseBatch.campaign_id == campaign_id)
        .order_by(col(ResponseBatch.from_seq))
    )
    return tuple(
        Batch(id=row.id, name=row.name, kind=row.kind, state=row.state, counts=row.counts, sha256=row.sha256, brought_by=name or "")
        for row, name in session.exec(statement)
    )
