"""The plan line's machine. People settle a list; each of its lines moves for itself, and the campaign reads where they stand."""

from dataclasses import dataclass

from workflows.campaign.model import Campaign
from workflows.engine.command import Command, free_text
from workflows.engine.process import Move, Process, Stage
from workflows.parties.roles import Role
from workflows.plan_line.model import LineState, PlanLine


@dataclass(frozen=True, kw_only=True)
class AgreeLine(Command):
    """The terms of the line's list are agreed."""


@dataclass(frozen=True, kw_only=True)
class ApproveLine(Command):
    """The list's owner consents to the mail piece."""


@dataclass(frozen=True, kw_only=True)
class RefuseLine(Command):
    """The list will not be used: its terms or the mail piece were refused."""

    reason: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class ReopenLine(Command):
    """Negotiate the line again."""


@dataclass(frozen=True, kw_only=True)
class OrderLine(Command):
    """The line's list is ordered."""


@dataclass(frozen=True, kw_only=True)
class ConfirmLine(Command):
    """The supplier accepted the order; a house list needs none."""


@dataclass(frozen=True, kw_only=True)
class DeliverLine(Command):
    """A first file of the line's list has been received."""


@dataclass(frozen=True, kw_only=True)
class AcceptLine(Command):
    """All that was ordered of the list, or all that will come, is accepted."""


@dataclass(frozen=True, kw_only=True)
class ProcessLine(Command):
    """The list went through an approved merge-purge."""


@dataclass(frozen=True, kw_only=True)
class ReturnLine(Command):
    """The merge-purge it went through counts no more."""


@dataclass(frozen=True, kw_only=True)
class CancelLine(Command):
    """The line is taken out of the campaign."""

    reason: str = free_text("")


def _move(command: type[Command], to: LineState, event: str) -> Move:
    return Move(command, to=to, by=Role.SYSTEM, event=f"plan_line.{event}")


_REFUSE = _move(RefuseLine, LineState.REFUSED, "refused")
_CANCEL = _move(CancelLine, LineState.CANCELLED, "cancelled")
_REOPEN = _move(ReopenLine, LineState.CANDIDATE, "reopened")

PLAN_LINE = Process(
    name="plan_line",
    subject=PlanLine,
    facts=lambda session, row: row,
    chain_of=lambda session, row: session.get(Campaign, row.campaign_id),
    stages=(
        Stage(state=LineState.CANDIDATE, moves=(_move(AgreeLine, LineState.AGREED, "agreed"), _REFUSE, _CANCEL)),
        Stage(state=LineState.AGREED, moves=(_move(ApproveLine, LineState.OWNER_APPROVED, "owner_approved"), _REFUSE, _REOPEN, _CANCEL)),
        Stage(state=LineState.OWNER_APPROVED, moves=(_move(OrderLine, LineState.ORDERED, "ordered"), _REFUSE, _REOPEN, _CANCEL)),
        Stage(state=LineState.ORDERED, moves=(_move(ConfirmLine, LineState.CONFIRMED, "confirmed"), _REOPEN, _CANCEL)),
        Stage(state=LineState.CONFIRMED, moves=(_move(DeliverLine, LineState.DELIVERED, "delivered"), _REOPEN, _CANCEL)),
        Stage(state=LineState.DELIVERED, moves=(_move(AcceptLine, LineState.ACCEPTED, "accepted"), _REOPEN, _CANCEL)),
        Stage(state=LineState.ACCEPTED, moves=(_move(ProcessLine, LineState.PROCESSED, "processed"), _CANCEL)),
        Stage(state=LineState.PROCESSED, moves=(_move(ReturnLine, LineState.ACCEPTED, "returned"),)),
        Stage(state=LineState.REFUSED, moves=(_REOPEN,)),
        Stage(state=LineState.CANCELLED),
    ),
)
