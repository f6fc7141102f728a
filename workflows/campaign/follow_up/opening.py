"""Opening a follow-up in the campaign that it follows up, once that was mailed: with which of its lists, for which day.

It is refused whole where a list may not be written to again, by list and owner; and where its addresses would be destroyed before they can
be taken. The new campaign is begun in the same transaction, and says in its first entry whence it comes (`beginning`).
"""

from dataclasses import dataclass
from datetime import date

from workflows.campaign.any_stage.moving_drop import DropNotAhead, refuse_year
from workflows.campaign.birth import EnvelopeNotPositive
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.follow_up.beginning import BeginFollowUp
from workflows.campaign.follow_up.sources import (
    NOBODY_LEFT,
    REUSE_ENDED,
    SINGLE_USE,
    USED_ALREADY,
    Source,
    latest_drop,
    mailed_file,
    sources_of,
    taken_on,
)
from workflows.campaign.rules import NotOfThisCampaign
from workflows.engine.command import Command
from workflows.engine.process import Move
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.money import Cents


class ListIsForOneUse(Refused):
    """The list's owner lent it once, and agreed to no second use."""

    code = "follow_up.single_use"


class SecondUseHasEnded(Refused):
    """The owner agreed to a second use that is over by the day of the drop."""

    code = "follow_up.reuse_ended"


class ListIsUsedAlready(Refused):
    """Another follow-up has the list: a second use is one."""

    code = "follow_up.used_already"


class NobodyIsLeft(Refused):
    """Of the list nobody is left to write to."""

    code = "follow_up.nobody_left"


class NoListChosen(Refused):
    """A follow-up writes to the people of one list at least."""

    code = "follow_up.no_list"


class FilesEndBefore(Refused):
    """The addresses would be destroyed before the follow-up takes them."""

    code = "follow_up.files_end_before"


REFUSALS: dict[str, type[Refused]] = {
    SINGLE_USE: ListIsForOneUse,
    REUSE_ENDED: SecondUseHasEnded,
    USED_ALREADY: ListIsUsedAlready,
    NOBODY_LEFT: NobodyIsLeft,
}
"""What is refused for each reason why a list may not be brought over."""


@dataclass(frozen=True, kw_only=True)
class OpenFollowUp(Command):
    """Open a campaign that writes again to the people of these lists, by code, who did not answer; for that drop, under that envelope."""

    campaign_code: str
    title: str
    drop_on: date
    envelope_amount: Cents
    lists: tuple[str, ...]


def addresses_are_there(facts: CampaignFacts) -> Unmet | None:
    """Those who were mailed are still known: their files are not destroyed yet."""
    if mailed_file(facts) is not None:
        return None
    return Unmet(code="follow_up.files_gone", lifted_by=Role.SYSTEM, params={"purge_on": facts.campaign.purge_on})


def drop_is_in_time(step: Step) -> None:
    """Refuse a drop that is not ahead, and one for which the addresses would be destroyed before they are taken.

    :raises DropBeyondCalendar: when it is in no year that a campaign can have.
    :raises DropNotAhead: when it is not to come.
    :raises FilesEndBefore: naming the day of that, and the latest drop.
    """
    facts: CampaignFacts = step.facts
    drop_on: date = step.command.drop_on
    refuse_year(drop_on)
    if drop_on <= step.chain.today(step.now):
        raise DropNotAhead(drop_on=drop_on)
    stored = mailed_file(facts)
    if stored is not None and stored.purge_on is not None and taken_on(step.chain, drop_on) >= stored.purge_on:
        latest_on = latest_drop(facts)
        raise FilesEndBefore(purge_on=stored.purge_on, taken_on=taken_on(step.chain, drop_on), latest_on=latest_on)


def lists_may_be_used(step: Step) -> None:
    """Refuse a list that may not be written to again, and none at all.

    :raises NoListChosen: when no list is named.
    :raises NotOfThisCampaign: when a list is not among those that were mailed.
    :raises Refused: of the kind of `REFUSALS`, naming list and owner.
    """
    if not step.command.lists:
        raise NoListChosen()
    found = {source.list.code: source for source in sources_of(step.facts, step.command.drop_on)}
    for code in step.command.lists:
        if code not in found:
            raise NotOfThisCampaign()
        _refuse(found[code], step.command.drop_on)


def _refuse(source: Source, drop_on: date) -> None:
    if source.why_not:
        raise REFUSALS[source.why_not](list=source.list.code, owner=source.owner, drop_on=drop_on, **source.params)


def envelope_is_something(step: Step) -> None:
    """Refuse an envelope that would hold nothing.

    :raises EnvelopeNotPositive: when it is not above zero.
    """
    if step.command.envelope_amount <= 0:
        raise EnvelopeNotPositive()


def open_follow_up(step: Step) -> None:
    """Note what is brought over of each list, and let the new campaign begin."""
    command: OpenFollowUp = step.command
    chosen = [source for source in sources_of(step.facts, command.drop_on) if source.list.code in command.lists]
    for source in chosen:
        step.control(f"brought_over:{source.list.code}", expected=source.mailed, actual=source.available, verdict="ok")
    step.then(
        BeginFollowUp(
            subject_id=step.chain.advertiser_id,
            campaign_code=command.campaign_code,
            title=command.title,
            drop_on=command.drop_on,
            envelope_amount=command.envelope_amount,
            lists=tuple(source.list.code for source in chosen),
            followed_id=step.chain.id,
            followed_code=step.chain.code,
            opened_by_id=step.actor.person_id,
        )
    )


OPEN_FOLLOW_UP = Move(
    OpenFollowUp,
    by=Role.PROJECT_MANAGER,
    event="campaign.follow_up.opened",
    requires=(addresses_are_there,),
    checks=(drop_is_in_time, envelope_is_something, lists_may_be_used),
    do=open_follow_up,
)
"""From the drop on, until the campaign is closed."""
