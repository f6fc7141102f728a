"""The words of the exchange ledger, for whoever reads or writes it."""

from flask_babel import lazy_gettext as _l

DIRECTIONS = {"given": _l("given to the partner"), "received": _l("received of the partner")}
BASES = {"gross": _l("gross (those delivered)"), "net": _l("net (those billable)")}
