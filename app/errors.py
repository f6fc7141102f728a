"""What a person reads when something is refused or goes wrong, and with which HTTP status. Not for raising refusals."""

import errno
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from app import i18n
from app.formats import NOTHING
from app.messages import SENTENCES
from app.portals.shared.events import deed_words
from app.portals.shared.notice_words import ELEMENTS
from app.portals.shared.value_words import VALUE_WORDS
from app.portals.shared.words import ROLES
from app.security.limits import seconds_to_wait
from workflows.engine.canonical import NotCanonical
from workflows.engine.refusals import ConditionsUnmet, Made, Overtaken, Refused, Unmet
from workflows.parties.roles import Role

STATUS = {
    "engine.not_found": 404,
    "engine.not_your_move": 403,
    "engine.key_malformed": 400,
    "engine.key_reused": 422,
    "campaign.value_not_allowed": 422,
}
"""Refusals that mean something else to HTTP than a conflict with how things stand (409)."""

PAGES = {
    400: (_l("This request cannot be read"), _l("Something in it is missing or malformed. Go back, reload the page and try again.")),
    401: (_l("You are not signed in"), _l("Sign in, then come back to this page.")),
    403: (_l("This page is not open to you"), _l("Your role does not include it. If it should, ask your administrator.")),
    404: (_l("There is nothing here"), _l("The address may be mistyped, or this is not open to you. Start again from your first page.")),
    405: (_l("This page cannot be opened that way"), _l("It only answers to a button. Go back and use the button again.")),
    409: (_l("This cannot be done as things stand"), _l("Look at the page again: something changed, or a step before it is still open.")),
    410: (_l("This is no longer here"), _l("It was removed, or its time is over.")),
    413: (_l("This file is too large"), _l("Split it, or ask the person who invited you how to hand it over.")),
    422: (_l("Something in the form is not right"), _l("Go back and read the remarks beside the fields.")),
    429: (_l("Too many attempts"), _l("Wait a moment, then try again.")),
    500: (_l("Something broke on our side"), _l("Nothing you entered was changed. It has been recorded; try again in a moment.")),
    503: (_l("Jalon is not available just now"), _l("It is starting or being looked after. Try again in a moment.")),
}

AWAY_SECONDS, FULL_SECONDS = 5, 60
"""When a program may ask again: after a database that went away, and after a disk that is full."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_DISK_FULL = "53100"
"""PostgreSQL's own word for it."""

_AMOUNTS = ("amount", "limit")
_RATES = ("rate", "share")


def say(code: str, params: Mapping[str, Any] | None = None) -> str:
    """The sentence for a refusal or an unmet condition, in the language being written; the code itself when it has none."""
    sentence = SENTENCES.get(code)
    if sentence is None:
        return code
    words = {name: write(name, value) for name, value in (params or {}).items()}
    try:
        return str(sentence) % words
    except KeyError:
        return str(sentence)


def write(name: str, value: Any) -> str:
    """A parameter as a person reads it: amounts and rates by their name; the rest, words by language too, by their type."""
    if name == "elements":
        return i18n.clauses(str(_("%(what)s (%(add)s)", what=ELEMENTS[one].label, add=ELEMENTS[one].add)) for one in value)
    if name in VALUE_WORDS:
        return VALUE_WORDS[name](value)
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(write(name, item) for item in value) or NOTHING
    if isinstance(value, Mapping):
        return str(_("“%(words)s”", words=value.get(i18n.language()) or next(iter(value.values()), NOTHING)))
    if name == "roles" or isinstance(value, Role):
        return str(ROLES[Role(value)])
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, datetime):
        return i18n.instant(value)
    if isinstance(value, date):
        return i18n.day(value)
    if isinstance(value, Decimal | int):
        if name.endswith(_AMOUNTS):
            return i18n.money(value)
        return i18n.percent(value) if name.endswith(_RATES) else i18n.number(value)
    return str(value)


def say_refusal(refusal: Refused) -> str:
    """The sentence for a refusal that was caught; of one that came second, also who did what, and when.

    Where nothing but a checklist is in the way, the sentence names its points: its page is not always at hand.
    """
    if isinstance(refusal, ConditionsUnmet) and all(unmet.code == "user_task.points_unticked" for unmet in refusal.unmet):
        return " ".join(say(unmet.code, unmet.params) for unmet in refusal.unmet)
    sentence = say(refusal.code, refusal.params)
    made = refusal.made if isinstance(refusal, Overtaken) else None
    return f"{_say_made(made)} {sentence}" if made else sentence


def _say_made(made: Made) -> str:
    who = made.by or str(_("Somebody else") if made.by_id else _("Jalon itself"))
    return deed_words(made.event, who=who, at=i18n.at(made.at))


def status_of(refusal: Refused) -> int:
    """The HTTP status of a refusal."""
    return STATUS.get(refusal.code, 409)


def init_errors(app: Flask) -> None:
    """Answer refusals and faults with a page, a fragment for htmx, or JSON for the API."""
    app.register_error_handler(Refused, _on_refusal)
    app.register_error_handler(CSRFError, _on_csrf)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(OperationalError, _on_database)
    app.register_error_handler(InterfaceError, _on_database)
    app.register_error_handler(DataError, _on_value)
    app.register_error_handler(NotCanonical, _on_value)
    app.register_error_handler(OSError, _on_system)
    app.register_error_handler(Exception, _on_fault)
    app.jinja_env.globals["say"] = say


def _on_refusal(refusal: Refused) -> Response:
    title, _advice = PAGES[status_of(refusal)]
    made = getattr(refusal, "made", None)
    return _answer(status_of(refusal), str(title), say_refusal(refusal), code=refusal.code, unmet=getattr(refusal, "unmet", ()), made=made)


def _on_csrf(_error: CSRFError) -> Response:
    return _answer(400, _("The page was open too long"), _("For your safety, reload it and send again."), code="csrf")


def _on_http(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None or status < 400:
        return make_response(error.get_response())
    title, advice = PAGES.get(status, PAGES[400 if status < 500 else 500])
    seconds = seconds_to_wait() if status == 429 else None
    answer = _answer(status, str(title), _say_wait(seconds) if seconds else str(advice), code=f"http.{status}")
    for name, value in error.get_headers():
        if name.lower() in {"retry-after", "allow"}:
            answer.headers[name] = value
    return answer


def _say_wait(seconds: int) -> str:
    if seconds < 100:
        return str(ngettext("Wait %(num)s second, then try again.", "Wait %(num)s seconds, then try again.", seconds))
    minutes = ceil(seconds / 60)
    return str(ngettext("Wait %(num)s minute, then try again.", "Wait %(num)s minutes, then try again.", minutes))


def _on_database(error: OperationalError | InterfaceError) -> Response:
    """The database is away, or has no room. Whatever was asked was made whole or not at all; a repeat under its key is answered alike."""
    _ask_nobody()
    if getattr(error.orig, "sqlstate", None) == _DISK_FULL:
        return _no_room(error)
    current_app.logger.warning("the database does not answer: %s", error.orig)
    advice = _("The database does not answer. Send it again in a moment: what was done already is not done twice.")
    return _unavailable(str(PAGES[503][0]), advice, code="unavailable.database", seconds=AWAY_SECONDS)


def _on_value(error: DataError | NotCanonical) -> Response:
    """What no column and no history takes, as a NUL in a text or a version of forty figures. What forms let through is a fault."""
    current_app.logger.warning("no such value is kept: %s", getattr(error, "orig", error), exc_info=error)
    title, advice = PAGES[400]
    return _answer(400, str(title), str(advice), code="http.400")


def _on_system(error: OSError) -> Response:
    return _no_room(error) if error.errno in _FULL else _on_fault(error)


def _no_room(error: Exception) -> Response:
    _ask_nobody()
    current_app.logger.error("the disk is full: %s", error)
    advice = _("The disk is full, and nothing of this was kept. Tell whoever looks after Jalon, and send it again once there is room.")
    return _unavailable(_("There is no room left"), advice, code="unavailable.disk_full", seconds=FULL_SECONDS)


def _ask_nobody() -> None:
    """Where it could not be read who asks, the answer does not try again: it would fail as the request did."""
    if "_login_user" not in g:
        setattr(g, "_login_user", AnonymousUserMixin())  # noqa: B010 - where Flask-Login keeps whom it found, which has no public name


def _unavailable(title: str, advice: str, *, code: str, seconds: int) -> Response:
    answer = _answer(503, title, advice, code=code)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _on_fault(error: Exception) -> Response:
    if current_app.config.get("PROPAGATE_EXCEPTIONS") or current_app.testing:
        raise error
    current_app.logger.exception("a view failed")
    title, advice = PAGES[500]
    return _answer(500, str(title), str(advice), code="http.500")


def _answer(status: int, title: str, advice: str, *, code: str, unmet: Any = (), made: Made | None = None) -> Response:
    if request.path.startswith("/api/"):
        told = {"type": "about:blank", "title": title, "status": status, "detail": advice, "code": code}
        told["unmet"] = [told_of(item) for item in unmet]
        if made:
            told["made"] = {"event": made.event, "at": made.at.isoformat(), "by": made.by or None}
        answer = jsonify(told)
        answer.content_type = "application/problem+json"
        answer.status_code = status
        return answer
    if request.headers.get("HX-Request"):
        fragment = make_response(render_template("shared/error_fragment.html", title=title, advice=advice, unmet=unmet), status)
        fragment.headers["HX-Retarget"] = "#messages"
        fragment.headers["HX-Reswap"] = "innerHTML"
        return fragment
    return make_response(render_template("shared/error.html", status=status, title=title, advice=advice, unmet=unmet), status)


def told_of(unmet: Unmet) -> dict[str, Any]:
    """An unmet condition as the API tells it, of a move that is read as of one that was refused."""
    return {
        "code": unmet.code,
        "message": say(unmet.code, unmet.params),
        "lifted_by": unmet.lifted_by.value,
        "since": unmet.since.isoformat().replace("+00:00", "Z") if unmet.since else None,
    }
