"""What is said of a mailing, in words: its fields, what is missing of it, what changed. The same for everybody who reads it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import i18n
from app.documents.catalogue import catalogue
from app.queries.mailing import MailingVersion
from workflows.campaign.send.describing import Difference, Missing
from workflows.campaign.values import RECORDED, RETURNED

UNDELIVERABLE: dict[str, LazyString] = {
    RETURNED: _l("Sent back unopened, sorted by lot, with their reason"),
    RECORDED: _l("Read unopened and destroyed; their ids handed over in a file every week"),
}
"""What is done with pieces that come back."""

_UNITS = {"weight_grams": "g", "thickness_mm": "mm"}


def field_word(field: str, message: str = "") -> str:
    """A field's name, as the mailing order prints it, with the message that it is about."""
    word = catalogue(i18n.language()).label("mailing", field)
    return str(_("%(field)s of message %(message)s", field=word, message=message)) if message else word


def missing_words(missing: Iterable[Missing]) -> list[str]:
    """What is missing, one entry a field; of several messages the messages stand behind it."""
    messages: dict[str, list[str]] = {}
    for one in missing:
        messages.setdefault(one.field, []).extend(filter(None, (one.message,)))
    return [f"{field_word(field)} ({', '.join(those)})" if those else field_word(field) for field, those in messages.items()]


def value_word(field: str, value: Decimal | str | None) -> str:
    """A value as it is read; what is not said in words."""
    if value is None:
        return str(_("not stated"))
    if field == "undeliverable":
        return str(UNDELIVERABLE[str(value)])
    if isinstance(value, str):
        return value
    exact = value.normalize() + 0
    if field == "spoilage_rate":
        return i18n.percent(exact, max(0, -2 - int(exact.as_tuple().exponent)))
    return f"{i18n.number(exact)}\u00a0{_UNITS[field]}"


def difference_words(differences: Iterable[Difference]) -> list[dict[str, str]]:
    """What changed: of what, what was said before, and what is said now."""
    return [
        {
            "what": field_word(one.field, one.message),
            "before": value_word(one.field, one.before),
            "after": value_word(one.field, one.after),
        }
        for one in differences
    ]


def version_views(versions: Iterable[MailingVersion]) -> list[dict[str, Any]]:
    """Every version with what it changed, as `shared/mailing.html` takes them."""
    return [{"version": one, "changed": difference_words(one.differences)} for one in versions]
