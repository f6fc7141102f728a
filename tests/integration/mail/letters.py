"""E-mails as a worker sends them, read back from the folder that stands in for a mail server in tests."""

import email
import email.policy
import re
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from typing import Any, cast

from app.files import Files
from app.security.supplier_link import read_supplier_link
from app.settings import Settings
from tasks.registry import Work
from tests.integration.stages.played import Played
from workflows.engine.command import Command
from workflows.engine.outbox import OutboxMessage


def deliver(
    task: Callable[[Work, dict[str, Any]], Sequence[Command]], campaign: Played, message: OutboxMessage, settings: Settings
) -> list[EmailMessage]:
    """Do what a worker does with the message; the e-mails there are then."""
    work = Work(
        database=campaign.database,
        files=Files.from_settings(settings),
        settings=settings,
        message_id=message.id,
        campaign_id=campaign.campaign_id,
        now=campaign.now,
        progress=lambda _step, _done, _total: None,
    )
    assert task(work, message.payload) == []
    paths = sorted(settings.outbox_dir.glob("*.eml")) if settings.outbox_dir.is_dir() else []
    return [cast("EmailMessage", email.message_from_bytes(path.read_bytes(), policy=email.policy.default)) for path in paths]


def plain(message: EmailMessage) -> str:
    """What an e-mail says without its marks."""
    body = message.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text


def leads_to(message: EmailMessage, settings: Settings) -> str:
    """The page that the personal link of a supplier's letter opens."""
    (token,) = re.findall(r"https://jalon\.example/supplier/enter/(\S+)", plain(message))
    return read_supplier_link(token, secret_key=settings.secret_key)[2]


def drawn(campaign: Played, kind: str) -> OutboxMessage:
    """What asks to send the one document of a kind, once it is drawn in both languages."""
    (paper,) = campaign.issued(kind)
    with campaign.behind_the_engine() as connection:
        connection.execute(
            "insert into document_pdf (id, document_id, advertiser_id, supplier_id, locale, pdf, sha256)"
            " select gen_random_uuid(), id, advertiser_id, supplier_id, locale, '%%PDF', '' from document, unnest(array['fr', 'en']) locale"
            " where id = %s",
            [paper.document.id],
        )
    return OutboxMessage(
        campaign_id=campaign.campaign_id,
        advertiser_id=campaign.advertiser_id,
        subject_kind="document",
        subject_id=paper.document.id,
        name="mail_document",
        payload={"document_id": str(paper.document.id)},
        requested_seq=paper.document.requested_seq,
        not_before=campaign.now,
        created_at=campaign.now,
    )
