"""The demonstration's kit as tests begin with it."""

from dataclasses import replace

from app.intake.kit import Kit


def plain(kit: Kit) -> Kit:
    """The kit with nothing said of what is posted or of legal bases: tests of these say it themselves."""
    lists = tuple(replace(row, basis=None) for row in kit.brief.lists)
    return replace(kit, brief=replace(kit.brief, lists=lists, mailing=None))
