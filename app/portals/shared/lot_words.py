"""A lot as tables take it: its cell, its list, its quantities, in words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app import i18n
from app.portals.shared.words import label
from app.queries.lots import LotRow


def barred_told(barred: Mapping[str, int]) -> str:
    """The lots with people whom their channel leaves alone by now, with how many; nothing where there are none."""
    if not barred:
        return ""
    lots = ", ".join(_("%(lot)s (%(n)s)", lot=code, n=i18n.number(number)) for code, number in barred.items())
    return str(
        _(
            "By what other campaigns reported and the day of the drop, people of these lots are left alone by their channel: %(lots)s.",
            lots=lots,
        )
    )


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
