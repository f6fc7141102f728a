"""The checkpoint: one canonical entry a move, each holding the hash of the one before. Written by `dispatch`, read by anybody.

Entries are stored as their canonical bytes and never migrated: a reader understands every `v` there has been. People appear as opaque
ids; names and free text as a salted hash whose text and salt stand in `erasable_text`, so that a person can be forgotten and the chain
stays whole.
"""

import json
import secrets
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, text
from sqlmodel import Field, SQLModel

from workflows.engine.canonical import canonical_json
from workflows.engine.columns import instant, key, reference
from workflows.engine.effects import Effects
from workflows.engine.refusals import Made

VERSION = 1
GENESIS = "0" * 64
"""What stands for the previous hash in a chain's first entry."""


class Checkpoint(SQLModel, table=True):
    """One entry of a campaign's chain. The columns beside `body` only repeat it, for queries; `body` is the truth."""

    campaign_id: UUID = Field(foreign_key="campaign.id", primary_key=True)
    seq: int = Field(primary_key=True)
    advertiser_id: UUID = reference("advertiser.id")
    at: datetime = instant()
    event: str
    body: bytes
    sha256: str


class ErasableText(SQLModel, table=True):
    """Words that a checkpoint refers to by their salted hash. Erasing a row leaves every chain valid."""

    __tablename__ = "erasable_text"

    id: UUID = key()
    campaign_id: UUID = reference("campaign.id")
    advertiser_id: UUID = reference("advertiser.id")
    seq: int
    field: str
    salt: str
    sha256: str
    text: str


def salted_sha256(salt: str, words: str) -> str:
    """The hash by which a checkpoint knows free text: SHA-256 of salt, a line feed and the words, in UTF-8."""
    return sha256(f"{salt}\n{words}".encode()).hexdigest()


_KEEP_WORDS = insert(ErasableText)


def append(
    connection: Connection, chain: Any, *, at: datetime, by: UUID | None, entry: dict[str, Any], texts: dict[str, str], effects: Effects
) -> int:
    """Add one entry to a chain whose row is locked, move the chain's head, and write the move's other effects with them.

    :param chain: the campaign row, with `id`, `advertiser_id`, `chain_seq` and `chain_head`.
    :param entry: plain data (see `command.plain`) without the fields this function writes.
    :param texts: free text by field name; only hashes of it enter the entry.
    :param by: the person in whose name user tasks are closed.
    :return: the entry's place in the chain.
    """
    owner = {"campaign_id": chain.id, "advertiser_id": chain.advertiser_id}
    seq: int = chain.chain_seq + 1
    hashes: dict[str, str] = {}
    for name, words in sorted(texts.items()):
        salt = secrets.token_hex(16)
        hashes[name] = salted_sha256(salt, words)
        connection.execute(_KEEP_WORDS, {**owner, "seq": seq, "field": name, "salt": salt, "sha256": hashes[name], "text": words})
    whole = {**entry, "v": VERSION, "chain": str(chain.id), "seq": seq, "prev": chain.chain_head, "at": at.isoformat(), "texts": hashes}
    body = canonical_json(whole)
    chain.chain_seq, chain.chain_head = seq, sha256(body).hexdigest()
    effects.write(connection, chain, at=at, by=by, event=entry["event"], body=body)
    return seq


_ENTRY = text("select body from checkpoint where campaign_id = :chain and seq = :seq")


def hands_of(connection: Connection, chain_id: UUID, seq: int) -> frozenset[UUID]:
    """Who made an entry, and in whose place, if in anybody's."""
    body = connection.execute(_ENTRY, {"chain": chain_id, "seq": seq}).scalar_one_or_none()
    actor = json.loads(body)["actor"] if body is not None else {"id": None, "stands_in_for": None}
    return frozenset(UUID(one) for one in (actor["id"], actor["stands_in_for"]) if one)


_LATEST = text("select body, at from checkpoint where campaign_id = :chain order by seq desc limit 200")


def overtaking_move(connection: Connection, chain_id: UUID, subject_id: UUID, *, seen_version: int | None) -> Made | None:
    """The move that somebody with a wish about this subject has to know of: the latest that changed its state, else the latest at all.

    :param seen_version: leaves out the moves that the person has seen.
    """
    latest = None
    for row in connection.execute(_LATEST, {"chain": chain_id}):
        entry = json.loads(row.body)
        about = entry["subject"]
        if about["id"] != str(subject_id):
            continue
        if seen_version is not None and about["version"] <= seen_version:
            break
        by = entry["actor"]["id"]
        made = Made(event=entry["event"], at=row.at, by_id=UUID(by) if by else None)
        if entry["from"] != entry["to"]:
            return made
        latest = latest or made
    return latest
