"""How a list is billed, in the table of lists: as usual where nothing is said, and every word that is none in its own place."""

from datetime import date
from decimal import Decimal

import pytest

from app.intake.rows import RowErrors
from app.intake.tables import FLOOR_BASIS, UNBILLED, parse_lists
from app.portals.manager.tables import PARTS, write_part
from tests.unit.test_bases_in_tables import FIRST, TITLES, table
from workflows.campaign.brief import Brief, ListRow

BILLED = (*TITLES, FLOOR_BASIS, UNBILLED)


def read(basis: str, losses: str) -> ListRow:
    (row,) = parse_lists(table((*FIRST, basis, losses), titles=BILLED))
    return row


def test_a_table_without_these_columns_or_with_empty_ones_is_billed_as_usual() -> None:
    for row in (parse_lists(table(FIRST, titles=TITLES))[0], read("", "")):
        assert (row.billing_basis, row.unbilled_reasons) == ("delivered", ())


@pytest.mark.parametrize(
    ("written", "meant"),
    [("livré", "delivered"), ("commandé", "ordered"), ("Commande", "ordered"), ("COMMANDÉ", "ordered")],
)
def test_the_basis_of_the_floor_is_read_with_or_without_its_accent(written: str, meant: str) -> None:
    assert read(written, "").billing_basis == meant


@pytest.mark.parametrize("written", ["rejets, intra", "intra rejets", "Intra+REJETS", "rejets,intra,rejets"])
def test_losses_stand_in_the_order_of_the_dedupe_however_they_are_written(written: str) -> None:
    assert read("", written).unbilled_reasons == ("rejected", "intra")


def test_every_loss_has_its_word() -> None:
    assert read("", "inter, repoussoirs, rejets, intra").unbilled_reasons == ("rejected", "suppressed", "intra", "inter")


def test_what_is_no_word_for_it_is_told_by_its_row_column_and_text() -> None:
    with pytest.raises(RowErrors) as refused:
        parse_lists(table((*FIRST, "", "rejets"), ("BTN", *FIRST[1:], "brut", "rejets, doublons, pnd"), titles=BILLED))
    assert [(one.line, one.column, one.code, one.text) for one in refused.value.errors] == [
        (3, FLOOR_BASIS, "not_a_choice", "brut"),
        (3, UNBILLED, "not_a_choice", "doublons"),
        (3, UNBILLED, "not_a_choice", "pnd"),
    ]


def test_terms_that_differ_from_one_line_of_a_list_to_the_next_are_refused() -> None:
    with pytest.raises(RowErrors) as refused:
        parse_lists(table((*FIRST, "", "rejets"), ("ALZ", "P24", *FIRST[2:], "", "intra"), titles=BILLED))
    assert [(one.line, one.code) for one in refused.value.errors] == [(3, "terms_differ")]


def test_they_are_written_as_they_are_read_and_not_at_all_where_they_are_as_usual() -> None:
    for basis, losses in (("", ""), ("commandé", ""), ("", "rejets, intra"), ("commandé", "repoussoirs, inter")):
        row = read(basis, losses)
        brief = Brief(code="26A", title="", drop_on=date(2026, 10, 13), envelope_amount=Decimal(1), lists=(row,))
        written = write_part(PARTS["lists"], brief)
        assert parse_lists(written) == (row,)
        titles, values = (line.split(";") for line in written.decode("utf-8-sig").splitlines())
        said = dict(zip(titles, values, strict=True))
        assert (said[FLOOR_BASIS], said[UNBILLED]) == (basis, losses)
