"""A deposit that is found wrong once what went out is confirmed: by the post's statement, an invoice, a platform that counts anew.

The project manager alone corrects it, with a reason and what shows it. What was proved stays on record; what follows from it is redone: the
drop, where its first day was wrong, and the days on which address files and keys end; the control of the invoices of whoever sent or
printed; the figures, which count what went out, where they are computed already. Certificates keep the day that their orders name.

Facts that were kept since are not contradicted: no lot loses what it brought, no answer comes before the drop, and none that was left out
for coming before it is lost. Ends with the campaign: one that is closed goes back to its analysis first. What is wrong before the
confirmation is for `correcting`.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import col, func, select

from workflows.campaign.any_stage.overriding import REVIEW_OVERRIDE
from workflows.campaign.budget.overrun import DECIDE_INVOICE
from workflows.campaign.contacted.records import ContactReport
from workflows.campaign.data_protection.purging import follow_drop
from workflows.campaign.dedupe.pressure import contacts_follow_drop
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.controlling import look_again
from workflows.campaign.records import Response, Undeliverable
from workflows.campaign.rules import reason_is_given
from workflows.campaign.send.correcting import CorrectDeposit, correct_standing
from workflows.campaign.send.depositing import missing_pieces
from workflows.campaign.states import CampaignState
from workflows.engine.process import Move, ServiceTaskRef
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.attribution import SET_ASIDE, SetAsideReason


class EvidenceMissing(Refused):
    """What went out is confirmed: another count or day is taken with the paper that shows it."""

    code = "send.evidence_missing"


class LotsWouldLack(Refused):
    """What was confirmed accounts for every lot, and still does: a lot that lacks pieces is explained, and nothing follows any more."""

    code = "send.lots_would_lack"


class MoreCameBack(Refused):
    """More of a lot came back than would have gone out."""

    code = "send.more_came_back"


class CameBeforeDrop(Refused):
    """Something came back before the day that would be the drop's."""

    code = "send.came_before_drop"


class LeftOutBeforeDrop(Refused):
    """Answers were left out for coming before the drop, and nobody knows which of them would count with an earlier one."""

    code = "send.left_out_before_drop"


@dataclass(frozen=True, kw_only=True)
class CorrectConfirmedDeposit(CorrectDeposit):
    """Write down as it really was what was confirmed to have gone out, by what shows it."""


def analysis_is_open(facts: CampaignFacts) -> Unmet | None:
    """The campaign is not closed: its figures are nobody's history yet, or change before they are."""
    if facts.campaign.state != CampaignState.CLOSED:
        return None
    return Unmet(code="send.analysis_is_closed", lifted_by=Role.PROJECT_MANAGER)


def evidence_is_given(step: Step) -> None:
    """The correction comes with its paper."""
    if step.command.slip is None:
        raise EvidenceMissing()


def correct_confirmed(step: Step) -> None:
    """End the deposit, write its next version, and redo what follows from it.

    :raises LotsWouldLack: when lots would lack pieces that nobody explains.
    :raises Refused: whatever `correct_standing` and `_let_drop_be` raise.
    """
    correct_standing(step)
    step.session.flush()
    step.forget_facts()
    if missing := missing_pieces(step.facts):
        raise LotsWouldLack(lots=sorted(missing))
    _look_at_returned(step.facts)
    dropped_on = min(deposit.deposited_on for deposit in step.facts.deposits)
    if dropped_on != step.chain.dropped_on:
        _let_drop_be(step, dropped_on)
    look_again(step)


def _look_at_returned(facts: CampaignFacts) -> None:
    came_back = Counter(
        facts.session.exec(
            select(Undeliverable.lot_code).where(Undeliverable.campaign_id == facts.campaign.id, col(Undeliverable.to_seq).is_(None))
        )
    )
    for lot in facts.lots:
        if lot.is_sent and came_back[lot.code] > (lot.deposited or 0):
            raise MoreCameBack(lot=lot.code, returned=came_back[lot.code], pieces=lot.deposited or 0)


def _let_drop_be(step: Step, dropped_on: date) -> None:
    """Let the drop have been that day, and what is counted from it follow.

    :raises CameBeforeDrop: when something came back before it.
    :raises LeftOutBeforeDrop: when it is earlier, and answers were left out for coming before the one that was.
    """
    campaign = step.chain
    first = _first_that_came(step.facts)
    if first and first < dropped_on:
        raise CameBeforeDrop(dropped_on=dropped_on, came_on=first)
    if dropped_on < campaign.dropped_on and (left_out := _left_out(step.facts)):
        raise LeftOutBeforeDrop(dropped_on=dropped_on, answers=left_out)
    step.control("drop_on", expected=campaign.dropped_on.isoformat(), actual=dropped_on.isoformat(), verdict="warning")
    planned_on = campaign.purge_on
    campaign.dropped_on = dropped_on
    follow_drop(step, planned_on)
    contacts_follow_drop(step)


def _first_that_came(facts: CampaignFacts) -> date | None:
    """The day of the first answer, return, bounce or call that counts."""
    found = []
    for table, day in (
        (Response, Response.responded_on),
        (Undeliverable, Undeliverable.returned_on),
        (ContactReport, ContactReport.reported_on),
    ):
        kept = select(func.min(day)).where(table.campaign_id == facts.campaign.id, col(table.to_seq).is_(None))
        if table is Response:
            kept = kept.where(col(Response.attribution) != SET_ASIDE)
        found.append(facts.session.exec(kept).one())
    return min((one for one in found if one), default=None)


def _left_out(facts: CampaignFacts) -> int:
    """Answers that were left out for coming before the drop."""
    kept = select(func.count()).where(
        col(Response.campaign_id) == facts.campaign.id, col(Response.to_seq).is_(None), Response.reason == SetAsideReason.DATE_BEFORE_DROP
    )
    return facts.session.exec(kept).one()


CORRECT_CONFIRMED = Move(
    CorrectConfirmedDeposit,
    by=Role.PROJECT_MANAGER,
    event="campaign.deposit.amended",
    requires=(analysis_is_open,),
    checks=(reason_is_given, evidence_is_given),
    do=correct_confirmed,
    opens=(REVIEW_OVERRIDE, DECIDE_INVOICE),
)
CORRECT_ANALYSED = replace(CORRECT_CONFIRMED, requests=(ServiceTaskRef("compute_results"),))
"""The same where figures are computed: they are computed anew, and published anew."""
