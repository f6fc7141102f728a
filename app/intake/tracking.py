"""What lots carry, as a table: one lot a row. Shape only: whose lot it is, and that nobody else carries the same, are rules."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.intake.rows import Cells, RowError, RowErrors, Table
from workflows.trade.spreadsheets import defused
from workflows.trade.tracking import Kind, TrackedReference

COLUMNS = {"TELEPHONE": Kind.PHONE, "URL": Kind.URL, "QR": Kind.QR}
"""At least one is there. What a table has no column for stays as it was."""
HEAD = ("CODE_LOT", *COLUMNS)


@dataclass(frozen=True, kw_only=True)
class _TrackingRow:
    lot_code: str
    line: int
    values: Mapping[Kind, str]


def _row(cells: Cells) -> _TrackingRow:
    lot_code = cells.text("CODE_LOT")
    values = {kind: cells.text(column, needed=False) for column, kind in COLUMNS.items() if column in cells.values}
    for column, kind in COLUMNS.items():
        text = values.get(kind, "")
        if text and TrackedReference(lot_code=lot_code, kind=kind, value=text).mark is None:
            code = "not_a_telephone" if kind is Kind.PHONE else "not_an_address"
            cells.errors.append(RowError(line=cells.line, column=column, code=code, text=text))
    return _TrackingRow(lot_code=lot_code, line=cells.line, values=values)


TRACKING = Table(("CODE_LOT",), _row)


def read_tracking(data: bytes, *, name: str = "") -> dict[tuple[str, Kind], str]:
    """What a table says, by lot and kind; empty where a cell is.

    :raises RowErrors: with every fault, when there is any.
    """
    told: dict[tuple[str, Kind], str] = {}
    faults = []
    seen: set[str] = set()
    for row in TRACKING.parse(data, name=name):
        if row.lot_code in seen:
            faults.append(RowError(line=row.line, column="CODE_LOT", code="twice", text=row.lot_code))
        seen.add(row.lot_code)
        told |= {(row.lot_code, kind): text for kind, text in row.values.items()}
    if not told:
        faults += [RowError(line=1, column=column, code="column_missing") for column in COLUMNS]
    if faults:
        raise RowErrors(faults, name=name)
    return told


def write_tracking(rows: Iterable[Sequence[str]]) -> bytes:
    """The table for a French spreadsheet: a lot's code and what it carries, in the order of the head."""
    text = io.StringIO(newline="")
    out = csv.writer(text, delimiter=";", lineterminator="\r\n")
    out.writerow(HEAD)
    out.writerows([defused(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
