"""The sending's room: the mailing order, what was posted of each lot, and the drop. Proofs with their notices are in `proofs`."""

from typing import Any

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.portals.manager.blueprint import blueprint
from app.portals.manager.campaign import jobs
from app.portals.manager.forms import Form, needed
from app.portals.manager.moves import move_view
from app.portals.manager.not_sending import unsent_views
from app.portals.manager.proofs import message_view, page_of
from app.portals.manager.rooms import Here, act, closed_by, room, show
from app.portals.shared.fields import CountField, DayField
from app.portals.shared.kept_text import LONGEST_WORDS
from app.portals.shared.lot_words import lot_view
from app.queries.documents import list_documents
from app.queries.lots import LotRow
from app.queries.send import SendPage, get_send
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile
from workflows.campaign.stages.send import RecordDeposit
from workflows.parties.roles import Role


class DepositForm(Form):
    """A postal deposit, with its pieces of lots that are still to be proved; the lots' fields are added for each campaign."""

    deposited_on = DayField(_l("Day of the deposit"), [InputRequired()])
    slip_number = StringField(_l("Number of the deposit slip"), [InputRequired(), Length(max=80)])
    rest_follows = BooleanField(_l("The rest of lots posted in part follows with another deposit"))
    explanation = TextAreaField(_l("Why, if a quantity or the day differs"), [Optional(), Length(max=LONGEST_WORDS)])
    slip = FileField(_l("The slip itself"), [Optional()])


def deposit_form(lots: tuple[LotRow, ...]) -> type[DepositForm]:
    """The form for these lots: a quantity each, seeds included; one left empty is not in this deposit."""
    fields = {lot_field(lot): CountField(lot.code, [Optional()]) for lot in lots}
    return type("DepositFormOfLots", (DepositForm,), fields)


def lot_field(lot: LotRow) -> str:
    """The name of a lot's field."""
    return f"lot_{lot.code}"


@room("send")
def fill(here: Here) -> dict[str, Any]:
    """What the sending's room shows."""
    facts = CampaignFacts(here.session, here.campaign)
    page = get_send(facts)
    can_prove = here.head.is_open("record_deposit")
    return {
        "page": page,
        "messages": [message_view(here, facts, page, message) for message in page.messages],
        "lots": [lot_view(lot) | {"missing": page.missing.get(lot.code)} for lot in page.lots],
        "deposit": _deposit(here, page) if can_prove and page.waiting else None,
        "closed": closed_by(here.head.moves.get("record_deposit"), here.head.code) if page.waiting and not can_prove else [],
        "waiting": [lot_field(lot) for lot in page.waiting],
        **unsent_views(here, page),
        "jobs": jobs(here),
        "documents": list_documents(here.session, here.campaign.id, kinds=("mailing_order",)),
        "order": move_view(here, "order_mailing") if not page.ordered else None,
        "confirm": move_view(here, "confirm_drop"),
    }


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

    def command(kept: KeptFile | None = None) -> RecordDeposit:
        return RecordDeposit(
            subject_id=campaign_id,
            seen_version=form.version,
            deposited_on=needed(form.deposited_on.data),
            slip_number=form.slip_number.data.strip(),
            quantities={lot.code: int(pieces) for lot in page.waiting if (pieces := form[lot_field(lot)].data)},
            rest_follows=form.rest_follows.data,
            slip=kept,
            explanation=form.explanation.data or "",
        )

    done = _("The deposit is recorded.")
    return act("send", code, form, command, done=done, key="deposit", upload=form.slip.data or None)
