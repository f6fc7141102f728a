"""Tables as a workbook: numbers as numbers, texts as texts, no formula. The same tables give the same bytes."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

_NO_TIME = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook has no zone; a time of its own would make each run another file
_LONGEST_NAME = 31
"""Letters of a sheet's name, by the format."""
_NARROWEST, _WIDEST = 18, 40
"""Letters of a column, which is as wide as the texts in it."""
_LARGE = 10
"""A figure from here on is read to the cent."""


@dataclass(frozen=True)
class Share:
    """A fraction to be shown in per cent; nothing where there is none."""

    value: Decimal | None


def workbook(title: str, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook with a sheet for each name: the first row is its head, the first column names what each row is of."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": title, "created": _NO_TIME})
        for name, rows in sheets.items():
            _sheet(book, name, rows)
    return target.getvalue()


def _sheet(book: Any, name: str, rows: Sequence[Sequence[Any]]) -> None:
    sheet = book.add_worksheet(name.replace("/", "-")[:_LONGEST_NAME])
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    exact = book.add_format({"num_format": "0.0000"})
    money = book.add_format({"num_format": "#,##0.00"})
    percent = book.add_format({"num_format": "0.00%"})
    count = book.add_format({"num_format": "#,##0"})
    fine = [_is_fine([row[x] for row in rows[1:] if x < len(row)]) for x in range(len(rows[0]))]
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if y == 0 or isinstance(value, str):
                sheet.write_string(y, x, str(value), head if y == 0 else None)
            elif isinstance(value, Share):
                if value.value is not None:
                    sheet.write_number(y, x, float(value.value), percent)
            elif isinstance(value, Decimal):
                sheet.write_number(y, x, float(value), exact if fine[x] else money)
            elif value is not None:
                sheet.write_number(y, x, value, count)
    for x in range(len(rows[0])):
        texts = (len(row[x]) + 2 for row in rows[1:] if x < len(row) and isinstance(row[x], str))
        sheet.set_column(x, x, min(_WIDEST, max(_NARROWEST, *texts, 0)))
    sheet.freeze_panes(1, 1)


def _is_fine(column: Sequence[Any]) -> bool:
    """Whether a column needs four decimals, in all its rows alike: small figures such as cents for a contact, which two would blur."""
    figures = [value for value in column if isinstance(value, Decimal)]
    return any(value != value.quantize(Decimal("0.01")) for value in figures) and all(abs(value) < _LARGE for value in figures)
