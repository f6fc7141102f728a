"""In the sending's room: lots that are not mailed after all, and the way back."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired

from app import i18n
from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import PressForm, ReasonForm
from app.portals.manager.proofs import page_of
from app.portals.manager.rooms import Here, act, campaign_of
from app.queries.lots import LotRow
from app.queries.send import SendPage
from app.security.audience import audience
from workflows.campaign.send.not_sending import LeaveLotUnsent, SendLotAfterAll
from workflows.parties.roles import Role


class UnsentForm(ReasonForm):
    """Which lot is not mailed, and why."""

    lot = SelectField(_l("Lot"), [InputRequired()])

    def offer(self, page: SendPage) -> "UnsentForm":
        """Let one of the lots be chosen that are still to be posted, or the rest of one."""
        self.lot.choices = [SelectChoice(one.code, _choice(one, page.missing[one.code])) for one in page.waiting]
        return self


def _choice(lot: LotRow, missing: int) -> str:
    named = f"{lot.code} · {lot.list_code} · {lot.segment} · {lot.message}"
    rest = _("the rest, %(n)s", n=i18n.number(missing))
    return named if lot.deposited is None else f"{named} · {rest}"


def unsent_views(here: Here, page: SendPage) -> dict[str, Any]:
    """What the room shows of them: those left unsent, each with its way back, and the form for another."""
    may_return, may_leave = here.head.is_open("send_lot_after_all"), here.head.is_open("leave_lot_unsent")
    form = here.form(UnsentForm, "unsent")
    assert isinstance(form, UnsentForm)
    return {
        "unsent": [{"lot": lot, "form": here.form(PressForm, f"back-{lot.code}") if may_return else None} for lot in page.left_unsent],
        "leaving": form.offer(page) if may_leave and page.waiting else None,
    }


@blueprint.post("/campaigns/<code>/send/unsent")
@audience(Role.PROJECT_MANAGER)
def leave_lot_unsent(code: str) -> AnyResponse:
    """Take a lot out of the mailing."""
    campaign_id, page = page_of(code)
    form = UnsentForm.received("unsent").offer(page)
    if any(one.code == form.lot.data and one.deposited is not None for one in page.waiting):
        done = _("The rest of lot %(lot)s is not mailed; an approver reviews that.", lot=form.lot.data)
    else:
        done = _("Lot %(lot)s is not sent. Order the sending again, so that whoever sends knows.", lot=form.lot.data)
    return act("send", code, form, form.asking(LeaveLotUnsent, campaign_id), done=done, key="unsent")


@blueprint.post("/campaigns/<code>/send/unsent/<lot>/back")
@audience(Role.PROJECT_MANAGER)
def send_lot_after_all(code: str, lot: str) -> AnyResponse:
    """Take a lot back into the mailing."""
    form = PressForm.received(f"back-{lot}")
    done = _("Lot %(lot)s is sent after all. Order the sending again, so that whoever sends knows.", lot=lot)
    return act("send", code, form, form.asking(SendLotAfterAll, campaign_of(code).id, lot=lot), done=done, key="unsent")
