"""How numbers, amounts, rates and dates are written in each language of the documents.

French as it is printed: narrow no-break spaces between thousands, no-break spaces before the euro and percent signs, ``1er mars 2027``.
Nothing is rounded here but for the eye: the value itself stays in the content.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_currency_symbol

from app.formats import points
from workflows.campaign.documents.head import Check, Measure

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
NOTHING = "\u2013"
"""What stands where there is no value: an en dash, never an empty cell that might have been forgotten."""

_BABEL_LOCALES = {"fr": "fr_FR", "en": "en_GB"}
_BEFORE = re.compile(r" ([:;%€»])")
_BEFORE_NARROW = re.compile(r" ([?!])")
_AFTER = re.compile(r"« ")
_DECIMAL_IN_WORDS = re.compile(r"(p > )?(\d+\.\d+)")
_RANGE_IN_WORDS = re.compile(r"(\d+)-(\d+)")


def french(text: str) -> str:
    """Put the no-break spaces of French punctuation into a text written with ordinary ones."""
    text = _BEFORE.sub(NO_BREAK_SPACE + r"\1", text)
    text = _BEFORE_NARROW.sub(NARROW_SPACE + r"\1", text)
    return _AFTER.sub(f"«{NO_BREAK_SPACE}", text)


class Typography:
    """Writes values in one language and one currency; every method returns a dash for None.

    :raises ValueError: when the language is not one the documents are issued in.
    """

    def __init__(self, locale: str, currency: str) -> None:
        if locale not in _BABEL_LOCALES:
            raise ValueError(f"documents are not issued in {locale!r}")
        self.locale = locale
        self._babel = _BABEL_LOCALES[locale]
        self._currency = currency
        self.sign: str = get_currency_symbol(currency, locale=self._babel)

    def number(self, value: int | Decimal | None) -> str:
        """Write a whole number, or a decimal with the decimals it needs."""
        return self._decimal(value, "#,##0.######")

    def amount(self, value: Decimal | None) -> str:
        """Write an amount without its sign of currency, as the cells of a column whose head names it."""
        return self._decimal(value, "#,##0.00")

    def money(self, value: Decimal | None) -> str:
        """Write an amount with its currency, to the cent."""
        if value is None:
            return NOTHING
        return _proper_minus(format_currency(value, self._currency, locale=self._babel))

    def unit_money(self, value: Decimal) -> str:
        """Write a unit price with its currency and all the decimals it has, two at least."""
        return _proper_minus(format_currency(value.normalize(), self._currency, locale=self._babel, decimal_quantization=False))

    def price(self, value: Decimal | None, places: int = 2) -> str:
        """Write a unit price with at least ``places`` decimals and at most six."""
        return self._decimal(value, "#,##0." + "0" * places + "#" * (6 - places))

    def price_places(self, values: Iterable[Decimal | None]) -> int:
        """Return how many decimals the prices of a column need, from two to six, so that they align."""
        exponents = [value.normalize().as_tuple().exponent for value in values if value is not None]
        return min(6, max([2] + [-exponent for exponent in exponents if isinstance(exponent, int)]))

    def percent(self, rate: Decimal | None, places: int | None = None) -> str:
        """Write a rate in percent, with ``places`` decimals or those it needs up to two."""
        if rate is None:
            return NOTHING
        pattern = "#,##0.##" if places is None else "#,##0" + ("." + "0" * places if places else "")
        sign = f"{NO_BREAK_SPACE}%" if self.locale == "fr" else "%"
        return self._decimal(rate * 100, pattern) + sign

    def ratio(self, value: Decimal | None) -> str:
        """Write a quotient such as euros returned for one euro, with two decimals."""
        return self._decimal(value, "#,##0.00")

    def difference(self, value: int | Decimal) -> str:
        """Write a difference with its sign: whole numbers as they are, amounts to the cent."""
        text = self.number(abs(value)) if isinstance(value, int) else self.amount(abs(value))
        return text if not value else ("+" if value > 0 else MINUS) + text

    def points(self, value: Decimal, places: int = 1) -> str:
        """Write the difference of two rates in points of percent; what rounds to nothing has no sign."""
        rounded = round(value * 100, places)
        sign = "+" if rounded > 0 else MINUS if rounded < 0 else ""
        return sign + self._decimal(abs(rounded), "#,##0." + "0" * places)

    def interval(self, low: Decimal, high: Decimal) -> str:
        """Write the bounds of a rate, in percent."""
        return f"{self._decimal(low * 100, '#,##0.00')}{NOTHING}{self.percent(high, 2)}"

    def quotient(self, numerator: int, denominator: int) -> str:
        """Write one count in percent of another."""
        return self.percent(Decimal(numerator) / Decimal(denominator), 1) if denominator else NOTHING

    def probability(self, value: Decimal | None) -> str:
        """Write a probability with three decimals."""
        return self._decimal(value, "0.000")

    def day(self, value: date | None) -> str:
        """Write a date in words: 23 mars 2027."""
        if value is None:
            return NOTHING
        text = format_date(value, "d MMMM y", locale=self._babel)
        if self.locale == "fr" and value.day == 1:
            text = "1er" + text[1:]
        return text.replace(" ", NO_BREAK_SPACE)

    def short_day(self, value: date | None) -> str:
        """Write a date for a table: 23/03/2027."""
        return NOTHING if value is None else f"{value:%d/%m/%Y}"

    def measure(self, value: Measure | None) -> str:
        """Write a measure as its unit asks; shares with two decimals, unless they are whole, so that a column aligns."""
        if value is None:
            return NOTHING
        if value.unit == "text":
            return self._words(value.text)
        write: dict[str, Callable[[Decimal | None], str]] = {
            "count": self.number,
            "money": self.money,
            "share": self._share,
            "ratio": self.ratio,
            "grams": self.grams,
            "millimetres": self.millimetres,
        }
        return write[value.unit](value.value)

    def grams(self, value: Decimal | None) -> str:
        """Write a weight in grams."""
        return self._with_unit(value, "g")

    def millimetres(self, value: Decimal | None) -> str:
        """Write a thickness in millimetres."""
        return self._with_unit(value, "mm")

    def _with_unit(self, value: Decimal | None, unit: str) -> str:
        return NOTHING if value is None else f"{self.number(value)}{NO_BREAK_SPACE}{unit}"

    def tolerance(self, check: Check) -> str:
        """Write how far what is found may be from what a check expects: of two shares in points, where percent would be of one, to the
        hundredth that these are written to."""
        allowed, expected = check.tolerance, check.expected
        if allowed is None or allowed.value is None:
            return NOTHING
        in_points = allowed.unit == "share" and expected is not None and expected.unit == "share"
        return "±" + NO_BREAK_SPACE + (points(round(allowed.value, 4), self.locale) if in_points else self.measure(allowed))

    def _share(self, rate: Decimal | None) -> str:
        return self.percent(rate, None if rate is None or (rate * 100) % 1 == 0 else 2)

    def _words(self, text: str) -> str:
        """Write what a check holds as text: a probability and a range as this language prints them, the rest as it is."""
        if probability := _DECIMAL_IN_WORDS.fullmatch(text):
            return (probability[1] or "") + self.probability(Decimal(probability[2]))
        if bounds := _RANGE_IN_WORDS.fullmatch(text):
            return f"{bounds[1]}{NOTHING}{bounds[2]}"
        return text

    def _decimal(self, value: int | Decimal | None, pattern: str) -> str:
        if value is None:
            return NOTHING
        return _proper_minus(format_decimal(value, format=pattern, locale=self._babel))


def _proper_minus(text: str) -> str:
    return text.replace("-", MINUS)
