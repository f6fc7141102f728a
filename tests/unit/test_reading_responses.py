"""Rows of an answer file as they are kept: what a row that is set aside still says."""

from datetime import date

from tasks.responses import _response
from workflows.trade import attribution
from workflows.trade.attribution import Mailing, Piece

MAILING = Mailing.of(["26NO1P03S2A18"], [Piece("P1", "26NO1P03S2A18", "GUERIN", "69002")])


def kept(**columns: str) -> tuple[str, str, str | None]:
    row = attribution.ResponseRow.from_columns({"DATE": "01/01/2026", "MONTANT": "0,00", **columns})
    found = _response(row, MAILING, date(2026, 10, 13))
    return found.attribution, found.unique_id, found.lot_code


def test_whoever_objects_is_known_even_where_the_date_cannot_be() -> None:
    assert kept(TYPE="opposition", ID_UNIQUE="P1") == ("set_aside", "P1", None)
    assert kept(TYPE="Opposition", NOM="Guérin", CP="69002") == ("set_aside", "P1", None)
    assert kept(TYPE="opposition", NOM="Guérin", CP="13001") == ("set_aside", "", None)


def test_of_any_other_row_that_is_set_aside_nobody_is_kept() -> None:
    assert kept(TYPE="information", ID_UNIQUE="P1") == ("set_aside", "", None)
