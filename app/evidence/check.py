"""Checks a chain here and now, for somebody who reads its pages: the same bundle and the same verifier that an outsider would use."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

from sqlmodel import Session, select

from app.evidence import verify
from app.evidence.export import export
from app.evidence.sealer import newest_head
from app.storage.scratch import ScratchFolders
from workflows.campaign.model import Campaign
from workflows.engine.canonical import canonical_json, read_json
from workflows.engine.checkpoints import GENESIS, Checkpoint
from workflows.engine.refusals import NotFound


@dataclass(frozen=True, kw_only=True)
class ChainCheck:
    """What the verifier said: `found` when all is whole, else `fault`, in its own words."""

    found: verify.Verified | None
    fault: str = ""


@dataclass(frozen=True, kw_only=True)
class EntryCheck:
    """One entry computed again. `computed` is the SHA-256 of its bytes; `known_by_next` is None where no entry follows yet."""

    stored: str
    computed: str
    canonical: bool
    holds_previous: bool
    known_by_next: bool | None
    body: str

    @property
    def holds(self) -> bool:
        return self.stored == self.computed and self.canonical and self.holds_previous and self.known_by_next is not False


def check_chain(session: Session, campaign: Campaign, work_dir: Path) -> ChainCheck:
    """Write the campaign's evidence to a private folder, and verify it there."""
    with ScratchFolders(work_dir, prefix="evidence-").folder() as folder:
        bundle = folder / "evidence.zip"
        export(session, campaign, bundle)
        with ZipFile(bundle) as packed:
            packed.extractall(folder / "evidence")
        try:
            # Before anything was sealed there is only the chain to check; after that the seal has to be there.
            return ChainCheck(found=verify.verify(folder / "evidence", must_be_sealed=newest_head(session) is not None))
        except verify.Fault as fault:
            return ChainCheck(found=None, fault=str(fault))


def check_entry(session: Session, campaign: Campaign, seq: int) -> EntryCheck:
    """Compute one entry again, and compare it with its neighbours.

    :raises NotFound: when the chain has no such entry.
    """
    around = select(Checkpoint).where(Checkpoint.campaign_id == campaign.id, Checkpoint.seq >= seq - 1, Checkpoint.seq <= seq + 1)
    rows = {row.seq: row for row in session.exec(around)}
    row = rows.get(seq)
    if row is None:
        raise NotFound(subject="checkpoint")
    entry = read_json(row.body)
    computed = sha256(row.body).hexdigest()
    following = rows.get(seq + 1)
    last = campaign.chain_head == computed if seq == campaign.chain_seq else None
    return EntryCheck(
        stored=row.sha256,
        computed=computed,
        canonical=canonical_json(entry) == row.body and entry["seq"] == seq,
        holds_previous=entry["prev"] == (sha256(rows[seq - 1].body).hexdigest() if seq - 1 in rows else GENESIS),
        known_by_next=read_json(following.body)["prev"] == computed if following else last,
        body=row.body.decode(),
    )
