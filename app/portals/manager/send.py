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
from app.portals.manager.deposits import asking_deposit, deposit_form, lot_field, standing_views
from app.portals.manager.forms import Form
from app.portals.manager.mailing import mailing_views
from app.portals.manager.moves import move_view
from app.portals.manager.not_sending import unsent_views
from app.portals.manager.proofs import message_view, page_of
from app.portals.manager.rooms import Here, act, closed_by, room, show
from app.portals.shared.bases import doubt_words, stated_words
from app.portals.shared.lot_words import barred_told, lot_view
from app.portals.shared.tracking_words import tracking_differences
from app.queries.bases import BasisLine, list_basis_lines
from app.queries.documents import list_documents
from app.queries.mailing import get_mailing
from app.queries.send import MessageRow, SendPage, get_send
from app.queries.tracking import get_tracking
from app.security.audience import audience
from workflows.campaign.contacted.recounting import barred_in_lots
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.send.proving import RecordDeposit
from workflows.parties.roles import Role


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
        "deposit": _deposit(here, page) if can_prove and page.waiting else None,
        "closed": closed_by(here.head.moves.get("record_deposit"), here.head.code) if page.waiting and not can_prove else [],
        "waiting": [lot_field(lot) for lot in page.waiting],
        **unsent_views(here, page),
        "jobs": jobs(here),
        "documents": list_documents(here.session, here.campaign.id, kinds=("mailing_order",)),
        **said,
        "since_order": [*said["since_order"], *tracking_differences(get_tracking(facts).since_order)],
        "order": order,
        "barred": barred_told(barred),
        "confirm": move_view(here, "confirm_drop"),
        "standing": standing_views(here, page),
    }


def _bases(bases: Iterable[BasisLine], message: MessageRow) -> dict[str, Any]:
    """What the lists that a message goes to state of their legal basis, for its notice to say the same, and what speaks against it."""
    mine = [line for line in bases if line.list_code in message.lists]
    stated = [(line.list_code, stated_words(line.stated)) for line in mine if line.stated]
    return {"bases": stated, "doubts": doubt_words(mine)}


def _deposit(here: Here, page: SendPage) -> Form:
    known = {lot_field(lot): page.missing[lot.code] for lot in page.waiting}
    return here.form(deposit_form(page.waiting), "deposit", deposited_on=here.head.today, **known)


@blueprint.get("/campaigns/<code>/send")
@audience(Role.PROJECT_MANAGER)
def send(code: str) -> Response:
    """The sending's room."""
    return show("send", code)


@blueprint.post("/campaigns/<code>/send/deposit")
@audience(Role.PROJECT_MANAGER)
def record_deposit(code: str) -> AnyResponse:
    """Record a deposit that the mailer proved by other means."""
    campaign_id, page = page_of(code)
    form = deposit_form(page.waiting).received("deposit")
    make = partial(RecordDeposit, subject_id=campaign_id)
    done = _("The deposit is recorded.")
    return act("send", code, form, asking_deposit(form, page.waiting, make), done=done, key="deposit", upload=form.slip.data or None)
