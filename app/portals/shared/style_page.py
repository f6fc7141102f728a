"""Every part of the pages with sample values, at /style, in the demonstration only. Not for real data."""

from datetime import UTC, date, datetime
from decimal import Decimal

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from app.portals.shared.fields import AmountField, CountField, DayField, RateField
from app.portals.shared.words import STAGES
from app.security.audience import public

blueprint = Blueprint("style", __name__)

TODAY = date(2027, 2, 18)
_DAYS = [date(2027, 1, 11), date(2027, 1, 25), date(2027, 2, 1), date(2027, 2, 12), date(2027, 2, 22), date(2027, 3, 1)]
_DAYS += [date(2027, 3, 5), date(2027, 3, 23), date(2027, 5, 18), date(2027, 6, 1)]


class SampleForm(FlaskForm):  # type: ignore[misc]
    """One field of each kind."""

    class Meta:
        csrf = False

    name = StringField(_l("Name of the campaign"), [InputRequired()])
    drop_on = DayField(_l("Drop date"), [InputRequired()])
    price = AmountField(_l("Price for a thousand addresses"), [InputRequired()])
    quantity = CountField(_l("Quantity ordered"), [InputRequired(_l("Write how many addresses are ordered."))])
    tolerance = RateField(_l("Tolerance"), [Optional()])
    channel = SelectField(_l("Channel"), choices=[SelectChoice("mail", _l("Post")), SelectChoice("email", _l("E-mail"))])
    answer = RadioField(
        _l("Your answer"),
        [InputRequired()],
        choices=[SelectChoice("yes", _l("Accept")), SelectChoice("part", _l("Accept in part")), SelectChoice("no", _l("Reject"))],
    )
    reason = TextAreaField(_l("Reason"), [Optional()], description=_l("It is kept with the decision and shown to whoever asks later."))
    proof = FileField(_l("Delivery note"), [Optional()])
    sure = BooleanField(_l("I have read the check report"))


@blueprint.get("/style")
@public
def style() -> str:
    """The living style page."""
    form = SampleForm(
        data={"name": "Automne 2027", "drop_on": date(2027, 3, 23), "price": Decimal(145), "tolerance": Decimal("0.02"), "answer": "yes"}
    )
    form.quantity.raw_data = ["12 OOO"]
    form.quantity.errors = [form.quantity.remark()]
    return render_template(
        "shared/style.html", form=form, today=TODAY, stops=_stops(4), blocked=_stops(4, blocked=True), finished=_stops(10), **_samples()
    )


def _stops(current: int, *, blocked: bool = False) -> list[dict[str, object]]:
    stops: list[dict[str, object]] = []
    for place, (name, planned) in enumerate(zip(STAGES, _DAYS, strict=True)):
        state = "done" if place < current else "ahead" if place > current else "blocked" if blocked else "current"
        stops.append(
            {"name": name, "state": state, "baseline": planned, "actual": planned}
            if state == "done"
            else {"name": name, "state": state, "baseline": planned, "forecast": planned}
        )
    return stops


def _samples() -> dict[str, object]:
    return {
        "rows": [
            {
                "list": "DOM",
                "owner": "Atlas Data",
                "qty": 12000,
                "price": Decimal("145.00"),
                "cost": Decimal("1740.00"),
                "retention": Decimal("0.874"),
                "state": "accepted",
                "url": "#",
            },
            {
                "list": "PRESSE-7",
                "owner": "Hexa Médias",
                "qty": 9767,
                "price": Decimal("132.50"),
                "cost": Decimal("1294.13"),
                "retention": Decimal("0.912"),
                "state": "delivered",
                "url": "#",
            },
            {
                "list": "MAISON",
                "owner": "—",
                "qty": 48210,
                "price": None,
                "cost": Decimal("0.00"),
                "retention": Decimal("0.968"),
                "state": "processed",
                "url": "#",
            },
            {
                "list": "VPC-JARDIN",
                "owner": "Quatre Saisons",
                "qty": 15500,
                "price": Decimal("98.00"),
                "cost": Decimal("1519.00"),
                "retention": None,
                "state": "rejected",
                "url": "#",
            },
        ],
        "parts": [
            {"label": _l("Printing"), "value": Decimal("18420.00")},
            {"label": _l("Postage"), "value": Decimal("31250.40")},
            {"label": _l("Lists"), "value": Decimal("12553.13")},
            {"label": _l("Dedupe and lots"), "value": Decimal("2890.00")},
            {"label": _l("Creation"), "value": Decimal("4200.00")},
        ],
        "steps": [
            {"label": _l("Ordered"), "value": 85477},
            {"label": _l("Delivered"), "value": 85240, "lost": _l("237 less than ordered, within tolerance")},
            {"label": _l("Net"), "value": 71304, "lost": _l("13,936 lost: duplicates, suppressions, rejects"), "url": "#"},
            {"label": _l("Mailed"), "value": 70804, "lost": _l("500 held out")},
            {"label": _l("Arrived"), "value": 69612, "lost": _l("1,192 undeliverable")},
            {"label": _l("Responses"), "value": 1531},
            {"label": _l("Euros"), "value": Decimal("82674.50"), "kind": "money"},
        ],
        "matrix_names": ["MAISON", "DOM", "PRESSE-7", "VPC-JARDIN"],
        "matrix": [[None, 812, 455, 1290], [812, None, 231, 96], [455, 231, None, 0], [1290, 96, 0, None]],
        "instant": datetime(2027, 2, 12, 14, 5, tzinfo=UTC),
        "sha": "9f2b6c1d4e8a7b3f5c0d9e1a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f4a6b8c",
        "large": Decimal("82674.50"),
        "overdue_on": date(2027, 2, 16),
        "soon_on": date(2027, 2, 19),
        "later_on": date(2027, 3, 1),
    }
