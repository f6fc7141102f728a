"""Objections and returns: who asked for no more mail, has died or could not be reached is named to those who would write to them again.

While the mailing's files are there, a machine writes one file for the house, to suppress by in its next campaign, and one for the supplier
of each list, of the people of that list alone. The project manager hands them over within the hours that policy gives; each supplier is
told and takes its own. Who got what stays on record by counts and hashes; the files end with the other address files of the campaign.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from workflows.campaign.data_protection.purging import OBJECTIONS
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile, kept_files, store
from workflows.campaign.records import ObjectionFile, StoredFile
from workflows.campaign.rules import manages
from workflows.engine.command import Command, unrecorded
from workflows.engine.process import Hours, Move, ServiceTaskRef, Target, UserTaskSpec
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.engine.user_tasks import UserTask, open_task, open_tasks
from workflows.parties.roles import Role

HOUSE = "house"
"""The reader of the file of everybody, where a supplier's has the supplier's code."""
UNIDENTIFIED = "unidentified"
"""Counted in the house's file, and no row of it: an answer or a return that nothing ties to a piece."""


class ObjectionsOvertaken(Refused):
    """Files that were written from later answers are there already."""

    code = "objections.overtaken"


class NothingToTake(Refused):
    """There is no such file for whoever asks, it is not handed over, or its time is over."""

    code = "objections.nothing_to_take"


@dataclass(frozen=True, kw_only=True)
class RecordObjections(Command):
    """Keep the files of objections and returns: rows by reason, and the file, of each reader, the house or a supplier by its code."""

    as_of_seq: int
    counts: dict[str, dict[str, int]]
    files: dict[str, KeptFile] = unrecorded()


@dataclass(frozen=True, kw_only=True)
class HandOverObjections(Command):
    """Let the suppliers have their files, and take the house's into account."""


@dataclass(frozen=True, kw_only=True)
class TakeObjections(Command):
    """Take one file: a supplier its own, a project manager the house's, or one to bring by other means to a supplier nobody speaks for."""

    file_id: UUID


def record(step: Step) -> None:
    """Store what is new for its reader in place of what the reader had; a file that says the same stays as it is.

    :raises ObjectionsOvertaken: when files of later answers are there.
    """
    command: RecordObjections = step.command
    facts: CampaignFacts = step.facts
    if any(one.as_of_seq > command.as_of_seq for one in facts.objection_files):
        raise ObjectionsOvertaken()
    codes = {supplier.code: supplier.id for supplier in facts.suppliers.values()}
    before = {one.supplier_id: one for one in facts.objection_files}
    for reader, kept in sorted(command.files.items()):
        supplier_id = None if reader == HOUSE else codes[reader]
        earlier = before.get(supplier_id)
        if earlier is not None and earlier.sha256 == kept.sha256:
            continue
        if earlier is not None:
            earlier.to_seq = step.seq
            step.session.get_one(StoredFile, earlier.file_id).to_seq = step.seq
            step.drop_task("take_objections", earlier.id)
        step.session.add(
            ObjectionFile(
                **step.from_now_on(),
                supplier_id=supplier_id,
                file_id=store(step, kept, kind=f"{OBJECTIONS}:{reader}", supplier_id=supplier_id).id,
                sha256=kept.sha256,
                counts=command.counts[reader],
                as_of_seq=command.as_of_seq,
            )
        )
    step.session.flush()


def readable(facts: CampaignFacts) -> list[ObjectionFile]:
    """The files whose time is not over."""
    there = {row.id for row in kept_files(facts.session, facts.campaign.id, f"{OBJECTIONS}:")}
    return [one for one in facts.objection_files if one.file_id in there]


def waiting(facts: CampaignFacts) -> list[ObjectionFile]:
    """The files that nobody handed over yet."""
    return [one for one in readable(facts) if one.handed_over_at is None]


def hand_over(step: Step) -> None:
    """Note the moment with each file that waited."""
    for one in waiting(step.facts):
        one.handed_over_at = step.now


def take(step: Step) -> None:
    """Note what was taken, for the first time or again.

    :raises NothingToTake: when it is not there, not handed over, or somebody else's.
    """
    row = next((one for one in readable(step.facts) if one.id == step.command.file_id), None)
    if row is None or not _may_take(step, row):
        raise NothingToTake()
    stored = step.session.get_one(StoredFile, row.file_id)
    step.note_file(kind=stored.kind, sha256=stored.sha256, size=stored.size)
    row.taken_at = row.taken_at or step.now
    step.close_task("take_objections", row.id)


def _may_take(step: Step, row: ObjectionFile) -> bool:
    if manages(step):
        return True
    return row.handed_over_at is not None and row.supplier_id in step.actor.supplier_ids


def objections_wait(facts: CampaignFacts) -> Unmet | None:
    """Somebody has not got a file yet."""
    return None if waiting(facts) else Unmet(code="objections.nothing_waits", lifted_by=Role.SYSTEM)


def readers(facts: CampaignFacts) -> list[UUID]:
    """The suppliers who were handed a file."""
    return [one.supplier_id for one in facts.objection_files if one.supplier_id and one.handed_over_at]


def _to_hand_over(facts: CampaignFacts) -> Iterable[Target]:
    """The campaign, once a file waits: the hours run from the first that does."""
    if waiting(facts) and open_task(facts.session, "hand_over_objections", facts.campaign.id) is None:
        yield Target(kind="campaign", id=facts.campaign.id, label=facts.campaign.code)


def _to_take(facts: CampaignFacts) -> Iterable[Target]:
    """Each file that was handed to a supplier, who is not asked yet to take it."""
    tasks = open_tasks(facts.session, UserTask.campaign_id == facts.campaign.id, UserTask.name == "take_objections")
    asked = {task.subject_id for task in tasks}
    for one in readable(facts):
        if one.supplier_id and one.handed_over_at and not one.taken_at and one.id not in asked:
            yield Target(kind="objection_file", id=one.id, label=facts.suppliers[one.supplier_id].code, supplier_id=one.supplier_id)


def _just_handed_over(step: Step) -> dict[str, list[str]]:
    return {"files": [str(one.id) for one in step.facts.objection_files if one.supplier_id and one.handed_over_at == step.now]}


_WITHIN = Hours("objection_hours")
OBJECTIONS_MOVES = (
    Move(
        RecordObjections,
        by=Role.SYSTEM,
        event="campaign.objections.written",
        do=record,
        opens=(
            UserTaskSpec("hand_over_objections", candidates=Role.PROJECT_MANAGER, due=_WITHIN, filed_under=OBJECTIONS, each=_to_hand_over),
        ),
    ),
    Move(
        HandOverObjections,
        by=Role.PROJECT_MANAGER,
        event="campaign.objections.sent",
        requires=(objections_wait,),
        do=hand_over,
        closes=("hand_over_objections",),
        opens=(UserTaskSpec("take_objections", candidates=Role.SUPPLIER, due=_WITHIN, filed_under=OBJECTIONS, each=_to_take),),
        requests=(ServiceTaskRef("mail_objections", payload=_just_handed_over),),
    ),
    Move(TakeObjections, by=(Role.SUPPLIER, Role.PROJECT_MANAGER), suppliers=readers, event="campaign.objections.taken", do=take),
)
"""From the first answers on, and after the end: a right to object does not wait for the results."""
