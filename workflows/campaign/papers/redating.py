"""Papers that are issued anew because the drop was moved: what the ones before said, with the days that follow. Orders are in `ordering`.

The budget file is not among them: what was approved is what was seen. Nor what accounts for work that was done.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from sqlmodel import col, select

from workflows.campaign.documents import DedupeBrief, DocumentContent, LotPlan, MediaPlan, content_from_json
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.papers import heads
from workflows.campaign.papers.ordering import step_finish_on
from workflows.campaign.papers.planning import retroplanning_rows
from workflows.campaign.planning import day_warnings
from workflows.campaign.states import CampaignState
from workflows.engine.documents import Document
from workflows.engine.process import Paper
from workflows.engine.step import Step

Content = TypeVar("Content", bound=DocumentContent)
_OF_THE_DAY = ("drop", "offer_ends", "other_use")
"""Controls of a plan that are about the day of its drop."""


def papers_to_redate(facts: CampaignFacts) -> tuple[str, ...]:
    """The kinds of documents that count now and name days of the drop, in the order of the work."""
    kinds = (MediaPlan, DedupeBrief, LotPlan)
    return tuple(kind.kind_name() for kind in kinds if _counts(facts, kind) and _newest(facts, kind) is not None)


def redated_media_plans(step: Step) -> Iterable[Paper]:
    """The media plan with its retroplanning; while another is prepared, the one before stays as it is."""

    def days(facts: CampaignFacts, said: MediaPlan) -> dict[str, Any]:
        warned = ({**one, "verdict": "warning"} for one in day_warnings(facts, facts.campaign.drop_on))
        kept = tuple(check for check in said.targets if check.code not in _OF_THE_DAY)
        return {
            "drop_on": facts.campaign.drop_on,
            "targets": (*kept, *heads.checks(warned)),
            "retroplanning": tuple(retroplanning_rows(facts)),
        }

    return _again(step, MediaPlan, CampaignState.PLAN, days)


def redated_briefs(step: Step) -> Iterable[Paper]:
    """The brief of the run that counts: until when it is to be done, while it is, and when its files end."""

    def days(facts: CampaignFacts, said: DedupeBrief) -> dict[str, Any]:
        under_way = facts.campaign.state == CampaignState.DEDUPE
        deadline_on = max(step_finish_on(facts, "dedupe"), facts.campaign.today(step.now)) if under_way else said.deadline_on
        return {"deadline_on": deadline_on, "purge_on": facts.campaign.purge_on}

    return _again(step, DedupeBrief, CampaignState.DEDUPE, days)


def redated_lot_plans(step: Step) -> Iterable[Paper]:
    """The lot plan that is frozen: its lots and files stay."""
    return _again(step, LotPlan, CampaignState.LOTS, lambda facts, _said: {"drop_on": facts.campaign.drop_on})


def _again(
    step: Step, kind: type[Content], stage: CampaignState, days: Callable[[CampaignFacts, Content], dict[str, Any]]
) -> Iterable[Paper]:
    facts = heads.gather(step)
    before = _newest(facts, kind) if _counts(facts, kind) else None
    if before is None:
        return
    said = content_from_json(before.kind, before.content)
    assert isinstance(said, kind), "it is read as its kind"
    recipient = facts.supplier(before.supplier_id)
    head = heads.head(step, facts, kind, before.number, stage=stage, recipient=recipient)
    yield heads.paper(replace(said, head=head, **days(facts, said)), recipient=recipient, subject_id=before.subject_id)


def _counts(facts: CampaignFacts, kind: type[DocumentContent]) -> bool:
    """Whether there is something that such a paper is of, and that nobody is making anew."""
    if kind is MediaPlan:
        return facts.campaign.state != CampaignState.PLAN
    if kind is DedupeBrief:
        return facts.run is not None
    return facts.lot_plan is not None and facts.lot_plan.frozen_at is not None


def _newest(facts: CampaignFacts, kind: type[DocumentContent]) -> Document | None:
    statement = select(Document).where(Document.campaign_id == facts.campaign.id, Document.kind == kind.kind_name())
    return facts.session.exec(statement.order_by(col(Document.requested_seq).desc(), col(Document.revision).desc())).first()
