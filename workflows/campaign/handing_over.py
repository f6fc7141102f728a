"""Handing address files over: the mailer takes the frozen mailing of a channel, and every taking is kept. Not for ordering: *send* does."""

from dataclasses import dataclass

from sqlmodel import col, select

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import StoredFile
from workflows.engine.command import Command
from workflows.engine.documents import Document
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role


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
    step.note_file(kind=stored.kind, sha256=stored.sha256, size=stored.size)


def ordered_seq(facts: CampaignFacts) -> int | None:
    """The entry that issued the newest mailing order for the lots that count; None where there is none."""
    plan = facts.lot_plan
    if plan is None or plan.frozen_at is None:
        return None
    ordered = select(Document.requested_seq).where(
        Document.campaign_id == facts.campaign.id, col(Document.kind) == "mailing_order", col(Document.requested_seq) > plan.from_seq
    )
    return facts.session.exec(ordered.order_by(col(Document.requested_seq).desc())).first()


def mailing_is_ordered(facts: CampaignFacts) -> Unmet | None:
    """Addresses leave the house under a mailing order for these very lots, never before."""
    return Unmet(code="send.mailing_not_ordered", lifted_by=Role.PROJECT_MANAGER) if ordered_seq(facts) is None else None
