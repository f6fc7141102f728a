"""The register of erasures, which knows opaque ids alone, and its copy beside the keys: what a restored backup has to be told.

A backup that is older than an erasure still holds the person. The database that would know of it is what was lost; so the ids are also kept
in `erased.jsonl` in the data folder, and `jalon restore` erases them again from what the backup itself says of them, as widely as before:
beside the id stand the advertisers in whose records somebody was erased, unless those were all of them.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from app.erasure.tables import Houses
from workflows.parties.model import Erasure, Person

FILE = "erased.jsonl"


@dataclass(frozen=True, kw_only=True)
class RegisterEntry:
    """One erasure as the register has it; `asked_by` is a name, empty for an operator at the command line.

    `entries` are the checkpoints that record the person's erasures, as campaign's code and number.
    """

    person_id: UUID
    erased_at: datetime
    asked_by: str
    campaigns: int
    entries: tuple[tuple[str, int], ...] = ()


_ENTRIES = text(
    """
    select c.code, e.seq, convert_from(e.body, 'UTF8')::jsonb #>> '{command,person_id}' as person
      from checkpoint e join campaign c on c.id = e.campaign_id
     where e.event = 'campaign.person.erased' and e.advertiser_id = :advertiser
     order by c.code, e.seq
    """
)


def register(
    session: Session, person_id: UUID, advertisers: Iterable[UUID], *, asked_by_id: UUID | None, campaigns: int, now: datetime
) -> None:
    """Enter an erasure for each advertiser that knew the person."""
    for advertiser_id in sorted(advertisers):
        session.add(Erasure(advertiser_id=advertiser_id, person_id=person_id, asked_by_id=asked_by_id, erased_at=now, campaigns=campaigns))
    session.flush()


def list_erasures(session: Session, advertiser_id: UUID) -> tuple[RegisterEntry, ...]:
    """An advertiser's register, the newest first."""
    statement = (
        select(Erasure, Person.name)
        .outerjoin(Person, col(Person.id) == col(Erasure.asked_by_id))
        .where(Erasure.advertiser_id == advertiser_id)
        .order_by(col(Erasure.erased_at).desc(), col(Erasure.person_id))
    )
    entries: dict[UUID, list[tuple[str, int]]] = {}
    for one in session.connection().execute(_ENTRIES, {"advertiser": advertiser_id}):
        entries.setdefault(UUID(one.person), []).append((one.code, one.seq))
    return tuple(
        RegisterEntry(
            person_id=row.person_id,
            erased_at=row.erased_at,
            asked_by=name or "",
            campaigns=row.campaigns,
            entries=tuple(entries.get(row.person_id, ())),
        )
        for row, name in session.exec(statement)
    )


def remember(data_dir: Path, session: Session, just_now: Mapping[UUID, Houses] | None = None) -> Path:
    """Bring the file up to what the register knows; what only the file knows stays in it. It appears whole or not at all.

    :param just_now: who was erased in the records of which advertisers, None for all of them; of others the register says it.
    """
    path = data_dir / FILE
    known = {**_registered(session), **(written := erased_people(path))}
    for person_id, houses in (just_now or {}).items():
        before = written.get(person_id, ())
        known[person_id] = None if houses is None or before is None else tuple({*before, *houses})
    data_dir.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{FILE}.{os.getpid()}")
    with draft.open("w", encoding="ascii") as file:
        for person_id, houses in sorted(known.items()):
            within = {} if houses is None else {"advertisers": sorted(map(str, houses))}
            file.write(json.dumps({"person_id": str(person_id), **within}) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return path


def erased_people(path: Path) -> dict[UUID, Houses]:
    """Whom the file names, and in whose records they were erased; nobody where there is no file.

    :raises ValueError: when a line is no entry.
    """
    if not path.exists():
        return {}
    entries = [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]
    return {UUID(one["person_id"]): tuple(map(UUID, one["advertisers"])) if "advertisers" in one else None for one in entries}


def _registered(session: Session) -> dict[UUID, Houses]:
    """Whom the register names: an operator's erasure was one in all records."""
    found: dict[UUID, Houses] = {}
    for row in session.exec(select(Erasure)):
        before = found.get(row.person_id, ())
        found[row.person_id] = None if row.asked_by_id is None or before is None else (*before, row.advertiser_id)
    return found
