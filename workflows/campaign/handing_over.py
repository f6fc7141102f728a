"""Handing address files over: the mailer takes the frozen mailing of a channel, and every taking is kept. Not for ordering: *send* does."""

from dataclasses import dataclass

from workflows.campaign.certificates import note_handed
from workflows.campaign.records import StoredFile
from workflows.engine.command import Command
from workflows.engine.refusals import Refused
from workflows.engine.step import Step


class NothingToHandOver(Refused):
    """The lot plan has no mailing of that name."""

    code = "send.nothing_to_hand_over"


@dataclass(frozen=True, kw_only=True)
class TakeMailing(Command):
    """Take one frozen mailing file, by its name in the lot plan."""

    file: str


def hand_over(step: Step) -> None:
    """Note which sealed files the mailing is taken from.

    :raises NothingToHandOver: when there is none of that name, or its time was over.
    """
    plan = step.facts.lot_plan
    stored = step.session.get(StoredFile, plan.result_file_id)
    if step.command.file not in plan.summary.get("files", {}) or stored is None or stored.wrapped_key is None:
        raise NothingToHandOver(file=step.command.file)
    file = plan.summary["files"][step.command.file]
    for supplier_id in step.actor.supplier_ids:
        note_handed(step, supplier_id, step.command.file, file["sha256"], file["rows"])
    step.note_file(kind=stored.kind, sha256=stored.sha256, size=stored.size)
