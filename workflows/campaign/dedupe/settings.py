"""How a campaign's merge-purge is to be done: its level, its allocation rule, and the lists that no other list takes records of.

The brief says it until somebody chooses otherwise: each run that is done again may be told so, knowing from the run before what every
rule would leave and cost. What is chosen stays chosen.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from workflows.campaign.facts import CampaignFacts
from workflows.engine.command import Command, free_text
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.trade.dedupe_rules import ALLOCATIONS, LEVELS


class UnknownSetting(Refused):
    """There is no such level or rule, or a list to protect is not among those of the campaign."""

    code = "dedupe.unknown_setting"


@dataclass(frozen=True, kw_only=True)
class RedoDedupe(Command):
    """Merge and purge again, with a reason; what was made of the earlier run is void.

    ``level``, ``allocation`` and ``protected`` (codes of lists) are as they were where they are not given.
    """

    reason: str = free_text()
    level: str | None = None
    allocation: str | None = None
    protected: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class DedupeSettings:
    """`level`: individual, household or address; `allocation`: the rule by which lists share people; `protected`: codes of lists."""

    level: str = "individual"
    allocation: str = "priority"
    protected: tuple[str, ...] = ()

    @classmethod
    def of(cls, facts: CampaignFacts) -> Self:
        """Those of the last run, whether it counts or not; before the first one, those of the brief."""
        if facts.runs:
            brief: dict[str, Any] = facts.runs[-1].brief
            protected = tuple(file["code"] for file in brief["files"] if file.get("protected"))
        else:
            brief = facts.campaign.dedupe
            protected = tuple(brief.get("protected", ()))
        return cls(level=brief.get("level", cls.level), allocation=brief.get("allocation", cls.allocation), protected=protected)

    def as_asked(self, command: Command) -> Self:
        """With what a command changes in them."""
        if not isinstance(command, RedoDedupe):
            return self
        return replace(
            self,
            level=self.level if command.level is None else command.level,
            allocation=self.allocation if command.allocation is None else command.allocation,
            protected=self.protected if command.protected is None else command.protected,
        )


def dedupe_as_done(facts: CampaignFacts) -> dict[str, Any]:
    """What a campaign's brief says of its dedupe, with the settings that were chosen since."""
    return {**facts.campaign.dedupe, **asdict(DedupeSettings.of(facts))}


def settings_are_known(step: Step) -> None:
    """What is asked for exists.

    :raises UnknownSetting: naming what does not, and what does.
    """
    command: RedoDedupe = step.command
    lists = [row.code for row in step.facts.live_lists]
    _refuse_strangers([command.level] if command.level is not None else [], LEVELS)
    _refuse_strangers([command.allocation] if command.allocation is not None else [], ALLOCATIONS)
    _refuse_strangers(command.protected or (), lists)


def _refuse_strangers(given: Iterable[str], known: Iterable[str]) -> None:
    for one in given:
        if one not in known:
            raise UnknownSetting(given=one, known=", ".join(known))
