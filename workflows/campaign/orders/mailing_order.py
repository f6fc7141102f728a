"""Whether the mailing is ordered, and whether the order that is out still says what is printed and mailed. Not its words: see `papers`."""

from collections.abc import Iterable

from sqlmodel import col, select

from workflows.campaign.facts import CampaignFacts
from workflows.engine.documents import Document
from workflows.engine.process import Target, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Unmet
from workflows.engine.user_tasks import open_task
from workflows.parties.roles import Role


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


def order_is_up_to_date(facts: CampaignFacts) -> Unmet | None:
    """Mail is posted under an order that names what was signed last, the lots, the day for which it is planned, and how it is made."""
    seq = ordered_seq(facts)
    if seq is None:
        return None
    messages = [one.code for one in facts.used_messages if (one.proof_signed_seq or 0) > seq]
    if messages:
        return Unmet(code="send.order_outdated", lifted_by=Role.PROJECT_MANAGER, params={"messages": messages})
    lots = _lots_decided_after(facts, seq)
    if lots:
        return Unmet(code="send.order_of_other_lots", lifted_by=Role.PROJECT_MANAGER, params={"lots": lots})
    if facts.drop_moved_after(seq):
        return Unmet(code="send.order_of_another_day", lifted_by=Role.PROJECT_MANAGER, params={"drop_on": facts.campaign.drop_on})
    if _described_after(facts, seq):
        return Unmet(code="send.order_of_another_mailing", lifted_by=Role.PROJECT_MANAGER)
    if _tracked_after(facts, seq):
        return Unmet(code="send.order_of_other_references", lifted_by=Role.PROJECT_MANAGER)
    return None


def _described_after(facts: CampaignFacts, seq: int) -> bool:
    """Whether something else is said of the pieces than what the order says."""
    return facts.mailing is not None and facts.mailing.from_seq > seq


def _tracked_after(facts: CampaignFacts, seq: int) -> bool:
    """Whether lots carry other numbers or addresses than the order says."""
    return any(row.from_seq > seq for row in facts.trackings[-1:])


def _lots_decided_after(facts: CampaignFacts, seq: int) -> list[str]:
    return [one.code for one in facts.lots if (one.sending_decided_seq or 0) > seq]


def _to_order_again(facts: CampaignFacts) -> Iterable[Target]:
    """The mailing whose order no longer says what is printed or mailed, or when."""
    seq, campaign = ordered_seq(facts), facts.campaign
    if seq is None or open_task(facts.session, "order_mailing", campaign.id) is not None:
        return
    unsigned = any((one.proof_signed_seq or seq + 1) > seq for one in facts.used_messages)
    changed = _described_after(facts, seq) or _tracked_after(facts, seq)
    if unsigned or _lots_decided_after(facts, seq) or facts.drop_moved_after(seq) or changed:
        yield Target(kind="campaign", id=campaign.id)


ORDER_AGAIN = UserTaskSpec("order_mailing", candidates=Role.PROJECT_MANAGER, due=WorkingDays("sign_proof"), each=_to_order_again)
