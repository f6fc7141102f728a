"""The approver's portal: budgets to decide, on a phone between two meetings. Not for preparing them, and not for deciding by itself."""

from flask_babel import lazy_gettext as _l

from app.portals import NavItem
from app.portals.approver import cancellation, overrides, overrun
from app.portals.approver.views import blueprint

NAVIGATION = (
    NavItem(endpoint="approver.home", label=_l("Decisions"), icon="pen"),
    NavItem(endpoint="approver.overrides", label=_l("Reviews"), icon="check"),
)

__all__ = ["NAVIGATION", "blueprint", "cancellation", "overrides", "overrun"]
