"""Looks, once its day has passed, for certificates of destruction that did not come. Not for writing to suppliers: `mail` does that."""

from collections.abc import Sequence
from typing import Any

from tasks.registry import Work, service_task
from workflows.campaign.data_protection.certificates import NoteLateCertificates, awaited
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.engine.command import Command
from workflows.engine.user_tasks import open_task
from workflows.trade.working_days import local_day


@service_task("chase_certificates")
def chase_certificates(work: Work, _payload: dict[str, Any]) -> Sequence[Command]:
    """Have those noted that are late and that nobody is asked to chase yet; none when all have come."""
    with work.reading() as session:
        facts = CampaignFacts(session, session.get(Campaign, work.campaign_id))
        late = [row.id for row in awaited(facts) if row.due_on < local_day(work.now)]
        unnoted = tuple(one for one in late if open_task(session, "chase_certificate", one) is None)
    return [NoteLateCertificates(subject_id=work.campaign_id, certificate_ids=unnoted)] if unnoted else []
