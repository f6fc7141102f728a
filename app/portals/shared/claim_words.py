"""How a refund claim stands, in a word: the badge it takes, for whoever claims and whoever is claimed from."""

from flask_babel import LazyString
from flask_babel import lazy_pgettext as _lp

STATES: dict[str, tuple[str, LazyString]] = {
    "sent": ("waiting", _lp("claim", "Waiting for the supplier")),
    "accepted": ("accepted", _lp("claim", "Accepted")),
    "contested": ("rejected", _lp("claim", "Contested")),
    "settled": ("resolved", _lp("claim", "Settled")),
    "dropped": ("superseded", _lp("claim", "Dropped")),
}
TOLD: dict[str, LazyString] = {"sent": _lp("claim", "To answer")}
"""The same where its supplier reads it, where that is another word."""
