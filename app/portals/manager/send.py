"""The sending's room: the mailing order, what was posted of each lot, and the drop.

Proofs with their notices are in `proofs`, what is done with a deposit that stands in `deposits`.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from flask import Response
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.portals.manager.blueprint import blueprint
from app.portals.manager.campaign import jobs
from app.portals.manager.deposits import asking_deposit, deposit_form, lots_of, standing_views, waiting_views
from app.portals.manager.mailing import mailing_views
from app.portals.manager.moves import move_view
from app.portals.manager.not_sending import unsent_views
from app.portals.manager.proofs import message_view, page_of
from app.portals.manager.rooms import Here, act, closed_by, room, show
from app.portals.shared.bases import doubt_words, stated_words
from app.portals.shared.lot_words import barred_told, lot_view
from app.portals.shared.sending_words import sending_words
from app.portals.shared.tracking_words import tracking_differences
from app.queries.bases import BasisLine, list_basis_lines
from app.queries.documents import list_documents
from app.queries.mailing import get_mailing
from app.queries.send import MessageRow, get_send
from app.queries.tracking import get_tracking
from app.security.audience import audience
from workflows.campaign.contacted.recounting import barred_in_lots
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.send.proving import RecordDeposit
from workflows.parties.roles import Role
from workflows.trade.channels import Way


@room("send")
def fill(here: Here) -> dict[str, Any]:
    """What the sending's room shows."""
    facts = CampaignFacts(here.session, here.campaign)
    page, said = get_send(facts), mailing_views(get_mailing(facts))
    bases = list_basis_lines(facts)
    can_prove = here.head.is_open("record_deposit")
    order, barred = move_view(here, "order_mailing") if not page.ordered else None, barred_in_lots(facts)
    if order and not barred:
        order["fields"] = ()
    return {
        "page": page,
        "messages": [message_view(here, facts, page, message) | _bases(bases, message) for message in page.messages],
        "lots": [lot_view(lot) | {"missing": page.missing.get(lot.code)} for lot in page.lots],
        "words": sending_words(page.ways),
        "waiting": waiting_views(here, page),
        "may_prove": can_prove,
        "closed": closed_by(here.head.moves.get("record_deposit"), here.head.code) if page.waiting and not can_prove else [],
        **unsent_views(here, page),
        "jobs": jobs(here),
        "documents": list_documents(here.session, here.campaign.id, kinds=("mailing_order",)),
        **said,
        "since_order": [*said["since_order"], *tracking_differences(get_tracking(facts).since_order)],
        "order": order,
        "barred": barred_told(barred),
        "confirm": move_view(here, "confirm_drop"),
        "standing": standing_views(here, page),
        "kept": closed_by(here.head.moves.get("correct_confirmed_deposit"), here.head.code) if page.is_confirmed else [],
    }


def _bases(bases: Iterable[BasisLine], message: MessageRow) -> dict[str, Any]:
    """What the lists that a message goes to state of their legal basis, for its notice to say the same, and what speaks against it."""
    mine = [line for line in bases if line.list_code in message.lists]
    stated = [(line.list_code, stated_words(line.stated)) for line in mine if line.stated]
    return {"bases": stated, "doubts": doubt_words(mine)}


@blueprint.get("/campaigns/<code>/send")
@audience(Role.PROJECT_MANAGER)
def send(code: str) -> Response:
    """The sending's room."""
    return show("send", code)


@blueprint.post("/campaigns/<code>/send/<any(post, messages, calls):way>")
@audience(Role.PROJECT_MANAGER)
def record_deposit(code: str, way: str) -> AnyResponse:
    """Record a deposit that its sender proved by other means."""
    campaign_id, page = page_of(code)
    lots = lots_of(Way(way), page.waiting)
    form = deposit_form(Way(way), lots).received(f"record-{way}")
    make = partial(RecordDeposit, subject_id=campaign_id)
    done = _("The proof of sending is recorded.")
    return act("send", code, form, asking_deposit(form, lots, make), done=done, key="deposit", upload=form.slip.data or None)
