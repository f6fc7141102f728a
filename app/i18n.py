"""Which language a page speaks, and the template filters that write in it. Not for the shape of numbers: `formats` has that."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel import Locale
from flask import Flask, has_request_context, request, session
from flask_babel import Babel, Domain, get_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from app import formats
from app.jalon import jalon
from app.translations import compile_stale, rooms

LANGUAGES = {"fr": "Français", "en": "English"}
DEFAULT_LANGUAGE = "fr"
LANGUAGE_COOKIE = "jalon_language"
_LOCALES = {code: Locale(code) for code in LANGUAGES}

NEAR_DAYS = 21
"""Up to so many days away, a date is told as a distance; beyond, as a date."""


class Catalogues(Domain):  # type: ignore[misc]
    """The messages of all rooms, by language. The library's own looks at far more to find them, and does so at every word."""

    def __init__(self) -> None:
        super().__init__()
        self._by_language: dict[str, Any] = {}

    def get_translations(self) -> Any:
        """The catalogue of the language being written now."""
        locale = get_locale()
        found = self._by_language.get(locale.language) if locale else None
        if found is None:
            found = super().get_translations()
            if locale:
                self._by_language[locale.language] = found
        return found


def init_languages(app: Flask, *, compile_catalogues: bool) -> None:
    """Choose the language of each request and give templates their filters.

    :param compile_catalogues: compile what is older than its source; an installation has them compiled already.
    """
    if compile_catalogues:
        compile_stale()
    babel = Babel(
        app,
        default_locale=DEFAULT_LANGUAGE,
        default_timezone=formats.PARIS.key,
        default_translation_directories=";".join(f"translations/{room}" for room in reversed(rooms())),
        locale_selector=lambda: _LOCALES[choose_language()],
    )
    words = Catalogues()
    babel.domain_instance = words
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: words.get_translations().ugettext(text),
        ngettext=lambda one, many, count: words.get_translations().ungettext(one, many, count),
        pgettext=lambda context, text: words.get_translations().upgettext(context, text),
        npgettext=lambda context, one, many, count: words.get_translations().unpgettext(context, one, many, count),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]  # the library's own looks the other up, at every word
    filters = (money, number, percent, points, day, short_day, month, whole_month, when, formats.local_date)
    app.jinja_env.filters.update({one.__name__: one for one in filters}, datetime=instant)
    app.jinja_env.globals.update(language=language, LANGUAGES=LANGUAGES)


def choose_language() -> str:
    """What was chosen in this session, else the person's own, else this device's, else the browser's wish, else French."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    wished = request.cookies.get(LANGUAGE_COOKIE)
    if current_user.is_authenticated:
        wished = session.get("language") or current_user.actor.locale
    if wished in LANGUAGES:
        return str(wished)
    return request.accept_languages.best_match(list(LANGUAGES)) or DEFAULT_LANGUAGE


def language() -> str:
    """The language being written now: `fr` or `en`."""
    locale = get_locale()
    return locale.language if locale and locale.language in LANGUAGES else DEFAULT_LANGUAGE


def money(value: Decimal | int | None, currency: str = "EUR", decimals: int = 2) -> str:
    """See `formats.money`."""
    return formats.money(value, language(), currency, decimals)


def number(value: Decimal | int | None, decimals: int | None = None) -> str:
    """See `formats.number`."""
    return formats.number(value, language(), decimals)


def percent(value: Decimal | int | None, decimals: int = 1) -> str:
    """See `formats.percent`."""
    return formats.percent(value, language(), decimals)


def points(share: Decimal) -> str:
    """See `formats.points`."""
    return formats.points(share, language())


def clauses(parts: Iterable[str]) -> str:
    """See `formats.clauses`."""
    return formats.clauses(parts, language())


def day(value: date | datetime | None) -> str:
    """See `formats.day`."""
    return formats.day(value, language())


def short_day(value: date | datetime | None) -> str:
    """See `formats.short_day`."""
    return formats.short_day(value, language())


def month(value: date) -> str:
    """See `formats.month`."""
    return formats.month(value, language())


def whole_month(value: date) -> str:
    """See `formats.whole_month`."""
    return formats.whole_month(value, language())


def instant(value: datetime | None) -> str:
    """See `formats.instant`."""
    return formats.instant(value, language())


def at(value: datetime) -> str:
    """See `formats.at`."""
    return formats.at(value, language(), formats.local_date(jalon().clock.now()))


def when(value: date | datetime | None, today: date | None = None) -> str:
    """A date as its distance from today: "today", "in 3 days", "2 days ago"; the date itself when it is far.

    :param today: the campaign's own day, where it is not that of the clock.
    """
    if value is None:
        return formats.NOTHING
    today = today or formats.local_date(jalon().clock.now())
    days = (formats.local_date(value) - today).days
    if days == 0:
        return str(_("today"))
    if days == 1:
        return str(_("tomorrow"))
    if days == -1:
        return str(_("yesterday"))
    if 1 < days <= NEAR_DAYS:
        return str(ngettext("in %(num)s day", "in %(num)s days", days))
    if -NEAR_DAYS <= days < -1:
        return str(ngettext("%(num)s day ago", "%(num)s days ago", -days))
    return day(value)
