"""The legal basis of a list in the table of lists: read where its columns say something, and written as it is read."""

from datetime import date

import pytest

from app.intake.rows import RowErrors
from app.intake.tables import BASIS, parse_lists
from app.portals.manager.tables import PARTS, write_part
from workflows.campaign.brief import BasisRow, Brief

TITLES = ("LISTE", "SEGMENT", "NOM", "NATURE", "PROPRIETAIRE", "CPM")
FIRST = ("ALZ", "P12", "Alizés Presse", "rental", "S-ALZ", "165")
STATED = ("consent", "02/01/2023", "31/03/2026", "web", "oui", "15/06/2026", "separate")
SAID = BasisRow(
    legal_basis="consent",
    collected_from_on=date(2023, 1, 2),
    collected_until_on=date(2026, 3, 31),
    collected_through="web",
    partners_named=True,
    objections_purged_on=date(2026, 6, 15),
    data_role="separate",
)


def table(*rows: tuple[str, ...], titles: tuple[str, ...] = (*TITLES, *BASIS)) -> bytes:
    return "\n".join(";".join(row) for row in (titles, *rows)).encode()


def faults(*stated: str) -> set[tuple[str, str]]:
    with pytest.raises(RowErrors) as refused:
        parse_lists(table((*FIRST, *stated)))
    return {(one.column, one.code) for one in refused.value.errors}


def test_a_table_without_these_columns_or_with_empty_ones_states_nothing() -> None:
    assert parse_lists(table(FIRST, titles=TITLES))[0].basis is None
    assert parse_lists(table((*FIRST, *[""] * len(BASIS))))[0].basis is None


def test_what_is_stated_is_read_and_written_as_it_was() -> None:
    (row,) = parse_lists(table((*FIRST, *STATED)))
    assert row.basis == SAID

    brief = Brief(code="26A", title="", drop_on=date(2026, 10, 13), envelope_amount=row.cpm, lists=(row,))
    assert parse_lists(write_part(PARTS["lists"], brief)) == (row,)


def test_every_fault_is_told_in_its_own_column() -> None:
    assert faults("contract", "x", "", "fax", "peut-être", "", "owner") == {
        ("BASE_LEGALE", "not_a_choice"),
        ("COLLECTE_DU", "not_a_day"),
        ("MODE_COLLECTE", "not_a_choice"),
        ("PARTENAIRES_NOMMES", "not_a_choice"),
        ("PURGE_OPPOSITION", "missing"),
        ("ROLES_RGPD", "not_a_choice"),
    }


def test_a_basis_that_differs_from_one_line_of_a_list_to_the_next_is_refused() -> None:
    with pytest.raises(RowErrors) as refused:
        parse_lists(table((*FIRST, *STATED), ("ALZ", "P24", *FIRST[2:], *[""] * len(BASIS))))
    assert [(one.line, one.code) for one in refused.value.errors] == [(3, "terms_differ")]
