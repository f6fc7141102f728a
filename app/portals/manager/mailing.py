"""What is posted, as the mailer has to know it: the form that says so, what is still missing of it, and every version there was."""

from typing import Any

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional, Regexp, ValidationError

from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import Form
from app.portals.manager.rooms import Here, act, reading, room, show
from app.portals.shared.fields import NumberField, RateField
from app.portals.shared.kept_text import LONGEST_WORDS
from app.portals.shared.lot_words import lot_view
from app.portals.shared.mailing_words import UNDELIVERABLE, difference_words, missing_words, value_word, version_views
from app.queries.campaign import find_campaign
from app.queries.mailing import MailingPage, get_mailing
from app.security.audience import audience
from workflows.campaign.brief import MailingRow, MailPieceRow
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.send.describing import DescribeMailing
from workflows.campaign.values import HEAVIEST, LONGEST_LINE, MOST_COMPONENTS, MOST_SPOILAGE, RETURN_ADDRESS, THICKEST
from workflows.parties.roles import Role

COMMON = ("postal_product", "postal_sort", "deposit_site", "undeliverable", "contact", "remarks", *RETURN_ADDRESS)
"""What is said in words of the whole mailing."""


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class LineField(StringField):  # type: ignore[misc]
    """One line of a paper."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, validators=[Optional(), Length(max=LONGEST_LINE)], filters=[_stripped], **more)


class MeasureField(NumberField):
    """A weight or a thickness, to the hundredth; `unit` stands behind it."""

    def __init__(self, *arguments: Any, unit: str, most: int, **more: Any) -> None:
        super().__init__(*arguments, validators=[Optional(), self._bounds(unit, most)], **more)
        self.suffix = unit

    @staticmethod
    def _bounds(unit: str, most: int) -> Any:
        def check(_form: Any, field: Any) -> None:
            if field.data is not None and (not 0 < field.data <= most or field.data != round(field.data, 2)):
                raise ValidationError(_("More than 0 and %(most)s %(unit)s at most, to the hundredth.", most=most, unit=unit))

        return check


class ComponentsField(TextAreaField):  # type: ignore[misc]
    """What is in an envelope, one thing a line."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The things, in their order."""
        return tuple(line.strip() for line in (self.data or "").splitlines() if line.strip())

    def pre_validate(self, _form: Any) -> None:
        """Refuse more things, or longer lines, than a paper has room for."""
        if len(self.lines) > MOST_COMPONENTS or any(len(line) > LONGEST_LINE for line in self.lines):
            raise ValidationError(_("%(most)s lines at most, of %(longest)s characters each.", most=MOST_COMPONENTS, longest=LONGEST_LINE))


class MailingForm(Form):
    """What is said of the whole mailing; the fields of each message are added by `mailing_form`."""

    postal_product = LineField(_l("Postal product"), description=_l("As the post calls it, with its contract where there is one."))
    postal_sort = LineField(_l("Postal sort"), description=_l("How far the mailer sorts: départements, postcodes in bundles, trays."))
    deposit_site = LineField(_l("Deposit site"))
    spoilage_rate = RateField(_l("Spoilage"), [Optional(), NumberRange(min=0, max=MOST_SPOILAGE, message=_l("Between 0 and 20 %%."))])
    return_name = LineField(_l("Name on the return address"))
    return_address = LineField(_l("Street or box"))
    return_postcode = StringField(
        _l("Postcode"), [Optional(), Regexp(r"[0-9]{5}\Z", message=_l("A postcode has five digits."))], filters=[_stripped]
    )
    return_town = LineField(_l("Town"))
    undeliverable = SelectField(
        _l("Undeliverable pieces"),
        [Optional()],
        choices=[SelectChoice("", _l("As usual: sent back unopened")), *(SelectChoice(*one) for one in UNDELIVERABLE.items())],
        default="",
    )
    contact = LineField(
        _l("Whom the mailer asks on the day"), description=_l("Name and telephone; yours and your e-mail stand there anyway.")
    )
    remarks = TextAreaField(_l("Instructions"), [Optional(), Length(max=LONGEST_WORDS)], filters=[_stripped])

    def validate(self, extra_validators: Any = None) -> bool:
        """Also refuse part of an address."""
        fits: bool = super().validate(extra_validators)
        address = [self[name] for name in RETURN_ADDRESS]
        if any(field.data for field in address):
            for field in (one for one in address if not one.data and not one.errors):
                field.errors = [_("Write the whole return address, or leave all four empty.")]
                fits = False
        return fits


def mailing_form(page: MailingPage) -> type[MailingForm]:
    """The form for the messages that are posted."""
    fields: dict[str, Any] = {}
    for number, message in enumerate(page.messages, start=1):
        code = message.code
        fields[f"format_{number}"] = LineField(_l("Format of message %(code)s", code=code))
        fields[f"weight_grams_{number}"] = MeasureField(_l("Weight of a piece of message %(code)s", code=code), unit="g", most=HEAVIEST)
        fields[f"thickness_mm_{number}"] = MeasureField(_l("Thickness of a piece of message %(code)s", code=code), unit="mm", most=THICKEST)
        fields[f"components_{number}"] = ComponentsField(
            _l("In the envelope, message %(code)s", code=code), description=_l("One thing a line, in the order of insertion.")
        )
    return type("MailingFormOfMessages", (MailingForm,), fields)


PIECE = ("format", "weight_grams", "thickness_mm", "components")
"""What is said of the pieces of each message."""


@room("mailing")
def fill(here: Here) -> dict[str, Any]:
    """What the room shows."""
    page = get_mailing(CampaignFacts(here.session, here.campaign))
    is_open = here.head.is_open("describe_mailing") and page.messages and not page.is_posted
    return {
        "page": page,
        "form": here.form(mailing_form(page), "mailing", **_filled(page)) if is_open else None,
        "pieces": [(message, [f"{name}_{number}" for name in PIECE]) for number, message in enumerate(page.messages, start=1)],
        **mailing_views(page),
        "rate": value_word("spoilage_rate", page.spoilage_rate),
        "policy_rate": value_word("spoilage_rate", here.campaign.policy.share("lots", "spoilage_share")),
        "printed": [
            lot_view(one.lot) | {"pieces": one.pieces, "spoilage": one.printed - one.pieces, "printed": one.printed} for one in page.lots
        ],
        "total": _counts(sum(one.pieces for one in page.lots), sum(one.printed for one in page.lots)),
        "versions": version_views(page.versions),
    }


def _counts(pieces: int, printed: int) -> dict[str, int]:
    return {"pieces": pieces, "spoilage": printed - pieces, "printed": printed}


def mailing_views(page: MailingPage) -> dict[str, Any]:
    """What the sending's room shows of it too: what is missing, and what changed since the order went out."""
    return {"missing": missing_words(page.missing), "since_order": difference_words(page.since_order)}


def _filled(page: MailingPage) -> dict[str, Any]:
    """The form's fields as they are said now."""
    filled = {name: getattr(page.said, name) for name in (*COMMON, "spoilage_rate")}
    pieces = {piece.message: piece for piece in page.said.pieces}
    for number, message in enumerate(page.messages, start=1):
        piece = pieces.get(message.code) or MailPieceRow(message=message.code)
        filled |= {f"{name}_{number}": getattr(piece, name) for name in PIECE} | {f"components_{number}": "\n".join(piece.components)}
    return filled


def _said(page: MailingPage, form: MailingForm) -> MailingRow:
    """What a valid form says; what was said of messages that it does not ask about stays."""
    asked = {message.code for message in page.messages}
    pieces = [piece for piece in page.said.pieces if piece.message not in asked]
    for number, message in enumerate(page.messages, start=1):
        data = {name: form[f"{name}_{number}"].data for name in PIECE} | {"components": form[f"components_{number}"].lines}
        if any(data.values()):
            pieces.append(MailPieceRow(message=message.code, **data))
    told: dict[str, Any] = {name: form[name].data or "" for name in COMMON}
    return MailingRow(**told, spoilage_rate=form.spoilage_rate.data, pieces=tuple(sorted(pieces, key=lambda piece: piece.message)))


@blueprint.get("/campaigns/<code>/mailing")
@audience(Role.PROJECT_MANAGER)
def mailing(code: str) -> Response:
    """What is posted."""
    return show("mailing", code)


@blueprint.post("/campaigns/<code>/mailing")
@audience(Role.PROJECT_MANAGER)
def describe_mailing(code: str) -> AnyResponse:
    """Say what is posted."""
    with reading() as session:
        campaign = find_campaign(session, code)
        campaign_id, page = campaign.id, get_mailing(CampaignFacts(session, campaign))
    form = mailing_form(page).received("mailing")

    def command() -> DescribeMailing:
        return DescribeMailing(subject_id=campaign_id, seen_version=form.version, mailing=_said(page, form))

    return act("mailing", code, form, command, done=_("What is posted is written down."), key="said")
