"""Small address files for the tests of the merge-purge: records by keyword, groups by name."""

from pathlib import Path

import polars as pl

from tasks.merge_purge.brief import Brief, ListFile, Part, Suppression
from tasks.merge_purge.intake import read_brief
from tasks.merge_purge.match.records import normalised
from tasks.merge_purge.normalise import with_postal_lines
from tasks.merge_purge.run import run

ADDRESS = ("ADR1", "ADR2", "ADR3", "ADR4", "ADR5", "ADR6", "CP", "LOCALITE")
HEADER = ("ID_SOURCE", "CODE_SEG", "CIVILITE", "PRENOM", "NOM", "RAISON_SOCIALE", *ADDRESS, "EMAIL", "TELEPHONE", "DATE_MAJ")
USUAL = {"CIVILITE": "M", "PRENOM": "Paul", "NOM": "Lefebvre", "ADR4": "12 rue des Tilleuls", "CP": "01000", "LOCALITE": "Bourg-en-Bresse"}


def record(**fields: str) -> dict[str, str]:
    """A record of ``USUAL`` with some fields changed."""
    return USUAL | fields


def file_of(path: Path, *records: dict[str, str]) -> Path:
    """Write records as a CSV of the trade; ids run from 1 unless given."""
    lines = [";".join(HEADER)]
    for number, fields in enumerate(records, 1):
        lines.append(";".join(({"ID_SOURCE": f"{path.stem}{number}", "CODE_SEG": "S1"} | fields).get(name, "") for name in HEADER))
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    return path


def brief_of(
    folder: Path, lists: dict[str, list[dict[str, str]]], held: dict[str, list[dict[str, str]]] | None = None, level: str = "individual"
) -> Brief:
    """A brief over lists in the order of their ranks, and suppression lists."""
    files = tuple(
        ListFile(code, (Part(file_of(folder / f"{code}.csv", *records)),), priority=rank)
        for rank, (code, records) in enumerate(lists.items(), 1)
    )
    suppressions = tuple(Suppression(code, file_of(folder / f"{code}.csv", *records), level) for code, records in (held or {}).items())
    return Brief(files, suppressions, level)


def decisions(
    folder: Path, lists: dict[str, list[dict[str, str]]], held: dict[str, list[dict[str, str]]] | None = None, level: str = "individual"
) -> pl.DataFrame:
    """The decisions of a run over such a brief."""
    run(brief_of(folder, lists, held, level), folder / "out")
    return pl.read_parquet(folder / "out" / "decisions.parquet")


def groups_of(folder: Path, *records: dict[str, str], level: str = "individual") -> list[int]:
    """The group of each record when all are in one list, numbered from 0 in the order they first appear."""
    found = decisions(folder, {"A": list(records)}, level=level)["group"].to_list()
    names = {group: i for i, group in enumerate(dict.fromkeys(found))}
    return [names[group] for group in found]


def prepared(folder: Path, *records: dict[str, str]) -> list[dict[str, object]]:
    """Records after normalisation, postal lines and all."""
    frame, _ = read_brief(brief_of(folder, {"A": list(records)}))
    return with_postal_lines(normalised(frame)).to_dicts()
