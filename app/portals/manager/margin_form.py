"""What stays of what people give or buy, as fields of a form; and said anew once the budget is approved."""

from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms.validators import NumberRange, Optional, ValidationError

from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import Form
from app.portals.manager.rooms import Here, act, campaign_of
from app.portals.shared.fields import AmountField, RateField
from app.security.audience import audience
from workflows.campaign.any_stage.stating_margin import StateMargin
from workflows.campaign.values import MARGIN, Rule
from workflows.parties.roles import Role
from workflows.trade.kpis import WHOLE


class Keeps:
    """The rule that a field has to keep; `message` says it."""

    def __init__(self, rule: Rule, message: LazyString) -> None:
        self._rule, self._message = rule, message

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data is not None and not self._rule.holds(field.data):
            raise ValidationError(self._message)


class MarginFields(Form):
    """The margin rate and the handling; all stays of what people give where neither is said."""

    margin_rate = RateField(
        _l("Margin rate"),
        [Optional(), Keeps(MARGIN["margin_rate"], _l("More than 0 and 100 at most, with two decimals at most."))],
        default=WHOLE.rate,
        description=_l("What stays of an order once its goods are paid; 100 for gifts."),
    )
    handling_amount = AmountField(
        _l("Handling of an order or gift, without VAT"),
        [Optional(), NumberRange(min=0)],
        default=WHOLE.handling_amount,
        description=_l("What each one costs to prepare, to send or to acknowledge; 0 where nobody counts it."),
    )

    def said_of_margin(self) -> dict[str, Any]:
        """What was filled in, by the names that a brief has for it."""
        return {
            "margin_rate": WHOLE.rate if self.margin_rate.data is None else self.margin_rate.data,
            "handling_amount": WHOLE.handling_amount if self.handling_amount.data is None else self.handling_amount.data,
        }


class MarginForm(MarginFields):
    """The margin, said anew."""


def margin_form(here: Here) -> Form | None:
    """The form as it stands, where the margin may be said anew."""
    if not here.head.is_open("state_margin"):
        return None
    return here.form(MarginForm, "margin", margin_rate=here.campaign.margin_rate, handling_amount=here.campaign.handling_amount)


@blueprint.post("/campaigns/<code>/<any(plan, analysis):name>/margin")
@audience(Role.PROJECT_MANAGER)
def state_margin(code: str, name: str) -> AnyResponse:
    """Say the margin anew; what was approved stands."""
    campaign_id = campaign_of(code).id
    form = MarginForm.received("margin")

    def command() -> StateMargin:
        return StateMargin(subject_id=campaign_id, seen_version=form.version, **form.said_of_margin())

    return act(name, code, form, command, done=_("The margin is stated."), key="margin")
