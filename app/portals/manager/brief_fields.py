"""What the brief of a campaign says beside its tables, as fields of a form: of one that is opened, and of one that is planned."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.portals.manager.margin_form import MarginFields
from app.portals.shared.fields import CountField, DayField, NumberField, RateField
from app.portals.shared.words import label
from workflows.trade.dedupe_rules import ALLOCATIONS, LEVELS


class BriefFields(MarginFields):
    """Title, days, VAT, targets, margin and dedupe."""

    title = StringField(_l("Title"), [InputRequired(), Length(max=120)])
    offer_ends_on = DayField(_l("Offer ends on"), [Optional()])
    vat_rate = RateField(_l("VAT"), [InputRequired(), NumberRange(min=0, max=1)])
    target_responses = CountField(_l("Responses wanted"), [Optional()])
    target_roi = NumberField(_l("Euros back for each euro spent"), [Optional()])
    minimum_net_quantity = CountField(_l("Least net addresses"), [Optional()])
    level = SelectField(_l("One piece for each"), default="individual")
    allocation = SelectField(
        _l("Who keeps a person of several lists"),
        default="priority",
        description=_l("The dedupe says what each rule would leave and cost; it can be done again with another."),
    )
    suppressions = StringField(
        _l("Suppression files, in order"),
        [Optional(), Length(max=400)],
        description=_l("Names separated by commas, such as opposition.csv, pnd.csv."),
    )
    multi_buyers = CountField(
        _l("Lots of their own for people who stand in so many files"),
        [Optional(), NumberRange(min=2, message=_l("Two files at least."))],
        description=_l("They often answer best. Without a number they stay among the others."),
    )

    def offer_rules(self) -> None:
        """Give levels and rules their words, in the reader's language."""
        self.level.choices = [SelectChoice(level, label("level", level)) for level in LEVELS]
        self.allocation.choices = [SelectChoice(rule, label("allocation", rule, capital=True)) for rule in ALLOCATIONS]

    def said(self) -> dict[str, Any]:
        """What was filled in beside the dedupe, by the names that a brief has for it."""
        return {
            "title": self.title.data,
            "offer_ends_on": self.offer_ends_on.data,
            "vat_rate": self.vat_rate.data,
            "target_responses": _whole(self.target_responses.data),
            "target_roi": self.target_roi.data,
            "minimum_net_quantity": _whole(self.minimum_net_quantity.data),
            **self.said_of_margin(),
        }

    def said_of_dedupe(self) -> dict[str, Any]:
        """What was filled in of the dedupe."""
        names = (name.strip() for name in (self.suppressions.data or "").split(","))
        return {
            "level": self.level.data,
            "suppressions": [name for name in names if name],
            "allocation": self.allocation.data,
            "multi_buyers": _whole(self.multi_buyers.data) or 0,
        }


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
