"""Questions about a run: what became of a record, and why two were taken for one person or not.

Asked by a person, answered by a machine, kept with the run they are about. Used by the stages in which a run is looked at. What an
answer says is the engine's; nothing is decided by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import MergePurgeRun
from workflows.engine.command import Command, digest
from workflows.engine.process import Move, ServiceTaskRef
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role

MOST = 50
"""Questions that a run keeps: the newest."""


class UnknownSource(Refused):
    """No list and no suppression file of the run has this code."""

    code = "dedupe.unknown_source"


class ComparisonLapsed(Refused):
    """The question belongs to a run that counts no more, or has its answer."""

    code = "dedupe.comparison_lapsed"


@dataclass(frozen=True, kw_only=True)
class ComparePair(Command):
    """Ask why two records of the run were taken for one person or not, each given as the code of its list and its id."""

    left_source: str
    left_id: str = digest()
    right_source: str
    right_id: str = digest()


@dataclass(frozen=True, kw_only=True)
class LookUpRecord(Command):
    """Ask why a record of the run was kept or lost, given as the code of its list and its id."""

    source: str
    record_id: str = digest()


@dataclass(frozen=True, kw_only=True)
class RecordComparison(Command):
    """Keep what a machine found: points by feature, or that a record is not there."""

    run_id: UUID
    number: int
    answer: dict[str, Any] = digest()


@dataclass(frozen=True, kw_only=True)
class RecordLookUp(Command):
    """Keep what a machine found: what was decided about the record and those it is one with, or that it is not there."""

    run_id: UUID
    number: int
    answer: dict[str, Any] = digest()


def run_has_report(facts: CampaignFacts) -> Unmet | None:
    """There is a finished run to ask about."""
    if facts.run is not None and facts.run.report is not None:
        return None
    return Unmet(code="dedupe.not_done", lifted_by=Role.SYSTEM)


def sources_are_known(step: Step) -> None:
    """Both records are said to be in a file of the run.

    :raises UnknownSource: naming the code that is none.
    """
    brief = step.facts.run.brief
    _refuse_strangers((step.command.left_source, step.command.right_source), (*brief["files"], *brief["suppressions"]))


def list_is_known(step: Step) -> None:
    """The record is said to be of a list of the run: of a suppression file's own nothing is decided.

    :raises UnknownSource: naming the code that is none.
    """
    _refuse_strangers((step.command.source,), step.facts.run.brief["files"])


def _refuse_strangers(sources: tuple[str, ...], files: Sequence[dict[str, Any]]) -> None:
    known = {one["code"] for one in files}
    for source in sources:
        if source not in known:
            raise UnknownSource(source=source, known=", ".join(sorted(known)))


def ask(step: Step) -> None:
    """Note the question about two records; the machine answers it."""
    command: ComparePair = step.command
    left = {"source": command.left_source, "id": command.left_id}
    right = {"source": command.right_source, "id": command.right_id}
    _note(step.facts.run, {"left": left, "right": right})


def look_up(step: Step) -> None:
    """Note the question about one record; the machine answers it."""
    command: LookUpRecord = step.command
    _note(step.facts.run, {"record": {"source": command.source, "id": command.record_id}})


def _note(run: MergePurgeRun, asked: dict[str, Any]) -> None:
    number = max((one["number"] for one in run.comparisons), default=0) + 1
    run.comparisons = [*run.comparisons, {"number": number, **asked, "answer": None}][-MOST:]


def record(step: Step) -> None:
    """Keep the answer beside its question.

    :raises ComparisonLapsed: when the run counts no more, or the question has gone or is answered.
    """
    command: RecordComparison | RecordLookUp = step.command
    run = step.facts.run
    if run is None or run.id != command.run_id:
        raise ComparisonLapsed()
    asked = next((one for one in run.comparisons if one["number"] == command.number), None)
    if asked is None or asked["answer"] is not None:
        raise ComparisonLapsed()
    run.comparisons = [one | {"answer": command.answer} if one["number"] == command.number else one for one in run.comparisons]


def _question(step: Step) -> dict[str, Any]:
    run = step.facts.run
    return {"run_id": str(run.id), "number": run.comparisons[-1]["number"]}


COMPARING = (
    Move(
        ComparePair,
        by=Role.PROJECT_MANAGER,
        event="campaign.comparison.asked",
        requires=(run_has_report,),
        checks=(sources_are_known,),
        do=ask,
        requests=(ServiceTaskRef("explain_pair", payload=_question),),
    ),
    Move(
        LookUpRecord,
        by=Role.PROJECT_MANAGER,
        event="campaign.lookup.asked",
        requires=(run_has_report,),
        checks=(list_is_known,),
        do=look_up,
        requests=(ServiceTaskRef("look_up_record", payload=_question),),
    ),
    Move(RecordComparison, by=Role.SYSTEM, event="campaign.comparison.recorded", do=record),
    Move(RecordLookUp, by=Role.SYSTEM, event="campaign.lookup.recorded", do=record),
)
