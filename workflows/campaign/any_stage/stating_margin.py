"""What stays of what people give or buy, known better once the budget is approved. While a campaign is planned its brief says it.

It alters no spending, so that what was approved stands, with the margin that was signed; what follows is worked out with the new one.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from workflows.campaign.values import MARGIN, refuse_values
from workflows.engine.command import Command
from workflows.engine.process import Move, ServiceTaskRef
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.money import Cents


@dataclass(frozen=True, kw_only=True)
class StateMargin(Command):
    """Say the margin anew: the share that stays of what people give or buy, and the euros that each gift or order costs to handle."""

    margin_rate: Decimal
    handling_amount: Cents


def state(step: Step) -> None:
    """Take what was said.

    :raises ValueNotAllowed: for a margin that no brief has.
    """
    command, campaign = step.command, step.chain
    refuse_values("brief", campaign.code, command, MARGIN)
    for name in MARGIN:
        setattr(campaign, name, getattr(command, name))


STATE_MARGIN = Move(StateMargin, by=Role.PROJECT_MANAGER, event="campaign.margin.stated", do=state)
STATE_MARGIN_ANALYSED = replace(STATE_MARGIN, requests=(ServiceTaskRef("compute_results"),))
"""Figures that are computed already are computed anew."""
