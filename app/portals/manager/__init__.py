"""The project manager's portal: an inbox, the campaigns, and one room a stage under the stage's own name. Not for rules or queries.

To add a room: a module of the stage's name that registers its page with `rooms.room`, imported here, and a template of the same name.
"""

from flask_babel import lazy_gettext as _l

from app.portals import NavItem
from app.portals.manager import (
    analysis,
    budget,
    campaign,
    campaigns,
    cancellation,
    certificates,
    claims,
    codes,
    counts,
    dedupe,
    delivery,
    documents,
    drops,
    exchanges,
    follow_up,
    history,
    inbox,
    incidents,
    invoices,
    lots,
    mailing,
    moves,
    moving_drop,
    negotiation,
    opening,
    order,
    overrides,
    overrun,
    plan,
    policy,
    proofs,
    responses,
    samples,
    schedule,
    send,
    tasks,
    tracking,
)
from app.portals.manager.blueprint import blueprint

NAVIGATION = (
    NavItem(endpoint="manager.inbox", label=_l("Inbox"), icon="inbox"),
    NavItem(endpoint="manager.campaigns", label=_l("Campaigns"), icon="list"),
)

__all__ = ["NAVIGATION", "blueprint"]

ROOMS = (
    inbox,
    campaigns,
    drops,
    codes,
    opening,
    campaign,
    cancellation,
    schedule,
    overrides,
    incidents,
    policy,
    plan,
    negotiation,
    samples,
    counts,
    budget,
    order,
    delivery,
    dedupe,
    lots,
    mailing,
    tracking,
    overrun,
    proofs,
    send,
    responses,
    analysis,
    certificates,
    claims,
    invoices,
    exchanges,
    follow_up,
    documents,
    history,
    moves,
    moving_drop,
    tasks,
)
"""Every module with views, in the order of the portal; importing them is what registers them."""
