"""The demonstration's kit as tests begin with it."""

from dataclasses import replace
from pathlib import Path

from app.intake.kit import Kit, read_kit


def plain_kit(folder: Path) -> Kit:
    """A kit with nothing said of what is posted or of legal bases: tests of these say it themselves."""
    kit = read_kit(folder)
    lists = tuple(replace(row, basis=None) for row in kit.brief.lists)
    return replace(kit, brief=replace(kit.brief, lists=lists, mailing=None))
