"""The auditor's portal: everything that happened, who did it and what proves it, without a button that changes anything."""

from flask_babel import lazy_gettext as _l

from app.portals import NavItem
from app.portals.auditor import (
    analysis,
    chains,
    delivery,
    documents,
    entry,
    erasures,
    evidence,
    exceptions,
    exchanges,
    invoices,
    overrides,
    past,
    policy,
    seals,
    send,
    timeline,
)
from app.portals.auditor.room import blueprint

PAGES = (
    chains,
    timeline,
    entry,
    past,
    delivery,
    send,
    invoices,
    exchanges,
    analysis,
    overrides,
    policy,
    exceptions,
    documents,
    evidence,
    seals,
    erasures,
)
"""The modules whose views the blueprint holds."""

NAVIGATION = (
    NavItem(endpoint="auditor.home", label=_l("Campaigns"), icon="list"),
    NavItem(endpoint="auditor.exceptions", label=_l("Exceptions"), icon="warning"),
    NavItem(endpoint="auditor.seals", label=_l("Seals"), icon="lock"),
    NavItem(endpoint="auditor.erasures", label=_l("Erasures"), icon="people"),
)

__all__ = ["NAVIGATION", "PAGES", "blueprint"]
