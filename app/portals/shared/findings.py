"""What the examination of a delivered file found, as a person would say it. Not for examining: a machine does."""

from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import i18n
from app.file_messages import UNREADABLE_SUPPRESSION
from app.portals.shared.controls import FIELDS, control_value, defect_word, encoding_word
from app.queries.deliveries import FileRow, Finding, Suppression


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """One check in words; `state` is passed, warning or failed."""

    sentence: str
    state: str


LEFT_OUT: dict[str, LazyString] = {
    "answered": _l("who answered:"),
    "objected": _l("who objected:"),
    "undeliverable": _l("whose mail came back:"),
    "seconds_unpaid": _l("group seconds that are not paid:"),
}
"""Whom a file that was brought over leaves out."""


def file_words(file: FileRow) -> dict[str, Any]:
    """A delivered file as its part of a page takes it."""
    return {
        "file": file,
        "summary": summary(file),
        "encoding": encoding_word(file.encoding),
        "findings": findings_of(file),
        "made_of": made_of(file.brought_over) if file.brought_over else "",
    }


def suppression_words(row: Suppression) -> dict[str, Any]:
    """A suppression file as its part of a page takes it: how it stands, and what a machine found in it, in a sentence."""
    if row.fault:
        return {"row": row, "state": "unreadable", "found": UNREADABLE_SUPPRESSION.get(row.fault, row.detail)}
    state = "received" if row.stored_at else "expected"
    if row.record_count is None:
        return {"row": row, "state": state, "found": ""}
    counted = ngettext("One record.", "%(count)s records.", row.record_count, count=i18n.number(row.record_count))
    return {"row": row, "state": state, "found": counted}


def made_of(brought_over: dict[str, Any]) -> str:
    """What a file that was brought over is made of, in a sentence or two."""
    words = [
        ngettext(
            "Made of the files of %(campaign)s, which mailed %(num)s address of this list.",
            "Made of the files of %(campaign)s, which mailed %(count)s addresses of this list.",
            brought_over["mailed"],
            campaign=brought_over["campaign"],
            count=i18n.number(brought_over["mailed"]),
        )
    ]
    left_out = [f"{LEFT_OUT[reason]} {i18n.number(number)}" for reason, number in brought_over["left_out"].items()]
    if left_out:
        words.append(_("Left out: %(reasons)s.", reasons=", ".join(left_out)))
    if brought_over["seconds"]:
        words.append(_("With %(number)s of its group seconds.", number=i18n.number(brought_over["seconds"])))
    return " ".join(words)


def findings_of(file: FileRow) -> list[FindingView]:
    """Every check of a file, the worst first."""
    order = {"failed": 0, "warning": 1, "ok": 2}
    ranked = sorted(file.findings, key=lambda finding: order.get(finding.verdict, 1))
    states = {"ok": "passed", "warning": "warning", "failed": "failed"}
    return [FindingView(sentence=_with_places(finding), state=states.get(finding.verdict, "warning")) for finding in ranked]


def _with_places(finding: Finding) -> str:
    """One check as a sentence, with the lines of the file where it was seen first, written as an editor shows them."""
    said = sentence(finding)
    if not finding.rows:
        return said
    lines = ", ".join(str(row) for row in finding.rows)
    return str(ngettext("%(said)s (line %(lines)s)", "%(said)s (first lines: %(lines)s)", len(finding.rows), said=said, lines=lines))


def summary(file: FileRow) -> str:
    """A file in one sentence: how many records, as announced or not, and whether anything is to be looked at."""
    if file.state == "received":
        return str(_("The file is being checked."))
    if file.record_count is None:
        return str(_("The file was not checked."))
    records = ngettext("%(n)s record", "%(n)s records", file.record_count, n=i18n.number(file.record_count))
    if file.declared_count is None:
        announced = _("the delivery note announces no quantity")
    elif file.declared_count == file.record_count:
        announced = _("as announced")
    else:
        announced = _("%(n)s announced", n=i18n.number(file.declared_count))
    failed = sum(finding.verdict == "failed" for finding in file.findings)
    warned = sum(finding.verdict == "warning" for finding in file.findings)
    if failed:
        rest = ngettext("one check fails", "%(num)s checks fail", failed)
    elif warned:
        rest = ngettext("one point to look at", "%(num)s points to look at", warned)
    else:
        rest = _("nothing to do")
    return str(_("%(records)s, %(announced)s; %(rest)s.", records=records, announced=announced, rest=rest))


def sentence(finding: Finding) -> str:
    """One check as a sentence."""
    kind, _colon, about = finding.code.partition(":")
    expected, actual = control_value(finding.code, finding.expected), control_value(finding.code, finding.actual)
    if kind == "empty":
        return str(_("%(share)s without %(field)s", share=actual, field=FIELDS.get(about, about)))
    if kind == "defect":
        return str(_("%(what)s: %(n)s", what=defect_word(about), n=actual))
    if kind == "readable":
        if finding.verdict == "ok":
            return str(_("The file can be read"))
        return str(_("The file cannot be read: %(why)s", why=actual))
    if kind == "checksum":
        return str(
            _("The hash is that of the delivery note") if finding.verdict == "ok" else _("The hash is not that of the delivery note")
        )
    templates = {
        "count_as_declared": _l("%(actual)s records, %(expected)s announced"),
        "count_within_order": _l("%(actual)s records, %(expected)s still expected under the order"),
        "segment_as_declared": _l("Segment %(about)s: %(actual)s records, %(expected)s announced"),
        "segment_within_order": _l("Segment %(about)s: %(actual)s records, %(expected)s still expected under the order"),
        "segments": _l("Segments %(actual)s; ordered: %(expected)s"),
        "duplicate_ids": _l("Identifiers used twice: %(actual)s"),
        "postcodes": _l("Postcodes that do not exist: %(actual)s"),
    }
    template = templates.get(kind)
    return str(template) % {"expected": expected, "actual": actual, "about": about} if template else f"{finding.code}: {actual}"
