"""Stating the legal basis of a list: by its supplier, once it knows of the campaign, or by a project manager for it and for house lists.

From the plan on until the orders are confirmed. Once a terms sheet says what was agreed, a later statement issues it anew; an order that is
out stays as its supplier has it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from workflows.campaign.brief import BasisRow
from workflows.campaign.documents import TermsSheet
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.papers import stated_sheet
from workflows.campaign.rules import NotOfThisCampaign, answers_for
from workflows.campaign.terms.basis import control_basis, keep_basis
from workflows.engine.command import Command, free_text
from workflows.engine.documents import Document
from workflows.engine.process import DocumentSpec, Move
from workflows.engine.step import Step
from workflows.parties.roles import Role


@dataclass(frozen=True, kw_only=True)
class StateBasis(Command):
    """State the legal basis of a list, in place of what was stated before."""

    list_id: UUID
    legal_basis: str
    objections_purged_on: date
    collected_from_on: date | None = None
    collected_until_on: date | None = None
    collected_through: str = ""
    partners_named: bool = False
    data_role: str = ""
    comment: str = free_text("")


def state(step: Step) -> None:
    """Keep what the asker states, and hold it against the channels of the plan.

    :raises NotOfThisCampaign: when the list is another campaign's, or another supplier's.
    """
    command: StateBasis = step.command
    row = next((one for one in step.facts.lists if one.id == command.list_id), None)
    if row is None or not answers_for(step, row.supplier_id):
        raise NotOfThisCampaign()
    said = BasisRow(**{name: getattr(command, name) for name in BasisRow.__dataclass_fields__})
    keep_basis(step, row, said, on_behalf=not row.is_house and row.supplier_id not in step.actor.supplier_ids)
    control_basis(step, row)


def _know_of_it(facts: CampaignFacts) -> Iterable[UUID]:
    """The suppliers of lists who were asked to count, shown a mail piece, told what was agreed, or ordered from."""
    told = select(Document.supplier_id).where(Document.campaign_id == facts.campaign.id, Document.kind == TermsSheet.kind_name())
    yield from (one for one in facts.session.exec(told.where(col(Document.supplier_id).is_not(None))) if one)
    yield from (request.supplier_id for request in facts.count_requests)
    yield from (shown.supplier_id for shown in facts.sample_approvals)
    yield from (order.supplier_id for order in facts.orders)


STATE_BASIS = Move(StateBasis, by=(Role.SUPPLIER, Role.PROJECT_MANAGER), suppliers=_know_of_it, event="campaign.basis.stated", do=state)
"""Until what was agreed is issued."""
STATE_BASIS_AGAIN = replace(STATE_BASIS, issues=(DocumentSpec("terms_sheet", stated_sheet),))
"""Once it is."""
