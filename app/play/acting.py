"""How a play acts in its campaign: as its manager or a supplier, through the door, on its own calendar. Not for what is done when."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from app.execute import Door
from app.play.cast import Cast
from app.queries.checklist import read_checklists
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.engine.command import Command
from workflows.engine.dispatch import Outcome
from workflows.engine.refusals import ConditionsUnmet
from workflows.parties.actor import SYSTEM, Actor
from workflows.trade.working_days import instant_at, next_working_day
from workflows.user_task.ticking import TickPoint

MORNING = time(9)


@dataclass(kw_only=True)
class Acting:
    """Acts in one campaign, once it is open; `tell` hears each event."""

    door: Door
    cast: Cast
    tell: Callable[[str, str], None]
    campaign_id: UUID | None = None

    def _try(self, command: Callable[..., Command], shortfall: type[Exception], **reason: str) -> None:
        """Ask plainly first; where policy wants a reason, give one."""
        try:
            self._manage(command(subject_id=self._id))
        except shortfall:
            self._manage(command(subject_id=self._id, **reason))

    @property
    def _id(self) -> UUID:
        assert self.campaign_id is not None, "the campaign is open"
        return self.campaign_id

    def _manage(self, command: Command) -> Outcome:
        return self._act(command, self.cast.manager)

    def _do_each(self, owed: Callable[[CampaignFacts], Iterable[tuple[Command, UUID | None]]]) -> None:
        """Carry out what the facts ask for: each by the supplier whose it is, or by the manager."""
        with self._facts() as facts:
            commands = list(owed(facts))
        for command, supplier_id in commands:
            self._act(command, self.cast.supplier(supplier_id))

    def _act(self, command: Command, actor: Actor) -> Outcome:
        """Ask; where a checklist keeps somebody from it, they tick its points first."""
        try:
            outcome = self.door.execute(command, actor=actor)
        except ConditionsUnmet as refusal:
            if {unmet.code for unmet in refusal.unmet} != {"user_task.points_unticked"}:
                raise
            for unmet in refusal.unmet:
                self._tick(UUID(unmet.params["task_id"]), actor)
            outcome = self.door.execute(command, actor=actor)
        self.tell("event", outcome.event)
        return outcome

    def _tick(self, task_id: UUID, actor: Actor) -> None:
        for point in read_checklists(self.door.database, [task_id])[task_id].points:
            if point.ticked_at is None:
                self.tell("event", self.door.execute(TickPoint(subject_id=task_id, point=point.code), actor=actor).event)

    @contextmanager
    def _facts(self) -> Iterator[CampaignFacts]:
        with self.door.database.reading(SYSTEM) as session:
            campaign = session.get(Campaign, self._id)
            assert campaign is not None, "the campaign is open"
            yield CampaignFacts(session, campaign)

    def _morning(self, day: date) -> datetime:
        return instant_at(next_working_day(day), MORNING)

    def _go_to(self, day: date | None) -> None:
        """Advance the campaign's calendar to the morning of a day, never back."""
        if day is None:
            return
        at = self._morning(day)
        with self._facts() as facts:
            present = facts.campaign.calendar_at
        if present is None or at > present:
            self.door.set_calendar(self._id, at)
