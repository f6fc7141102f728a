"""Files of objections and returns in words, and on their way to whoever takes one. Not for who may: the move says that."""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any
from uuid import UUID

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import i18n
from app.jalon import jalon
from app.portals.shared.downloads import download
from app.queries.objections import ObjectionsLine, get_stored_objections

REASONS = {
    "opposition": _l("objection"),
    "deceased": _l("deceased"),
    "unknown": _l("not known at the address"),
    "address_defect": _l("defective address"),
    "refused": _l("refused"),
    "unclaimed": _l("not claimed"),
    "hard_bounce": _l("hard bounce"),
    "soft_bounces": _l("several soft bounces"),
    "wrong_number": _l("wrong number"),
    "unidentified": _l("not identified"),
}
"""Why somebody stands in a file of objections and returns; the last are in none."""


def reason_rows(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Counts by reason in words, in the order of the reasons; a reason without its word shows its own."""
    order = {reason: place for place, reason in enumerate(REASONS)}
    known = sorted(counts.items(), key=lambda one: (order.get(one[0], len(order)), one[0]))
    return [{"word": str(REASONS.get(reason, reason)), "rows": rows} for reason, rows in known if rows]


def counts_words(line: ObjectionsLine) -> str:
    """How many of which, as a sentence's part."""
    return ", ".join(_("%(reason)s: %(n)s", n=i18n.number(row["rows"]), reason=row["word"]) for row in reason_rows(line.counts))


def send_objections(file_id: UUID, campaign_code: str) -> Response:
    """The file itself, for somebody whose taking of it is on record."""
    rooms = jalon()
    stored = get_stored_objections(rooms.database, file_id)
    with ExitStack() as opened:
        stream = opened.enter_context(opened.enter_context(rooms.files.plaintext(stored)).open("rb"))
        return download(stream, f"{campaign_code}_{stored.name}", opened.pop_all())
