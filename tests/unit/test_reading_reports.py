"""Files of bounces and calls as they are read: their titles, their lines, and what became of each."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from app.intake.returned import NEEDED, ColumnsMissing, look_at_titles, numbered_rows
from tasks.responses.reports import read_reports
from workflows.campaign.contacted.recording import FaultyRow
from workflows.trade.attribution import Mailing, Piece
from workflows.trade.contact_reports import Sent

PEOPLE = {one.unique_id: one for one in (Piece("P1", "26AT", "GUERIN", "69002"), Piece("P2", "26AE", "ROUX", "69002"))}
SENT = Sent({key: one.lot_code for key, one in PEOPLE.items()}, {"26AT": "phone", "26AE": "email"})


def read(data: bytes, kind: str, mailing: Mailing | None = None):  # type: ignore[no-untyped-def]
    known = mailing or Mailing.of(["26AT", "26AE"], PEOPLE.values())
    return read_reports(numbered_rows(data, NEEDED[kind]), kind, SENT, PEOPLE, known, date(2026, 10, 13))


def test_titles_are_known_without_case_accents_and_order() -> None:
    data = "Résultat;id_unique;Code lot;date;Opérateur\r\naccord;P1;26AT;14/10/2026;Zoé\r\n".encode("cp1252")
    look_at_titles(BytesIO(data), "calls")

    reports, faults = read(data, "calls")

    assert [(one.unique_id, one.outcome, one.amount) for one in reports] == [("P1", "agreed", Decimal(0))]
    assert faults == ()


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        (b"DATE;CODE_LOT;ID_UNIQUE;MOTIF\r\n", ("TYPE",)),
        (b"", ("DATE", "CODE_LOT", "ID_UNIQUE", "TYPE")),
        (b"\x81\x8d\x90;x\r\n", ("DATE", "CODE_LOT", "ID_UNIQUE", "TYPE")),
    ],
)
def test_titles_that_are_missing_are_named_and_the_file_stays_where_it_was(data: bytes, missing: tuple[str, ...]) -> None:
    stream = BytesIO(data)

    with pytest.raises(ColumnsMissing) as fault:
        look_at_titles(stream, "bounces")

    assert fault.value.missing == missing
    assert stream.tell() == 0


def test_each_line_that_cannot_be_kept_is_told_by_its_number_and_empty_ones_by_none() -> None:
    data = b"DATE;CODE_LOT;ID_UNIQUE;TYPE\n14/10/2026;;P2;mou\n\n;;;\n14/10/2026;;P9;mou\n14/10/2026;;P2;soft\n14/10/2026;;P2;?\n"

    reports, faults = read(data, "bounces")

    assert [(one.unique_id, one.lot_code, one.outcome) for one in reports] == [("P2", "26AE", "soft")]
    assert faults == (FaultyRow(row=5, fault="id_unknown"), FaultyRow(row=7, fault="outcome_unknown"))


def test_who_was_called_is_compared_by_name_where_people_were_held_out() -> None:
    data = b"DATE;CODE_LOT;ID_UNIQUE;RESULTAT\n14/10/2026;;P1;accord\n"
    holding_out = Mailing.of(["26AT"], PEOPLE.values(), [Piece("H1", "26AH", "DUPONT", "69002")])

    ((matched,), _), ((plain,), _) = read(data, "calls", holding_out), read(data, "calls")

    assert (matched.matched_id, matched.matched_lot) == ("P1", "26AT")
    assert (plain.matched_id, plain.matched_lot) == ("", "")
