"""The sending of a campaign: proofs to sign with their notices, the mailing order, what was posted of each lot."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.queries.deposits import DepositLine, list_deposits
from app.queries.lots import LotRow, lot_row
from app.queries.names import name_of
from app.queries.proofs import Proofed, list_proofs
from app.queries.samples import SampleBehind, samples_behind
from workflows.campaign.data_protection.notice import draft_notice
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.send.depositing import missing_pieces
from workflows.campaign.send.not_sending import left_unsent
from workflows.campaign.send.proofs import asked_makers
from workflows.campaign.states import CampaignState
from workflows.engine.user_tasks import open_task
from workflows.trade.channels import Way, way_of


@dataclass(frozen=True, kw_only=True)
class MessageRow(Proofed):
    """A message with its proof and its data-protection notice: the one that was signed, else a draft.

    `lists` are those it goes to; `sample` is what their owners approved of it.
    """

    id: UUID
    code: str
    label: str
    offer: str
    lists: tuple[str, ...]
    sample: SampleBehind
    pieces: int
    notice: str
    signed_at: datetime | None
    signed_by: str


@dataclass(frozen=True, kw_only=True)
class SendPage:
    """Everything about the sending. `lots` are those that are mailed; `ordered` says that the mailing order is out, with what is printed.
    `missing` are the pieces still to be posted, by lot.

    `proof_required` is what policy wants; `makers` are asked for proofs. Once something `is_posted`, proofs change no more.
    """

    messages: tuple[MessageRow, ...]
    proof_required: bool
    makers: tuple[str, ...]
    lots: tuple[LotRow, ...]
    missing: dict[str, int]
    left_unsent: tuple[LotRow, ...]
    deposits: tuple[DepositLine, ...]
    ordered: bool
    is_confirmed: bool

    @property
    def is_posted(self) -> bool:
        return any(not one.is_over for one in self.deposits)

    @property
    def ways(self) -> tuple[Way, ...]:
        """Every way in which something of it goes out."""
        found = {way_of(lot.channel) for lot in (*self.lots, *self.left_unsent)}
        return tuple(way for way in Way if way in found)

    @property
    def waiting(self) -> tuple[LotRow, ...]:
        """Lots that are not proved yet, or in part."""
        return tuple(lot for lot in self.lots if lot.code in self.missing)


def get_send(facts: CampaignFacts) -> SendPage:
    """Everything the sending's room shows."""
    sent = [lot for lot in facts.lots if lot.is_sent]
    goes_to = {one.code: tuple(sorted({lot.list_code for lot in sent if lot.message == one.code})) for one in facts.used_messages}
    proofs = list_proofs(facts.session, facts.campaign.id)
    return SendPage(
        messages=tuple(
            MessageRow(
                id=message.id,
                code=message.code,
                label=message.label,
                offer=message.offer,
                lists=goes_to[message.code],
                sample=samples_behind(facts, message.code, goes_to[message.code]),
                pieces=sum(lot.pieces for lot in sent if lot.message == message.code),
                notice=message.notice or draft_notice(facts, message.code),
                is_signed=message.proof_signed_at is not None,
                signed_at=message.proof_signed_at,
                signed_by=name_of(facts.session, message.proof_signed_by_id),
                versions=tuple(one for one in proofs if one.message == message.code),
            )
            for message in facts.used_messages
        ),
        proof_required=facts.campaign.policy.proof_required,
        makers=tuple(facts.suppliers[one].name for one in asked_makers(facts)),
        lots=tuple(lot_row(lot) for lot in sent),
        missing=missing_pieces(facts),
        left_unsent=tuple(lot_row(lot) for lot in left_unsent(facts)),
        deposits=list_deposits(facts.session, facts.campaign.id),
        is_confirmed=facts.campaign.dropped_on is not None,
        ordered=facts.lot_plan is not None and not _still_to_order(facts),
    )


def _still_to_order(facts: CampaignFacts) -> bool:
    campaign = facts.campaign
    return campaign.state == CampaignState.SEND and open_task(facts.session, "order_mailing", campaign.id) is not None
