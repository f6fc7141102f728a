"""Purging: address files end on a date. The row keeps hash, size and counts; key and bytes are destroyed, on record.

First the key goes, in the move's own transaction, so that no copy of the bytes can be read any more; then a machine deletes the bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import col, select

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
KEYS = frozenset({CONTACT_KEYS, REST_KEYS, UNREACHED_KEYS})
NOBODY_S_ADDRESS = KEPT | KEYS
"""Kinds of files that may be left when every address is gone."""


@dataclass(frozen=True, kw_only=True)
class PurgeFiles(Command):
    """Destroy the keys of the address files whose time is over."""


def purge(step: Step) -> None:
    """Destroy what is due."""
    today = local_day(step.now)
    due = [row for row in _address_files(step) if row.purge_on is not None and row.purge_on <= today]
    destroy(step, due)
    if any(row.kind.startswith(f"{OBJECTIONS}:") for row in due):
        step.drop_tasks(stage=OBJECTIONS)


def destroy(step: Step, rows: Sequence[StoredFile]) -> None:
    """Forget the keys of files, name each by its hash in the checkpoint, and ask for the bytes to be deleted."""
    for row in rows:
        row.purged_at, row.wrapped_key = step.now, None
        step.note_file(kind=f"purged:{row.kind}", sha256=row.sha256, size=row.size)
    if rows:
        step.request("destroy_blobs", {"blobs": [row.blob_id.hex for row in rows]})


def follow_drop(step: Step, planned_on: date) -> None:
    """Let what was to end after the drop that was planned end after the one that was: answers are still looked up in it."""
    for row in _address_files(step):
        if row.purge_on == planned_on:
            row.purge_on = step.chain.purge_on
    step.session.flush()


def hasten_purge(step: Step) -> None:
    """Let every address file end today: nobody may use it any more. Keys of a drop that was, and of what came back, keep their day."""
    for row in _address_files(step):
        if row.kind not in KEYS:
            row.purge_on = local_day(step.now)
        elif row.purge_on is not None:
            step.request("purge_files", at=instant_at(row.purge_on, time(6)))
    step.session.flush()


def _address_files(step: Step) -> list[StoredFile]:
    statement = select(StoredFile).where(
        StoredFile.campaign_id == step.chain.id, col(StoredFile.purged_at).is_(None), col(StoredFile.kind).not_in(KEPT)
    )
    return list(step.session.exec(statement.order_by(col(StoredFile.from_seq), col(StoredFile.kind), col(StoredFile.name))))


def purge_moment(step: Step) -> datetime:
    """The morning of the day when what was used for this drop must be gone."""
    return instant_at(step.chain.purge_on, time(6))


PURGE_NOW = ServiceTaskRef("purge_files")
PURGE_IN_TIME = ServiceTaskRef("purge_files", at=purge_moment)
"""Asked for when the mail is posted."""
