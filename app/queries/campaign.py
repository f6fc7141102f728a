"""One campaign as its project manager sees it: where it stands, what blocks the next move and who lifts it, from order to euros.

Amounts are Decimal euros without VAT, counts integers; what is not known yet is None. Not for one stage's room: each has its own query.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.queries.schedule import Schedule, finished_on, schedule
from workflows.campaign.budget.overrun import approved_amount
from workflows.campaign.budget.signing import budget_signatures, overrun_signatures
from workflows.campaign.data_protection.certificates import awaited
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.margins import margin_in
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.orders.fees import committed_amount
from workflows.campaign.process import CAMPAIGN
from workflows.campaign.results.figures import list_figures, lot_counts
from workflows.campaign.send.proofs import asked_makers
from workflows.campaign.send.senders import senders_of
from workflows.campaign.states import TEN_STAGES, CampaignState
from workflows.engine.dispatch import AvailableMove, available_moves
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import NotFound, Unmet
from workflows.parties.actor import Actor
from workflows.parties.model import Membership, Person, Supplier
from workflows.parties.roles import Role
from workflows.trade.kpis import Margin

UNDER_WAY = ("pending", "queued", "running", "failed")


@dataclass(frozen=True, kw_only=True)
class Blocker:
    """One condition of a closed move: what, the people or suppliers who can lift it, since when, and in which stage's room."""

    code: str
    params: Mapping[str, Any]
    role: Role
    who: tuple[str, ...]
    since: datetime | None
    stage: str


@dataclass(frozen=True, kw_only=True)
class MoveState:
    """A move of the present stage as this person sees it. `leads` says that it is the way forward."""

    name: str
    to: str | None
    targets: tuple[str, ...]
    allowed: bool
    leads: bool
    blockers: tuple[Blocker, ...]

    @property
    def is_open(self) -> bool:
        return self.allowed and not self.blockers


@dataclass(frozen=True, kw_only=True)
class CampaignHead:
    """What every page of a campaign shows."""

    id: UUID
    advertiser_id: UUID
    code: str
    title: str
    state: str
    version: int
    currency: str
    now: datetime
    schedule: Schedule
    moves: Mapping[str, MoveState]

    @property
    def today(self) -> date:
        return self.schedule.today

    @property
    def forward(self) -> MoveState | None:
        """The move to the next stage, whoever may make it."""
        return next((move for move in self.moves.values() if move.leads), None)

    def is_open(self, name: str) -> bool:
        """Whether a move of that name may be made now."""
        return name in self.moves and self.moves[name].is_open


@dataclass(frozen=True, kw_only=True)
class Money:
    """The campaign's money: what it may spend, up to what it was approved, what is ordered, what it is going to cost and bring back, with
    which margin."""

    envelope_amount: Decimal
    approved_amount: Decimal | None
    committed_amount: Decimal
    forecast_amount: Decimal | None
    expected_amount: Decimal | None
    expected_roi: Decimal | None
    margin: Margin


@dataclass(frozen=True, kw_only=True)
class ListChain:
    """One list from what was ordered to the euros it brought. `lost` is what ordered minus delivered leaves, negative when more came."""

    code: str
    name: str
    is_house: bool
    ordered: int
    delivered: int | None = None
    rejected: int | None = None
    suppressed: int | None = None
    intra: int | None = None
    inter: int | None = None
    net: int | None = None
    mailed: int | None = None
    undeliverable: int | None = None
    responses: int | None = None
    amount: Decimal | None = None

    @property
    def arrived(self) -> int | None:
        return None if self.mailed is None or self.undeliverable is None else self.mailed - self.undeliverable

    @property
    def duplicates(self) -> int | None:
        return None if self.intra is None or self.inter is None else self.intra + self.inter

    @property
    def balances(self) -> bool | None:
        """Whether every delivered record is accounted for once; None before the merge-purge."""
        if self.net is None or self.delivered is None:
            return None
        return self.delivered == sum(part or 0 for part in (self.rejected, self.suppressed, self.intra, self.inter, self.net))


@dataclass(frozen=True, kw_only=True)
class Job:
    """A machine's work that is not done. `state`: pending, queued, running or failed; `total` is 0 when nobody can say."""

    id: UUID
    name: str
    state: str
    step: str
    done: int
    total: int
    attempts: int
    error: str
    is_retried: bool


def find_campaign(session: Session, code: str) -> Campaign:
    """The campaign with this code.

    :raises NotFound: when there is none, or none that this asker may see.
    """
    found = session.exec(select(Campaign).where(Campaign.code == code)).one_or_none()
    if found is None:
        raise NotFound(subject="campaign")
    return found


def get_head(session: Session, campaign: Campaign, actor: Actor, *, now: datetime) -> CampaignHead:
    """The campaign's rail, its moves, and all that closes each of them."""
    moves = available_moves(session, CAMPAIGN, campaign, actor=actor, now=campaign.present(now))
    facts = CampaignFacts(session, campaign)
    return CampaignHead(
        id=campaign.id,
        advertiser_id=campaign.advertiser_id,
        code=campaign.code,
        title=campaign.title,
        state=campaign.state,
        version=campaign.version,
        currency=campaign.currency,
        now=campaign.present(now),
        schedule=schedule(campaign, finished_on(session, [campaign.id]).get(campaign.id, {}), now=now),
        moves={move.name: _move(move, campaign, facts) for move in moves},
    )


def _move(move: AvailableMove, campaign: Campaign, facts: CampaignFacts) -> MoveState:
    blockers = [blocker(unmet, facts) for unmet in move.unmet]
    if not move.allowed:
        blockers.insert(0, blocker(Unmet(code="engine.not_your_move", lifted_by=_audience(move, campaign)), facts))
    return MoveState(
        name=move.name,
        to=move.to,
        targets=move.targets,
        allowed=move.allowed,
        leads=move.to is not None and move.to == _following(campaign.state),
        blockers=tuple(blockers),
    )


def _audience(move: AvailableMove, campaign: Campaign) -> Role:
    stage = CAMPAIGN.stage(campaign.state)
    assert stage is not None, "a stage that offers a move is declared"
    return next(one for one in stage.moves if one.command is move.command).audience[0]


def _following(state: str) -> str | None:
    if state not in set(TEN_STAGES):
        return None
    place = TEN_STAGES.index(CampaignState(state))
    return str([*TEN_STAGES[1:], CampaignState.CLOSED][place])


def blocker(unmet: Unmet, facts: CampaignFacts) -> Blocker:
    """An unmet condition with the names of those who can lift it."""
    return Blocker(
        code=unmet.code,
        params=unmet.params,
        role=unmet.lifted_by,
        who=_lifters(unmet, facts),
        since=unmet.since,
        stage=unmet.code.partition(".")[0],
    )


def _lifters(unmet: Unmet, facts: CampaignFacts) -> tuple[str, ...]:
    if unmet.lifted_by is Role.SUPPLIER:
        return _suppliers(unmet, facts)
    if unmet.lifted_by is Role.PROJECT_MANAGER:
        answerable = {row.person_id for row in facts.responsibilities if row.stage == facts.campaign.state}
        return _names(facts.session, answerable)
    if unmet.lifted_by is Role.BUDGET_APPROVER:
        statement = select(Membership.person_id).where(
            Membership.advertiser_id == facts.campaign.advertiser_id, Membership.role == Role.BUDGET_APPROVER.value
        )
        if unmet.code == "overrun.above_approved":
            statement = statement.where(col(Membership.approval_limit_amount) >= unmet.params["amount"])
        return _names(facts.session, set(facts.session.exec(statement)) - _had_a_hand(unmet, facts))
    return ()


def _had_a_hand(unmet: Unmet, facts: CampaignFacts) -> set[UUID]:
    """Approvers who cannot lift a condition because of what they did before: prepared what is to be signed, or signed it already."""
    if unmet.code == "overrun.above_approved":
        return {one.prepared_by_id for one in (facts.budget, facts.overrun) if one is not None and one.prepared_by_id}
    if unmet.code != "budget.signatures_missing":
        return set()
    asked = budget_signatures(facts) if facts.campaign.state == CampaignState.BUDGET else overrun_signatures(facts)
    return {one for _decision, hands in asked.endorsements for one in hands}


def _suppliers(unmet: Unmet, facts: CampaignFacts) -> tuple[str, ...]:
    """The suppliers of the orders or lists that a condition names; who sends where it names lots, who prints where messages.

    Of certificates, those that are still to give theirs.
    """
    if orders := unmet.params.get("orders"):
        ids = {order.supplier_id for order in facts.orders if order.number in orders}
    elif codes := unmet.params.get("lists"):
        ids = {row.supplier_id for row in facts.lists if row.code in codes and row.supplier_id}
    elif "lots" in unmet.params:
        ids = set(senders_of(facts, (lot for lot in facts.lots if lot.code in unmet.params["lots"])))
    elif "messages" in unmet.params:
        ids = set(asked_makers(facts))
    elif unmet.code == "certificates.missing":
        ids = {row.supplier_id for row in awaited(facts)}
    else:
        ids = set()
    return tuple(sorted(facts.suppliers[one].name for one in ids))


def _names(session: Session, ids: set[UUID]) -> tuple[str, ...]:
    return tuple(session.exec(select(Person.name).where(col(Person.id).in_(ids)).order_by(Person.name)))


def get_money(facts: CampaignFacts) -> Money:
    """What may be spent, is approved, is ordered and is expected back."""
    budget = facts.budget
    outcome = (facts.campaign.projection or {}).get("outcomes", {}).get("central", {})
    return Money(
        envelope_amount=facts.campaign.envelope_amount,
        approved_amount=approved_amount(facts) if budget and budget.approved_at else None,
        committed_amount=committed_amount(facts),
        forecast_amount=facts.campaign.forecast_amount,
        expected_amount=Decimal(outcome["amount"]) if outcome else None,
        expected_roi=Decimal(outcome["roi"]) if outcome.get("roi") else None,
        margin=margin_in(facts.campaign.projection or {}),
    )


def get_chain(facts: CampaignFacts) -> tuple[ListChain, ...]:
    """Every list with a line in the plan, in the order of codes; each step as far as it is known."""
    lists = [row for row in facts.lists if facts.lines_of(row.id)]
    run = facts.run
    if run is None or run.report is None:
        return tuple(_before_dedupe(row, facts) for row in lists)
    stored = facts.result.body["lists"] if facts.result else list_figures(facts, lot_counts(facts))
    return tuple(_after_dedupe(row, facts, stored[row.code]) if row.code in stored else _before_dedupe(row, facts) for row in lists)


def _before_dedupe(row: CampaignList, facts: CampaignFacts) -> ListChain:
    accepted = [file.record_count or 0 for file in facts.accepted_files if file.list_id == row.id]
    return ListChain(
        code=row.code, name=row.name, is_house=row.is_house, ordered=_ordered(row, facts), delivered=sum(accepted) if accepted else None
    )


def _after_dedupe(row: CampaignList, facts: CampaignFacts, figures: Mapping[str, Any]) -> ListChain:
    made, dropped = bool(facts.lots), facts.campaign.dropped_on is not None
    return ListChain(
        code=row.code,
        name=row.name,
        is_house=row.is_house,
        ordered=figures["ordered"],
        delivered=figures["delivered"],
        rejected=figures["rejected"],
        suppressed=sum(figures["suppressed"].values()),
        intra=figures["intra"],
        inter=figures["inter"],
        net=figures["net"],
        mailed=figures["mailed"] if made else None,
        undeliverable=figures["undeliverable"] if dropped else None,
        responses=figures["responses"] if dropped else None,
        amount=Decimal(figures["amount"]) if dropped else None,
    )


def _ordered(row: CampaignList, facts: CampaignFacts) -> int:
    return sum(line.gross_qty for line in facts.lines_of(row.id) if line.is_alive)


def list_jobs(session: Session, campaign: Campaign, *, now: datetime) -> tuple[Job, ...]:
    """Machines' work that is under way or failed, oldest first; timers whose time has not come are left out."""
    statement = (
        select(OutboxMessage)
        .where(
            OutboxMessage.campaign_id == campaign.id,
            col(OutboxMessage.state).in_(UNDER_WAY),
            (col(OutboxMessage.not_before) <= OutboxMessage.created_at) | (col(OutboxMessage.not_before) <= campaign.present(now)),
        )
        .order_by(col(OutboxMessage.created_at), col(OutboxMessage.name))
    )
    jobs = []
    for message in session.exec(statement):
        told = message.progress or {}
        jobs.append(
            Job(
                id=message.id,
                name=message.name,
                state=message.state,
                step=told.get("step", ""),
                done=int(told.get("done") or 0),
                total=int(told.get("total") or 0),
                attempts=message.attempts,
                error=message.error or "",
                is_retried=message.retried_at is not None,
            )
        )
    return tuple(jobs)


def supplier_name(supplier: Supplier | None) -> str:
    """A supplier's name, empty for the house."""
    return supplier.name if supplier else ""
