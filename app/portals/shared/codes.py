"""A code typed from a coupon, told in words: whose it is, or which character is likely wrong. For the portals where codes are typed."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app import i18n
from app.documents.catalogue import catalogue
from app.queries.codes import CodeOwner, CodeReading, Likely
from workflows.trade.typed_codes import CODE_LENGTH, Slip, SlipKind, TypedCode

LONGEST = 40
FIELD = "typed"
_SLIPS = {
    SlipKind.OTHER: _l("Character %(position)s is likely wrong: %(typed)s was typed, the code has %(meant)s."),
    SlipKind.SWAPPED: _l(
        "Characters %(position)s and %(next)s likely stand the wrong way round: %(typed)s was typed, the code has %(meant)s."
    ),
    SlipKind.MISSING: _l("A character is likely missing: the code has %(meant)s at place %(position)s."),
    SlipKind.EXTRA: _l("Character %(position)s is likely one too many: %(typed)s."),
}


def typed_text() -> str:
    """What was typed, as the address has it."""
    return request.args.get(FIELD, "").strip()[:LONGEST]


def code_view(reading: CodeReading, address: Callable[[str], str] | None = None) -> dict[str, Any]:
    """A reading as the page shows it; `address` gives a campaign's page where its reader may open it."""
    typed = reading.typed
    return {
        "text": typed.text,
        "found": bool(reading.owners),
        "check_holds": typed.check_holds,
        "title": _title(typed, bool(reading.owners)),
        "sentences": _sentences(typed, reading),
        "owners": [_owner(owner, address) for owner in reading.owners],
        "likely": [_likely(typed, one) | _owner(one.owner, address) for one in reading.likely],
    }


def _title(typed: TypedCode, found: bool) -> str:
    if found:
        return str(_("%(code)s is the code of a lot", code=typed.meant))
    return str(_("The check character holds, but no lot has this code") if typed.check_holds else _("The check character does not hold"))


def _sentences(typed: TypedCode, reading: CodeReading) -> list[str]:
    if reading.owners:
        said = _("%(typed)s was typed: O and 0, I and 1 are taken for each other where the check character holds.", typed=typed.text)
        return [said] if typed.read_as else []
    return [*_shape(typed), *_whereabouts(typed, len(reading.likely))]


def _shape(typed: TypedCode) -> Iterator[str]:
    """What is wrong with the text itself."""
    if typed.strange:
        places = ", ".join(f"{typed.text[place - 1]} ({place})" for place in typed.strange)
        yield _("A code has only letters without accents, and digits. What is none of these, with its place: %(strange)s.", strange=places)
    if typed.length_differs > 0:
        yield ngettext("There is %(num)s character too many.", "There are %(num)s characters too many.", typed.length_differs)
    elif typed.length_differs < 0:
        missing = -typed.length_differs
        yield ngettext("%(num)s of %(all)s characters is missing.", "%(num)s of %(all)s characters are missing.", missing, all=CODE_LENGTH)


def _whereabouts(typed: TypedCode, likely: int) -> Iterator[str]:
    """Where the code may be, when no lot has it."""
    if typed.check_holds:
        yield _("It is written as it should be. It may be another advertiser’s, or of a campaign that is not in Jalon.")
    elif likely > 1:
        yield _("Several codes are one slip away: only the coupon can tell which.")
    elif not likely:
        yield _("No code is one slip away. Read the coupon again, character by character.")


def _likely(typed: TypedCode, one: Likely) -> dict[str, Any]:
    slip = one.guess.slip
    words = {"position": slip.position, "next": slip.position + 1, "typed": slip.typed, "meant": slip.meant}
    return {"sentence": str(_SLIPS[slip.kind]) % words, "characters": _characters(typed.text, slip)}


def _characters(text: str, slip: Slip) -> list[tuple[str, bool]]:
    """What was typed, in pieces, each with whether the slip is there; a missing character is a gap."""
    start, end = slip.position - 1, slip.position - 1 + len(slip.typed)
    pieces = [(text[:start], False), (text[start:end] or "_", True), (text[end:], False)]
    return [piece for piece in pieces if piece[0]]


def _owner(owner: CodeOwner, address: Callable[[str], str] | None) -> dict[str, Any]:
    words = catalogue(i18n.language())
    return {
        "code": owner.code,
        "campaign": owner.campaign_code,
        "title": owner.campaign_title,
        "url": address(owner.campaign_code) if address else "",
        "list": f"{owner.list_code} · {owner.list_name}" if owner.list_name else owner.list_code,
        "segment": owner.segment,
        "message": owner.message,
        "offer": owner.offer,
        "channel": words.label("channel", owner.channel),
        "role": words.label("role", owner.role),
        "is_sent": owner.is_sent,
        "is_void": owner.is_void,
    }
