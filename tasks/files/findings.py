"""Holds an examined file against its delivery note, its order and policy (section 3.5 of the trade reference).

Findings are a checkpoint's controls.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from workflows.campaign.policy import Policy
from workflows.delivery.model import DeliveredFile

if TYPE_CHECKING:
    from tasks.merge_purge.reading import Examination

MANDATORY = ("identity", "address", "postcode", "town")


def compare(
    found: Examination, note: DeliveredFile, sha256: str, *, segments: Mapping[str, int], expected: int, policy: Policy
) -> list[dict[str, Any]]:
    """Every check with what was expected, what is, and its verdict: `ok`, `warning` (worth a look) or `failed` (refuse the file).

    :param segments: records ordered of the list and not yet accepted, by segment.
    :param expected: records ordered and not yet accepted.
    """
    findings = [_finding("readable", "yes", ", ".join(sorted({one["code"] for one in found.fatal})) or "yes", failed=bool(found.fatal))]
    if note.declared_sha256:
        findings.append(_finding("checksum", note.declared_sha256, sha256, failed=sha256 != note.declared_sha256.lower()))
    tolerance = policy.share("tolerances", "delivered_share")
    if note.declared_count is not None:
        apart = abs(found.record_count - note.declared_count)
        outside = apart > note.declared_count * tolerance
        findings.append(
            _finding("count_as_declared", note.declared_count, found.record_count, failed=outside, warning=apart > 0, tolerance=tolerance)
        )
    over = found.record_count > expected * (1 + tolerance)
    findings.append(_finding("count_within_order", expected, found.record_count, warning=over, tolerance=tolerance))
    if found.fatal:
        return findings
    limit = policy.share("thresholds", "empty_mandatory_share")
    for field in MANDATORY:
        empty = Decimal(str(found.empty_percent.get(field, 0))) / 100
        findings.append(_finding(f"empty:{field}", str(limit), f"{empty:.4f}", warning=empty > limit))
    unknown = sorted(set(found.segment_counts) - set(segments))
    if found.segment_counts:
        findings.append(_finding("segments", ", ".join(sorted(segments)), ", ".join(sorted(found.segment_counts)), warning=bool(unknown)))
    findings += _by_segment(found, note, segments, tolerance)
    findings.append(_finding("duplicate_ids", 0, found.duplicate_ids, warning=found.duplicate_ids > 0))
    findings.append(_finding("postcodes", 0, found.bad_postcodes, warning=found.bad_postcodes > 0))
    seen = (defect for defect in found.defects if defect.count)
    return findings + [_finding(f"defect:{defect.code}", 0, defect.count, warning=not defect.repaired) for defect in seen]


def _by_segment(found: Examination, note: DeliveredFile, segments: Mapping[str, int], tolerance: Decimal) -> Iterator[dict[str, Any]]:
    """Each segment that the note counts, against the note; and these, with all that were ordered of a file that has any, against the order.

    One that is short is told where the file by itself holds all that was ordered: else another may follow with the rest.
    """
    declared = note.declared_segments or {}
    whole = found.record_count >= sum(segments.values()) * (1 - tolerance)
    for code in sorted({*declared, *(segments if found.segment_counts else ())}):
        actual, expected = found.segment_counts.get(code, 0), segments.get(code, 0)
        if code in declared:
            apart = abs(actual - declared[code])
            outside = apart > declared[code] * tolerance
            yield _finding(f"segment_as_declared:{code}", declared[code], actual, failed=outside, warning=apart > 0, tolerance=tolerance)
        over, short = actual > expected * (1 + tolerance), whole and actual < expected * (1 - tolerance)
        yield _finding(f"segment_within_order:{code}", expected, actual, warning=over or short, tolerance=tolerance)


def _finding(
    code: str, expected: Any, actual: Any, *, failed: bool = False, warning: bool = False, tolerance: Decimal | None = None
) -> dict[str, Any]:
    verdict = "failed" if failed else "warning" if warning else "ok"
    return {
        "code": code,
        "expected": expected,
        "actual": actual,
        "tolerance": None if tolerance is None else str(tolerance),
        "verdict": verdict,
        "override": None,
    }
