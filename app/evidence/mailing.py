"""Mails the newest head to those who keep it for the day when somebody doubts: outside, it cannot be changed any more.

At most one head a day goes out, and each once. Not through the outbox of a campaign: the tree belongs to none, and a head that could not be
sent today goes with tomorrow's. Not for signing: `sealer` does.
"""

import base64
import logging
from datetime import datetime

from sqlmodel import col, select

from app import formats
from app.adapters.mail import Mail, send
from app.database import Database
from app.evidence.sealer import newest_head
from app.mail_texts import write
from app.settings import Settings
from workflows.engine.seals import MailedHead, SignedHead
from workflows.parties.actor import SYSTEM
from workflows.trade.working_days import local_day

log = logging.getLogger(__name__)


def mail_head(database: Database, settings: Settings, *, now: datetime) -> SignedHead | None:
    """Mail the newest head, unless nobody keeps heads, it went out, or one went out today. It is sent first and noted after.

    Who cannot be reached while others are gets tomorrow's: a head that went out to one is not sent again for the sake of another.

    :return: the head that was mailed.
    :raises OSError: when nobody can be reached.
    """
    if not settings.seal_mail_to:
        return None
    with database.reading(SYSTEM) as session:
        head = newest_head(session)
        last = session.exec(select(MailedHead).order_by(col(MailedHead.size).desc()).limit(1)).first()
        done = last is not None and head is not None and (last.size == head.size or local_day(last.mailed_at) >= local_day(now))
    if head is None or done:
        return None
    faults = [fault for to in settings.seal_mail_to if (fault := _sent(settings, letter(head, to, now=now)))]
    if len(faults) == len(settings.seal_mail_to):
        raise faults[0]
    with database.writing(SYSTEM) as session:
        session.add(MailedHead(size=head.size, mailed_at=now))
    return head


def _sent(settings: Settings, mail: Mail) -> OSError | None:
    try:
        send(settings, mail)
    except OSError as fault:
        log.warning("the head was not mailed to %s: %s", mail.to, fault)
        return fault
    return None


def letter(head: SignedHead, to: str, *, now: datetime) -> Mail:
    """The letter, in both languages: whoever keeps heads need not be anybody we know."""
    context = {
        "size": head.size,
        "note": head.note.strip(),
        "verifier": head.verifier,
        "root": base64.b64encode(head.root).decode(),
        "day_fr": formats.day(head.signed_at, "fr"),
        "day_en": formats.day(head.signed_at, "en"),
    }
    text = write("head", "fr", context)
    return Mail(key=f"head.{head.size}.{to.replace('@', '-at-')}", to=to, subject=text.subject, text=text.text, at=now)
