"""The log of signed heads as evidence carries it: which heads, and the proof that each holds all leaves of the one before.

A head is signed about once a minute while something moves, so evidence does not carry all of them: those under which entries of the
campaign came, those that were printed on its documents, and those that were mailed, at most one a day. Not for signing: `sealer` does.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from app.evidence import tree
from app.evidence.sealer import read_nodes
from workflows.engine.seals import SignedHead

_HEADS = text(
    """
    with log as (
        select size, verifier, note, coalesce(lag(size) over (order by size), 0) as before from signed_head where size <= :newest
    )
    select size, verifier, note from log
     where size = :newest
        or exists (select from sealed_entry e where e.campaign_id = :chain and e.position >= log.before and e.position < log.size)
        or exists (select from document d where d.campaign_id = :chain and d.sealed_size = log.size)
        or exists (select from mailed_head m where m.size = log.size)
     order by size
    """
)


def heads_of(session: Session, campaign_id: UUID, newest: SignedHead) -> Iterator[dict[str, Any]]:
    """The heads that a campaign's entries came under, oldest first, each with the proof to the next; the newest is the last.

    :raises SealBroken: when the tree lost what a proof needs.
    """
    rows = session.connection().execute(_HEADS, {"chain": campaign_id, "newest": newest.size}).all()
    for older, newer in pairwise(rows):
        yield {"note": older.note, "key": older.verifier, "proof": [one.hex() for one in consistency(session, older.size, newer.size)]}
    yield {"note": newest.note, "key": newest.verifier, "proof": []}


def consistency(session: Session, old: int, size: int) -> list[bytes]:
    """The proof that the first `old` leaves are still the first of `size`: gone through once for what it reads, and once with it.

    :raises SealBroken: when a part of the tree is missing.
    """
    wanted: set[tree.Node] = set()

    def note(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return b""

    tree.consistency_proof(old, size, note)
    nodes = read_nodes(session, wanted)
    return tree.consistency_proof(old, size, lambda level, index: nodes[level, index])
