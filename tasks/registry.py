"""Which function carries out which service task. A function reads, works, and returns commands; it commits nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any
from uuid import UUID

from app.database import Database
from app.files import Files
from app.settings import Settings
from workflows.engine.command import Command
from workflows.parties.actor import SYSTEM


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a service task may use: storage, settings, the campaign it is for, the campaign's present, and a way to show progress."""

    database: Database
    files: Files
    settings: Settings
    message_id: UUID
    campaign_id: UUID
    now: datetime
    progress: Callable[[str, int, int], None]

    def reading(self) -> Any:
        """A read-only transaction that sees everything, as machines do."""
        return self.database.reading(SYSTEM)


Function = Callable[[Work, dict[str, Any]], Sequence[Command]]
_FUNCTIONS: dict[str, Function] = {}
_NEEDS: dict[str, str] = {}
_ready: set[str] = set()


def service_task(name: str, *, needs: str | None = None) -> Callable[[Function], Function]:
    """Declare the function of a service task, under the name by which stages request it.

    :param needs: a module that takes long to import and much to hold, with a `warm_up()`. The function imports it itself; see `make_ready`.
    """

    def declare(function: Function) -> Function:
        if name in _FUNCTIONS:
            raise ValueError(f"two functions carry out {name}")
        _FUNCTIONS[name] = function
        if needs:
            _NEEDS[name] = needs
        return function

    return declare


def make_ready(name: str) -> bool:
    """Load what a service task needs into this process, for it and for all that are forked from here. False when nothing was missing."""
    needs = _NEEDS.get(name)
    if needs is None or needs in _ready:
        return False
    import_module(needs).warm_up()
    _ready.add(needs)
    return True


def function_of(name: str) -> Function:
    """The function of a service task.

    :raises KeyError: when there is none.
    """
    return _FUNCTIONS[name]


def names() -> frozenset[str]:
    """Every service task that can be carried out."""
    return frozenset(_FUNCTIONS)
