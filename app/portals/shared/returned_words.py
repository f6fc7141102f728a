"""Files of what came back in words: what they hold, what became of their rows, why some could not be read. Not for reading them."""

from typing import Any, BinaryIO, cast

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from werkzeug.datastructures import FileStorage

from app import i18n
from app.intake.returned import NEEDED, ColumnsMissing, look_at_titles
from app.portals.shared.controls import BROKEN
from app.queries.batches import Batch
from app.queries.contact_reports import ContactPage
from workflows.campaign.contacted.bringing import BOUNCES, CALLS, FILE_GONE, MAILING_GONE, RESPONSES, UNDELIVERABLES
from workflows.trade.contact_reports import CALLS as CALL_OUTCOMES
from workflows.trade.contact_reports import Outcome, RowFault

KINDS: dict[str, LazyString] = {
    RESPONSES: _l("Answers"),
    UNDELIVERABLES: _l("Undeliverables"),
    BOUNCES: _l("Bounces and objections of e-mails and messages"),
    CALLS: _l("Report of calls"),
}
OUTCOMES: dict[str, LazyString] = {
    Outcome.HARD: _l("hard bounces"),
    Outcome.SOFT: _l("soft bounces"),
    Outcome.UNSUBSCRIBED: _l("unsubscribed"),
    Outcome.COMPLAINT: _l("complaints"),
    Outcome.REACHED: _lp("calls", "Reached"),
    Outcome.AGREED: _lp("calls", "Agreed"),
    Outcome.REFUSED: _lp("calls", "Refused"),
    Outcome.CALLBACK: _lp("calls", "To call again"),
    Outcome.WRONG_NUMBER: _lp("calls", "Wrong number"),
    Outcome.OPT_OUT: _lp("calls", "Objected"),
}
FAULTS: dict[str, LazyString] = {
    RowFault.ID_MISSING: _l("no identifier"),
    RowFault.ID_UNKNOWN: _l("an identifier that this campaign gave nobody"),
    RowFault.CONTROL_ADDRESS: _l("a control address"),
    RowFault.NOT_SENT: _l("a lot that was not sent"),
    RowFault.OTHER_CHANNEL: _l("a lot that went out by another channel"),
    RowFault.DATE_UNREADABLE: _l("the date cannot be read"),
    RowFault.DATE_BEFORE_DROP: _l("the date is before the drop"),
    RowFault.OUTCOME_UNKNOWN: _l("what happened is none of the words of such a file"),
    RowFault.AMOUNT_NOT_A_NUMBER: _l("the amount is no number"),
}
_GONE: dict[str, LazyString] = {
    FILE_GONE: _l("The file was destroyed on its day, before it was read. Send it again."),
    MAILING_GONE: _l(
        "The addresses of the mailing were destroyed on their day, before this file came: nobody can say any more whom its rows are about."
        " Answers can be closed without it."
    ),
}
_STATES = {"received": "checking", "imported": "done", "refused": "refused"}
_ROWS_NAMED = 10


def batch_view(batch: Batch) -> dict[str, Any]:
    """A file as a table takes it."""
    return {
        "name": batch.name,
        "brought_by": batch.brought_by,
        "kind": KINDS.get(batch.kind, batch.kind),
        "state": _STATES.get(batch.state, batch.state),
        "rows": batch.counts.get("rows"),
        "new": batch.counts.get("new"),
        "repeated": batch.counts.get("repeated"),
        "unreadable": batch.counts.get("unreadable"),
        "sha256": batch.sha256,
        "remarks": _why_refused(batch) if batch.state == "refused" else _remarks(batch),
    }


def titles_remark(upload: FileStorage, kind: str) -> str:
    """What is wrong with the titles of a file that is to be of a kind, in a sentence or two; empty where nothing is."""
    try:
        look_at_titles(cast(BinaryIO, upload.stream), kind)
    except ColumnsMissing as fault:
        return _missing(fault.missing, kind)
    return ""


def _missing(missing: tuple[str, ...], kind: str) -> str:
    return str(
        ngettext(
            "The first line of the file has no title %(missing)s. It has to read %(titles)s, in any order.",
            "The first line of the file has no titles %(missing)s. It has to read %(titles)s, in any order.",
            len(missing),
            missing=", ".join(missing),
            titles=";".join(NEEDED[kind]),
        )
    )


def _remarks(batch: Batch) -> str:
    return " ".join(filter(None, (_without_mailing(batch), _faults(batch), _broken(batch))))


def _without_mailing(batch: Batch) -> str:
    """That nobody was known by identifier or name any more when it was read; empty where they were."""
    if not batch.counts.get("without_mailing"):
        return ""
    return str(_("The addresses of the mailing were destroyed before: only rows with a lot’s code, number or address could be credited."))


def _why_refused(batch: Batch) -> str:
    reason = batch.counts.get("reason", "")
    if reason in _GONE:
        return str(_GONE[reason])
    missing = tuple(reason.split(", "))
    if set(missing) <= set(NEEDED.get(batch.kind, ())):
        return _missing(missing, batch.kind)
    return str(_("The file cannot be read as a table of text. Save it as CSV and send it again."))


def _faults(batch: Batch) -> str:
    """Which rows could not be read, and why."""
    return " ".join(_fault(fault, numbers) for fault, numbers in _rows_by(batch, "faults").items())


def _broken(batch: Batch) -> str:
    """How many calls broke a rule, and in which rows."""
    rows = _rows_by(batch, "broken")
    if not rows:
        return ""
    parts = (_broken_rule(rule, batch.counts[rule], rows.get(rule, [])) for rule in BROKEN if rule in batch.counts)
    return str(_("Calls that broke a rule, and count like the others: %(rules)s.", rules=i18n.clauses(parts)))


def _broken_rule(rule: str, calls: int, numbers: list[int]) -> str:
    said = {"calls": i18n.number(calls), "why": str(BROKEN[rule])}
    if not numbers:
        return str(_("%(calls)s %(why)s", **said))
    rows = _named(numbers)
    return str(ngettext("%(calls)s %(why)s (line %(rows)s)", "%(calls)s %(why)s (lines %(rows)s)", len(numbers), rows=rows, **said))


def _rows_by(batch: Batch, said: str) -> dict[str, list[int]]:
    """The rows that a batch names, by what it says of them."""
    rows: dict[str, list[int]] = {}
    for row, what in batch.counts.get(said, ()):
        rows.setdefault(what, []).append(row)
    return rows


def _named(numbers: list[int]) -> str:
    return ", ".join(i18n.number(one) for one in numbers[:_ROWS_NAMED]) + ("…" if len(numbers) > _ROWS_NAMED else "")


def _fault(fault: str, numbers: list[int]) -> str:
    named = _named(numbers)
    return str(ngettext("Line %(rows)s: %(why)s.", "Lines %(rows)s: %(why)s.", len(numbers), rows=named, why=str(FAULTS.get(fault, fault))))


def contact_words(page: ContactPage) -> dict[str, Any]:
    """Bounces and calls as the tables of a page take them."""
    rows: list[dict[str, Any]] = [
        {"day": i18n.day(one.on), "calls": one.calls, **{name: one.outcomes.get(name, 0) for name in CALL_OUTCOMES}}
        for one in page.call_days
    ]
    total = {name: sum(row[name] for row in rows) for name in ("calls", *CALL_OUTCOMES)}
    columns = [{"key": str(name), "label": OUTCOMES[name], "kind": "number"} for name in CALL_OUTCOMES]
    broken = [{"word": word, "calls": page.broken[rule]} for rule, word in BROKEN.items() if rule in page.broken]
    return {"bounces": page.bounces, "call_rows": rows, "call_total": total, "call_columns": columns, "broken_rows": broken}
