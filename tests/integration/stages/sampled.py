"""Sample mail pieces in tests: attached by the project manager, approved or refused by owners who saw just these."""

from typing import Any

from sqlmodel import col

from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from workflows.campaign.model import Message
from workflows.campaign.samples.records import SampleApproval, SamplePiece
from workflows.campaign.samples.showing import AttachSample, KeepApproval, RefuseSample
from workflows.campaign.stages.negotiation import AgreeTerms, RecordConsent
from workflows.parties.actor import Actor


def attach(campaign: Played, code: str = "A", name: str = "", *, media_type: str = "application/pdf", **changed: Any) -> SamplePiece:
    """Attach the next version of a message's sample: a file of that name."""
    (message,) = campaign.rows(Message, col(Message.code) == code, col(Message.to_seq).is_(None))
    file = changed.get("file") or kept(name or f"sample_{code}.pdf")
    campaign.ask(AttachSample(subject_id=campaign.campaign_id, message_id=message.id, file=file, media_type=media_type))
    return campaign.rows(SamplePiece, col(SamplePiece.message) == code, order=col(SamplePiece.version))[-1]


def agree(campaign: Played, *codes: str) -> None:
    for code in codes:
        campaign.ask(AgreeTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id(code)))


def consent(campaign: Played, code: str, *pieces: SamplePiece, by: Actor | None = None) -> None:
    """A list's owner consents to these samples; by the project manager where nobody is named."""
    seen = {piece.message: piece.sha256 for piece in pieces}
    campaign.ask(RecordConsent(subject_id=campaign.campaign_id, list_id=campaign.list_id(code), samples=seen), by=by)


def refuse(campaign: Played, code: str, *pieces: SamplePiece, by: Actor, reason: str = "Le logo imite le nôtre.") -> None:
    seen = {piece.message: piece.sha256 for piece in pieces}
    campaign.ask(RefuseSample(subject_id=campaign.campaign_id, list_id=campaign.list_id(code), samples=seen, reason=reason), by=by)


def keep(campaign: Played, code: str, reason: str = "Seule l’adresse de retour change.") -> None:
    campaign.ask(KeepApproval(subject_id=campaign.campaign_id, list_id=campaign.list_id(code), reason=reason))


def request(campaign: Played, code: str) -> SampleApproval:
    """What the owner of a list is asked now."""
    (found,) = campaign.rows(SampleApproval, col(SampleApproval.list_id) == campaign.list_id(code), col(SampleApproval.to_seq).is_(None))
    return found


def asked(campaign: Played) -> list[str]:
    """The lists whose owners are asked to approve, now."""
    return [label for name, label in campaign.tasks() if name == "approve_sample"]
