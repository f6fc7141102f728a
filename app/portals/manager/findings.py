"""What the examination of a delivered file found, as a person would say it. Not for examining: a machine does."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app import i18n
from app.queries.deliveries import FileRow, Finding

FIELDS = {"identity": _l("name"), "address": _l("address"), "postcode": _l("postcode"), "town": _l("town")}
DEFECTS = {
    "double_encoded": _l("accents encoded twice"),
    "mixed_encodings": _l("several encodings in one file"),
    "undecodable_character": _l("characters that cannot be read"),
    "ambiguous_column": _l("columns that could be several things"),
    "duplicate_header": _l("columns of the same name"),
    "missing_column": _l("columns missing"),
    "repeated_header": _l("the heading repeated inside the file"),
    "shifted_row": _l("shifted rows"),
    "trailing_total": _l("a total line at the end"),
    "no_records": _l("no record at all"),
    "other_sheets": _l("other sheets in the workbook"),
    "several_ids": _l("several columns of identifiers"),
    "duplicate_id": _l("identifiers used twice"),
    "bad_postcode": _l("postcodes that do not exist"),
    "leading_zero_lost": _l("postcodes without their first zero"),
    "nul_characters": _l("NUL characters left out"),
    "phone_digits_lost": _l("telephone numbers that a spreadsheet rounded"),
    "phone_zero_lost": _l("telephone numbers without their first zero"),
    "nbsp": _l("no-break spaces"),
}


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """One check in words; `state` is passed, warning or failed."""

    sentence: str
    state: str


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
    expected, actual = _write(finding.expected), _write(finding.actual)
    if kind == "empty":
        return str(
            _("%(share)s without %(field)s", share=i18n.percent(_number(finding.actual) or Decimal(0)), field=FIELDS.get(about, about))
        )
    if kind == "defect":
        return str(_("%(what)s: %(n)s", what=DEFECTS.get(about, about.replace("_", " ")), n=actual))
    if kind == "readable":
        if finding.verdict == "ok":
            return str(_("The file can be read"))
        reasons = [str(DEFECTS.get(code.strip(), code.strip().replace("_", " "))) for code in str(finding.actual).split(",")]
        return str(_("The file cannot be read: %(why)s", why=", ".join(reasons)))
    if kind == "checksum":
        return str(
            _("The hash is that of the delivery note") if finding.verdict == "ok" else _("The hash is not that of the delivery note")
        )
    templates = {
        "count_as_declared": _l("%(actual)s records, %(expected)s announced"),
        "count_within_order": _l("%(actual)s records, %(expected)s still expected under the order"),
        "segments": _l("Segments %(actual)s; ordered: %(expected)s"),
        "duplicate_ids": _l("Identifiers used twice: %(actual)s"),
        "postcodes": _l("Postcodes that do not exist: %(actual)s"),
    }
    template = templates.get(kind)
    return str(template) % {"expected": expected, "actual": actual} if template else f"{finding.code}: {actual}"


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _write(value: Any) -> str:
    number = _number(value)
    return i18n.number(number) if number is not None else str(value)
