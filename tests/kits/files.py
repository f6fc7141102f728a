"""The files that suppliers deliver, good and bad, and the house's suppression lists."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

import xlsxwriter

from tests.kits.people import Person, Record, words
from tests.kits.spec import Kit, ListSpec

COLUMNS = words("ID_SOURCE CODE_SEG CIVILITE PRENOM NOM RAISON_SOCIALE ADR1 ADR2 ADR3 ADR4 ADR5 ADR6 CP LOCALITE EMAIL TELEPHONE DATE_MAJ")
OTHER_TITLES = words(
    "N°_client Cible Civ Prénom_usuel Nom_patronymique Société Ligne_1 Complément Bât_/_Résidence N°_et_voie Lieu-dit_/_BP"
)
OTHER_TITLES += words("Ligne_6 Code_post. Bureau_distributeur Mél Tél. Dernière_commande")
NOTE = words("LISTE TRANCHE VERSION FICHIER SHA256 NB_ENREGISTREMENTS ENCODAGE DESSIN DATE_EXTRACTION NB_PIEGES")
FIXED = (
    ("CODE_FICHIER", 4),
    ("ID_SOURCE", 15),
    ("CODE_SEG", 6),
    ("CIVILITE", 8),
    ("PRENOM", 32),
    ("NOM", 32),
    ("RAISON_SOCIALE", 38),
    *((f"ADR{n}", 38) for n in range(1, 7)),
    ("CP", 5),
    ("LOCALITE", 32),
    ("DATE_MAJ", 8),
    ("FILLER", 9),
)


def table(cells: Iterable[Sequence[object]], delimiter: str = ";") -> str:
    """Rows as the text of a file."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(cells)
    return text.getvalue()


def write_deliveries(kit: Kit, folder: Path, records: dict[str, list[Record]]) -> dict[str, int]:
    """Write files and notes; returns the version that conforms of each tranche, `LIST/TRANCHE`."""
    accepted: dict[str, int] = {}
    notes: list[Sequence[object]] = []
    extracted = kit.drop_on - timedelta(days=50)
    for spec in kit.lists:
        left = list(records[spec.code])
        total = len(left)
        for tranche, part in enumerate(spec.tranches, start=1):
            size = len(left) if part is spec.tranches[-1] else round(total * part.share)
            body, left = left[:size], left[size:]
            for version, one in enumerate(part.versions, start=1):
                suffix = {"fixed": "txt", "tab": "tsv", "xlsx": "xlsx"}.get(spec.form, "csv")
                name = f"{spec.code}_t{tranche}_v{version}.{suffix}"
                path = folder / "deliveries" / name
                _write_file(spec, path, body[: len(body) * 2 // 3] if one.fault == "short" else body, garbled=one.fault == "garbled")
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                layout = f"{spec.code}.csv" if spec.form == "fixed" else ""
                day = extracted + timedelta(days=version + 3 * tranche)
                sha256 = "0" * 64 if one.fault == "checksum" else digest
                notes.append((spec.code, tranche, version, name, sha256, len(body), spec.encoding, layout, f"{day:%d/%m/%Y}", 0))
                if not one.fault:
                    accepted.setdefault(f"{spec.code}/{tranche}", version)
        if spec.form == "fixed":
            _write_layout(folder / "layouts" / f"{spec.code}.csv")
    (folder / "delivery_notes.csv").write_text(table([NOTE, *notes]), encoding="utf-8", newline="")
    return accepted


def _write_file(spec: ListSpec, path: Path, body: Sequence[Record], *, garbled: bool) -> None:
    cells = [[_cell(title, one.person, one.id, one.segment, rejected=one.rejected) for title in COLUMNS] for one in body]
    if spec.form == "xlsx":
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_numbers": False}) as book:
            sheet = book.add_worksheet("Export")
            for number, row in enumerate([COLUMNS, *cells]):
                sheet.write_row(number, 0, row)
        return
    if spec.form == "fixed":
        lines = []
        for one in body:
            values = {title: _cell(title, one.person, one.id, one.segment, rejected=one.rejected) for title, _ in FIXED}
            values |= {"CODE_FICHIER": spec.code[:4], "DATE_MAJ": "15012028", "CIVILITE": one.person.civility}
            lines.append("".join(values[title][:width].ljust(width) for title, width in FIXED))
        text = "".join(line + "\r\n" for line in lines)
    else:
        titles = [title.replace("_", " ") for title in OTHER_TITLES] if spec.form == "tab" else COLUMNS
        total = [["TOTAL", str(len(body)), *[""] * (len(COLUMNS) - 2)]] if spec.total_line else []
        text = table([titles, *cells, *total], {"comma": ",", "tab": "\t"}.get(spec.form, ";"))
    path.write_bytes(text.encode("utf-8").decode("cp1252", "replace").encode("utf-8") if garbled else text.encode(spec.encoding))


def _write_layout(path: Path) -> None:
    body = []
    start = 1
    for title, width in FIXED:
        body.append((title, start, start + width - 1, width))
        start += width
    path.write_text(table([("CHAMP", "DEBUT", "FIN", "LONGUEUR"), *body]), encoding="utf-8", newline="")


def write_suppressions(kit: Kit, folder: Path, held: dict[str, list[Person]]) -> None:
    """Write each suppression list, in the house's own columns or in others."""
    for name, people in held.items():
        if kit.suppression_form == "csv":
            titles, delimiter, encoding = [one for one in COLUMNS if one not in ("ID_SOURCE", "CODE_SEG", "DATE_MAJ")], ";", "utf-8"
            cells = [[_cell(title, person, "", "") for title in titles] for person in people]
        else:
            titles, delimiter, encoding = ["Nom de famille", "Prénom", "Adresse", "Code postal", "Ville"], ",", "cp1252"
            cells = [[person.last.upper(), person.first, person.street, person.postcode, person.town] for person in people]
        (folder / "suppressions" / f"{name}.csv").write_bytes(table([titles, *cells], delimiter).encode(encoding))


def _cell(title: str, person: Person, id_source: str, segment: str, *, rejected: bool = False) -> str:
    return {
        "ID_SOURCE": id_source,
        "CODE_SEG": segment,
        "CIVILITE": person.civility,
        "PRENOM": person.first,
        "NOM": person.last,
        "ADR4": person.street,
        "CP": "" if rejected else person.postcode,
        "LOCALITE": "" if rejected else person.town,
        "DATE_MAJ": "15/01/2028",
    }.get(title, "")
