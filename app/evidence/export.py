"""Writes evidence.zip: the stored bytes of every checkpoint, the documents they name, and `verify.py`."""

import json
import logging
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlmodel import Session, col, select

from app.database import Database
from app.evidence import tree
from app.evidence.heads import as_machine, heads_of
from app.evidence.notes import Signer
from app.evidence.sealer import SealBroken, newest_head, read_nodes, seal
from workflows.campaign.model import Campaign
from workflows.engine.canonical import canonical_json
from workflows.engine.checkpoints import Checkpoint, ErasableText
from workflows.engine.documents import Document, DocumentPdf
from workflows.engine.refusals import NotFound
from workflows.engine.seals import SealedEntry
from workflows.parties.actor import SYSTEM

log = logging.getLogger(__name__)

ROOM = Path(__file__).parent
BATCH = 500


class CampaignUnknown(NotFound):
    """No campaign has that code."""


@dataclass
class _Chain:
    """What the entries name, gathered while they are written."""

    processes: dict[str, set[str]] = field(default_factory=dict)
    named: set[tuple[str, int]] = field(default_factory=set)
    issued: set[tuple[str, int]] = field(default_factory=set)


def export_campaign(database: Database, code: str, target: Path, *, signer: Signer, now: datetime) -> None:
    """Seal what is new, and write the evidence of the campaign of that code.

    :raises CampaignUnknown: when there is none.
    """
    seal_first(database, signer, now=now)
    with database.reading(SYSTEM) as session:
        campaign = session.exec(select(Campaign).where(Campaign.code == code)).one_or_none()
        if campaign is None:
            raise CampaignUnknown(subject="campaign")
        export(session, campaign, target)


def seal_first(database: Database, signer: Signer, *, now: datetime) -> None:
    """Seal what is new before it is exported. Where that cannot be, the bundle is written nevertheless, and shows why."""
    try:
        seal(database, signer, now=now)
    except SealBroken as trouble:
        log.error("nothing was sealed: %s", trouble)


def export(session: Session, campaign: Campaign, target: Path) -> None:
    """Write the evidence of a campaign up to the head it has now, whatever is added meanwhile. The file appears whole or not at all.

    Nothing is mended: what is missing in the database is missing in the bundle, and `verify.py` names it.
    """
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file, ZipFile(file, "w", ZIP_DEFLATED) as bundle:
            _write(session, campaign, bundle)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _write(session: Session, campaign: Campaign, bundle: ZipFile) -> None:
    count, head_hash, chain = campaign.chain_seq, campaign.chain_head, _Chain()
    with bundle.open(_named("checkpoints.jsonl"), "w") as lines:
        for row in _checkpoints(session, campaign, count):
            lines.write(row.body + b"\n")
            _gather(chain, row)
    head = {
        "v": 1,
        "campaign": campaign.code,
        "chain": str(campaign.id),
        "count": count,
        "head": head_hash,
        "processes": {name: sorted(hashes) for name, hashes in sorted(chain.processes.items())},
    }
    bundle.writestr(_named("head.json"), json.dumps(head, ensure_ascii=False, indent=2) + "\n")
    with bundle.open(_named("texts.jsonl"), "w") as lines:
        for text in _texts(session, campaign, count):
            known = {"seq": text.seq, "field": text.field, "salt": text.salt, "sha256": text.sha256, "text": text.text}
            lines.write(canonical_json(known) + b"\n")
    _write_documents(session, campaign, chain, bundle)
    _write_seal(session, campaign, count, bundle)
    bundle.write(ROOM / "verify.py", "verify.py")
    readme = (ROOM / "README.txt").read_text(encoding="utf-8")
    bundle.writestr(_named("README.txt"), readme.format(campaign=campaign.code, count=count, head=head_hash))


def _checkpoints(session: Session, campaign: Campaign, count: int) -> Iterator[Checkpoint]:
    statement = select(Checkpoint).where(Checkpoint.campaign_id == campaign.id, Checkpoint.seq <= count).order_by(col(Checkpoint.seq))
    for row in session.exec(statement.execution_options(yield_per=BATCH)):
        yield row
        session.expunge(row)


def _texts(session: Session, campaign: Campaign, count: int) -> Iterator[ErasableText]:
    statement = (
        select(ErasableText)
        .where(ErasableText.campaign_id == campaign.id, ErasableText.seq <= count)
        .order_by(col(ErasableText.seq), col(ErasableText.field))
    )
    yield from session.exec(statement.execution_options(yield_per=BATCH))


def _gather(chain: _Chain, row: Checkpoint) -> None:
    entry: dict[str, Any] = json.loads(row.body)
    chain.processes.setdefault(entry["process"]["name"], set()).add(entry["process"]["sha256"])
    for document in entry["documents"]:
        chain.named.add((document["number"], document["revision"]))
        if "pdf_sha256" in document:
            chain.issued.add((document["number"], document["revision"]))


def _write_documents(session: Session, campaign: Campaign, chain: _Chain, bundle: ZipFile) -> None:
    for number, revision in sorted(chain.named):
        document = session.exec(
            select(Document).where(Document.campaign_id == campaign.id, Document.number == number, Document.revision == revision)
        ).one_or_none()
        if document is None:
            continue
        bundle.writestr(_named(f"contents/{document.file_stem}.json"), document.content)
        if (number, revision) in chain.issued:
            pdfs = select(DocumentPdf).where(DocumentPdf.document_id == document.id).order_by(col(DocumentPdf.locale))
            for pdf in session.exec(pdfs):
                bundle.writestr(_named(f"documents/{document.pdf_name(pdf.locale)}"), pdf.pdf)
        session.expire_all()


def _write_seal(session: Session, campaign: Campaign, count: int, bundle: ZipFile) -> None:
    """Write the newest head, its key, the heads before it, and the proof of the entries. Read as the machine: the tree is everybody's."""
    with as_machine(session) as machine:
        head = newest_head(machine)
        if head is None:
            return
        mine = select(SealedEntry.position, SealedEntry.seq, SealedEntry.entry_sha256).where(
            SealedEntry.campaign_id == campaign.id, SealedEntry.seq <= count, SealedEntry.position < head.size
        )
        leaves = {position: (seq, digest) for position, seq, digest in machine.exec(mine.order_by(col(SealedEntry.position)))}
        items = list(tree.between(leaves, head.size))
        try:
            nodes = read_nodes(machine, (one for one in items if one[0] or one[1] not in leaves))
            log = list(heads_of(machine, campaign.id, head))
        except SealBroken:
            return
    with bundle.open(_named("seal/heads.jsonl"), "w") as lines:
        for one in log:
            lines.write(canonical_json(one) + b"\n")
    bundle.writestr(_named("seal/head.txt"), head.note)
    bundle.writestr(_named("seal/key.txt"), head.verifier + "\n")
    with bundle.open(_named("seal/proof.txt"), "w") as lines:
        for level, index in items:
            if level == 0 and index in leaves:
                lines.write("entry {} {}\n".format(*leaves[index]).encode())
            else:
                lines.write(f"node {level} {nodes[level, index].hex()}\n".encode())


def _named(name: str) -> ZipInfo:
    """A member that carries no date of its own: the entries say when things happened."""
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info
