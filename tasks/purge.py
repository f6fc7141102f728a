"""Purges address files: the move destroys their keys, then the bytes are deleted. Deleting twice is harmless."""

from collections.abc import Sequence
from typing import Any

from tasks.registry import Work, service_task
from workflows.campaign.data_protection.purging import PurgeFiles
from workflows.engine.command import Command


@service_task("purge_files")
def purge_files(work: Work, _payload: dict[str, Any]) -> Sequence[Command]:
    """Ask for the purge of what is due on the campaign's present day."""
    return [PurgeFiles(subject_id=work.campaign_id)]


@service_task("destroy_blobs")
def destroy_blobs(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Delete the bytes whose keys are gone."""
    for blob in payload["blobs"]:
        work.files.destroy(blob)
    return []
