"""What is put by on disk during a run comes back as it was, however small the batches; and none of it is left."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from tasks.merge_purge import shelf
from tasks.merge_purge.normalise import address
from tasks.merge_purge.run import run
from tests.unit.merge_purge.people import brief_of, record


def _crowd() -> Iterator[dict[str, str]]:
    for n in range(1, 8):
        for first, last in (("Paul", "Roux"), ("P.", "Roux"), ("", "Blanc"), ("Anne", "Leroy")):
            yield record(PRENOM=first, NOM=last, ADR3="Bât. A" if n % 2 else "", ADR4=f"{n} rue Haute", EMAIL=f"{last}{n}@example.org")


def test_small_batches_leave_the_same_files_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = list(_crowd())
    brief = brief_of(tmp_path, {"A": crowd, "B": crowd[::3], "C": crowd[:1]}, {"OPP": crowd[3:5]})
    run(brief, tmp_path / "one")
    monkeypatch.setattr(shelf, "_BATCH", 3)
    monkeypatch.setattr(address, "_SORTED_AT_A_TIME", 2)
    run(brief, tmp_path / "many")
    left = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert len(left) == 10
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "many" / name).read_bytes() for name in left)


def test_columns_without_a_canonical_name_come_back_beside_their_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_BATCH", 2)
    brief = brief_of(
        tmp_path, {"A": [record(NOM=name, ADR4=f"{len(name)} rue {name}") for name in ("Roux", "Blanc", "Masson", "Leclerc", "Marchand")]}
    )
    path = tmp_path / "A.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\r\n".join(f"{line};{told}" for line, told in zip(lines, ["Humeur", *"abcde"], strict=True)), encoding="utf-8")
    run(brief, tmp_path / "out")
    net = pl.read_csv(tmp_path / "out/net/A.csv", separator=";", infer_schema=False)
    assert net.select("id", "Humeur").rows() == [("A1", "a"), ("A2", "b"), ("A3", "c"), ("A4", "d"), ("A5", "e")]


def test_nothing_put_by_is_left_when_a_run_ends_or_breaks(tmp_path: Path) -> None:
    brief = brief_of(tmp_path, {"A": [record()]})
    run(brief, tmp_path / "out")

    def breaks(step: str, *_: int) -> None:
        if step == "deciding":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(brief, tmp_path / "other", breaks)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["A.csv", "out"]
    assert not (tmp_path / "out" / "shelf").exists()
