"""The engine's tables of issued documents: numbered, revised, immutable, known by the hash of their canonical content.

The head of the seal that was signed last is noted with it (`sealed_size`) and printed in its foot, so that every paper is a witness.

The move that issues a document writes its content; a machine draws the PDFs later (see `rendering`), and the checkpoint of that move holds
their hashes. A re-issue is a new revision that supersedes the old one. Not for what a document says: its content class does.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, select

from workflows.engine.columns import instant, key, reference


class Document(SQLModel, table=True):
    """One revision of one document. States: `requested`, `issued`, `superseded`."""

    __table_args__ = (UniqueConstraint("campaign_id", "number", "revision"),)

    id: UUID = key()
    campaign_id: UUID = reference("campaign.id")
    advertiser_id: UUID = reference("advertiser.id")
    kind: str
    number: str
    revision: int = 1
    state: str = "requested"
    version: int = 0
    content: bytes
    content_sha256: str
    chain_head: str
    sealed_size: int | None = Field(default=None, foreign_key="signed_head.size", sa_type=BigInteger)
    supplier_id: UUID | None = reference("supplier.id", nullable=True)
    subject_id: UUID | None = Field(default=None, index=True)
    requested_seq: int
    requested_at: datetime = instant()
    issued_at: datetime | None = instant(nullable=True)

    @property
    def file_stem(self) -> str:
        """What every file of this revision is called, before its endings."""
        return file_stem(self.number, self.revision)

    def pdf_name(self, locale: str) -> str:
        """The name under which its PDF in a language is saved, mailed and kept as evidence."""
        return f"{self.file_stem}.{locale}.pdf"


class DocumentPdf(SQLModel, table=True):
    """A document drawn in one language."""

    __tablename__ = "document_pdf"
    __table_args__ = (UniqueConstraint("document_id", "locale"),)

    id: UUID = key()
    document_id: UUID = reference("document.id")
    advertiser_id: UUID = reference("advertiser.id")
    supplier_id: UUID | None = reference("supplier.id", nullable=True)
    locale: str
    pdf: bytes
    sha256: str


def file_stem(number: str, revision: int) -> str:
    """What every file of one revision of a document is called, before its endings."""
    return f"{number}-r{revision}"


def next_revision(session: Session, campaign_id: UUID, number: str) -> int:
    """The revision a document of that number would carry if issued now, counted from 1."""
    return len(list(session.exec(select(Document.id).where(Document.campaign_id == campaign_id, Document.number == number)))) + 1
