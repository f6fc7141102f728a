"""What a campaign is to reach and how its lists are to share people, changed while it is planned. Not for the plan's tables."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflows.campaign.values import BRIEF, SOMETHING, refuse_dedupe, refuse_twice, refuse_values
from workflows.engine.command import Command
from workflows.engine.process import Move
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.kpis import WHOLE
from workflows.trade.money import Cents

FIGURES = (
    "title",
    "vat_rate",
    "offer_ends_on",
    "target_responses",
    "target_roi",
    "minimum_net_quantity",
    "margin_rate",
    "handling_amount",
)
"""What a brief says beside its tables, its drop, its envelope and its dedupe, by the names that a campaign has for it."""


@dataclass(frozen=True, kw_only=True)
class ChangeBrief(Command):
    """Say anew, all of it, what a campaign is to reach and how it is deduplicated; None where nothing is wanted.

    `target_roi` is in euros back for each one spent, `vat_rate` and `margin_rate` are fractions, `handling_amount` is euros a gift or
    order. `suppressions` are names of files, in order. From `multi_buyers` files on people get lots of their own; 0 where they do not.
    `protected` are codes of lists whose records no other list takes, as they were where it is None.
    """

    title: str
    vat_rate: Decimal
    offer_ends_on: date | None = None
    target_responses: int | None = None
    target_roi: Decimal | None = None
    minimum_net_quantity: int | None = None
    margin_rate: Decimal = WHOLE.rate
    handling_amount: Cents = WHOLE.handling_amount
    level: str
    allocation: str
    suppressions: tuple[str, ...] = ()
    multi_buyers: int = 0
    protected: tuple[str, ...] | None = None


def change(step: Step) -> None:
    """Take what was said.

    :raises ValueNotAllowed: for a figure or a name that no brief has.
    """
    command, campaign = step.command, step.chain
    protected = campaign.dedupe.get("protected", ()) if command.protected is None else command.protected
    dedupe = {
        "level": command.level,
        "allocation": command.allocation,
        "suppressions": list(command.suppressions),
        "protected": list(protected),
        "multi_buyers": command.multi_buyers,
    }
    refuse_values("brief", campaign.code, command, {"title": SOMETHING, **BRIEF})
    refuse_dedupe(campaign.code, dedupe)
    names = [name.removesuffix(".csv") for name in command.suppressions]
    refuse_twice("suppressions", None, names, taken=[row.code for row in step.facts.lists])
    for name in FIGURES:
        setattr(campaign, name, getattr(command, name))
    campaign.dedupe = dedupe


CHANGE_BRIEF = Move(ChangeBrief, by=Role.PROJECT_MANAGER, event="campaign.plan.brief_changed", do=change)
