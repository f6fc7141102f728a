"""Writes e-mails from `templates/mail/<kind>.<locale>.txt` (its first line is the subject) and `.html`.

Plain data in; sending is the adapter's.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, select_autoescape

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "mail"
SUBJECT = "Subject: "


@dataclass(frozen=True)
class MailText:
    """A written e-mail; `html` is empty where there is no such template."""

    subject: str
    text: str
    html: str


def write(kind: str, locale: str, context: dict[str, Any]) -> MailText:
    """Write one e-mail in one language.

    :raises jinja2.TemplateNotFound: for a kind or language without a text.
    """
    rendered = _environment().get_template(f"{kind}.{locale}.txt").render(context)
    first, _, text = rendered.partition("\n")
    try:
        html = _environment().get_template(f"{kind}.{locale}.html").render(context)
    except TemplateNotFound:
        html = ""
    return MailText(subject=first.removeprefix(SUBJECT).strip(), text=text.lstrip("\n"), html=html)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
