"""How numbers, money and dates are written, in French and in English. Pure functions of a value and a language; no request in here."""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

PARIS = ZoneInfo("Europe/Paris")

NOTHING = "—"
"""Written where there is no value: an empty cell could be an oversight."""

NO_BREAK = "\u00a0"
MINUS = "\u2212"

_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "CHF": "CHF"}
_REGIONS = {"fr": Locale("fr", "FR"), "en": Locale("en", "GB")}


def number(value: Decimal | int | None, language: str, decimals: int | None = None) -> str:
    """A number with grouped thousands and a true minus; `decimals` fixes the figures after the point (as they are when None)."""
    if value is None:
        return NOTHING
    amount = Decimal(value)
    with localcontext() as context:
        context.prec = max(context.prec, abs(amount.adjusted()) + len(amount.as_tuple().digits) + (decimals or 0))
        if decimals is not None:
            amount = amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        shown = max(0, -int(amount.as_tuple().exponent))
        pattern = "#,##0" + ("." + "0" * shown if shown else "")
        text: str = format_decimal(abs(amount), pattern, locale=_REGIONS[language])
    return MINUS + text if amount < 0 else text


def money(value: Decimal | int | None, language: str, currency: str = "EUR", decimals: int = 2) -> str:
    """An amount with its currency: `1 234,50 €` in French (U+202F, U+00A0), `€1,234.50` in English."""
    if value is None:
        return NOTHING
    text = number(value, language, decimals)
    symbol = _SYMBOLS.get(currency, currency)
    if language == "fr":
        return f"{text}{NO_BREAK}{symbol}"
    sign, digits = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    return f"{sign}{symbol}{digits}" if len(symbol) == 1 else f"{sign}{symbol}{NO_BREAK}{digits}"


def percent(value: Decimal | int | None, language: str, decimals: int = 1) -> str:
    """A ratio (0.123) as a percentage: `12,3 %` in French (U+00A0), `12.3%` in English."""
    if value is None:
        return NOTHING
    text = number(Decimal(value) * 100, language, decimals)
    return f"{text}{NO_BREAK}%" if language == "fr" else f"{text}%"


def points(share: Decimal, language: str) -> str:
    """A difference of two shares (0.05) in points of percent: `5 points`, `2,5 points`. What a share of something is, `percent` writes."""
    amount = (share * 100).normalize() + 0
    one = amount == 1 or (language == "fr" and abs(amount) < 2)
    return f"{number(amount, language)}{NO_BREAK}{'point' if one else 'points'}"


def clauses(parts: Iterable[str], language: str) -> str:
    """Clauses of one sentence one after the other: `a ; b`, `a; b`."""
    return (f"{NO_BREAK}; " if language == "fr" else "; ").join(parts)


def day(value: date | datetime | None, language: str) -> str:
    """A date in full: `23 mars 2027`, `1er avril 2027`, `23 March 2027`. An instant is read in Paris."""
    if value is None:
        return NOTHING
    return _date(local_date(value), "d MMMM y", language)


def short_day(value: date | datetime | None, language: str) -> str:
    """A date without its year, for rails and narrow columns: `23 mars`, `23 Mar`."""
    if value is None:
        return NOTHING
    return _date(local_date(value), "d MMM", language)


def hours(spans: Iterable[tuple[time, time]]) -> str:
    """Hours of a day, alike in both languages: `10:00–13:00, 14:00–20:00`."""
    return ", ".join(f"{first:%H:%M}\u2013{last:%H:%M}" for first, last in spans)


@lru_cache(maxsize=4096)
def _date(value: date, pattern: str, language: str) -> str:
    """A date by a pattern; kept, for a page tells the same few days again and again."""
    text: str = format_date(value, pattern, locale=_REGIONS[language])
    return text.replace("1 ", "1er ", 1) if language == "fr" and text.startswith("1 ") else text


def month(value: date, language: str) -> str:
    """A month's short name, for an axis: `mars`, `Mar`."""
    return str(format_date(value, "LLL", locale=_REGIONS[language]))


def whole_month(value: date, language: str) -> str:
    """A month with its year, for a heading: `Mars 2027`, `March 2027`."""
    text = _date(value, "LLLL y", language)
    return text[:1].upper() + text[1:]


def instant(value: datetime | None, language: str) -> str:
    """An instant as read on a clock in Paris: `23 mars 2027 à 14:05`, `23 March 2027, 14:05`.

    :raises ValueError: when it does not say its time zone.
    """
    if value is None:
        return NOTHING
    if value.tzinfo is None:
        raise ValueError("an instant says its time zone")
    time = format_time(value.astimezone(PARIS), "HH:mm", locale=_REGIONS[language])
    joined = f"{NO_BREAK}à{NO_BREAK}" if language == "fr" else ", "
    return f"{day(value, language)}{joined}{time}"


def at(value: datetime, language: str, today: date) -> str:
    """An instant as it ends a sentence: `at 14:05` today, else `on 23 March 2027 at 14:05`; `à 14:05`, `le 23 mars 2027 à 14:05`."""
    time = format_time(value.astimezone(PARIS), "HH:mm", locale=_REGIONS[language])
    same = local_date(value) == today
    if language == "fr":
        return f"à{NO_BREAK}{time}" if same else f"le {day(value, language)} à{NO_BREAK}{time}"
    return f"at{NO_BREAK}{time}" if same else f"on {day(value, language)} at{NO_BREAK}{time}"


def local_date(value: date | datetime) -> date:
    """The day in Paris on which an instant falls; a date as it is."""
    if not isinstance(value, datetime):
        return value
    return value.astimezone(PARIS).date() if value.tzinfo else value.date()
