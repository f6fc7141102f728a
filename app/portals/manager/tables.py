"""The plan's tables as files: which there are, how each is told and read, and the same columns written out again to be changed."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.intake.rows import RowError, RowErrors, header_of
from app.intake.tables import (
    BASIS,
    BILLING_BASES,
    COSTS,
    EXPECTED_RATE,
    FLOOR_BASIS,
    HISTORY,
    LOSSES,
    MESSAGES,
    PLAN,
    SEEDS,
    UNBILLED,
    parse_lists,
)
from workflows.campaign.brief import BasisRow, Brief, ListRow
from workflows.trade.billing import BillingBasis
from workflows.trade.spreadsheets import defused


@dataclass(frozen=True, kw_only=True)
class Part:
    """One table of the brief: its words, how a file of it is read, its columns, and a brief's rows of it as they are written."""

    label: LazyString
    parse: Callable[..., tuple[Any, ...]]
    columns: tuple[str, ...]
    rows: Callable[[Brief], Iterable[Sequence[Any]]]


def _list_rows(brief: Brief) -> Iterable[Sequence[Any]]:
    for row in brief.lists:
        terms = (row.cpm, row.selection_cpm, row.run_charge_cpm, row.min_billing_rate, row.min_invoice_amount, row.technical_fee)
        for segment, universe in row.segments:
            yield (
                row.code,
                segment,
                row.name,
                row.nature,
                row.owner,
                row.broker,
                universe,
                *terms,
                *_billing_cells(row),
                row.undeliverable_guarantee,
                row.lead_days,
                *_basis_cells(row.basis),
            )


def _billing_cells(row: ListRow) -> Sequence[Any]:
    """How the list is billed, where that is not as usual."""
    basis = next(word for word, meaning in BILLING_BASES.items() if meaning == row.billing_basis)
    losses = [word for word, meaning in LOSSES.items() if meaning in row.unbilled_reasons]
    return ("" if row.billing_basis == BillingBasis.DELIVERED else basis, ", ".join(losses))


def _basis_cells(basis: BasisRow | None) -> Sequence[Any]:
    """What is stated, in the order of its columns."""
    if basis is None:
        return ("",) * len(BASIS)
    days = (f"{day:%d/%m/%Y}" if day else "" for day in (basis.collected_from_on, basis.collected_until_on, basis.objections_purged_on))
    first_on, last_on, purged_on = days
    named = "oui" if basis.partners_named else ""
    return (basis.legal_basis, first_on, last_on, basis.collected_through, named, purged_on, basis.data_role)


SEED_COLUMNS = ("CIVILITE", "PRENOM", "NOM", "ADR1", "ADR2", "ADR3", "ADR4", "ADR5", "ADR6", "CP", "LOCALITE")

PARTS: dict[str, Part] = {
    "lists": Part(
        label=_l("Lists and their terms"),
        parse=parse_lists,
        columns=(
            *("LISTE", "SEGMENT", "NOM", "NATURE", "PROPRIETAIRE", "COURTIER", "UNIVERS", "CPM", "CPM_SELECTION", "CPM_RUN"),
            *("FACTURATION_MIN", "MINIMUM_EUR", "FRAIS_TECHNIQUES", FLOOR_BASIS, UNBILLED, "GARANTIE_PND", "DELAI_JO"),
            *BASIS,
        ),
        rows=_list_rows,
    ),
    "messages": Part(
        label=_l("Messages"),
        parse=MESSAGES.parse,
        columns=("MESSAGE", "LIBELLE", "OFFRE", "TAGS"),
        rows=lambda brief: ((row.code, row.label, row.offer, row.tags) for row in brief.messages),
    ),
    "plan": Part(
        label=_l("Plan lines"),
        parse=PLAN.parse,
        columns=("LISTE", "SEGMENT", "CANAL", "ROLE", "MESSAGE", "OFFRE", "BRUT", "RANG", EXPECTED_RATE),
        rows=lambda brief: (
            (row.list_code, row.segment, row.channel, row.role, row.message, row.offer, row.gross_qty, row.rank, row.expected_rate)
            for row in brief.plan
        ),
    ),
    "costs": Part(
        label=_l("Costs"),
        parse=COSTS.parse,
        columns=("NATURE", "BASE", "MONTANT_HT", "FOURNISSEUR"),
        rows=lambda brief: ((row.nature, row.basis, row.amount, row.supplier) for row in brief.costs),
    ),
    "seeds": Part(
        label=_l("Monitor seeds"),
        parse=SEEDS.parse,
        columns=("ID", *SEED_COLUMNS),
        rows=lambda brief: ((row.code, *(row.address.get(name, "") for name in SEED_COLUMNS)) for row in brief.seeds),
    ),
}
"""The tables that replace a part of the brief, in the order in which a new plan needs them."""

HISTORY_PART = Part(
    label=_l("History of earlier campaigns"),
    parse=HISTORY.parse,
    columns=(
        "CAMPAGNE",
        "LISTE",
        "SEGMENT",
        "CANAL",
        "MESSAGE",
        "NATURE",
        "BRUT",
        "NET",
        "ENVOYES",
        "PND",
        "RETOURS",
        "DONS",
        "MONTANT",
        "COUT",
    ),
    rows=lambda brief: (),
)
ALL_PARTS: dict[str, Part] = {**PARTS, "history": HISTORY_PART}


class TablesUnreadable(ValueError):
    """Files that are no tables of a plan, or have faults: every sentence about them, in the reader's language."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__("\n".join(sentences))


def read_tables(files: Iterable[tuple[str, bytes]]) -> dict[str, tuple[Any, ...]]:
    """The rows of each file under its part's name; which part it is, its columns tell, whatever its own name is.

    :raises TablesUnreadable: with every fault of every file, when there is any.
    """
    rows: dict[str, tuple[Any, ...]] = {}
    faults: list[str] = []
    for name, data in files:
        part = part_of(header_of(data))
        if part is None:
            faults.append(_("%(name)s has the columns of none of the tables: download one to see its columns.", name=name))
        elif part in rows:
            faults.append(
                _("%(name)s is a second file of the same table: %(table)s. Bring one of them.", name=name, table=ALL_PARTS[part].label)
            )
        else:
            rows[part] = ()
            try:
                rows[part] = ALL_PARTS[part].parse(data, name=name)
            except RowErrors as wrong:
                faults += faults_told(wrong, with_name=True)
    if faults:
        raise TablesUnreadable(faults)
    return rows


def part_of(header: Sequence[str]) -> str | None:
    """The part that shares most columns with a file; None where the closest shares less than a third of all that either has."""
    alike = {name: _likeness(set(header), set(part.columns)) for name, part in ALL_PARTS.items()}
    closest = max(alike, key=lambda name: alike[name])
    return closest if alike[closest] >= LEAST_LIKENESS else None


LEAST_LIKENESS = 1 / 3
"""Below it a file is told to be none of the tables; above it, which of its columns are missing."""


def _likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


def write_part(part: Part, brief: Brief) -> bytes:
    """The table as a file for a French spreadsheet: `;`, decimal comma, UTF-8 with its mark."""
    text = io.StringIO(newline="")
    out = csv.writer(text, delimiter=";", lineterminator="\r\n")
    out.writerow(part.columns)
    for row in part.rows(brief):
        out.writerow([_cell(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    return defused(str(value))


MOST_FAULTS = 50


def faults_told(faults: RowErrors, *, with_name: bool = False) -> list[str]:
    """The faults of a file, each with its place and what is wrong; of many the first, and how many more there are."""
    told = [_fault_told(one, (faults.name or "csv") if with_name else "") for one in faults.errors[:MOST_FAULTS]]
    more = len(faults.errors) - MOST_FAULTS
    return [*told, ngettext("and one more fault", "and %(num)s more faults", more)] if more > 0 else told


def _fault_told(error: RowError, name: str) -> str:
    line = _("line %(line)s", line=error.line)
    where = ", ".join(part for part in (name, line, error.column) if part)
    return str(_("%(where)s: %(what)s", where=where, what=_(error.sentence, text=error.text, expected=error.expected)))
