"""What letters have in common: what they say of their campaign, where they lead, to whom, and that each is sent once. Not for one kind."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from app.adapters.mail import Mail, send
from app.mail_texts import write
from tasks.registry import Work
from workflows.campaign.model import Campaign
from workflows.engine.checkpoints import ErasableText
from workflows.parties.model import Advertiser, Person
from workflows.trade.channels import Way


def worded(kind: str, way: Way) -> str:
    """The kind of e-mail in the words of a way of going out: that of the post has the plain name."""
    return kind if way is Way.POST else f"{kind}_{way}"


def link_to(work: Work, page: str) -> str:
    """Where a page of the portals is."""
    return f"{work.settings.base_url.rstrip('/')}{page}"


def post(
    work: Work,
    kind: str,
    to: str,
    locale: str,
    context: dict[str, Any],
    *,
    about: str = "",
    attachments: tuple[tuple[str, bytes], ...] = (),
) -> None:
    """Write one e-mail and send it under a key that is the same in each run.

    :param about: tells apart several that one message sends to the same address.
    """
    text = write(kind, locale, context)
    key = ".".join(part for part in (str(work.message_id), about, to.replace("@", "-at-")) if part)
    send(
        work.settings,
        Mail(key=key, to=to, subject=text.subject, text=text.text, html=text.html, at=work.now, attachments=attachments),
    )


def about_campaign(campaign: Campaign, advertiser: Advertiser) -> dict[str, Any]:
    """What every e-mail says of its campaign."""
    return {"advertiser_name": advertiser.name, "campaign_title": campaign.title, "campaign_code": campaign.code}


def campaign_of(session: Any, work: Work) -> tuple[Campaign, Advertiser]:
    """The campaign that the work is about, and its advertiser."""
    campaign = session.get(Campaign, work.campaign_id)
    return campaign, session.get(Advertiser, campaign.advertiser_id)


def words_said(session: Any, work: Work, seq: int, *, field: str = "words") -> str | None:
    """What somebody wrote with an entry of the campaign's chain, in that field; None where it was erased."""
    said = (ErasableText.campaign_id == work.campaign_id, ErasableText.seq == seq, ErasableText.field == field)
    words: str | None = session.exec(select(ErasableText.text).where(*said)).one_or_none()
    return words


def addresses_of(session: Any, ids: Iterable[UUID]) -> list[tuple[str, str]]:
    """Address and language of people, in a stable order."""
    return [(one.email, one.locale) for one in session.exec(select(Person).where(col(Person.id).in_(ids)).order_by(Person.email))]
