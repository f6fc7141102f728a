"""The sending of a campaign: proofs to sign with their notices, the mailing order, what was posted of each lot."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.queries.budget import name_of
from app.queries.lots import LotRow, lot_row
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.notice import draft_notice
from workflows.campaign.states import CampaignState
from workflows.engine.user_tasks import open_task


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A message with its data-protection notice: the one that was signed, else a draft. `lists` are those it goes to."""

    id: UUID
    code: str
    label: str
    offer: str
    lists: tuple[str, ...]
    pieces: int
    notice: str
    signed_at: datetime | None
    signed_by: str


@dataclass(frozen=True, kw_only=True)
class DepositRow:
    """A deposit that was proved."""

    deposited_on: date
    slip_number: str
    pieces: int
    explanation: str


@dataclass(frozen=True, kw_only=True)
class SendPage:
    """Everything about the sending. `ordered` says that the mailing order is out."""

    proofs: tuple[Proof, ...]
    lots: tuple[LotRow, ...]
    deposits: tuple[DepositRow, ...]
    ordered: bool

    @property
    def waiting(self) -> tuple[LotRow, ...]:
        """Lots that are on no deposit slip yet."""
        return tuple(lot for lot in self.lots if lot.deposited is None)


def get_send(facts: CampaignFacts) -> SendPage:
    """Everything the sending's room shows."""
    sent = [lot for lot in facts.lots if lot.is_sent]
    return SendPage(
        proofs=tuple(
            Proof(
                id=message.id,
                code=message.code,
                label=message.label,
                offer=message.offer,
                lists=tuple(sorted({lot.list_code for lot in sent if lot.message == message.code})),
                pieces=sum(lot.quantity + lot.seeds for lot in sent if lot.message == message.code),
                notice=message.notice or draft_notice(facts, message.code),
                signed_at=message.proof_signed_at,
                signed_by=name_of(facts.session, message.proof_signed_by_id) if message.proof_signed_by_id else "",
            )
            for message in facts.used_messages
        ),
        lots=tuple(lot_row(lot) for lot in sent),
        deposits=tuple(
            DepositRow(
                deposited_on=row.deposited_on,
                slip_number=row.slip_number,
                pieces=sum(row.quantities.values()),
                explanation=row.explanation,
            )
            for row in facts.deposits
        ),
        ordered=facts.lot_plan is not None and not _still_to_order(facts),
    )


def _still_to_order(facts: CampaignFacts) -> bool:
    campaign = facts.campaign
    return campaign.state == CampaignState.SEND and open_task(facts.session, "order_mailing", campaign.id) is not None
