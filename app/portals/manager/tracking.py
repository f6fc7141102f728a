"""The room of what lots carry so that their answers are told: numbers, web addresses, QR codes. Typed, read from a table, or made."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.intake.rows import RowErrors
from app.intake.tracking import HEAD, read_tracking
from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import Form, UploadForm, uploaded
from app.portals.manager.rooms import Here, act, reading, room, show
from app.portals.manager.tables import faults_told
from app.portals.shared.asking import file_name
from app.portals.shared.fields import ChecksField
from app.portals.shared.tracking_words import (
    KINDS,
    codes_file,
    lot_words,
    tracked_lot_view,
    tracking_differences,
    tracking_file,
    tracking_versions,
)
from app.queries.campaign import find_campaign
from app.queries.tracking import TrackingPage, get_tracking
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.send.tracking import TrackLots
from workflows.parties.roles import Role
from workflows.trade.tracking import LONGEST, Kind, TrackedReference, address_for, address_mark, number_mark

PARAMETER = "lot"
"""The name under which an address has a lot's code where that is no part of its path."""
ON = {Kind.URL: _l("as the address that is printed"), Kind.QR: _l("in the QR code")}


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class CarriedField(StringField):  # type: ignore[misc]
    """What a lot carries of a kind, or nothing."""

    def __init__(self, *arguments: Any, kind: Kind, **more: Any) -> None:
        super().__init__(*arguments, validators=[Optional(), Length(max=LONGEST), self._holds(kind)], filters=[_stripped], **more)

    @staticmethod
    def _holds(kind: Kind) -> Any:
        def check(_form: Any, field: Any) -> None:
            if kind is Kind.PHONE and number_mark(field.data) is None:
                raise ValidationError(_("A telephone number: ten digits, a short number, or + and the country's digits."))
            if kind is not Kind.PHONE and address_mark(field.data) is None:
                raise ValidationError(_("A web address without spaces, such as example.org/a."))

        return check


class AddressesForm(Form):
    """Have an address made for each lot."""

    base = StringField(
        _l("Common part of the addresses"),
        [InputRequired(_l("Write an address.")), Length(max=LONGEST - 30)],
        filters=[_stripped],
        description=_l("Such as https://example.org/don: the page behind it has to know the lots' codes."),
    )
    place = RadioField(
        _l("Where the lot's code stands"),
        [InputRequired()],
        choices=[SelectChoice("path", _l("at the end of the path: …/CODE")), SelectChoice("parameter", _l("as a parameter: …?lot=CODE"))],
        default="path",
    )
    on = ChecksField(
        _l("What they are for"),
        [InputRequired(_l("Choose one, or both."))],
        choices=[SelectChoice(str(kind), word) for kind, word in ON.items()],
        default=[str(Kind.QR)],
    )

    def validate_base(self, field: Any) -> None:
        """Refuse what is no address."""
        if address_mark(field.data) is None:
            raise ValidationError(_("A web address without spaces, such as example.org/a."))


def tracking_form(page: TrackingPage) -> type[Form]:
    """A field of each kind for each lot that is mailed."""
    fields: dict[str, Any] = {}
    for number, one in enumerate(page.lots, start=1):
        for kind, word in KINDS.items():
            fields[f"{kind}_{number}"] = CarriedField(_l("%(kind)s, %(lot)s", kind=word, lot=one.lot.code), kind=kind)
    return type("TrackingForm", (Form,), fields)


@room("tracking")
def fill(here: Here) -> dict[str, Any]:
    """What the room shows."""
    page = get_tracking(CampaignFacts(here.session, here.campaign))
    is_open = here.head.is_open("track_lots") and page.lots and not page.is_posted
    carried = {f"{kind}_{number}": one.carries.get(kind, "") for number, one in enumerate(page.lots, start=1) for kind in Kind}
    return {
        "page": page,
        "form": here.form(tracking_form(page), "tracking", **carried) if is_open else None,
        "fields": [(lot_words(one), [f"{kind}_{number}" for kind in Kind]) for number, one in enumerate(page.lots, start=1)],
        "addresses": here.form(AddressesForm, "addresses") if is_open else None,
        "table": here.form(UploadForm, "table") if is_open else None,
        "head_row": ";".join(HEAD),
        "lots": [tracked_lot_view(one) for one in page.lots],
        "since_order": tracking_differences(page.since_order),
        "versions": tracking_versions(page.versions),
    }


def _merged(page: TrackingPage, told: Mapping[tuple[str, Kind], str]) -> tuple[TrackedReference, ...]:
    """What lots carry once this was said of some; empty takes away."""
    values = {(one.lot_code, one.kind): one.value for one in page.references} | dict(told)
    return tuple(TrackedReference(lot_code=code, kind=kind, value=value) for (code, kind), value in values.items() if value)


def _track(campaign_id: UUID, page: TrackingPage, form: Form, told: Mapping[tuple[str, Kind], str]) -> TrackLots:
    return TrackLots(subject_id=campaign_id, seen_version=form.version, references=_merged(page, told))


def _page(code: str) -> tuple[UUID, TrackingPage]:
    with reading() as session:
        campaign = find_campaign(session, code)
        return campaign.id, get_tracking(CampaignFacts(session, campaign))


@blueprint.get("/campaigns/<code>/tracking")
@audience(Role.PROJECT_MANAGER)
def tracking(code: str) -> Response:
    """What lots carry."""
    return show("tracking", code)


@blueprint.post("/campaigns/<code>/tracking")
@audience(Role.PROJECT_MANAGER)
def track_lots(code: str) -> AnyResponse:
    """Say what lots carry."""
    campaign_id, page = _page(code)
    form = tracking_form(page).received("tracking")

    def command() -> TrackLots:
        told = {(one.lot.code, kind): form[f"{kind}_{number}"].data for number, one in enumerate(page.lots, start=1) for kind in Kind}
        return _track(campaign_id, page, form, told)

    return act("tracking", code, form, command, done=_("What the lots carry is written down."), key="said")


@blueprint.post("/campaigns/<code>/tracking/addresses")
@audience(Role.PROJECT_MANAGER)
def make_addresses(code: str) -> AnyResponse:
    """Give each lot an address of its own."""
    campaign_id, page = _page(code)
    form = AddressesForm.received("addresses")

    def command() -> TrackLots:
        parameter = "" if form.place.data == "path" else PARAMETER
        made = {one.lot.code: address_for(form.base.data, one.lot.code, parameter) for one in page.lots}
        return _track(campaign_id, page, form, {(code, Kind(kind)): made[code] for code in made for kind in form.on.data})

    return act("tracking", code, form, command, done=_("Each lot has an address of its own."), key="said")


@blueprint.post("/campaigns/<code>/tracking/table")
@audience(Role.PROJECT_MANAGER)
def read_table(code: str) -> AnyResponse:
    """Read from a table what lots carry; a table with faults changes nothing."""
    campaign_id, page = _page(code)
    form = UploadForm.received("table")
    told: dict[tuple[str, Kind], str] = {}
    if form.validate():
        storage = uploaded(form.file)
        try:
            told = read_tracking(storage.read(), name=file_name(storage))
        except RowErrors as faults:
            form.refuse(*faults_told(faults))
            return show("tracking", code, {form.key: form}, 422)
    return act("tracking", code, form, partial(_track, campaign_id, page, form, told), done=_("What the lots carry is read."), key="said")


@blueprint.get("/campaigns/<code>/tracking.csv")
@audience(Role.PROJECT_MANAGER)
def tracking_table(code: str) -> Response:
    """What lots carry as a table, to be filled in and sent back, or to be given to whoever prints."""
    _id, page = _page(code)
    return tracking_file(code, [(one.lot.code, *(one.carries.get(kind, "") for kind in Kind)) for one in page.lots])


@blueprint.get("/campaigns/<code>/qr.zip")
@audience(Role.PROJECT_MANAGER)
def qr_codes(code: str) -> Response:
    """The QR codes of lots as drawings, for whoever lays the piece out."""
    _id, page = _page(code)
    return codes_file(code, [(one.lot.code, one.carries.get(Kind.QR, "")) for one in page.lots])
