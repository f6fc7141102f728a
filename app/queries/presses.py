"""Whether one press would do a task: its campaign's conditions hold, and its checklist is ticked. The door decides when it is pressed.

What conditions come to is fixed by the head of the campaign's chain, for every fact of a campaign changes by a move, and by what its
advertiser has on record for all campaigns; so they are looked at once for both. Not for moves that wait for machines: those finish without
a move.
"""

from contextlib import ExitStack
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.database import Database
from app.queries.open_tasks import OpenRow
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.process import CAMPAIGN
from workflows.engine.machine import unmet_conditions
from workflows.parties.actor import Actor

_MOST_KEPT = 4096
_kept: dict[tuple[UUID, str, str, str], frozenset[str] | None] = {}
"""The points to be ticked first, None where more than that is missing: by the campaign, its chain's head, the advertiser and the task."""


class Presses:
    """What presses would do, as far as one reader may see; in a transaction of its own, opened if there is something to look at."""

    def __init__(self, database: Database, actor: Actor) -> None:
        self._open = partial(database.reading, actor)
        self._stack = ExitStack()
        self._session: Session | None = None
        self._facts: dict[UUID, CampaignFacts] = {}

    def __enter__(self) -> "Presses":
        return self

    def __exit__(self, *failure: Any) -> bool:
        return bool(self._stack.__exit__(*failure))

    def would_do(self, task: OpenRow, command: str) -> bool:
        """Whether `command`, sent with nothing more, would do this task now."""
        key = (task.campaign_id, task.chain_head, task.advertiser, task.name)
        if key not in _kept:
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            _kept[key] = _asks_for(self._facts_of(task.campaign_id), task.name, command)
        points = _kept[key]
        return points is not None and points <= task.ticks

    def _facts_of(self, campaign_id: UUID) -> CampaignFacts:
        if self._session is None:
            self._session = self._stack.enter_context(self._open())
        if campaign_id not in self._facts:
            self._facts[campaign_id] = CampaignFacts(self._session, self._session.get_one(Campaign, campaign_id))
        return self._facts[campaign_id]


def forget() -> None:
    """Look at every campaign's conditions again."""
    _kept.clear()


def _asks_for(facts: CampaignFacts, task: str, command: str) -> frozenset[str] | None:
    stage = CAMPAIGN.stage(facts.campaign.state)
    move = next((move for move in stage.moves if move.command.name() == command), None) if stage else None
    if move is None or unmet_conditions(move, facts):
        return None
    return frozenset(point.code for point in facts.campaign.policy.checklist(task) if point.required)
