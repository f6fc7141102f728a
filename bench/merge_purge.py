"""Merge-purge of a kit, raw files to net files and report, against DuckDB reading its text files with one GROUP BY.

The peer does far less (no repair, no normalisation, no fuzzy match): it is the floor of reading and grouping once.
"""

import json
import sys
import tempfile
from pathlib import Path

from bench._pairs import ROOT, compare, report

PEER = """
import duckdb, sys
rows = duckdb.sql("select last_name, postcode, street, count(*) from read_csv(%r, all_varchar=true) group by all").fetchall()
assert rows
"""


def main(kit: Path) -> None:
    """Compare on one kit."""
    from app.intake.kit import read_kit
    from tasks.merge_purge.reading import read

    parsed = read_kit(kit)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        brief, frames = _brief(parsed, folder)
        records = folder / "records.csv"
        import polars as pl

        whole = pl.concat([read(path, layout=layout) for path, layout in frames])
        whole.select("last_name", "postcode", street="adr4").write_csv(records)
        peer = folder / "peer.py"
        peer.write_text(PEER % str(records), encoding="utf-8")
        ours = [sys.executable, "-m", "tasks.merge_purge", str(brief), str(folder / "out")]
        result = compare("merge_purge", ours, [sys.executable, str(peer)])
        report({**result, "records": whole.height})


def _brief(kit: object, folder: Path) -> tuple[Path, list[tuple[Path, Path | None]]]:
    """The kit's newest version of each tranche, as a brief of the engine."""
    newest = {(note.list_code, note.tranche): note for note in sorted(kit.notes, key=lambda one: one.file_version)}  # type: ignore[attr-defined]
    ranks: dict[str, dict[str, int]] = {}
    for row in kit.brief.plan:  # type: ignore[attr-defined]
        ranks.setdefault(row.list_code, {}).setdefault(row.segment, row.rank)
    frames: list[tuple[Path, Path | None]] = []
    files = []
    for code in ranks:
        parts = []
        for (list_code, _), note in sorted(newest.items()):
            if list_code == code:
                layout = kit.folder / "layouts" / note.layout if note.layout else None  # type: ignore[attr-defined]
                path = kit.delivery(note).resolve()  # type: ignore[attr-defined]
                frames.append((path, layout))
                parts.append({"path": str(path), "layout": str(layout.resolve()) if layout else None})
        files.append({"code": code, "parts": parts, "ranks": ranks[code]})
    suppressions = [{"code": path.stem, "path": str(path.resolve())} for path in kit.suppressions]  # type: ignore[attr-defined]
    target = folder / "brief.json"
    target.write_text(json.dumps({"files": files, "suppressions": suppressions}), encoding="utf-8")
    return target, frames


if __name__ == "__main__":
    named = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    main(Path(named[0]) if named else ROOT / "demo" / "automne")
