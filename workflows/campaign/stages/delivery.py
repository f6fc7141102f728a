"""Stage *delivery*. Each list comes on its own path: file by file, checked, accepted or refused.

Left by `StartDedupe` to *dedupe* once every line is accepted or excluded and the house's suppression lists are here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from workflows.campaign.any_stage.moving_drop import MOVE_DROP_OF_ORDERS, windows_are_cleared
from workflows.campaign.any_stage.overriding import REVIEW_OVERRIDE, override
from workflows.campaign.any_stage.reworking import going_back
from workflows.campaign.any_stage.shared_moves import IN_EVERY_STAGE
from workflows.campaign.any_stage.stating_margin import STATE_MARGIN
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.follow_up.bringing import bring_over
from workflows.campaign.invoices.decisions import INVOICES
from workflows.campaign.orders.leaving_out import leave_out
from workflows.campaign.records import StoredFile
from workflows.campaign.rules import NotOfThisCampaign, a_line_is_left, reason_is_given
from workflows.campaign.states import CampaignState
from workflows.campaign.suppressions.receiving import SUPPRESSIONS, suppressions_are_here, suppressions_are_readable
from workflows.delivery.process import complete_list
from workflows.engine.command import Command, free_text
from workflows.engine.process import Move, Stage, Target, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.plan_line.model import LineState


class NothingAccepted(Refused):
    """No file of this list has been accepted, so there is nothing to go on with; exclude the list instead."""

    code = "delivery.nothing_accepted"


class BelowFloor(Refused):
    """Less was accepted than policy asks for; say why the campaign goes on with it."""

    code = "delivery.below_floor"


@dataclass(frozen=True, kw_only=True)
class AcceptShortDelivery(Command):
    """Go on with what came of a list; nothing more is expected."""

    list_id: UUID
    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class ExcludeList(Command):
    """Go on without a list."""

    list_id: UUID
    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class StartDedupe(Command):
    """All files are in: begin the merge-purge. A reason is needed when less came than policy asks for."""

    shortfall_reason: str = free_text("")


def accept_short(step: Step) -> None:
    """Complete the list with what was accepted of it.

    :raises NotOfThisCampaign: when the list is another campaign's.
    :raises NothingAccepted: when no file of it was.
    """
    list_id = _list_id(step)
    accepted = [file for file in step.facts.accepted_files if file.list_id == list_id]
    if not accepted:
        raise NothingAccepted()
    override(
        step,
        "list_delivered",
        about=accepted[0].list_code,
        expected=step.facts.ordered_qty(list_id),
        actual=sum(file.record_count or 0 for file in accepted),
        reason=step.command.reason,
    )
    complete_list(step, list_id)


def exclude(step: Step) -> None:
    """End every line of the list, and withdraw its order."""
    leave_out(step, _list_id(step), step.command.reason)


def _list_id(step: Step) -> UUID:
    list_id: UUID = step.command.list_id
    if list_id not in {row.id for row in step.facts.lists}:
        raise NotOfThisCampaign()
    return list_id


def every_line_is_accepted(facts: CampaignFacts) -> Unmet | None:
    """Every list is complete or excluded. What a follow-up brings over waits for nobody outside."""
    waiting = sorted({line.list_code for line in facts.live_lines if line.state != LineState.ACCEPTED})
    if not waiting:
        return None
    lifted_by = Role.PROJECT_MANAGER if facts.campaign.follow_up_of_id else Role.SUPPLIER
    return Unmet(code="delivery.lists_open", lifted_by=lifted_by, params={"lists": waiting})


def addresses_are_here(facts: CampaignFacts) -> Unmet | None:
    """No file that is to be merged was destroyed meanwhile: its day comes also where the drop does not."""
    files = {file.file_id: file.list_code for file in facts.usable_files}
    gone = facts.session.exec(select(StoredFile).where(col(StoredFile.id).in_(files), col(StoredFile.purged_at).is_not(None))).all()
    if not gone:
        return None
    params = {"lists": sorted({files[row.id] for row in gone}), "purge_on": max(row.purge_on for row in gone if row.purge_on)}
    return Unmet(code="delivery.addresses_gone", lifted_by=Role.PROJECT_MANAGER, params=params)


def enough_was_accepted(step: Step) -> None:
    """Compare what was accepted with the plan.

    :raises BelowFloor: when it is under policy's share and no reason is given.
    """
    facts: CampaignFacts = step.facts
    planned = sum(line.gross_qty for line in facts.lines if line.state != LineState.REFUSED)
    accepted = sum(file.record_count or 0 for file in facts.usable_files)
    floor = step.policy.share("thresholds", "accepted_share")
    if accepted >= planned * floor:
        step.control("accepted_share", expected=planned, actual=accepted, tolerance=str(floor), verdict="ok")
        return
    if not step.command.shortfall_reason.strip():
        raise BelowFloor(planned=planned, accepted=accepted, share=floor)
    reason = step.command.shortfall_reason
    override(step, "accepted_share", expected=planned, actual=accepted, tolerance=str(floor), reason=reason)


def house_lists(facts: CampaignFacts) -> Iterable[Target]:
    """House lists that nobody outside delivers, and that are not brought over."""
    for row in facts.live_lists:
        if row.is_house and not row.is_brought_over and any(line.state == LineState.CONFIRMED for line in facts.lines_of(row.id)):
            yield Target(kind="campaign_list", id=row.id, label=row.code)


STAGE = Stage(
    state=CampaignState.DELIVERY,
    enter=bring_over,
    opens=(
        UserTaskSpec("deliver_list", candidates=Role.PROJECT_MANAGER, due=WorkingDays("deliver_list"), each=house_lists),
        UserTaskSpec("start_dedupe", candidates=Role.PROJECT_MANAGER, due=WorkingDays("start_dedupe")),
    ),
    moves=(
        Move(
            StartDedupe,
            to=CampaignState.DEDUPE,
            by=Role.PROJECT_MANAGER,
            event="campaign.delivery.completed",
            requires=(
                a_line_is_left,
                every_line_is_accepted,
                addresses_are_here,
                windows_are_cleared,
                suppressions_are_here,
                suppressions_are_readable,
            ),
            checks=(enough_was_accepted,),
            closes=("start_dedupe",),
            opens=(REVIEW_OVERRIDE,),
        ),
        Move(
            AcceptShortDelivery,
            by=Role.PROJECT_MANAGER,
            event="campaign.delivery.short_accepted",
            checks=(reason_is_given,),
            do=accept_short,
            opens=(REVIEW_OVERRIDE,),
        ),
        Move(ExcludeList, by=Role.PROJECT_MANAGER, event="campaign.delivery.list_excluded", checks=(reason_is_given,), do=exclude),
        MOVE_DROP_OF_ORDERS,
        going_back(CampaignState.PLAN, CampaignState.NEGOTIATION),
        *INVOICES,
        STATE_MARGIN,
        *IN_EVERY_STAGE,
        *SUPPRESSIONS,
    ),
)
