"""The second use of a list: whether its owner lets a follow-up write to its addresses again, at what price, and until when.

A list is lent for one use; a second one is negotiated with the first and printed on its order. Group seconds are records that came in two
lists and were kept in the other: their owner may let a follow-up use them, where they were paid. Not for what a follow-up takes of it all:
the room `follow_up` has that.
"""

from typing import Any

from workflows.campaign.model import CampaignList
from workflows.campaign.values import REUSE, refuse_values
from workflows.engine.command import plain
from workflows.engine.refusals import Refused
from workflows.engine.step import Step


class ReuseUnclear(Refused):
    """A second use has its last day, and a price or the owner's word for group seconds; or there is none."""

    code = "terms.reuse_unclear"


class ReuseEndsBeforeDrop(Refused):
    """A follow-up drops after the campaign that it follows up."""

    code = "terms.reuse_ends_before_drop"


def keep_reuse(step: Step, row: CampaignList) -> None:
    """Keep the second use that the command names, in place of what was agreed before; where it names none, the list is for one use.

    :raises ValueNotAllowed: for a price that is none.
    :raises ReuseUnclear: when the last day stands without a price and without group seconds, or these without that day.
    :raises ReuseEndsBeforeDrop: when no follow-up could drop by then.
    """
    cpm, seconds, until_on = step.command.reuse_cpm, step.command.reuse_seconds, step.command.reuse_until_on
    refuse_values("terms", row.code, step.command, REUSE)
    if (cpm is not None or seconds) != (until_on is not None):
        raise ReuseUnclear(list=row.code)
    if until_on is not None and until_on <= step.chain.drop_on:
        raise ReuseEndsBeforeDrop(list=row.code, drop_on=step.chain.drop_on)
    row.reuse_cpm, row.reuse_until_on, row.reuse_seconds = cpm, until_on, seconds


def reuse_terms(row: CampaignList) -> dict[str, Any]:
    """The second use as terms of an order; nothing where none is agreed, as in orders of before."""
    return {"reuse": plain([row.reuse_cpm, row.reuse_until_on, row.reuse_seconds])} if row.reuse_until_on else {}
