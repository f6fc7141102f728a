"""The signatures of a budget that waits: what policy asks for its amount, who gave one, how many are missing. The campaign decides."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from app.queries.names import names_by_id
from workflows.campaign.budget.conditions import conditions, signed_amount
from workflows.campaign.budget.signing import Signatures, budget_signatures, overrun_signatures
from workflows.campaign.facts import CampaignFacts
from workflows.trade.approval import NO_CONDITIONS, Conditions


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Somebody who signed; `stood_in_for` is empty for whoever signed in their own name."""

    name: str
    stood_in_for: str


@dataclass(frozen=True, kw_only=True)
class Signing:
    """What the tier of a budget, or of its overrun, asks for. It is above `above_amount` and at most `up_to_amount`, None for no ceiling.

    `needed` counts the approval that closes; 0 where policy lets nobody approve the amount. `hands` are all who signed, and all they
    stood in for; `conditions` those that they set together; `amount` is what an approval lets the campaign come to under these.
    """

    above_amount: Decimal
    up_to_amount: Decimal | None
    needed: int
    given: int
    conditions: Conditions
    amount: Decimal
    signers: tuple[Signer, ...]
    hands: frozenset[UUID]

    @property
    def missing(self) -> int:
        """Signatures that are still to be given, the approval included where it is one of them."""
        return max(0, self.needed - self.given)


def get_signing(facts: CampaignFacts) -> Signing:
    """The signatures of the budget that counts."""
    return _signing(facts, budget_signatures(facts), conditions(facts), signed_amount(facts))


def get_overrun_signing(facts: CampaignFacts) -> Signing:
    """The signatures of its newest overrun, which is accepted whole or not at all."""
    asked = overrun_signatures(facts)
    assert asked.amount is not None, "there is an overrun"
    return _signing(facts, asked, NO_CONDITIONS, asked.amount)


def _signing(facts: CampaignFacts, asked: Signatures, bound: Conditions, amount: Decimal) -> Signing:
    given = asked.endorsements
    signed: frozenset[UUID] = frozenset().union(*(hands for _decision, hands in given))
    names = names_by_id(facts.session, signed)
    return Signing(
        above_amount=asked.floor,
        up_to_amount=asked.tier.up_to if asked.tier else None,
        needed=asked.needed,
        given=asked.given(),
        conditions=bound,
        amount=amount,
        signers=tuple(
            Signer(
                name=names.get(decision.person_id, ""), stood_in_for=", ".join(names.get(one, "") for one in hands - {decision.person_id})
            )
            for decision, hands in given
        ),
        hands=signed,
    )
