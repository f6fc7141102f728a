"""Sends e-mail: through SMTP where it is configured, else as .eml files in a folder. At least once, under a stable Message-ID."""

import re
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One e-mail. `key` is the same at every attempt, so that a second copy can be told."""

    key: str
    to: str
    subject: str
    text: str
    html: str = ""
    at: datetime
    attachments: tuple[tuple[str, bytes], ...] = field(default=())


def send(settings: Settings, mail: Mail) -> None:
    """Send, or write to the outbox folder.

    :raises OSError: when the server or the folder cannot be reached; the task tries again.
    """
    message = compose(settings, mail)
    if settings.smtp_url is None:
        _write(settings.outbox_dir, mail, message)
        return
    url = urlsplit(settings.smtp_url)
    host, port = url.hostname or "localhost", url.port
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=30, context=context)
    else:
        server = smtplib.SMTP(host, port or (587 if url.scheme == "smtp+starttls" else 25), timeout=30)
    with server:
        if url.scheme == "smtp+starttls":
            server.starttls(context=context)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)


def compose(settings: Settings, mail: Mail) -> EmailMessage:
    """The message as it goes over the wire."""
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.key}@{settings.mail_from.rpartition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    for name, data in mail.attachments:
        message.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return message


def _write(folder: Path, mail: Mail, message: EmailMessage) -> None:
    """One file an e-mail; a repeated attempt replaces it."""
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{mail.at:%Y%m%d}-{mail.to}-{mail.key}") + ".eml"
    draft = folder / f".{name}.part"
    draft.write_bytes(bytes(message))
    draft.replace(folder / name)
