"""Purging: address files end on a date. The row keeps hash, size and counts; key and bytes are destroyed, on record.

First the key goes, in the move's own transaction, so that no copy of the bytes can be read any more; then a machine deletes the bytes. Each
day on which a file ends has its timer, from the first file on and whatever becomes of the campaign: no hold stops it, because the day was
promised to whoever lent the addresses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.campaign.model import Campaign
from workflows.campaign.records import StoredFile
from workflows.engine.command import Command
from workflows.engine.process import ServiceTaskRef
from workflows.engine.step import Step
from workflows.trade.working_days import instant_at, local_day

KEPT = frozenset({"deposit_slip", "destruction_certificate", "invoice", "processor_contract"})
"""Kinds of files that hold nobody's address."""
OBJECTIONS = "objections"
"""The files of objections and returns, and where the tasks about them are filed: they outlive the stage."""
CONTACT_KEYS = "contact_keys"
"""Keyed hashes of whom a send reached: they outlive the addresses by months, and a campaign that is given up after its drop."""
REST_KEYS = "at_rest_keys"
"""Keyed hashes of whoever refused in a call, likewise, until nobody in them rests any more."""
UNREACHED_KEYS = "unreached_keys"
"""Keyed hashes of addresses and numbers at which an e-mail, a message or a call reached nobody, likewise."""
GAVE_KEYS = "gave_keys"
"""Keyed hashes of whoever gave, likewise, until nobody in them rests after the gift any more."""
KEYS = frozenset({CONTACT_KEYS, REST_KEYS, UNREACHED_KEYS, GAVE_KEYS})
NOBODY_S_ADDRESS = KEPT | KEYS
"""Kinds of files that may be left when every address is gone."""


@dataclass(frozen=True, kw_only=True)
class PurgeFiles(Command):
    """Destroy the keys of the address files whose time is over."""


def purge(step: Step) -> None:
    """Destroy what is due."""
    due = due_files(step.session, step.chain.id, local_day(step.now))
    destroy(step, due)
    if any(row.kind.startswith(f"{OBJECTIONS}:") for row in due):
        step.drop_tasks(stage=OBJECTIONS)


def destroy(step: Step, rows: Sequence[StoredFile]) -> None:
    """Forget the keys of files, name each by its hash in the checkpoint, and ask for the bytes to be deleted."""
    for row in rows:
        row.purged_at, row.wrapped_key = step.now, None
        step.note_file(kind=f"purged:{row.kind}", sha256=row.sha256, size=row.size)
    if rows:
        step.request("destroy_blobs", {"blobs": [row.blob_id.hex for row in rows]}, never_rests=True)


def follow_drop(step: Step, planned_on: date) -> None:
    """Let what was to end after the drop that was planned end after the one that was: answers are still looked up in it."""
    rows = address_files(step.session, step.chain.id)
    with_timer = {row.purge_on for row in rows}
    for row in rows:
        stored_on = local_day(row.stored_at)
        if row.purge_on == _last_day(step.chain, planned_on, stored_on):
            row.purge_on = last_day(step.chain, stored_on)
    for day in sorted({row.purge_on for row in rows if row.purge_on} - with_timer):
        ask_purge(step, day)
    step.session.flush()


def hasten_purge(step: Step) -> None:
    """Let every address file end today: nobody may use it any more. Keys of a drop that was, and of what came back, keep their day."""
    for row in address_files(step.session, step.chain.id):
        if row.kind not in KEYS:
            row.purge_on = local_day(step.now)
        elif row.purge_on is not None:
            ask_purge(step, row.purge_on)
    step.session.flush()


def last_day(campaign: Campaign, stored_on: date) -> date:
    """When a file that is stored on that day must be gone: with the campaign's addresses; after their day, as long after its own."""
    return _last_day(campaign, campaign.purge_on, stored_on)


def _last_day(campaign: Campaign, purge_on: date, stored_on: date) -> date:
    return purge_on if purge_on > stored_on else stored_on + timedelta(days=campaign.policy.purge_days)


def ask_purge(step: Step, day: date) -> None:
    """Ask for the purge of what ends on that day, in its morning."""
    step.request("purge_files", at=instant_at(day, time(6)), never_rests=True)


def address_files(session: Session, campaign_id: UUID) -> list[StoredFile]:
    """The files of a campaign that end on a day and are still there."""
    statement = select(StoredFile).where(
        StoredFile.campaign_id == campaign_id, col(StoredFile.purged_at).is_(None), col(StoredFile.kind).not_in(KEPT)
    )
    return list(session.exec(statement.order_by(col(StoredFile.from_seq), col(StoredFile.kind), col(StoredFile.name))))


def due_files(session: Session, campaign_id: UUID, today: date) -> list[StoredFile]:
    """Those of them whose day has come."""
    return [row for row in address_files(session, campaign_id) if row.purge_on is not None and row.purge_on <= today]


PURGE_NOW = ServiceTaskRef("purge_files")
"""Asked for when the campaign is given up."""
