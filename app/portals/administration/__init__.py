"""The administration: people and their roles, suppliers, policy. It approves nothing and sees no campaign from within."""

from flask_babel import lazy_gettext as _l

from app.portals import NavItem
from app.portals.administration import absences, erasure, people, policy, suppliers, undone
from app.portals.administration.room import blueprint

PAGES = (people, absences, erasure, suppliers, undone, policy)
"""The modules whose views the blueprint holds."""

NAVIGATION = (
    NavItem(endpoint="administration.home", label=_l("People"), icon="people"),
    NavItem(endpoint="administration.suppliers", label=_l("Suppliers"), icon="list"),
    NavItem(endpoint="administration.undone", label=_l("Left undone"), icon="clock"),
    NavItem(endpoint="administration.policy", label=_l("Policy"), icon="scales"),
    NavItem(endpoint="administration.erasures", label=_l("Erasures"), icon="cross"),
)

__all__ = ["NAVIGATION", "PAGES", "blueprint"]
