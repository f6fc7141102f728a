"""The sealer: puts new checkpoints of all chains as leaves into one tree, and signs its head. Once signed, no entry changes unseen.

Chains link their own entries, but whoever owns the database could write a chain anew from any entry on; the tree's signed heads, of which
copies go out with every evidence bundle, make that show. Leaves are only ever added. What no longer follows from what was sealed is not
sealed: it is said, and other campaigns go on. Several sealers may run; one works at a time. Not for moves: they never wait for a seal.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text
from sqlmodel import Session, col, select

from app.database import Database
from app.evidence import tree
from app.evidence.notes import Signer
from workflows.engine.checkpoints import GENESIS
from workflows.engine.seals import SealedEntry, SignedHead
from workflows.parties.actor import SYSTEM

LOCK = 7_215_002
"""The advisory lock that says which sealer works."""
BATCH = 20_000
"""Entries sealed in one transaction."""
DIGEST = 32


class SealBroken(Exception):
    """What was sealed is not what was signed: leaves were changed or lost. Nothing more is signed on top of it."""


@dataclass(frozen=True, kw_only=True)
class Sealing:
    """What a round came to: leaves added, the tree's size after it, and a sentence for each chain that no longer follows from its seals."""

    added: int
    size: int
    faults: tuple[str, ...] = ()


_CHAINS = text(
    """
    select c.id, c.code, c.advertiser_id, c.chain_seq, coalesce(sealed.seq, 0) as sealed_seq,
           coalesce(sealed.entry_sha256, :genesis) as sealed_head
      from campaign c
      left join lateral (
          select seq, entry_sha256 from sealed_entry where campaign_id = c.id order by seq desc limit 1
      ) sealed on true
     where c.chain_seq <> coalesce(sealed.seq, 0) or c.chain_head <> coalesce(sealed.entry_sha256, :genesis)
     order by c.id
    """
)
_ENTRIES = text("select seq, body from checkpoint where campaign_id = :chain and seq > :after and seq <= :upto order by seq limit :most")


def leaf(campaign_id: UUID, seq: int, entry_sha256: str) -> bytes:
    """The leaf's hash: of the chain, the entry's number and the entry's hash, a line each."""
    return tree.leaf_hash(f"{campaign_id}\n{seq}\n{entry_sha256}\n".encode())


def seal(database: Database, signer: Signer, *, now: datetime) -> Sealing:
    """Seal all that is new, and sign one head for each batch of it.

    :raises SealBroken: when the leaves no longer come to the root that was signed last.
    """
    added = 0
    while True:
        with database.writing(SYSTEM) as session:
            done = _seal_batch(session, signer, now)
        added += done.added
        if done.added < BATCH:
            return Sealing(added=added, size=done.size, faults=done.faults)


def newest_head(session: Session) -> SignedHead | None:
    """The head that was signed last, to be read beyond the session."""
    head = session.exec(select(SignedHead).order_by(col(SignedHead.size).desc()).limit(1)).first()
    if head is not None:
        session.expunge(head)
    return head


def read_nodes(session: Session, nodes: Iterable[tree.Node]) -> dict[tree.Node, bytes]:
    """The hashes of complete subtrees.

    :raises SealBroken: when one is not there any more.
    """
    found: dict[tree.Node, bytes] = {}
    wanted: dict[int, list[tree.Node]] = {}
    for level, index in nodes:
        wanted.setdefault(((index + 1) << level) - 1, []).append((level, index))
    rows = session.connection().execute(
        text("select position, hashes from sealed_entry where position = any (:positions)"), {"positions": list(wanted)}
    )
    for row in rows:
        for level, index in wanted.pop(row.position):
            found[level, index] = bytes(row.hashes[level * DIGEST : (level + 1) * DIGEST])
    if wanted:
        raise SealBroken(f"leaf {min(wanted)} of the tree is missing")
    return found


def _seal_batch(session: Session, signer: Signer, now: datetime) -> Sealing:
    connection = session.connection()
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
    head = newest_head(session)
    size = head.size if head else 0
    nodes = read_nodes(session, tree.cover(0, size))
    if head and tree.root(size, lambda level, index: nodes[level, index]) != head.root:
        raise SealBroken(f"the first {size} leaves of the tree do not come to the root that was signed")
    rows: list[dict[str, Any]] = []
    faults = []
    for chain in connection.execute(_CHAINS, {"genesis": GENESIS}).all():
        fault = _take(session, chain, nodes, rows, size)
        if fault:
            faults.append(fault)
        if len(rows) == BATCH:
            break
    if rows:
        connection.execute(insert(SealedEntry), rows)
        size += len(rows)
        root = tree.root(size, lambda level, index: nodes[level, index])
        session.add(SignedHead(size=size, root=root, verifier=signer.verifier, note=signer.sign_head(size, root), signed_at=now))
    return Sealing(added=len(rows), size=size, faults=tuple(faults))


def _take(session: Session, chain: Any, nodes: dict[tree.Node, bytes], rows: list[dict[str, Any]], size: int) -> str:
    """Add the chain's new entries to the rows; the sentence that says where they do not follow, if they do not."""
    if chain.chain_seq <= chain.sealed_seq:
        return f"campaign {chain.code}: entry {chain.sealed_seq} was sealed, and is not the head of the chain now"
    previous, expected = chain.sealed_head, chain.sealed_seq + 1
    bounds = {"chain": chain.id, "after": chain.sealed_seq, "upto": chain.chain_seq, "most": BATCH - len(rows)}
    for entry in session.connection().execute(_ENTRIES, bounds):
        body = bytes(entry.body)
        if entry.seq != expected or json.loads(body)["prev"] != previous:
            return f"campaign {chain.code}: entry {expected} does not follow entry {expected - 1} as it was sealed"
        previous, expected = sha256(body).hexdigest(), expected + 1
        position = size + len(rows)
        hashes = tree.completed(position, leaf(chain.id, entry.seq, previous), lambda level, index: nodes[level, index])
        nodes.update({(level, position >> level): digest for level, digest in enumerate(hashes)})
        rows.append(
            {
                "position": position,
                "campaign_id": chain.id,
                "advertiser_id": chain.advertiser_id,
                "seq": entry.seq,
                "entry_sha256": previous,
                "hashes": b"".join(hashes),
            }
        )
    if expected <= chain.chain_seq and len(rows) < BATCH:
        return f"campaign {chain.code}: entry {expected} is missing"
    return ""
