"""What was sealed: every checkpoint's place in one tree over all chains, and the signed heads of that tree. Append-only, like checkpoints.

The sealer (`app.evidence.sealer`) writes both. Not for the entries themselves: a seal knows them by their hash.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Connection, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from workflows.engine.columns import instant, reference


class SealedEntry(SQLModel, table=True):
    """One leaf. It stays what it is whatever becomes of its entry: so the two are compared, and joined by no constraint.

    `hashes` holds the complete subtrees that this leaf ends, 32 bytes a level, the leaf first.
    """

    __tablename__ = "sealed_entry"
    __table_args__ = (UniqueConstraint("campaign_id", "seq"),)

    position: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    campaign_id: UUID = Field(foreign_key="campaign.id")
    advertiser_id: UUID = reference("advertiser.id")
    seq: int
    entry_sha256: str
    hashes: bytes


class SignedHead(SQLModel, table=True):
    """The tree's root at a size, as it was signed. Of all advertisers: it tells nothing but that nothing was changed."""

    __tablename__ = "signed_head"

    size: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    root: bytes
    verifier: str
    note: str
    signed_at: datetime = instant()


class MailedHead(SQLModel, table=True):
    """That a head was mailed to those who keep it, so that it stays in the log of heads that evidence carries."""

    __tablename__ = "mailed_head"

    size: int = Field(foreign_key="signed_head.size", primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    mailed_at: datetime = instant()


_NEWEST = text("select size from signed_head order by size desc limit 1")


def newest_size(connection: Connection) -> int | None:
    """How many leaves the head that was signed last has; None before the first."""
    found: int | None = connection.execute(_NEWEST).scalar_one_or_none()
    return found
