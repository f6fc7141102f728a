"""What keeps a follow-up to the addresses that it was opened with, and to the days until which they may be used and are there."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from workflows.campaign.brief import ListRow
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.follow_up.sources import mailed_file
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.planning import planned_step
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.plan_line.model import LineState


class ListNotBroughtOver(Refused):
    """A follow-up writes to those of the lists that it was opened with, and to nobody else."""

    code = "follow_up.list_not_brought_over"


def refuse_other_lists(step: Step, rows: Sequence[ListRow]) -> None:
    """Refuse a list that was not brought over, and another owner or nature for one that was.

    :raises ListNotBroughtOver: naming the list.
    """
    if step.chain.follow_up_of_id is None:
        return
    facts: CampaignFacts = step.facts

    def code(supplier_id: UUID | None) -> str | None:
        return facts.suppliers[supplier_id].code if supplier_id else None

    brought = {row.code: (row.nature, code(row.owner_id), code(row.broker_id)) for row in facts.lists}
    for row in rows:
        if brought.get(row.code) != (row.nature, row.owner or None, row.broker or None):
            raise ListNotBroughtOver(list=row.code)


def followed(facts: CampaignFacts) -> CampaignFacts | None:
    """The facts of the campaign that this one follows up."""
    follows = facts.campaign.follow_up_of_id
    found: CampaignFacts | None = facts.remember(
        "followed", lambda: follows and CampaignFacts(facts.session, facts.session.get_one(Campaign, follows))
    )
    return found


def source_of(facts: CampaignFacts, row: CampaignList) -> CampaignList | None:
    """The list of the campaign before that this one was brought over from."""
    return facts.session.get_one(CampaignList, row.source_list_id) if row.source_list_id else None


def to_come(facts: CampaignFacts) -> Iterable[CampaignList]:
    """The lists that are still to be brought over."""
    here = {file.list_id for file in facts.files}
    return (row for row in facts.live_lists if row.is_brought_over and row.id not in here)


def second_uses_reach_the_drop(facts: CampaignFacts) -> Unmet | None:
    """No second use of a list that is still to be ordered ends before the day that is planned for the drop."""
    drop_on = facts.campaign.drop_on
    open_lines = (LineState.AGREED, LineState.OWNER_APPROVED)
    to_order = {line.list_id for line in facts.live_lines if line.state in open_lines}
    ended = [
        row.code
        for row in facts.live_lists
        if row.id in to_order and (source := source_of(facts, row)) and source.reuse_until_on and source.reuse_until_on < drop_on
    ]
    if not ended:
        return None
    return Unmet(code="follow_up.reuse_ends_early", lifted_by=Role.PROJECT_MANAGER, params={"lists": ended, "drop_on": drop_on})


def files_are_there_by_then(facts: CampaignFacts) -> Unmet | None:
    """The addresses are not destroyed before the day on which the orders are planned to be accepted, when they are taken."""
    _orders_on, confirmed_on = planned_step(facts.campaign, "order")
    return _files_gone(facts, confirmed_on)


def files_are_there(facts: CampaignFacts) -> Unmet | None:
    """The addresses are not destroyed yet: then their second use may be ordered."""
    return _files_gone(facts, None)


def _files_gone(facts: CampaignFacts, by: date | None) -> Unmet | None:
    before = followed(facts)
    lists = [row.code for row in to_come(facts)]
    if before is None or not lists:
        return None
    stored = mailed_file(before)
    if stored is not None and (by is None or stored.purge_on is None or stored.purge_on > by):
        return None
    ends_on = stored.purge_on if stored else before.campaign.purge_on
    params = {"campaign": before.campaign.code, "lists": lists, "purge_on": ends_on}
    if stored is None:
        return Unmet(code="follow_up.addresses_gone", lifted_by=Role.PROJECT_MANAGER, params=params)
    return Unmet(code="follow_up.addresses_end", lifted_by=Role.PROJECT_MANAGER, params={**params, "taken_on": by})
