"""What the application is made of, and how a view reaches it. Not for building it: that is `factory`."""

from dataclasses import dataclass
from typing import cast

from flask import current_app

from app.clock import Clock
from app.database import Database
from app.execute import Door
from app.files import Files
from app.portals import NavItem
from app.security.people import People
from app.settings import Settings

EXTENSION = "jalon"


@dataclass(frozen=True, kw_only=True)
class Jalon:
    """The rooms of one application."""

    settings: Settings
    database: Database
    door: Door
    files: Files
    clock: Clock
    people: People
    navigation: dict[str, tuple[NavItem, ...]]


def jalon() -> Jalon:
    """The rooms of the application that answers now."""
    return cast(Jalon, current_app.extensions[EXTENSION])
