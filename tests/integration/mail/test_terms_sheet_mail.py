"""A terms sheet asks nothing of its supplier: no e-mail of its own, the order that follows names it."""

from collections.abc import Callable

import pytest

from app.settings import Settings
from tasks.mail import mail_document
from tests.integration.mail.letters import deliver
from tests.integration.stages.played import Played
from workflows.engine.outbox import OutboxMessage


@pytest.mark.parametrize("code", ["ALZ", "CDR"])
def test_nobody_gets_an_e_mail_for_a_terms_sheet(played: Callable[[str], Played], settings: Settings, code: str) -> None:
    campaign = played("budget")
    (sheet,) = (one for one in campaign.issued("terms_sheet") if one.content.list_code == code)
    message = OutboxMessage(
        campaign_id=campaign.campaign_id,
        advertiser_id=campaign.advertiser_id,
        subject_kind="document",
        subject_id=sheet.document.id,
        name="mail_document",
        payload={"document_id": str(sheet.document.id)},
        requested_seq=sheet.document.requested_seq,
        not_before=campaign.now,
        created_at=campaign.now,
    )

    assert deliver(mail_document, campaign, message, settings) == []
