"""Heads that were kept outside are compared, and whatever entry is tampered with at random is the one that is named."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.evidence import verify
from tests.unit.evidence.bundles import COUNT, folder, forged, lines_of, sealed_four_times, write_anew, write_lines

__all__ = ["folder"]


def test_a_head_that_somebody_kept_is_found_in_the_log_of_heads(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes = sealed_four_times(folder)
    (tmp_path / "mail.eml").write_text(f"Subject: the head\n\nKeep this:\n\n{notes[1]}\n")
    size, root = notes[2].split("\n")[1:3]

    assert verify.main([str(folder), "--head", str(tmp_path / "mail.eml"), "--head", f"{size}:{root}"]) == 0
    said = capsys.readouterr().out
    assert "4 signed heads, each following from the one before." in said
    assert "The head of 4 leaves that you kept is one of them." in said
    assert "The head of 9 leaves that you kept is one of them." in said


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (f"4:{'ab' * 32}", "its head of 4 leaves is not the one that you kept"),
        (f"5:{'ab' * 32}", "does not know the head of 5 leaves that you kept"),
        ("4:abcd", "is no head"),
        ("nowhere.txt", "is no head"),
    ],
)
def test_a_head_that_somebody_kept_and_the_log_does_not_have_is_told(
    given: str, sentence: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sealed_four_times(folder)

    assert verify.main([str(folder), "--head", given]) == 1
    assert sentence in capsys.readouterr().out


CHANGES: dict[str, Callable[[list[bytes], int, int], None]] = {
    "edited": lambda lines, at, other: lines.__setitem__(at, forged(lines[at], event="campaign.plan.forged")),
    "deleted": lambda lines, at, other: lines.__delitem__(at),
    "inserted": lambda lines, at, other: lines.insert(at, forged(lines[at], event="campaign.plan.forged")),
    "reordered": lambda lines, at, other: lines.__setitem__(slice(None), swapped(lines, at, other)),
    "truncated": lambda lines, at, other: lines.__delitem__(slice(at, None)),
}


def swapped(lines: list[bytes], at: int, other: int) -> list[bytes]:
    found = list(lines)
    found[at], found[other] = found[other], found[at]
    return found


@given(
    kind=st.sampled_from([*CHANGES, "rewritten", "swapped"]), places=st.lists(st.integers(1, COUNT), min_size=2, max_size=2, unique=True)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_whichever_entry_is_tampered_with_in_whatever_way_it_is_the_one_that_is_named(kind: str, places: list[int], folder: Path) -> None:
    at, other = places
    whole = shutil.copytree(folder, folder.parent / "copy", dirs_exist_ok=True)
    document = f"documents/BC-27P-001-r1.{'fr' if at % 2 else 'en'}.pdf"
    lines = lines_of(whole)
    if kind == "swapped":
        (whole / document).write_bytes(b"another")
    elif kind == "rewritten":
        lines[at - 1] = forged(lines[at - 1], event="campaign.plan.forged")
        write_anew(whole, lines, at)
    else:
        CHANGES[kind](lines, at - 1, other - 1)
        write_lines(whole, lines)
    first, last = min(at, other), max(at, other)
    named = {
        "edited": (f"entry {at} was changed", f"entry {at}, the last, was changed"),
        "deleted": (f"entry {at} is missing",),
        "inserted": (f"line {at} was inserted", f"line {at + 1} or the line before it was inserted"),
        "reordered": (f"the order was changed: entry {last} stands on line {first}, and entry {first} on line {last}",),
        "truncated": (f"the tail was cut: entries {at} to {COUNT} are missing", f"the tail was cut: entry {COUNT} is missing"),
        "rewritten": (f"entry {at} was changed, and the chain was written anew from there",),
        "swapped": (f"{document} was swapped or changed: its hash is not the one in entry 4",),
    }[kind]

    with pytest.raises(verify.Fault) as fault:
        verify.verify(whole)

    assert any(one in str(fault.value) for one in named), f"{kind} {at} {other}: {fault.value}"
