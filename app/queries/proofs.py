"""Proofs of messages, version by version, and the file of one. Whoever sees a proof sees its file; a printer and a mailer too."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.database import Database, say_who_asks
from app.queries.kept_files import files_of_kind, get_with_file
from app.queries.names import names_by_id
from workflows.campaign.records import Proof, StoredFile
from workflows.campaign.send.proofs import AWAITING, PROOF, RETURNED
from workflows.parties.actor import SYSTEM, Actor
from workflows.parties.model import Supplier


@dataclass(frozen=True, kw_only=True)
class ProofVersion:
    """One version of a message's proof; `counts` while its lots do. People and suppliers are empty for whoever may not know them.

    `has_file` until its bytes are destroyed: then its hash is what is left.
    """

    id: UUID
    message: str
    version: int
    state: str
    counts: bool
    sha256: str
    media_type: str
    size: int
    has_file: bool
    supplier: str
    deposited_by: str
    deposited_at: datetime
    remarks: str
    decided_by: str
    decided_at: datetime | None

    @property
    def awaits(self) -> bool:
        return self.state == AWAITING


@dataclass(frozen=True, kw_only=True)
class Proofed:
    """What a message shows of its proof, whoever looks at it: `versions`, the newest first, and whether it `is_signed`."""

    versions: tuple[ProofVersion, ...]
    is_signed: bool

    @property
    def newest(self) -> ProofVersion | None:
        """The version that is to be looked at, while its lots count."""
        return next((one for one in self.versions if one.counts), None)

    @property
    def state(self) -> str:
        """`awaited`, or what became of the newest version; `signed` on its notice alone too."""
        if self.is_signed:
            return "signed"
        return self.newest.state if self.newest else "awaited"


def list_proofs(session: Session, campaign_id: UUID, *, end_as_machine: bool = False) -> tuple[ProofVersion, ...]:
    """Every version there ever was that the asker sees, by message, the newest first.

    :param end_as_machine: for an asker who may be a supplier: the rows of the files are the advertiser's, so that the rest of the
        transaction, where those are read, sees everything.
    """
    statement = select(Proof).where(Proof.campaign_id == campaign_id).order_by(col(Proof.message), col(Proof.version).desc())
    rows = list(session.exec(statement))
    names = names_by_id(session, (one for row in rows for one in (row.deposited_by_id, row.decided_by_id)))
    makers = {row.supplier_id for row in rows if row.supplier_id}
    suppliers = dict(session.exec(select(Supplier.id, Supplier.name).where(col(Supplier.id).in_(makers))).all())
    if end_as_machine:
        say_who_asks(session, SYSTEM)
    files = files_of_kind(session, campaign_id, PROOF)
    return tuple(
        ProofVersion(
            id=row.id,
            message=row.message,
            version=row.version,
            state=row.state,
            counts=row.to_seq is None,
            sha256=row.sha256,
            media_type=row.media_type,
            size=files[row.file_id].size,
            has_file=files[row.file_id].wrapped_key is not None,
            supplier=suppliers.get(row.supplier_id, "") if row.supplier_id else "",
            deposited_by=names.get(row.deposited_by_id, ""),
            deposited_at=row.deposited_at,
            remarks=row.remarks,
            decided_by=names.get(row.decided_by_id, ""),
            decided_at=row.decided_at,
        )
        for row in rows
    )


def remarks_on(session: Session, campaign_id: UUID, message: str) -> str:
    """Why the newest version of a message's proof was returned; empty where it was not."""
    versions = select(Proof).where(Proof.campaign_id == campaign_id, Proof.message == message, col(Proof.to_seq).is_(None))
    newest = session.exec(versions.order_by(col(Proof.version).desc())).first()
    return newest.remarks if newest and newest.state == RETURNED else ""


def get_proof_file(database: Database, actor: Actor, proof_id: UUID) -> tuple[Proof, StoredFile]:
    """One version and its file.

    :raises NotFound: when there is none for this person, or its bytes are gone.
    """
    return get_with_file(database, actor, Proof, proof_id, subject="proof")
