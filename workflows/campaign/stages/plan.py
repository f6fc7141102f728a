"""Stage *plan*. From a brief to a plan that can be negotiated: which lists, how many addresses, which message, in which order.

Left by `SubmitPlan` to *negotiation*. Targets that the projection misses are warnings that the approver will see, never guards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from workflows.campaign.any_stage.moving_drop import MOVE_DROP
from workflows.campaign.any_stage.shared_moves import IN_EVERY_STAGE
from workflows.campaign.birth import EnvelopeNotPositive, bare_campaign, begin, entrust
from workflows.campaign.brief import Brief, CostRow, ListRow, MessageRow, PastRow, PlanRow, SeedRow
from workflows.campaign.counts.counting import GIVE
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.follow_up.limits import refuse_other_lists
from workflows.campaign.invoices.decisions import INVOICES
from workflows.campaign.model import Campaign
from workflows.campaign.papers import media_plan
from workflows.campaign.planning import pin_history, projection, retroplanning
from workflows.campaign.rebriefing import CHANGE_BRIEF
from workflows.campaign.states import CampaignState
from workflows.campaign.suppressions.receiving import SUPPRESSIONS
from workflows.campaign.terms.stating import STATE_BASIS
from workflows.campaign.values import refuse_brief
from workflows.campaign.writing import (
    refuse_orphans,
    write_costs,
    write_history,
    write_lists,
    write_mailing,
    write_messages,
    write_plan,
    write_seeds,
)
from workflows.engine.command import Command, digest, plain
from workflows.engine.process import DocumentSpec, Move, Stage, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.plan_line.model import LineState
from workflows.plan_line.process import AgreeLine, ApproveLine
from workflows.trade.money import Cents


@dataclass(frozen=True, kw_only=True)
class OpenCampaign(Command):
    """Open a campaign from a brief. `subject_id` is the advertiser."""

    campaign_code: str
    brief: Brief = digest()
    copied_from_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class RevisePlan(Command):
    """Replace parts of the brief; what is None stays as it is."""

    lists: tuple[ListRow, ...] | None = digest(None)
    messages: tuple[MessageRow, ...] | None = digest(None)
    plan: tuple[PlanRow, ...] | None = digest(None)
    costs: tuple[CostRow, ...] | None = digest(None)
    seeds: tuple[SeedRow, ...] | None = digest(None)
    envelope_amount: Cents | None = None


@dataclass(frozen=True, kw_only=True)
class LoadHistory(Command):
    """Add what earlier campaigns brought to the advertiser's history."""

    rows: tuple[PastRow, ...] = digest()


@dataclass(frozen=True, kw_only=True)
class SubmitPlan(Command):
    """The plan is ready to be negotiated."""


def make_campaign(step: Step) -> Campaign:
    """Make the campaign's bare row, which is its own chain, with the advertiser's newest policy pinned.

    :raises ValueNotAllowed: for a figure that no brief has.
    :raises EnvelopeNotPositive: when the envelope would hold nothing.
    """
    command: OpenCampaign = step.command
    brief = command.brief
    refuse_brief(brief)
    if brief.envelope_amount <= 0:
        raise EnvelopeNotPositive()
    return bare_campaign(
        step,
        title=brief.title,
        currency=brief.currency,
        vat_rate=brief.vat_rate,
        drop_on=brief.drop_on,
        offer_ends_on=brief.offer_ends_on,
        envelope_amount=brief.envelope_amount,
        target_responses=brief.target_responses,
        target_roi=brief.target_roi,
        minimum_net_quantity=brief.minimum_net_quantity,
        margin_rate=brief.margin_rate,
        handling_amount=brief.handling_amount,
        dedupe=plain(brief.dedupe),
        opened_by_id=step.actor.person_id,
        copied_from_id=command.copied_from_id,
    )


def fill_campaign(step: Step) -> Campaign:
    """Write the brief's rows into the new campaign, and make whoever opened it answerable for every stage."""
    brief: Brief = step.command.brief
    campaign = begin(step)
    write_history(step, brief.history)
    _write(step, brief.lists, brief.messages, brief.plan, brief.costs, brief.seeds)
    if brief.mailing is not None:
        write_mailing(step, brief.mailing)
    entrust(step, step.actor.person_id)
    return campaign


def revise(step: Step) -> None:
    """Replace the given parts of the brief.

    :raises EnvelopeNotPositive: when the envelope would hold nothing.
    :raises ListNotBroughtOver: when a follow-up is to have another list than it was opened with.
    :raises Refused: `ListSegmentInUse` or `MessageInUse`, when a line that stays would lose its own.
    """
    command: RevisePlan = step.command
    if command.lists is not None:
        refuse_other_lists(step, command.lists)
    if command.envelope_amount is not None:
        if command.envelope_amount <= 0:
            raise EnvelopeNotPositive()
        step.chain.envelope_amount = command.envelope_amount
    _write(step, command.lists, command.messages, command.plan, command.costs, command.seeds)


def _write(
    step: Step,
    lists: Sequence[ListRow] | None,
    messages: Sequence[MessageRow] | None,
    plan: Sequence[PlanRow] | None,
    costs: Sequence[CostRow] | None,
    seeds: Sequence[SeedRow] | None,
) -> None:
    """Lists and messages first: the plan's rows are checked against them."""
    if lists is not None:
        write_lists(step, lists)
    if messages is not None:
        write_messages(step, messages)
    if plan is not None:
        write_plan(step, plan)
    if costs is not None:
        write_costs(step, costs)
    if seeds is not None:
        write_seeds(step, seeds)
    refuse_orphans(step)


def load_history(step: Step) -> None:
    """Add the rows that are new."""
    write_history(step, step.command.rows)


def project(step: Step) -> None:
    """Freeze what the plan promises; the lines of house lists need nobody's consent, and a second use was agreed with the first."""
    campaign: Campaign = step.subject
    pin_history(step.facts)
    campaign.projection = projection(step.facts)
    campaign.forecast_amount = Decimal(campaign.projection["outcomes"]["central"]["cost"])
    campaign.retroplanning = retroplanning(campaign)
    house = {row.id for row in step.facts.lists if row.is_house}
    agreed = {row.id for row in step.facts.lists if row.is_brought_over and row.terms_agreed_at is not None}
    for line in step.facts.live_lines:
        if line.list_id in house and line.state == LineState.CANDIDATE:
            step.then(AgreeLine(subject_id=line.id))
            step.then(ApproveLine(subject_id=line.id))
        elif line.list_id in agreed and line.state == LineState.CANDIDATE:
            step.then(AgreeLine(subject_id=line.id))
    for warning in campaign.projection["warnings"]:
        step.control(warning["code"], expected=warning["expected"], actual=warning["actual"], verdict="warning")


def look_again(step: Step) -> None:
    """A plan that is worked on sees all of history, also what was published since it was first submitted."""
    step.subject.pinned_history = None


def plan_has_lines(facts: CampaignFacts) -> Unmet | None:
    """There is something to negotiate."""
    if facts.live_lines:
        return None
    return Unmet(code="plan.no_lines", lifted_by=Role.PROJECT_MANAGER, since=facts.campaign.opened_at)


def costs_are_known(facts: CampaignFacts) -> Unmet | None:
    """There is something to budget with."""
    if facts.costs:
        return None
    return Unmet(code="plan.no_costs", lifted_by=Role.PROJECT_MANAGER, since=facts.campaign.opened_at)


def rented_lists_have_suppliers(facts: CampaignFacts) -> Unmet | None:
    """Every rented or exchanged list has somebody to order it from."""
    orphans = [row.code for row in facts.live_lists if not row.is_house and row.supplier_id is None]
    if not orphans:
        return None
    return Unmet(
        code="plan.list_without_supplier", lifted_by=Role.PROJECT_MANAGER, since=facts.campaign.opened_at, params={"lists": orphans}
    )


OPEN = Move(OpenCampaign, to=CampaignState.PLAN, by=Role.PROJECT_MANAGER, event="campaign.plan.opened", do=fill_campaign)

STAGE = Stage(
    state=CampaignState.PLAN,
    enter=look_again,
    opens=(UserTaskSpec("prepare_plan", candidates=Role.PROJECT_MANAGER, due=WorkingDays("prepare_plan")),),
    moves=(
        Move(
            SubmitPlan,
            to=CampaignState.NEGOTIATION,
            by=Role.PROJECT_MANAGER,
            event="campaign.plan.submitted",
            requires=(plan_has_lines, costs_are_known, rented_lists_have_suppliers),
            do=project,
            closes=("prepare_plan",),
            issues=(DocumentSpec("media_plan", media_plan),),
        ),
        Move(RevisePlan, by=Role.PROJECT_MANAGER, event="campaign.plan.revised", do=revise),
        CHANGE_BRIEF,
        Move(LoadHistory, by=Role.PROJECT_MANAGER, event="campaign.plan.history_loaded", do=load_history),
        GIVE,
        STATE_BASIS,
        MOVE_DROP,
        *INVOICES,
        *IN_EVERY_STAGE,
        *SUPPRESSIONS,
    ),
)
