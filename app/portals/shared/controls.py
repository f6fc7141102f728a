"""Controls as checkpoints hold them, in words: what was looked at, what was expected and found. The same for manager and auditor."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import i18n
from app.documents.catalogue import catalogue
from app.formats import NOTHING
from app.portals.shared.words import weak_day
from workflows.trade.calling import Broken
from workflows.trade.legal_basis import LegalBasis
from workflows.trade.working_days import NoDropWindow

CHECKS: dict[str, LazyString] = {
    "accepted_share": _l("Accepted against the plan"),
    "batch": _l("Rows of a file of answers, each counted once"),
    "barred_in_lots": _l("People in lots whom their channel leaves alone"),
    "brought_over": _l("Addresses of a list that may be written to again, of those mailed"),
    "budget_hash": _l("Hash of the budget that was signed"),
    "call_rules": _l("Calls that broke a rule"),
    "cap": _l("Cap of the approval against what is budgeted"),
    "certificate": _l("Certificate of destruction, its day and when it came"),
    "complaints": _l("People who complained, of those who were e-mailed"),
    "count_as_declared": _l("Records against the delivery note"),
    "count_within_order": _l("Records within the order"),
    "credit_note": _l("Credit note against what is left of its invoice, without VAT"),
    "defect": _l("Defect"),
    "delivered": _l("Delivered against examined"),
    "deposit": _l("Gone out against handed over"),
    "deposit_day": _l("Day of the sending against the window for which the files were lent"),
    "drop_on": _l("Day of the drop, before and after"),
    "duplicate_ids": _l("Identifiers used twice"),
    "response_curve": _l("Curve of answers of earlier campaigns, by its hash"),
    "early_close": _l("Days of answers before they are closed"),
    "empty": _l("Empty mandatory field"),
    "excluded_lists": _l("Lists that the approval excludes, and those left out"),
    "invoice": _l("Invoice against what is due, without VAT"),
    "invoice_missing": _l("Invoice that is missing, without VAT"),
    "invoices_counted": _l("Rows of invoices, each counted once"),
    "legal_basis": _l("Legal basis of a list against the channels that it is used on"),
    "list_counted": _l("Addresses counted of a list against those wanted"),
    "list_delivered": _l("List delivered against ordered"),
    "overrun": _l("What the campaign is going to cost against what was approved"),
    "overrun_hash": _l("Hash of the forecast that was signed"),
    "owed": _l("Owed for what is cancelled"),
    "owed_stated": _l("Stated as owed for services, beside what is known to be done"),
    "proof": _l("Proof that was signed off, against what came after it"),
    "sample_approved": _l("Samples that an owner approved, against the newest"),
    "segment_as_declared": _l("Records of a segment against the delivery note"),
    "segment_within_order": _l("Records of a segment within the order"),
    "signatures": _l("Different approvers who signed the budget"),
    "told_to_nobody": _l("People to tell of an overdue task"),
    "texts_erased": _l("Texts erased"),
    "documents_redacted": _l("Documents out of which the person was taken"),
    "order_content": _l("Content that may be accepted, before and after"),
    "net=lots": _l("Net of a list against its lots"),
}
"""Controls that no document names."""

BROKEN: dict[str, LazyString] = {
    Broken.DAY: _l("on a weekend or a public holiday"),
    Broken.HOURS: _l("outside the hours of calls"),
    Broken.HOUR_UNREADABLE: _l("at an hour that cannot be read"),
    Broken.TOO_OFTEN: _l("more often to one person within 30 days than allowed"),
    Broken.AFTER_REFUSAL: _l("too soon after a refusal"),
}
"""What a call did not keep to."""

DECIMALS = {"target_roi": 2, "target_responses": 0}
"""With how many decimals a figure is told that is kept with more."""

FIELDS: dict[str, LazyString] = {"identity": _l("name"), "address": _l("address"), "postcode": _l("postcode"), "town": _l("town")}
"""The fields that a record must have."""

DAYS = {"drop", "drop_on", "deposit_day", "certificate", "invoice_not_before", "invoice_not_ahead"}
"""Controls of a day, or of a first and a last."""

CODES = {"segments", "invoice_order", "invoice_supplier", "invoice_billed_once"}
"""Controls that hold codes as text, which are no numbers even where digits make them. A plan's is a count, and kept as a number."""

_RANGE = re.compile(r"(\d+)-(\d+)")
_PLAIN = re.compile(r"-?\d{1,15}(\.\d+)?")
"""A number in a checkpoint. An identifier or a hash made of digits alone is longer."""


def control_word(code: str, windows: Sequence[NoDropWindow] = (), expected: Any = None) -> str:
    """A control's code as on paper, with what it is about; `windows` have the words for a weak day.

    Of a plan the segments are counted, of a file their codes are compared: what was expected tells which.
    """
    kind, _colon, about = code.partition(":")
    if kind == "segments" and _RANGE.fullmatch(str(expected)):
        kind = "segment_count"
    word = str(CHECKS[kind]) if kind in CHECKS else catalogue(i18n.language()).label("check", kind)
    if kind == "defect":
        about = defect_word(about)
    elif kind == "empty":
        about = str(FIELDS.get(about, about))
    elif kind == "response_curve":
        about = catalogue(i18n.language()).label("channel", about)
    elif kind == "call_rules":
        about = str(BROKEN.get(about, about))
    elif kind == "drop":
        about = weak_day(about, windows)
    return f"{word[:1].upper()}{word[1:]} · {about}" if about else f"{word[:1].upper()}{word[1:]}"


def defect_word(code: str) -> str:
    """A defect of a delivered file, as on paper."""
    return catalogue(i18n.language()).label("defect", code)


def encoding_word(code: str) -> str:
    """An encoding by the name that people know, as on paper."""
    return catalogue(i18n.language()).label("encoding", code)


def written_word(layout: str, encoding: str) -> str:
    """How a file is written, as on paper: its layout and its encoding; nothing where neither is known."""
    layout = catalogue(i18n.language()).label("layout", layout) if layout else ""
    return " · ".join(filter(None, (layout, encoding_word(encoding) if encoding else "")))


def control_value(code: str, value: Any) -> str:
    """What a control expected or found, as its kind is written: a share, a reason, a day, a number; anything else as it is kept."""
    if value is None:
        return NOTHING
    kind, written = code.partition(":")[0], str(value)
    if kind == "readable":
        return str(_("yes")) if written == "yes" else ", ".join(defect_word(one.strip()) for one in written.split(","))
    if kind == "legal_basis":
        words = catalogue(i18n.language())
        return ", ".join(words.label("legal_basis" if one in set(LegalBasis) else "channel", one) for one in written.split(", "))
    if kind in DAYS:
        return " – ".join(i18n.day(date.fromisoformat(one)) for one in written.split("/"))
    if bounds := _RANGE.fullmatch(written):
        return f"{bounds[1]}–{bounds[2]}"
    if not _PLAIN.fullmatch(written) or (kind in CODES and isinstance(value, str)):
        return written
    return i18n.percent(Decimal(written)) if kind == "empty" else i18n.number(Decimal(written), DECIMALS.get(kind))


def tolerance_value(value: Any) -> str:
    """A tolerance as on paper: in records where it is a whole number, a share where it is a decimal as text; none at all is not told."""
    if value in (None, "", 0):
        return NOTHING
    return i18n.number(value) if isinstance(value, int) else i18n.percent(Decimal(str(value)))


def control_told(code: str, actual: Any, expected: Any, windows: Sequence[NoDropWindow] = ()) -> str:
    """A control that did not pass, as a sentence."""
    what, found = control_word(code, windows, expected), control_value(code, actual)
    if expected is None:
        return str(_("%(what)s: %(n)s", what=what, n=found))
    return str(_("%(what)s: %(actual)s instead of %(expected)s", what=what, actual=found, expected=control_value(code, expected)))
