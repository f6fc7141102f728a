"""Rows of an answer file as they are kept: what a row that is set aside still says."""

from datetime import date

from tasks.responses import _response
from workflows.trade import attribution
from workflows.trade.attribution import NO_OTHER_MAIL, Mailing, Piece
from workflows.trade.tracking import Kind, TrackedReference

MAILING = Mailing.of(["26NO1P03S2A18"], [Piece("P1", "26NO1P03S2A18", "GUERIN", "69002")])


def kept(**columns: str) -> tuple[str, str, str | None]:
    row = attribution.ResponseRow.from_columns({"DATE": "01/01/2026", "MONTANT": "0,00", **columns})
    found = _response(row, MAILING, NO_OTHER_MAIL, date(2026, 10, 13), date.max)
    return found.attribution, found.unique_id, found.lot_code


def test_whoever_objects_is_known_even_where_the_date_cannot_be() -> None:
    assert kept(TYPE="opposition", ID_UNIQUE="P1") == ("set_aside", "P1", None)
    assert kept(TYPE="Opposition", NOM="Guérin", CP="69002") == ("set_aside", "P1", None)
    assert kept(TYPE="opposition", NOM="Guérin", CP="13001") == ("set_aside", "", None)


def test_of_any_other_row_that_is_set_aside_nobody_is_kept() -> None:
    assert kept(TYPE="information", ID_UNIQUE="P1") == ("set_aside", "", None)


def matched(mailing: Mailing, **columns: str) -> tuple[str, str | None, str, str]:
    row = attribution.ResponseRow.from_columns({"DATE": "20/10/2026", "MONTANT": "30,00", "TYPE": "don", **columns})
    found = _response(row, mailing, NO_OTHER_MAIL, date(2026, 10, 13), date.max)
    return found.attribution, found.lot_code, found.matched_id, found.matched_lot


def test_whom_name_and_postcode_tell_is_kept_beside_the_credit_where_people_were_held_out() -> None:
    people = [Piece("P1", "26NO1P03S2A18", "GUERIN", "69002")]
    holding_out = Mailing.of(["26NO1P03S2A18"], people, [Piece("P2", "26NO1P03S2AH", "ROUX", "69002")])

    assert matched(holding_out, NOM="Roux", CP="69002") == ("held_out", "26NO1P03S2AH", "P2", "26NO1P03S2AH")
    assert matched(holding_out, NOM="Roux", CP="69002", CODE_LOT="26NO1P03S2A18") == ("lot_code", "26NO1P03S2A18", "P2", "26NO1P03S2AH")
    assert matched(holding_out, NOM="Guérin", CP="69002", ID_UNIQUE="P1") == ("unique_id", "26NO1P03S2A18", "P1", "26NO1P03S2A18")
    assert matched(holding_out, NOM="Roux", CP="69002", DATE="01/01/2026") == ("set_aside", None, "", "")
    assert matched(MAILING, NOM="Guérin", CP="69002", ID_UNIQUE="P1") == ("unique_id", "26NO1P03S2A18", "", "")


def test_the_lot_that_a_number_tells_is_kept_beside_whatever_decided() -> None:
    number = TrackedReference(lot_code="26NO1P03S2B16", kind=Kind.PHONE, value="3620")
    tracking = Mailing.of(["26NO1P03S2A18", "26NO1P03S2B16"], [Piece("P1", "26NO1P03S2A18", "GUERIN", "69002")], (), [number])

    def traced(**columns: str) -> tuple[str, str | None, str]:
        row = attribution.ResponseRow.from_columns({"DATE": "20/10/2026", "MONTANT": "30,00", "TYPE": "don", **columns})
        found = _response(tracking.marked(row), tracking, NO_OTHER_MAIL, date(2026, 10, 13), date.max)
        return found.attribution, found.lot_code, found.traced_lot

    assert traced(TRACE="36 20") == ("tracked", "26NO1P03S2B16", "26NO1P03S2B16")
    assert traced(TRACE="3620", CODE_LOT="26NO1P03S2A18") == ("lot_code", "26NO1P03S2A18", "26NO1P03S2B16")
    assert traced(TRACE="3621", CODE_LOT="26NO1P03S2A18") == ("lot_code", "26NO1P03S2A18", "")
