"""Tells approvers what waits for their signature, a budget or an overrun of it, or what changed since they gave it, and both sides of a
question what was said. One text a language in `templates/mail`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from app import formats
from tasks.letters import about_campaign, addresses_of, campaign_of, link_to, post, words_said
from tasks.pages import APPROVERS_PAGES
from tasks.registry import Work, service_task
from workflows.campaign.budget.conditions import signed_amount
from workflows.campaign.budget.overrun import is_waiting
from workflows.campaign.budget.signing import Signatures, budget_signatures, overrun_signatures
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.papers.heads import BUDGET_FILE, last_reference, number
from workflows.campaign.records import BudgetQuestion
from workflows.campaign.states import CampaignState
from workflows.engine.command import Command
from workflows.engine.user_tasks import open_task
from workflows.parties.model import Membership, Person
from workflows.parties.roles import Role
from workflows.trade.working_days import local_day
from workflows.user_task.told import who_is_told


@service_task("mail_budget")
def mail_budget(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Tell everybody who may decide about a budget that it waits, unless it was decided or replaced meanwhile."""
    return _mail_approvers(work, payload, "review_budget")


@service_task("mail_overrun")
def mail_overrun(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Tell everybody who may decide about an overrun that it waits, where there is one that was not decided or replaced meanwhile."""
    return _mail_approvers(work, payload, "reapprove_budget")


@service_task("mail_signatures")
def mail_signatures(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Tell those whose approval of a budget has become the last signature with this one, unless it was decided or replaced meanwhile."""
    return _mail_approvers(work, payload, "signatures", closing_with=payload["seq"])


def _mail_approvers(work: Work, payload: dict[str, Any], kind: str, closing_with: int | None = None) -> Sequence[Command]:
    """One letter of that kind to each approver of the budget or overrun that waits, but for whoever prepared it.

    :param closing_with: only to those who could close it from that entry of the chain on.
    """
    with work.reading() as session:
        campaign, advertiser = campaign_of(session, work)
        facts = CampaignFacts(session, campaign)
        waiting = _waiting(facts, payload)
        if waiting is None:
            return []
        task = open_task(session, waiting.task, campaign.id)
        people = [
            (one.email, one.locale)
            for one, limit in _approvers(session, campaign)
            if one.id not in waiting.preparers and (closing_with is None or waiting.closes_with(one.id, limit, closing_with))
        ]
        context = {
            **about_campaign(campaign, advertiser),
            "document_number": last_reference(facts, number(facts, BUDGET_FILE)),
            "is_invoice": waiting.is_invoice,
            "link": link_to(work, APPROVERS_PAGES[waiting.task].format(code=campaign.code)),
        }
        due_at = task.due_at if task else None
    for to, locale in people:
        post(work, kind, to, locale, {**context, "due_on": formats.day(due_at, locale) if due_at else ""})
    return []


@dataclass(frozen=True, kw_only=True)
class _Waiting:
    """A budget or its overrun that waits for signatures: the user task, who prepared it, and up to what one's limit has to reach."""

    task: str
    signatures: Signatures
    amount: Decimal
    preparers: frozenset[UUID | None]
    is_invoice: bool = False

    def closes_with(self, person_id: UUID, limit: Decimal, seq: int) -> bool:
        """Whether this person could close it with the signature given in that entry, and could not without."""
        hands = frozenset({person_id})
        with_it, without = self.signatures.closes(hands, before_seq=seq + 1), self.signatures.closes(hands, before_seq=seq)
        return self.amount <= limit and with_it and not without


def _waiting(facts: CampaignFacts, payload: dict[str, Any]) -> _Waiting | None:
    """What the payload names, while it waits."""
    budget, overrun = facts.budget, facts.overrun
    if budget is None:
        return None
    if "overrun_id" in payload:
        if overrun is None or str(overrun.id) != payload["overrun_id"] or not is_waiting(facts):
            return None
        return _Waiting(
            task="reapprove_budget",
            signatures=overrun_signatures(facts),
            amount=overrun.forecast_amount,
            preparers=frozenset({budget.prepared_by_id, overrun.prepared_by_id}),
            is_invoice=overrun.invoice_id is not None,
        )
    if facts.campaign.state != CampaignState.BUDGET or str(budget.id) != payload["budget_id"]:
        return None
    return _Waiting(
        task="review_budget",
        signatures=budget_signatures(facts),
        amount=signed_amount(facts),
        preparers=frozenset({budget.prepared_by_id}),
    )


@service_task("mail_moved_drop")
def mail_moved_drop(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Tell those who signed the budget that stands of a drop that was moved since, unless it was moved again meanwhile."""
    with work.reading() as session:
        campaign, advertiser = campaign_of(session, work)
        facts = CampaignFacts(session, campaign)
        move = facts.drop_moves[-1]
        if move.from_seq != payload["seq"] or facts.budget is None:
            return []
        signers = {one.person_id for one in (*facts.decisions, *facts.overrun_decisions) if one.decision != "refused"}
        still = {person.id for person, _limit in _approvers(session, campaign)}
        told = addresses_of(session, signers & still)
        context = {
            **about_campaign(campaign, advertiser),
            "document_number": last_reference(facts, number(facts, BUDGET_FILE)),
            "reason": words_said(session, work, move.from_seq, field="reason") or "",
            "link": link_to(work, APPROVERS_PAGES["review_budget"].format(code=campaign.code)),
        }
        from_on, to_on = move.from_on, move.to_on
    for to, locale in told:
        days = {"from_on": formats.day(from_on, locale), "to_on": formats.day(to_on, locale)}
        post(work, "moved_drop", to, locale, {**context, **days})
    return []


@service_task("mail_question")
def mail_question(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Tell those who could answer it what an approver asks about a budget, unless it was answered, closed or erased meanwhile."""
    with work.reading() as session:
        campaign, advertiser = campaign_of(session, work)
        task = open_task(session, "answer_question", UUID(payload["question_id"]))
        words = words_said(session, work, payload["seq"])
        if task is None or words is None:
            return []
        told = addresses_of(session, who_is_told(session, task, None, today=local_day(work.now)))
        context = {
            **about_campaign(campaign, advertiser),
            "words": words,
            "link": link_to(work, f"/manager/campaigns/{campaign.code}/budget#question-{task.label}"),
        }
        due_at = task.due_at
    for to, locale in told:
        post(work, "question", to, locale, {**context, "due_on": formats.day(due_at, locale)})
    return []


@service_task("mail_answer")
def mail_answer(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Tell an approver what was answered, unless the words were erased meanwhile."""
    with work.reading() as session:
        campaign, advertiser = campaign_of(session, work)
        question = session.get(BudgetQuestion, UUID(payload["question_id"]))
        words = words_said(session, work, payload["seq"])
        if words is None:
            return []
        told = addresses_of(session, [question.asked_by_id])
        context = {
            **about_campaign(campaign, advertiser),
            "question": question.words,
            "words": words,
            "is_waiting": campaign.state == CampaignState.BUDGET,
            "link": link_to(work, f"/approver/campaigns/{campaign.code}/budget#question-{question.number}"),
        }
    for to, locale in told:
        post(work, "answer", to, locale, context)
    return []


def _approvers(session: Any, campaign: Campaign) -> list[tuple[Person, Decimal]]:
    """Who may decide about a campaign's budget, in a stable order, each with the most that they may accept."""
    statement = (
        select(Person, func.coalesce(Membership.approval_limit_amount, Decimal(0)))
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(Membership.advertiser_id == campaign.advertiser_id, Membership.role == Role.BUDGET_APPROVER.value)
        .order_by(Person.email)
    )
    return list(session.exec(statement))
