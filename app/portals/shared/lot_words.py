"""A lot as tables take it: its cell, its list, its quantities, in words."""

from typing import Any

from flask_babel import gettext as _

from app.portals.shared.words import label
from app.queries.lots import LotRow


def lot_view(lot: LotRow) -> dict[str, Any]:
    """A lot as the page's table takes it."""
    return {
        "code": lot.code,
        "list": lot.list_code,
        "segment": lot.segment,
        "several": _("in several files") if lot.in_several else "",
        "message": lot.message,
        "offer": lot.offer,
        "role": label("role", lot.role, capital=True),
        "unsent": _("not mailed") if lot.not_sent_reason else "",
        "channel": label("channel", lot.channel),
        "quantity": lot.quantity,
        "seeds": lot.seeds,
        "handed_over": lot.handed_over,
        "deposited": lot.deposited,
    }
