"""The check of a delivered file as a person would say it: how many records, what is odd about them, what to do next. No jargon.

Pure: the page's data in, sentences out. What the checks are and when a file is refused is decided elsewhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app import i18n
from app.documents.catalogue import catalogue
from app.file_messages import UNREADABLE
from app.queries.supplier_work import FilePage
from workflows.delivery.model import FileState

EMPTY = {
    "identity": _l("without a name"),
    "address": _l("without an address"),
    "postcode": _l("without a postcode"),
    "town": _l("without a town"),
}


@dataclass(frozen=True)
class Report:
    """What the page says of a file: one headline, what was found, what is left to do. `tone` is done, wait, stop or now."""

    tone: str
    headline: str
    found: tuple[str, ...]
    next_step: str


def report_on(file: FilePage) -> Report:
    """The report on one file as it stands now."""
    if file.being_read:
        waiting = _("The file is here and is being read. This takes a minute; you can leave this page, the result stays here.")
        return Report("now", waiting, (), "")
    found = tuple(_found(file))
    count = _count(file)
    if file.state == FileState.SUPERSEDED:
        return Report("now", _("A newer version took its place."), found, _("Nothing to do here."))
    if file.state == FileState.REJECTED:
        return Report("stop", _("Not accepted: %(reason)s", reason=file.rejection_reason), found, _("Send a corrected file."))
    if not file.conforming:
        return Report("stop", count, found, _("Send a corrected file; you need not wait to be asked."))
    if file.state == FileState.ACCEPTED:
        return Report("done", count, found, _("Accepted. Nothing to do."))
    return Report(
        "wait" if found else "done",
        count,
        found,
        _("Nothing to do: %(advertiser)s looks at it and accepts it.", advertiser=file.advertiser_name),
    )


def _count(file: FilePage) -> str:
    """How many records there are, against what was announced."""
    if (file.report or {}).get("fatal"):
        return str(_("The file cannot be read."))
    records = file.record_count or 0
    shown = ngettext("One record", "%(count)s records", records, count=i18n.number(records))
    if file.declared_count is None:
        return str(_("%(records)s.", records=shown))
    if records == file.declared_count:
        return str(_("%(records)s, as announced.", records=shown))
    return str(_("%(records)s; you announced %(announced)s.", records=shown, announced=i18n.number(file.declared_count)))


def _found(file: FilePage) -> Iterable[str]:
    """What is worth saying of the file, each in one sentence."""
    report = file.report or {}
    fatal = report.get("fatal", ())
    for one in fatal:
        yield str(UNREADABLE.get(one["code"], one["detail"]))
    for check in file.checks:
        sentence = _check(file, check) if check["verdict"] in ("warning", "failed") else None
        if sentence:
            yield sentence
    for field, lack in () if fatal else report.get("empty", {}).items():
        if field in EMPTY:
            what = _("%(count)s %(lacking)s", count=i18n.number(int(lack["count"])), lacking=EMPTY[field])
            yield str(_at_lines(what, int(lack["count"]), lack["rows"]))
    for defect in () if fatal else report.get("defects", ()):
        sentence = _defect(defect)
        if sentence:
            yield sentence


def _check(file: FilePage, check: Mapping[str, Any]) -> str | None:
    """A check that did not hold; what the headline or a defect says already is not said twice."""
    code, _colon, about = str(check["code"]).partition(":")
    records = file.record_count or 0
    match code:
        case "checksum":
            return str(_("The file is not the one your note describes: its fingerprint differs. It may have been cut on its way."))
        case "count_as_declared" if check["verdict"] == "failed" and not (file.report or {}).get("fatal"):
            return str(_("That is too far from what you announced: check that the file is whole."))
        case "count_within_order":
            expected = i18n.number(int(check["expected"]))
            return str(
                _("More than what is still expected (%(expected)s) and its tolerance: what is above cannot be invoiced.", expected=expected)
            )
        case "segment_as_declared":
            noted = i18n.number(int(check["expected"]))
            return str(
                _("Segment %(code)s: %(found)s; you announced %(noted)s.", code=about, found=i18n.number(check["actual"]), noted=noted)
            )
        case "segment_within_order":
            expected = i18n.number(int(check["expected"]))
            if int(check["actual"]) > int(check["expected"]):
                return str(_("Segment %(code)s: more than what is still expected (%(expected)s).", code=about, expected=expected))
            found = i18n.number(int(check["actual"]))
            return str(_("Segment %(code)s: %(found)s, and %(expected)s are still expected.", code=about, found=found, expected=expected))
        case "empty" if about not in (file.report or {}).get("empty", {}):
            count = int(Decimal(check["actual"]) * records)
            return str(_("%(count)s %(lacking)s.", count=i18n.number(count), lacking=EMPTY.get(about, about)))
        case "segments":
            return str(_("Segments found: %(found)s; ordered: %(ordered)s.", found=check["actual"], ordered=check["expected"]))
    return None


def _defect(defect: Mapping[str, Any]) -> str | None:
    """A defect of the records, with the lines where it was seen first."""
    count, shown = int(defect["count"]), i18n.number(int(defect["count"]))
    words = {
        "bad_postcode": ngettext("One impossible postcode", "%(count)s impossible postcodes", count, count=shown),
        "leading_zero_lost": ngettext(
            "One postcode had lost its first zero", "%(count)s postcodes had lost their first zero", count, count=shown
        ),
        "phone_zero_lost": ngettext(
            "One phone number had lost its first zero", "%(count)s phone numbers had lost their first zero", count, count=shown
        ),
        "phone_digits_lost": ngettext(
            "One phone number was rounded by a spreadsheet (1.6E+09)",
            "%(count)s phone numbers were rounded by a spreadsheet (1.6E+09)",
            count,
            count=shown,
        ),
        "nul_characters": ngettext("One line held a NUL character", "%(count)s lines held NUL characters", count, count=shown),
        "duplicate_id": ngettext("One identifier is there twice", "%(count)s identifiers are there more than once", count, count=shown),
        "excel_scientific_id": ngettext(
            "One identifier was cut by a spreadsheet (1.2E+11)",
            "%(count)s identifiers were cut by a spreadsheet (1.2E+11)",
            count,
            count=shown,
        ),
        "undecodable_character": ngettext(
            "One record has letters that cannot be read", "%(count)s records have letters that cannot be read", count, count=shown
        ),
        "double_encoded": ngettext("One record has broken accents", "%(count)s records have broken accents", count, count=shown),
        "shifted_row": ngettext("One line had slid", "%(count)s lines had slid", count, count=shown),
        "trailing_total": _("A line of totals at the end was left out"),
        "repeated_header": _("Column names repeated inside the file were left out"),
        "other_sheets": _("Only the first sheet was read"),
        "nbsp": None,
    }.get(str(defect["code"]), _in_short(str(defect["code"])))
    if words is None:
        return None
    if defect["repaired"]:
        return str(_("%(what)s: repaired, nothing to do.", what=words))
    return _at_lines(str(words), count, defect["rows"])


def _in_short(code: str) -> str:
    """A rarer defect as documents name it."""
    name = catalogue(i18n.language()).label("defect", code)
    return name[:1].upper() + name[1:]


def _at_lines(what: str, count: int, rows: Sequence[int]) -> str:
    """What was found with the lines where it stands, which are written as an editor shows them: without groups."""
    if not rows:
        return str(_("%(what)s.", what=what))
    lines, more = ", ".join(str(int(row)) for row in rows), count - len(rows)
    if more > 0:
        return str(_("%(what)s (lines %(lines)s and %(more)s more).", what=what, lines=lines, more=i18n.number(more)))
    return str(ngettext("%(what)s (line %(lines)s).", "%(what)s (lines %(lines)s).", len(rows), what=what, lines=lines))
