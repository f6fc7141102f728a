"""Purges address files: the move destroys their keys, then the bytes are deleted. Deleting twice is harmless."""

from collections.abc import Sequence
from typing import Any

from tasks.registry import Work, service_task
from workflows.campaign.data_protection.purging import PurgeFiles, due_files
from workflows.engine.command import Command
from workflows.trade.working_days import local_day


@service_task("purge_files")
def purge_files(work: Work, _payload: dict[str, Any]) -> Sequence[Command]:
    """Ask for the purge of what is due on the campaign's present day. Nothing is where the day moved since the timer was set."""
    with work.reading() as session:
        due = due_files(session, work.campaign_id, local_day(work.now))
    return [PurgeFiles(subject_id=work.campaign_id)] if due else []


@service_task("destroy_blobs")
def destroy_blobs(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Delete the bytes whose keys are gone."""
    for blob in payload["blobs"]:
        work.files.destroy(blob)
    return []
