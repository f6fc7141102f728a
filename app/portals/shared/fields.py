"""Form fields that read what French and English hands write: amounts, whole numbers, rates, days. Shape only, no rule of the trade."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, Field, SelectMultipleField
from wtforms.form import BaseForm
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, TextInput

from app import formats, i18n

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""Days beyond are slips of the pen, and too near the end of the calendar to count from."""

_BLANKS = re.compile(r"[\s\u00a0\u202f']")


def read_number(text: str) -> Decimal:
    """A number as typed: `1 234,50`, `1,234.50`, `1234.5`, with or without € or %.

    A single comma or point is the decimal mark, except a comma before exactly three figures in English (`1,234`).

    :raises ValueError: when it is no number, or could be two.
    """
    digits = _BLANKS.sub("", text).strip("€%").replace("\u2212", "-")
    if "," in digits and "." in digits:
        mark = max(",", ".", key=digits.rfind)
        digits = digits.replace("." if mark == "," else ",", "").replace(mark, ".")
    elif digits.count(",") == 1:
        english_thousands = i18n.language() == "en" and re.search(r",\d{3}$", digits)
        digits = digits.replace(",", "" if english_thousands else ".")
    if not re.fullmatch(r"-?\d+(\.\d+)?", digits):
        raise ValueError(text)
    try:
        return Decimal(digits)
    except InvalidOperation as error:
        raise ValueError(text) from error


class NumberField(Field):  # type: ignore[misc]
    """A Decimal; what was typed comes back as it was typed when it cannot be read."""

    widget = TextInput()
    data: Decimal | None
    largest = Decimal(999_999_999_999)
    """What the columns of amounts take."""
    suffix = ""
    decimals: int | None = None
    inputmode = "decimal"

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else formats.number(self.data, i18n.language(), self.decimals)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            self.data = None
            return
        self.data = None
        try:
            number = read_number(text)
            if abs(number) <= self.largest:
                self.data = self._check(number)
        except ValueError:
            raise ValueError(self.remark()) from None
        if self.data is None:
            most = formats.number(self.largest, i18n.language())
            raise ValueError(_("This number is too large: %(most)s at most.", most=most))

    def pre_validate(self, _form: BaseForm) -> None:
        """What cannot be read is told once: no bounds are asked of what is no number."""
        if self.process_errors:
            raise StopValidation

    def _check(self, value: Decimal) -> Decimal:
        return value

    def remark(self) -> str:
        """What to write instead."""
        return str(_("Write a number, such as 1,234.50."))


class AmountField(NumberField):
    """Money without VAT, to the cent."""

    suffix = "€"
    decimals = 2

    def _check(self, value: Decimal) -> Decimal:
        if value != value.quantize(Decimal("0.01")):
            raise ValueError
        return value.quantize(Decimal("0.01"))

    def remark(self) -> str:
        return str(_("Write an amount to the cent, such as 1,234.50."))


class PriceField(NumberField):
    """Euros per thousand addresses, to the cent, or as exact as it was agreed."""

    suffix = "€"

    def _value(self) -> str:
        if self.raw_data or self.data is None:
            return super()._value()
        exact = self.data.normalize()
        return i18n.number(exact, max(2, -int(exact.as_tuple().exponent)))


class CountField(NumberField):
    """A whole number, zero or more."""

    largest = Decimal(2**31 - 1)
    """What the columns of counts take."""
    decimals = 0
    inputmode = "numeric"

    def _check(self, value: Decimal) -> Decimal:
        if value < 0 or value != value.to_integral_value():
            raise ValueError
        return value

    def remark(self) -> str:
        return str(_("Write a whole number, such as 12,000."))


class RateField(NumberField):
    """A percentage as typed, a ratio as kept: `12,5` is Decimal("0.125")."""

    suffix = "%"

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else formats.number((self.data * 100).normalize() + 0, i18n.language())

    def _check(self, value: Decimal) -> Decimal:
        return value / 100

    def remark(self) -> str:
        return str(_("Write a percentage, such as 12.5."))


class PointsField(RateField):
    """A difference of two percentages as typed, in points; kept as a ratio: `5` is Decimal("0.05")."""

    suffix = "points"

    def remark(self) -> str:
        return str(_("Write a number of points, such as 2.5."))


class ChecksField(SelectMultipleField):  # type: ignore[misc]
    """Several of a few choices, each with its box."""

    option_widget = CheckboxInput()


class DayField(DateField):  # type: ignore[misc]
    """A day, picked in the browser or typed as 23/03/2027 where there is no picker."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data: date | None = None
        if text:
            try:
                self.data = read_day(text)
            except ValueError:
                raise ValueError(_("Write a day, such as 23/03/2027.")) from None


def read_day(text: str) -> date:
    """A day as a browser sends it (2027-03-23) or as a hand writes it (23/03/2027, 23.3.2027).

    :raises ValueError: when it is no day, or none of these centuries.
    """
    if written := re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text):
        day, month, year = map(int, written.groups())
        found = date(year, month, day)
    else:
        found = date.fromisoformat(text)
    if not EARLIEST <= found <= LATEST:
        raise ValueError(text)
    return found
