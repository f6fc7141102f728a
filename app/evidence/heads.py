"""The log of signed heads as evidence carries it: which heads, and the proof that each holds all leaves of the one before.

A head is signed about once a minute while something moves, so evidence does not carry all of them: those under which entries of the
campaign came, those that were printed on its documents, and those that were mailed, at most one a day. Who keeps heads of their own account
takes the last of each day. Not for signing: `sealer` does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel import Session

from app.database import say_who_asks
from app.evidence import tree
from app.evidence.sealer import SealBroken, read_nodes
from workflows.engine.seals import SignedHead
from workflows.parties.actor import SYSTEM
from workflows.trade.working_days import PARIS

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


@dataclass(frozen=True, kw_only=True)
class HeadLine:
    """A head as a list of them shows it: the last of its day, or one that was mailed. `root` is in hexadecimal, as papers print it."""

    size: int
    root: str
    note: str
    verifier: str
    signed_at: datetime
    mailed_at: datetime | None

    @property
    def printed(self) -> str:
        """What `verify.py --head` takes."""
        return f"{self.size}:{self.root}"


_DAILY = text(
    """
    with log as (
        select h.*, m.mailed_at, row_number() over (partition by (h.signed_at at time zone :zone)::date order by h.size desc) as nth
          from signed_head h left join mailed_head m on m.size = h.size
    )
    select size, root, note, verifier, signed_at, mailed_at, count(*) over () as found from log where nth = 1 or mailed_at is not null
     order by size desc limit :most offset :after
    """
)


@contextmanager
def as_machine(session: Session) -> Iterator[Session]:
    """Read the tree as the machine: it is everybody's, and tells of nobody."""
    with Session(session.get_bind()) as machine:
        say_who_asks(machine, SYSTEM)
        yield machine


def list_heads(session: Session, *, most: int | None = None, after: int = 0) -> tuple[tuple[HeadLine, ...], int]:
    """The last head of each day in Paris and those that were mailed, the newest first; and how many there are of them."""
    rows = session.connection().execute(_DAILY, {"zone": str(PARIS), "most": most, "after": after}).all()
    return tuple(_line(row) for row in rows), rows[0].found if rows else 0


def log_of(session: Session) -> Iterator[dict[str, Any]]:
    """The same heads, oldest first, as `verify.py --log` reads them: each with the proof that the next one holds all its leaves."""
    lines, _ = list_heads(session)
    yield from _proved(session, [(one.size, one.verifier, one.note) for one in reversed(lines)])


def _line(row: Row[Any]) -> HeadLine:
    return HeadLine(
        size=row.size,
        root=bytes(row.root).hex(),
        note=row.note,
        verifier=row.verifier,
        signed_at=row.signed_at,
        mailed_at=row.mailed_at,
    )


def heads_of(session: Session, campaign_id: UUID, newest: SignedHead) -> Iterator[dict[str, Any]]:
    """The heads that a campaign's entries came under, oldest first, each with the proof to the next; the newest is the last."""
    rows = session.connection().execute(_HEADS, {"chain": campaign_id, "newest": newest.size}).all()
    yield from _proved(session, [(row.size, row.verifier, row.note) for row in rows])


def _proved(session: Session, heads: list[tuple[int, str, str]]) -> Iterator[dict[str, Any]]:
    """Heads with the proof to the next of them; the last needs none. Whoever verifies is to see where the tree lost what a proof needs."""
    for (size, verifier, note), (next_size, _, _) in pairwise(heads):
        yield {"note": note, "key": verifier, "proof": [one.hex() for one in _proof(session, size, next_size)]}
    for _, verifier, note in heads[-1:]:
        yield {"note": note, "key": verifier, "proof": []}


def _proof(session: Session, old: int, size: int) -> list[bytes]:
    try:
        return consistency(session, old, size)
    except SealBroken:
        return []


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
