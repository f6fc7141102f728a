"""What a whole campaign of national size costs: played from brief to analysis, and its merge-purge alone on the same files.

``./dev bench national [RECORDS] [LISTS]``. Linux only: the tree of processes is read from ``/proc``, as in ``scale``; the servers that a
play starts are part of it.
"""

import sys
import tempfile
from pathlib import Path

from bench._pairs import report
from bench.donors.kits import write_kit
from bench.scale import cost

SEED = 107


def main(records: int, lists: int) -> None:
    """Draw a kit, run its merge-purge, play it, and report."""
    with tempfile.TemporaryDirectory() as name:
        kit = write_kit(Path(name) / "kit", records, lists=lists, seed=SEED)
        brief = kit.parent / "brief.toml"
        brief.write_text(_alone(kit), encoding="utf-8")
        jalon = [sys.executable, "-m", "app.cli"]
        alone = cost([*jalon, "merge-purge", str(brief), "--out", str(kit.parent / "alone")])
        played = cost([*jalon, "play", str(kit), "--out", str(kit.parent / "played")])
        whole = {f"{key}_of_the_play": value for key, value in played.items()} | {f"{key}_alone": value for key, value in alone.items()}
        report({"bench": f"national {records} {lists}", "cpu_ratio": round(played["cpu_seconds"] / alone["cpu_seconds"], 1), **whole})


def _alone(kit: Path) -> str:
    """The files of a kit as a brief, its lists in their order."""
    lists = "".join(
        f'[[files]]\ncode = "{path.stem}"\npath = "{path}"\npriority = {rank}\n'
        for rank, path in enumerate(sorted((kit / "deliveries").iterdir()), 1)
    )
    held = "".join(f'[[suppressions]]\ncode = "{path.stem}"\npath = "{path}"\n' for path in sorted((kit / "suppressions").iterdir()))
    return lists + held


if __name__ == "__main__":
    named = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    count, number = (*named, *("1000000", "30")[len(named) :])
    main(int(count), int(number))
