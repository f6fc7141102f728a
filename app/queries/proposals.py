"""The change that a supplier proposed to its order last. The same for the supplier, for whoever answers it, and where terms are agreed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from workflows.campaign.values import RATES, TERMS
from workflows.order.model import PurchaseOrder
from workflows.order.proposing import ProposalState


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What is proposed: a quantity, a day, terms by name (euros per thousand, euros, shares, words and lists of them), words; and what was
    answered.

    `state` is what became of it; what is None or not among the terms stays as ordered.
    """

    state: str
    quantity: int | None
    deliver_on: date | None
    terms: dict[str, Any]
    words: str
    answer: str

    @property
    def waits(self) -> bool:
        return self.state == ProposalState.WAITING

    @property
    def is_accepted(self) -> bool:
        return self.state == ProposalState.ACCEPTED

    @property
    def is_declined(self) -> bool:
        return self.state == ProposalState.DECLINED


def proposal_of(order: PurchaseOrder) -> Proposal | None:
    """The last proposal, unless there was none or its supplier took it back."""
    if order.proposal_state in ("", ProposalState.WITHDRAWN):
        return None
    values = order.proposal or {}
    return Proposal(
        state=order.proposal_state,
        quantity=values.get("quantity"),
        deliver_on=date.fromisoformat(values["deliver_on"]) if "deliver_on" in values else None,
        terms={name: Decimal(values[name]) if name in RATES else values[name] for name in TERMS if name in values},
        words=order.proposal_words,
        answer=order.proposal_answer,
    )
