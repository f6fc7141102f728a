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
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if y == 0 or isinstance(value, str):
                sheet.write_string(y, x, str(value), head if y == 0 else None)
            elif isinstance(value, Share):
                if value.value is not None:
                    sheet.write_number(y, x, float(value.value), percent)
            elif isinstance(value, Decimal):
                is_money = value == value.quantize(Decimal("0.01")) and (value > 1 or value == 0)
                sheet.write_number(y, x, float(value), money if is_money else exact)
            elif value is not None:
                sheet.write_number(y, x, value)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, max(1, len(rows[0]) - 1), 18)
    sheet.freeze_panes(1, 1)
