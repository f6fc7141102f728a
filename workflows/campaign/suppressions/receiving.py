"""Suppression files as they come in: kept under the name the brief has for them, and read by a machine at once.

What cannot be read is told when it comes, not when the merge-purge begins: whoever sent it is still at hand then.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import select

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import EVERY_SUPPRESSION, KeptFile, kept_files, store, suppression_kind, suppression_name
from workflows.campaign.records import StoredFile
from workflows.campaign.suppressions.records import SuppressionReading
from workflows.campaign.values import SUPPRESSION, refuse_twice, refuse_values
from workflows.engine.command import Command, free_text, unrecorded
from workflows.engine.process import Move, ServiceTaskRef
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role


class SuppressionReplaced(Refused):
    """The file that was read counts no more: another came in its place."""

    code = "suppressions.replaced"


@dataclass(frozen=True, kw_only=True)
class KeepSuppression(Command):
    """Give the campaign a list of people who must not be mailed, by the name the brief has for it."""

    suppression: str
    file: KeptFile = unrecorded()


@dataclass(frozen=True, kw_only=True)
class RecordSuppression(Command):
    """Keep what a machine found in a suppression file: its records, or by code and in a sentence why it cannot be read."""

    file_id: UUID
    record_count: int
    fault: str = ""
    detail: str = free_text("")


def keep(step: Step) -> None:
    """Store the file under its name; a file of the same name that came before counts no more.

    :raises ValueNotAllowed: when no file may lie under that name beside those of the lists.
    """
    name: str = step.command.suppression
    refuse_values("suppressions", name, {"code": name}, SUPPRESSION)
    refuse_twice("suppressions", name, [name.removesuffix(".csv")], taken=[row.code for row in step.facts.lists])
    for earlier in kept_files(step.session, step.chain.id, suppression_kind(name)):
        earlier.to_seq = step.seq
    store(step, step.command.file, kind=suppression_kind(name))


def record(step: Step) -> None:
    """Write down what was found.

    :raises SuppressionReplaced: when the file counts no more, or was read before.
    """
    command: RecordSuppression = step.command
    counts = {file.id for file in kept_files(step.session, step.chain.id, EVERY_SUPPRESSION)} - {
        row.file_id for row in readings(step.facts)
    }
    if command.file_id not in counts:
        raise SuppressionReplaced()
    step.session.add(
        SuppressionReading(
            **step.from_now_on(),
            file_id=command.file_id,
            record_count=command.record_count,
            fault=command.fault,
            detail=command.detail,
        )
    )


def readings(facts: CampaignFacts) -> list[SuppressionReading]:
    """What was found in each suppression file that was read, those of files that count no more among them."""
    return list(facts.session.exec(select(SuppressionReading).where(SuppressionReading.campaign_id == facts.campaign.id)))


def unreadable(facts: CampaignFacts) -> list[tuple[StoredFile, SuppressionReading]]:
    """The suppression files that count and cannot be read, each with what is wrong with it."""
    faulty = {row.file_id: row for row in readings(facts) if row.fault}
    files = kept_files(facts.session, facts.campaign.id, EVERY_SUPPRESSION) if faulty else []
    return [(file, faulty[file.id]) for file in files if file.id in faulty]


def suppressions_are_here(facts: CampaignFacts) -> Unmet | None:
    """Every suppression list that the brief names has been given."""
    wanted = facts.campaign.dedupe.get("suppressions", [])
    campaign_id = facts.campaign.id
    missing = [name for name in wanted if not kept_files(facts.session, campaign_id, suppression_kind(name))]
    if not missing:
        return None
    return Unmet(code="delivery.suppressions_missing", lifted_by=Role.PROJECT_MANAGER, params={"files": missing})


def suppressions_are_readable(facts: CampaignFacts) -> Unmet | None:
    """None of them turned out to be no list of people."""
    found = unreadable(facts)
    if not found:
        return None
    return Unmet(
        code="delivery.suppressions_unreadable",
        lifted_by=Role.PROJECT_MANAGER,
        params={"files": [suppression_name(file) for file, _reading in found]},
    )


def _newest(step: Step) -> dict[str, Any]:
    (file,) = kept_files(step.session, step.chain.id, suppression_kind(step.command.suppression))
    return {"file_id": str(file.id)}


RECORD_SUPPRESSION = Move(RecordSuppression, by=Role.SYSTEM, event="campaign.suppression.examined", do=record)
"""Also in the stage that begins while a file is being read."""
SUPPRESSIONS = (
    Move(
        KeepSuppression,
        by=Role.PROJECT_MANAGER,
        event="campaign.suppression.kept",
        do=keep,
        requests=(ServiceTaskRef("read_suppression", payload=_newest),),
    ),
    RECORD_SUPPRESSION,
)
"""House files may come in any stage before the merge-purge, where work is done."""
