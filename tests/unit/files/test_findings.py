"""A delivered file is held against what its note counts by segment, and against what was ordered of each."""

from types import SimpleNamespace
from typing import Any

import pytest

from tasks.files.findings import compare
from workflows.campaign.default_policy import DEFAULT_POLICY
from workflows.campaign.policy import Policy
from workflows.delivery.model import DeliveredFile


def verdicts(declared: dict[str, int] | None, found: dict[str, int]) -> dict[str, str]:
    """The verdicts on segments of a list of which 1,000 of P12 and 500 of P24 are still expected."""
    count = sum(found.values())
    note = DeliveredFile(declared_count=count, declared_sha256="", declared_segments=declared)
    examined: Any = SimpleNamespace(
        record_count=count, segment_counts=found, fatal=(), empty_percent={}, duplicate_ids=0, bad_postcodes=0, defects=()
    )
    findings = compare(examined, note, "0" * 64, segments={"P12": 1000, "P24": 500}, expected=1500, policy=Policy(DEFAULT_POLICY))
    return {one["code"]: one["verdict"] for one in findings if one["code"].startswith("segment_")}


def test_a_note_that_counts_no_segment_is_held_against_the_order_alone() -> None:
    assert verdicts(None, {"P12": 1000, "P24": 500}) == {"segment_within_order:P12": "ok", "segment_within_order:P24": "ok"}
    assert verdicts(None, {}) == {}


@pytest.mark.parametrize(
    ("found", "p12", "p24"),
    [
        ({"P12": 1500}, "warning", "warning"),  # all of one segment, nothing of the other
        ({"P12": 1000}, "ok", "ok"),  # the rest may follow
        ({"P12": 970, "P24": 530}, "warning", "warning"),
        ({"P12": 600, "P24": 520}, "ok", "warning"),
    ],
)
def test_a_segment_that_is_missing_or_too_many_is_told_though_nobody_counted_it(found: dict[str, int], p12: str, p24: str) -> None:
    assert verdicts(None, found) == {"segment_within_order:P12": p12, "segment_within_order:P24": p24}


@pytest.mark.parametrize(
    ("found", "declared", "as_declared", "within_order"),
    [
        (1000, 1000, "ok", "ok"),
        (1010, 1000, "warning", "ok"),
        (1030, 1000, "failed", "warning"),
        (1030, 1030, "ok", "warning"),
        (0, 5, "failed", "ok"),
    ],
)
def test_a_segment_that_the_note_counts_is_held_against_note_and_order(
    found: int, declared: int, as_declared: str, within_order: str
) -> None:
    held = verdicts({"P12": declared}, {"P12": found, "P24": 500})
    assert held == {
        "segment_as_declared:P12": as_declared,
        "segment_within_order:P12": within_order,
        "segment_within_order:P24": "ok",
    }
