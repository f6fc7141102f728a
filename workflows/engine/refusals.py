"""Typed refusals: every "no" has a code, its facts, and, where somebody can lift it, who. Sentences live above, in the catalogue."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from workflows.parties.roles import Role


@dataclass(frozen=True, kw_only=True)
class Unmet:
    """One condition of a closed move that does not hold: what, who can lift it, since when."""

    code: str
    lifted_by: Role
    since: datetime | None = None
    params: dict[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """Base of all refusals. A refusal leaves no trace in any state."""

    code: ClassVar[str] = "refused"

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(f"{self.code} {params}" if params else self.code)


class NotFound(Refused):
    """The subject does not exist, or the asker may not know that it does."""

    code = "engine.not_found"


class NotYourMove(Refused):
    """The asker holds none of the roles the move is for."""

    code = "engine.not_your_move"


@dataclass(frozen=True, kw_only=True)
class Made:
    """The move that was faster: its event, when it was made, and by whom; `by_id` is None for a machine.

    `by` is the name, filled in above the engine where the refused person may know it.
    """

    event: str
    at: datetime
    by_id: UUID | None
    by: str = ""


class Overtaken(Refused):
    """Base of the refusals of a move that somebody else's was faster than: `made` says which, where there was one."""

    made: Made | None = None


class MoveNotOpen(Overtaken):
    """The subject is in a state from which this move does not start."""

    code = "engine.move_not_open"


class Stale(Overtaken):
    """The subject moved on since the asker looked at it."""

    code = "engine.stale"


class ConditionsUnmet(Refused):
    """The move is closed; `unmet` says by what."""

    code = "engine.conditions_unmet"

    def __init__(self, unmet: tuple[Unmet, ...]) -> None:
        self.unmet = unmet
        super().__init__(conditions=[condition.code for condition in unmet])


class Paused(ConditionsUnmet):
    """Everything about the subject's chain rests, until somebody lifts what `unmet` says."""

    code = "engine.paused"


class ProcessChanged(Refused):
    """The subject's state is unknown to the process as it is declared today."""

    code = "engine.process_changed"
