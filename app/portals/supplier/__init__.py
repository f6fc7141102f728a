"""The supplier's portal, for an outsider who came by a link: what there is to do, orders, what may be invoiced. No word of ours in it."""

from flask_babel import lazy_gettext as _l

from app.portals import NavItem
from app.portals.supplier import (
    certificates,
    claims,
    codes,
    delivery,
    home,
    invoices,
    negotiation,
    order,
    orders_together,
    proofs,
    responses,
    samples,
    send,
)
from app.portals.supplier.room import blueprint

PAGES = (home, negotiation, samples, order, orders_together, delivery, proofs, send, responses, invoices, claims, certificates, codes)
"""The modules whose views the blueprint holds, in the order of a campaign."""

NAVIGATION = (
    NavItem(endpoint="supplier.home", label=_l("To do"), icon="inbox"),
    NavItem(endpoint="supplier.orders", label=_l("Orders"), icon="list"),
    NavItem(endpoint="supplier.statements", label=_l("To invoice"), icon="euro"),
)

__all__ = ["NAVIGATION", "PAGES", "blueprint"]
