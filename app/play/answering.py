"""What suppliers answer: to a request for counts what the kit says there is, to samples that they consent, to an order that they take it.

Not for when they do: the player knows the day.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from workflows.campaign.counts.counted import is_answered, shortage_of
from workflows.campaign.counts.counting import AcceptShortCount, GiveCounts, RequestCounts, countable
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.orders.settling import unsettled_lists
from workflows.campaign.samples.approved import pieces_of, request_of
from workflows.campaign.stages.negotiation import RecordConsent
from workflows.order.model import OrderState
from workflows.order.process import AcknowledgeOrder


def count_requests(facts: CampaignFacts) -> Iterable[tuple[RequestCounts, None]]:
    """One request about every list of others, where there is any."""
    lists = tuple(row.id for row in countable(facts))
    if lists:
        yield RequestCounts(subject_id=facts.campaign.id, list_ids=lists), None


def counts(facts: CampaignFacts, *, held_until_on: date) -> Iterable[tuple[GiveCounts, UUID]]:
    """What each supplier that is asked says there is of each segment: its universe, or what is wanted where the kit knows none."""
    universes = {(one.list_id, one.code): one.universe for one in facts.segments}
    for one in facts.count_requests:
        if not is_answered(facts, one):
            available = {segment: universes.get((one.list_id, segment)) or quantity for segment, quantity in sorted(one.wanted.items())}
            given = GiveCounts(subject_id=facts.campaign.id, list_id=one.list_id, available=available, held_until_on=held_until_on)
            yield given, one.supplier_id


def short_counts(facts: CampaignFacts) -> Iterable[tuple[AcceptShortCount, None]]:
    """The decision to order as planned, for each list of which there is less."""
    reason = "Le propriétaire complète son fichier avant l’extraction."
    for row in countable(facts):
        if shortage_of(facts, row):
            yield AcceptShortCount(subject_id=facts.campaign.id, list_id=row.id, reason=reason), None


def consents(facts: CampaignFacts) -> Iterable[tuple[RecordConsent, UUID | None]]:
    """The consent of each owner whose list waits for it, to the samples that it was shown; the manager's word where it was shown none."""
    for target in unsettled_lists(facts):
        samples = {code: piece.sha256 for code, piece in pieces_of(facts, target.id).items()}
        asked = request_of(facts, target.id)
        yield RecordConsent(subject_id=facts.campaign.id, list_id=target.id, samples=samples), asked.supplier_id if asked else None


def acknowledgements(facts: CampaignFacts) -> Iterable[tuple[AcknowledgeOrder, UUID]]:
    """Each order that waits for its supplier is accepted as it is."""
    for one in facts.orders:
        if one.state == OrderState.ISSUED:
            yield AcknowledgeOrder(subject_id=one.id, content_sha256=one.content_sha256), one.supplier_id
