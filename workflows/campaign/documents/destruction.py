"""Certificates of destruction: a supplier's, of what it was handed of people's addresses, and the house's own, of what lists delivered."""

from dataclasses import dataclass
from datetime import date

from workflows.campaign.documents.head import DocumentContent, FileReference, Party


@dataclass(frozen=True, kw_only=True)
class DestructionCertificate(DocumentContent):
    """A supplier certifies to the advertiser that `files` are destroyed, with their copies and backups but for those `remaining`.

    `method` is a code. `signed_sha256` is the hash of the paper that it signed, empty where there is none; `on_paper` says that the
    advertiser recorded it from that paper.
    """

    order_number: str
    due_on: date
    files: tuple[FileReference, ...]
    method: str
    destroyed_on: date
    operator: str
    signatory: str
    remaining: str = ""
    remaining_until_on: date | None = None
    signed_sha256: str = ""
    on_paper: bool = False

    @property
    def sender(self) -> Party:
        """The supplier: the paper is its own."""
        assert self.head.recipient is not None, "somebody certifies"
        return self.head.recipient

    @property
    def addressee(self) -> Party:
        return self.head.advertiser

    @property
    def quantity(self) -> int:
        """Records in all files."""
        return sum(file.quantity or 0 for file in self.files)


@dataclass(frozen=True, kw_only=True)
class PurgeCertificate(DocumentContent):
    """The advertiser certifies to the supplier of a list that the files it delivered are destroyed here: their keys, then their bytes.

    ``nothing_left``: no more is anything that was made of them, such as net files and mailings. Where the follow-up ``kept_for`` took some
    of their addresses, it keeps them until ``kept_until_on``.
    """

    order_number: str
    list_code: str
    list_name: str
    due_on: date
    files: tuple[FileReference, ...]
    destroyed_on: date
    nothing_left: bool
    kept_for: str = ""
    kept_until_on: date | None = None

    @property
    def quantity(self) -> int:
        """Records in all files."""
        return sum(file.quantity or 0 for file in self.files)
