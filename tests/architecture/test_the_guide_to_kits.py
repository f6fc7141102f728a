"""docs/kit.md names whatever is read of a kit: every column of every table, and every key of the brief."""

import re
from pathlib import Path
from typing import Any

import pytest

from app.intake.kit import read_kit
from app.intake.rows import Cells
from app.intake.written import Written
from tests.architecture.tree import ROOT

GUIDE = ROOT / "docs" / "kit.md"
DEMONSTRATION = ROOT / "demo" / "automne"


def asked_of(kit: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What is looked up while a kit is read, whether it is there or not."""
    asked: set[str] = set()
    text, get = Cells.text, Written._get

    def column(self: Cells, name: str, *, needed: bool = True) -> str:
        asked.add(name)
        return text(self, name, needed=needed)

    def key(self: Written, name: str, default: Any) -> Any:
        asked.add(name)
        return get(self, name, default)

    monkeypatch.setattr(Cells, "text", column)
    monkeypatch.setattr(Written, "_get", key)
    read_kit(kit)
    return asked


def test_the_guide_names_every_column_and_every_key_that_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    named = set(re.findall(r"\w+", GUIDE.read_text(encoding="utf-8")))
    tasks = {"order_mailing"}
    """Of a checklist the guide names the form, not each user task."""

    asked = asked_of(DEMONSTRATION, monkeypatch) - tasks

    assert {"LISTE", "TAUX_ATTENDU", "drop_on", "approval_limit"} <= asked, "tables and brief are looked at"
    assert sorted(asked - named) == []
