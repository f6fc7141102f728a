"""What e-mails and text messages have to keep to, in words, for the order to whoever sends them and for its page."""

from app.documents.catalogue import catalogue
from app.documents.typography import Typography
from app.formats import hours
from workflows.campaign.documents import SendingRow
from workflows.trade.calling import read_hours
from workflows.trade.channels import EMAIL


def sending_rows(rules: SendingRow, channel: str, locale: str) -> list[tuple[str, str]]:
    """What a rule of that channel is about, and what it says; rules that set no limit are left out (trade reference, section 3.8)."""
    text = catalogue(locale).text
    if channel == EMAIL:
        rows = [(text("sending.sender"), text("sending.sender_text")), (text("sending.leaving"), text("sending.leaving_text"))]
        if rules.complaint_rate:
            most = Typography(locale, "EUR").percent(rules.complaint_rate)
            rows.append((text("sending.complaints"), text("sending.complaints_text", most=most)))
    else:
        rows = [(text("sending.stop"), text("sending.stop_text"))]
        if rules.hours:
            rows.insert(0, (text("calling.when"), text(f"sending.when_{rules.region}", hours=hours(read_hours(rules.hours)))))
    return [*rows, (text("calling.report"), text("sending.report_text"))]
