"""What of each lot is still to be deposited: data = personalised = inserted = deposited, lot by lot. Deposits are taken in `proving`."""

from workflows.campaign.any_stage.overriding import override
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import Lot
from workflows.engine.refusals import Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role

CONTROL = "deposit"
"""What is held against what was handed over, lot by lot."""


def missing_pieces(facts: CampaignFacts) -> dict[str, int]:
    """Pieces, seeds included, by the code of each lot to be sent that lacks more of them than policy tolerates, and nobody said why."""
    tolerance = facts.campaign.policy.share("tolerances", "deposit_share")
    missing = {}
    for lot in facts.lots:
        lacking = lot.pieces - (lot.deposited or 0)
        if lot.is_sent and (lot.deposited is None or lacking > lot.pieces * tolerance) and not _is_explained(facts, lot):
            missing[lot.code] = lacking
    return missing


def _is_explained(facts: CampaignFacts, lot: Lot) -> bool:
    """Whether somebody let the lot be, with just as many pieces as it has now."""
    return any(
        one.control == CONTROL and one.about == lot.code and one.actual == str(lot.deposited)
        for one in facts.overrides
        if one.to_seq is None
    )


def note_pieces(step: Step, lot: Lot, verdict: str) -> None:
    """Write down how many pieces of a lot are proved of those that were handed over."""
    tolerance = str(step.policy.share("tolerances", "deposit_share"))
    step.control(f"{CONTROL}:{lot.code}", expected=lot.pieces, actual=lot.deposited or 0, tolerance=tolerance, verdict=verdict)


def let_deviate(step: Step, lot: Lot, reason: str) -> None:
    """Let a lot be with as many pieces as it has now, and keep why: an override of its control, for its review."""
    tolerance = str(step.policy.share("tolerances", "deposit_share"))
    override(step, CONTROL, about=lot.code, expected=lot.pieces, actual=lot.deposited, tolerance=tolerance, reason=reason)


def every_lot_is_deposited(facts: CampaignFacts) -> Unmet | None:
    """Each lot that is to be sent is on a deposit slip."""
    waiting = [lot.code for lot in facts.lots if lot.is_sent and lot.deposited is None]
    return Unmet(code="send.lots_not_deposited", lifted_by=Role.SUPPLIER, params={"lots": waiting}) if waiting else None


def every_piece_is_deposited(facts: CampaignFacts) -> Unmet | None:
    """No lot is posted in part while its rest is to follow."""
    missing = missing_pieces(facts)
    begun = {lot.code: missing[lot.code] for lot in facts.lots if lot.code in missing and lot.deposited is not None}
    if not begun:
        return None
    return Unmet(code="send.lots_deposited_in_part", lifted_by=Role.SUPPLIER, params={"lots": list(begun), "pieces": sum(begun.values())})
