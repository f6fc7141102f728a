"""Stage *analysis*. A machine computes the figures once, people say what was learned, and both are published for the next plan.

Left by `CloseCampaign` to *closed*, once suppliers' invoices are matched, accepted or disputed.
"""

from dataclasses import dataclass
from typing import Any

from workflows.campaign.any_stage.reworking import going_back
from workflows.campaign.any_stage.shared_moves import IN_EVERY_STAGE
from workflows.campaign.any_stage.stating_margin import STATE_MARGIN_ANALYSED
from workflows.campaign.claims.claiming import CLAIMS
from workflows.campaign.contacted.barring import KEEP_BARRED
from workflows.campaign.data_protection.certificates import CERTIFICATES_MOVES, certificates_are_in
from workflows.campaign.data_protection.objections import OBJECTIONS_MOVES
from workflows.campaign.dedupe.pressure import KEEP_CONTACTS
from workflows.campaign.exchanges.exchanging import post_received
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.follow_up.opening import OPEN_FOLLOW_UP
from workflows.campaign.invoices.decisions import INVOICES_AFTER_DROP
from workflows.campaign.invoices.expected import INVOICES_ARE_SETTLED
from workflows.campaign.model import Lesson
from workflows.campaign.papers import results_report
from workflows.campaign.records import CampaignResult
from workflows.campaign.results.curves import answers_by_day
from workflows.campaign.results.figures import name_in_history, past_rows
from workflows.campaign.send.correcting import CORRECTIONS
from workflows.campaign.send.correcting_confirmed import CORRECT_ANALYSED
from workflows.campaign.states import CampaignState
from workflows.campaign.writing import write_curves, write_history
from workflows.engine.command import Command, digest, free_text, sha256_of
from workflows.engine.process import DocumentSpec, Move, ServiceTaskRef, Stage, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role


class LessonEmpty(Refused):
    """A lesson is said in words."""

    code = "analysis.lesson_empty"


@dataclass(frozen=True, kw_only=True)
class RecordResults(Command):
    """Keep the campaign's figures as a machine computed them."""

    body: dict[str, Any] = digest()


@dataclass(frozen=True, kw_only=True)
class RecordLesson(Command):
    """Say what the next plan should know."""

    words: str = free_text()
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class PublishResults(Command):
    """Write the figures into the advertiser's history and issue the report."""


@dataclass(frozen=True, kw_only=True)
class CloseCampaign(Command):
    """Everything is done and known."""


def record_results(step: Step) -> None:
    """Keep the figures; figures that were computed before end here."""
    if step.facts.result is not None:
        step.facts.result.to_seq = step.seq
    body = step.command.body
    step.session.add(
        CampaignResult(
            **step.from_now_on(),
            body=body,
            sha256=sha256_of(body),
            computed_at=step.now,
        )
    )
    step.note_controls(body["checks"])


def record_lesson(step: Step) -> None:
    """Keep a lesson.

    :raises LessonEmpty: when there are no words.
    """
    command: RecordLesson = step.command
    if not command.words.strip():
        raise LessonEmpty()
    step.session.add(
        Lesson(
            **step.from_now_on(),
            words=command.words.strip(),
            stage=command.about,
            person_id=step.actor.person_id,
            recorded_at=step.now,
        )
    )


def publish(step: Step) -> None:
    """Write one row of history a line, for the next plan to project from, and how fast answers came in, for the next forecast.

    What was received in exchange is posted.
    """
    write_history(step, past_rows(step.facts), published_by=step.chain.id)
    write_curves(step, name_in_history(step.facts), answers_by_day(step.facts))
    post_received(step)
    step.facts.result.published_at = step.now


def results_are_computed(facts: CampaignFacts) -> Unmet | None:
    """The machine has finished."""
    return None if facts.result is not None else Unmet(code="analysis.not_computed", lifted_by=Role.SYSTEM)


def a_lesson_is_recorded(facts: CampaignFacts) -> Unmet | None:
    """Somebody said what was learned."""
    return None if facts.lessons else Unmet(code="analysis.no_lesson", lifted_by=Role.PROJECT_MANAGER)


def results_are_published(facts: CampaignFacts) -> Unmet | None:
    """The next plan can see this campaign."""
    if facts.result is not None and facts.result.published_at is not None:
        return None
    return Unmet(code="analysis.not_published", lifted_by=Role.PROJECT_MANAGER)


STAGE = Stage(
    state=CampaignState.ANALYSIS,
    requests=(ServiceTaskRef("compute_results"),),
    opens=(
        UserTaskSpec("record_lesson", candidates=Role.PROJECT_MANAGER, due=WorkingDays("record_lessons")),
        UserTaskSpec("close_campaign", candidates=Role.PROJECT_MANAGER, due=WorkingDays("close_campaign")),
    ),
    moves=(
        Move(RecordResults, by=Role.SYSTEM, event="campaign.analysis.computed", do=record_results),
        Move(RecordLesson, by=Role.PROJECT_MANAGER, event="campaign.analysis.lesson_recorded", do=record_lesson, closes=("record_lesson",)),
        Move(
            PublishResults,
            by=Role.PROJECT_MANAGER,
            event="campaign.analysis.published",
            requires=(results_are_computed, a_lesson_is_recorded),
            do=publish,
            issues=(DocumentSpec("results_report", results_report),),
        ),
        Move(
            CloseCampaign,
            to=CampaignState.CLOSED,
            by=Role.PROJECT_MANAGER,
            event="campaign.analysis.closed",
            requires=(results_are_published, certificates_are_in, *INVOICES_ARE_SETTLED),
            closes=("close_campaign",),
        ),
        going_back(CampaignState.RESPONSES),
        *INVOICES_AFTER_DROP,
        *CLAIMS,
        OPEN_FOLLOW_UP,
        *OBJECTIONS_MOVES,
        *CERTIFICATES_MOVES,
        KEEP_CONTACTS,
        KEEP_BARRED,
        *CORRECTIONS,
        CORRECT_ANALYSED,
        STATE_MARGIN_ANALYSED,
        *IN_EVERY_STAGE,
    ),
)
