"""Every promise in docs/guarantees.md names tests, and each of them is there."""

import re

from tests.architecture.tree import ROOT

GUARANTEES = ROOT / "docs" / "guarantees.md"


def test_every_test_that_a_promise_names_exists() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"^def (test_\w+)\(", sources, re.MULTILINE))

    named = re.findall(r"^\* `(test_\w+)`$", GUARANTEES.read_text(encoding="utf-8"), re.MULTILINE)

    assert named
    assert sorted(set(named) - there) == []


def test_every_promise_names_a_test() -> None:
    promised = GUARANTEES.read_text(encoding="utf-8")

    assert [part.splitlines()[0] for part in promised.split("\n## ")[1:] if "* `test_" not in part] == []


def test_there_are_nine_promises_in_their_order() -> None:
    numbers = re.findall(r"^## (\d)\. ", GUARANTEES.read_text(encoding="utf-8"), re.MULTILINE)

    assert numbers == list("123456789")
