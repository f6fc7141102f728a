"""The exchange ledger: what each partner gave and got, in addresses; what was given in return is recorded here.

Opened by a project manager who agrees an exchange, or who just handed a house file to a partner.
"""

from typing import Any
from uuid import UUID

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import Form, ReasonForm
from app.portals.manager.rooms import Here, act, campaign_of, reading, room, show
from app.portals.shared.exchange_words import BASES, DIRECTIONS
from app.portals.shared.fields import CountField, DayField
from app.queries.campaign import find_campaign
from app.queries.exchanges import ExchangeLine, ExchangesPage, Partner, get_exchanges
from app.security.audience import audience
from workflows.campaign.exchanges.exchanging import RecordExchange, WithdrawExchange, exchanged_lists, partner_of
from workflows.campaign.facts import CampaignFacts
from workflows.parties.roles import Role

LONGEST_WORDS = 200


class EntryForm(Form):
    """Addresses that went over."""

    partner_id = SelectField(_l("Partner"), [InputRequired(_l("Choose the partner."))], coerce=UUID)
    direction = SelectField(_l("Which way"), [InputRequired()], default="given")
    quantity = CountField(_l("Addresses"), [InputRequired(_l("Write how many addresses.")), NumberRange(min=1)])
    basis = SelectField(_l("Counted"), [InputRequired()], default="gross")
    dealt_on = DayField(_l("Day"), [InputRequired(_l("Write the day on which they went over."))])
    expires_on = DayField(_l("Counts until"), [Optional()], description=_l("Where your agreement lets it expire."))
    quality = StringField(_l("Kind of addresses"), [Optional(), Length(max=LONGEST_WORDS)], default="")
    written_in = StringField(_l("Where that is written"), [Optional(), Length(max=LONGEST_WORDS)], default="")

    def offer(self, facts: CampaignFacts) -> "EntryForm":
        """Let one of the campaign's partners be chosen."""
        partners = sorted({partner_of(row) for row in exchanged_lists(facts)}, key=lambda one: facts.suppliers[one].code)
        self.partner_id.choices = [SelectChoice(str(one), facts.suppliers[one].name) for one in partners]
        self.direction.choices = [SelectChoice(name, str(words)) for name, words in DIRECTIONS.items()]
        self.basis.choices = [SelectChoice(name, str(words)) for name, words in BASES.items()]
        return self


@room("exchanges")
def fill(here: Here) -> dict[str, Any]:
    """What the room shows."""
    facts = CampaignFacts(here.session, here.campaign)
    page: ExchangesPage = get_exchanges(facts, now=here.now)
    entry = here.form(EntryForm, "entry") if here.head.is_open("record_exchange") else None
    may_withdraw = here.head.is_open("withdraw_exchange")
    return {
        "page": page,
        "partners": [_view(here, one, may_withdraw) for one in page.partners],
        "entry": entry.offer(facts) if isinstance(entry, EntryForm) and exchanged_lists(facts) else None,
        "directions": DIRECTIONS,
        "bases": BASES,
    }


def _view(here: Here, one: Partner, may_withdraw: bool) -> dict[str, Any]:
    return {"partner": one, "lines": [{"line": line, "withdraw": _withdrawal(here, line) if may_withdraw else None} for line in one.lines]}


def _withdrawal(here: Here, line: ExchangeLine) -> ReasonForm | None:
    form = here.form(ReasonForm, f"withdraw-{line.id}") if line.is_here and not line.is_posted else None
    return form if isinstance(form, ReasonForm) else None


@blueprint.get("/campaigns/<code>/exchanges")
@audience(Role.PROJECT_MANAGER)
def exchanges(code: str) -> Response:
    """The exchange ledger, as one campaign opens it."""
    return show("exchanges", code)


@blueprint.post("/campaigns/<code>/exchanges")
@audience(Role.PROJECT_MANAGER)
def record_exchange(code: str) -> AnyResponse:
    """Record what went over."""
    with reading() as session:
        campaign = find_campaign(session, code)
        form = EntryForm.received("entry").offer(CampaignFacts(session, campaign))
        command = form.asking(RecordExchange, campaign.id)
    return act("exchanges", code, form, command, done=_("The ledger has it."), key="ledger")


@blueprint.post("/campaigns/<code>/exchanges/<uuid:entry_id>/withdraw")
@audience(Role.PROJECT_MANAGER)
def withdraw_exchange(code: str, entry_id: UUID) -> AnyResponse:
    """Take an entry back."""
    form = ReasonForm.received(f"withdraw-{entry_id}")
    command = form.asking(WithdrawExchange, campaign_of(code).id, entry_id=entry_id)
    return act("exchanges", code, form, command, done=_("The entry counts no more. The history keeps it."), key="ledger")
