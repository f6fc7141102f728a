"""`jalon merge-purge` of drawn donor files, raw files to net files and report, against DuckDB reading the same files with one GROUP BY.

``./dev bench merge_purge [RECORDS] [dense|rented] [ROUNDS]``, or ``./dev bench merge_purge KIT`` for the files of a kit, whose many
shapes DuckDB is spared: it reads them joined in one CSV. The peer does far less (no repair, no normalisation, no fuzzy match): it is
the floor of reading and grouping once.
"""

import json
import sys
import tempfile
from pathlib import Path

import polars as pl

from app.intake.kit import Kit, read_kit
from bench._pairs import compare, report
from bench.donors.files import write_files
from tasks.merge_purge.reading import read

PEER = """
import duckdb
rows = duckdb.sql("select {columns}, count(*) from read_csv({files!r}, all_varchar=true, union_by_name=true) group by all").fetchall()
assert rows
"""


def of_donors(records: int, density: str, rounds: int) -> None:
    """Compare on files drawn for the purpose."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        brief = write_files(folder, records, seed=1, density=density)
        peer = folder / "peer.py"
        peer.write_text(PEER.format(columns="NOM, CP, ADR4", files=[str(path) for path in sorted(folder.glob("*.csv"))]), encoding="utf-8")
        ours = [str(Path(sys.executable).with_name("jalon")), "merge-purge", str(brief), "--out", str(folder / "out")]
        result = compare(f"merge_purge {records} {density}", ours, [sys.executable, str(peer)], rounds=rounds)
        report({**result, "records": records})


def of_kit(kit: Path) -> None:
    """Compare on one kit."""
    parsed = read_kit(kit)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        brief, frames = _brief(parsed, folder)
        records = folder / "records.csv"
        whole = pl.concat([read(path, layout=layout) for path, layout in frames])
        whole.select("last_name", "postcode", street="adr4").write_csv(records)
        peer = folder / "peer.py"
        peer.write_text(PEER.format(columns="last_name, postcode, street", files=[str(records)]), encoding="utf-8")
        ours = [sys.executable, "-m", "tasks.merge_purge", str(brief), str(folder / "out")]
        result = compare("merge_purge", ours, [sys.executable, str(peer)])
        report({**result, "records": whole.height})


def _brief(kit: Kit, folder: Path) -> tuple[Path, list[tuple[Path, Path | None]]]:
    """The kit's newest version of each tranche, as a brief of the engine."""
    newest = {(note.list_code, note.tranche): note for note in sorted(kit.notes, key=lambda one: one.file_version)}
    ranks: dict[str, dict[str, int]] = {}
    for row in kit.brief.plan:
        ranks.setdefault(row.list_code, {}).setdefault(row.segment, row.rank)
    frames: list[tuple[Path, Path | None]] = []
    files = []
    for code, by_segment in ranks.items():
        parts = []
        for (list_code, _), note in sorted(newest.items()):
            if list_code == code:
                layout = kit.folder / "layouts" / note.layout if note.layout else None
                path = kit.delivery(note).resolve()
                frames.append((path, layout))
                parts.append({"path": str(path), "layout": str(layout.resolve()) if layout else None})
        files.append({"code": code, "parts": parts, "ranks": by_segment})
    suppressions = [{"code": path.stem, "path": str(path.resolve())} for path in kit.suppressions]
    target = folder / "brief.json"
    target.write_text(json.dumps({"files": files, "suppressions": suppressions}), encoding="utf-8")
    return target, frames


if __name__ == "__main__":
    named = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if named and not named[0].isdigit():
        of_kit(Path(named[0]))
    else:
        count, density, rounds = (*named, *("1000000", "dense", "5")[len(named) :])
        of_donors(int(count), density, int(rounds))
