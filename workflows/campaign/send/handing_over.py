"""Handing address files over: the mailer takes the frozen mailing of a channel, and every taking is kept. Not for ordering: *send* does."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from workflows.campaign.data_protection.certificates import note_handed
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import StoredFile
from workflows.campaign.rules import NotOfThisCampaign
from workflows.campaign.send.senders import senders
from workflows.engine.command import Command
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.model import Supplier
from workflows.parties.roles import SupplierKind


class NothingToHandOver(Refused):
    """The lot plan has no mailing of that name."""

    code = "send.nothing_to_hand_over"


@dataclass(frozen=True, kw_only=True)
class TakeMailing(Command):
    """Take one frozen mailing file, by its name in the lot plan."""

    file: str


@dataclass(frozen=True, kw_only=True)
class NoteHandOver(Command):
    """Note that a supplier has a frozen mailing file by other means: a printer, a house that sends e-mails or messages."""

    supplier_id: UUID
    file: str


def hand_over(step: Step) -> None:
    """Note which sealed files the mailing is taken from.

    :raises NothingToHandOver: when there is none of that name, its time was over, or somebody else sends it.
    """
    plan = step.facts.lot_plan
    stored = step.session.get(StoredFile, plan.result_file_id)
    if stored is None or stored.wrapped_key is None:
        raise NothingToHandOver(file=step.command.file)
    file = _asked_for(step)
    # one person may speak for several suppliers, and for the same house at another advertiser
    takers = [one.id for one in senders(step.facts, file["channel"]) if one.id in step.actor.supplier_ids]
    if not takers:
        raise NothingToHandOver(file=step.command.file)
    for supplier_id in takers:
        note_handed(step, supplier_id, step.command.file, file["sha256"], file["rows"])
    step.note_file(kind=stored.kind, sha256=stored.sha256, size=stored.size)


def note_hand_over(step: Step) -> None:
    """Write down who has the file.

    :raises NotOfThisCampaign: for a supplier that does no such work for it.
    :raises NothingToHandOver: when there is none of that name.
    """
    if step.command.supplier_id not in {one.id for one in receivers(step.facts)}:
        raise NotOfThisCampaign()
    file = _asked_for(step)
    note_handed(step, step.command.supplier_id, step.command.file, file["sha256"], file["rows"])


def receivers(facts: CampaignFacts) -> list[Supplier]:
    """Whom a file of people may be handed to: the campaign's suppliers of services, but for those who open the mail."""
    return [one for one in facts.service_suppliers() if one.kind != SupplierKind.CAGING]


def mailing_files(facts: CampaignFacts) -> dict[str, Any]:
    """The frozen files of people by name, each with its hash and rows."""
    return dict(facts.lot_plan.summary.get("files", {})) if facts.lot_plan and facts.lot_plan.frozen_at else {}


def _asked_for(step: Step) -> dict[str, Any]:
    file: dict[str, Any] | None = mailing_files(step.facts).get(step.command.file)
    if file is None:
        raise NothingToHandOver(file=step.command.file)
    return file
