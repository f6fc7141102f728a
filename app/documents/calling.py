"""The rules of calling in words, for the order to whoever calls and for its page. Not for the rules: `trade.calling` has these."""

from app.documents.catalogue import catalogue
from app.formats import hours
from workflows.campaign.documents import CallingRow
from workflows.trade.calling import read_hours


def calling_rows(rules: CallingRow, locale: str) -> list[tuple[str, str]]:
    """What a rule is about, and what it says; rules that set no limit are left out. An objection always holds."""
    text = catalogue(locale).text
    rows = []
    if rules.hours:
        rows.append((text("calling.when"), text(f"calling.when_{rules.region}", hours=hours(read_hours(rules.hours)))))
    if rules.most:
        rows.append((text("calling.how_often"), text("calling.how_often_text", most=rules.most, days=rules.counted_days)))
    if rules.rest_days:
        rows.append((text("calling.refusal"), text("calling.refusal_text", days=rules.rest_days)))
    rows.append((text("calling.objection"), text("calling.objection_text")))
    rows.append((text("calling.report"), text("calling.report_text")))
    return rows
