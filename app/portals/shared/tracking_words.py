"""What lots carry so that their answers are told, in words. The same for everybody who reads it."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, abort, make_response
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.documents.qr_codes import as_files
from app.intake.tracking import write_tracking
from app.queries.tracking import TrackedLot, TrackingVersion
from workflows.campaign.send.tracking import ReferenceDifference
from workflows.trade.tracking import Kind

KINDS: dict[Kind, LazyString] = {Kind.PHONE: _l("Telephone number"), Kind.URL: _l("Web address"), Kind.QR: _l("QR code")}
"""What a lot may carry."""


def tracking_differences(differences: Iterable[ReferenceDifference]) -> list[dict[str, str]]:
    """What changed: of what, what was said before, and what is said now."""
    nothing = str(_("none"))
    return [
        {
            "what": str(_("%(kind)s of lot %(lot)s", kind=KINDS[one.kind], lot=one.lot_code)),
            "before": one.before or nothing,
            "after": one.after or nothing,
        }
        for one in differences
    ]


def tracking_versions(versions: Iterable[TrackingVersion]) -> list[dict[str, Any]]:
    """Every version with what it changed, as `shared/mailing.html` takes them."""
    return [{"version": one, "changed": tracking_differences(one.differences)} for one in versions]


def lot_words(one: TrackedLot) -> str:
    """A lot's code, and what it is of."""
    return f"{one.lot.code} · {one.lot.list_code} {one.lot.segment} · {_('message %(code)s', code=one.lot.message)}"


def tracked_lot_view(one: TrackedLot) -> dict[str, Any]:
    """A lot as a page's table takes it."""
    return {
        "code": one.lot.code,
        "list": one.lot.list_code,
        "message": one.lot.message,
        "brought": one.brought,
        **{str(kind): one.carries.get(kind, "") or "—" for kind in Kind},
    }


def codes_file(campaign_code: str, lots: Iterable[tuple[str, str]]) -> Response:
    """The QR codes as drawings, one a lot that carries one.

    :raises NotFound: when none does.
    """
    drawn = [(code, address) for code, address in lots if address] or abort(404)
    answer = make_response(as_files(drawn))
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{campaign_code}_qr.zip"'
    return answer


def tracking_file(campaign_code: str, rows: Iterable[Sequence[str]]) -> Response:
    """What lots carry as a table, beside the files of people, whose rows have the lots' codes."""
    answer = make_response(write_tracking(rows))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{campaign_code}_references.csv"'
    return answer
