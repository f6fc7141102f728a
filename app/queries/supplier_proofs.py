"""Proofs as their maker sees them: what is asked of each message and until when, what was returned and why. Not for what is posted."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.database import Database
from app.queries.campaign import find_campaign
from app.queries.deadline import Deadline, deadline_of
from app.queries.proofs import Proofed, list_proofs
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.send.proofs import RETURNED, proof_makers
from workflows.campaign.states import CampaignState
from workflows.engine.refusals import NotFound
from workflows.engine.user_tasks import UserTask, open_tasks
from workflows.parties.actor import Actor


@dataclass(frozen=True, kw_only=True)
class ProofLine(Proofed):
    """A message and its proof; `is_asked` while a version is waited for from this supplier."""

    message_id: UUID
    code: str
    label: str
    pieces: int
    is_asked: bool
    deadline: Deadline | None

    @property
    def is_returned(self) -> bool:
        return self.newest is not None and self.newest.state == RETURNED


@dataclass(frozen=True, kw_only=True)
class ProofsPage:
    """The proofs of a campaign; `is_open` while versions are taken."""

    campaign_id: UUID
    campaign_code: str
    campaign_title: str
    advertiser_name: str
    drop_on: date
    is_open: bool
    lines: tuple[ProofLine, ...]


def get_proofs(database: Database, actor: Actor, campaign_code: str, *, now: datetime) -> ProofsPage:
    """The proofs of a campaign that this supplier prints or mails for.

    :raises NotFound: when there is no such campaign for them.
    """
    with database.reading(actor) as session:
        campaign = find_campaign(session, campaign_code)
        tasks = {task.subject_id: task for task in open_tasks(session, UserTask.campaign_id == campaign.id, UserTask.name == "bring_proof")}
        # From here on as the machine: messages and lots are the advertiser's, and whoever prints them has them before them.
        versions = list_proofs(session, campaign.id, end_as_machine=True)
        facts = CampaignFacts(session, campaign)
        if set(actor.supplier_ids).isdisjoint(proof_makers(facts)):
            raise NotFound(subject="campaign")
        in_send = campaign.state == CampaignState.SEND
        return ProofsPage(
            campaign_id=campaign.id,
            campaign_code=campaign.code,
            campaign_title=campaign.title,
            advertiser_name=facts.advertiser.name,
            drop_on=campaign.drop_on,
            is_open=in_send and not facts.deposits,
            lines=tuple(
                ProofLine(
                    message_id=message.id,
                    code=message.code,
                    label=message.label,
                    pieces=sum(lot.pieces for lot in facts.lots if lot.is_sent and lot.message == message.code),
                    is_asked=message.id in tasks,
                    is_signed=message.proof_signed_at is not None,
                    deadline=deadline_of(tasks.get(message.id), campaign, now),
                    versions=tuple(one for one in versions if one.message == message.code),
                )
                for message in facts.used_messages
            ),
        )
