"""Opening a campaign: by form, by copying an earlier one, or from a kit in a .zip. The plan's tables follow in its room."""

import errno
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from app.errors import status_of
from app.intake.kit import KitUnreadable, NotKept, read_kit
from app.intake.rows import RowErrors
from app.jalon import jalon
from app.portals.manager.blueprint import blueprint
from app.portals.manager.brief_fields import BriefFields
from app.portals.manager.forms import Form, UploadForm, needed, uploaded
from app.portals.manager.rooms import execute, reading, sentences
from app.portals.manager.tables import faults_told
from app.portals.shared.fields import AmountField, DayField
from app.queries.brief import brief_of
from app.queries.campaign import find_campaign
from app.queries.campaigns import list_copyable, list_employers
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.campaign.brief import Brief
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.stages.plan import OpenCampaign
from workflows.engine.refusals import Refused
from workflows.parties.roles import Role

LARGEST_KIT_BYTES = 256 * 1024 * 1024
MOST_KIT_FILES = 500
CODE = Regexp(r"^[A-Za-z0-9][A-Za-z0-9-]{1,11}$", message=_l("A code has 2 to 12 letters, figures or hyphens."))
UNPACKABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError),
    RuntimeError,  # a password, or a compression that is not known here
    *(FileExistsError, IsADirectoryError, NotADirectoryError),  # one name for a file and a folder
)
"""What the library says of archives that do not unpack."""


class KitTooLarge(ValueError):
    """The archive unpacks to more than a kit may hold."""


class CodeForm(Form):
    """What every new campaign needs: whose it is and its code."""

    advertiser_id = SelectField(_l("Advertiser"), [InputRequired()])
    campaign_code = StringField(
        _l("Code"), [InputRequired(), CODE], description=_l("Short and yours alone, such as 27P. It is in the address of every page.")
    )


class BriefForm(BriefFields, CodeForm):
    """A campaign's brief without its tables."""

    drop_on = DayField(_l("Drop date"), [InputRequired()], description=_l("The day on which the mail is handed to the post."))
    envelope_amount = AmountField(_l("Envelope, without VAT"), [InputRequired(), NumberRange(min=1)])


class CopyForm(CodeForm):
    """A new campaign from an earlier one."""

    source = SelectField(_l("Copy from"), [InputRequired()])
    title = StringField(_l("Title"), [InputRequired(), Length(max=120)])
    drop_on = DayField(_l("Drop date"), [InputRequired()])


class KitForm(UploadForm):
    """A kit as a .zip archive."""

    advertiser_id = SelectField(_l("Advertiser"), [InputRequired()])
    campaign_code = StringField(_l("Code, where it is not to be the kit's own"), [Optional(), CODE])


@blueprint.get("/campaigns/new")
@audience(Role.PROJECT_MANAGER)
def new_campaign() -> Response:
    """Three ways to open a campaign."""
    return _page()


@blueprint.post("/campaigns/new/form")
@audience(Role.PROJECT_MANAGER)
def open_by_form() -> AnyResponse:
    """Open a campaign from a filled form."""
    form = BriefForm.received("form")
    _offer_choices(form)
    if not form.validate():
        return _page(form)
    brief = Brief(
        code=form.campaign_code.data,
        drop_on=needed(form.drop_on.data),
        envelope_amount=needed(form.envelope_amount.data),
        dedupe={name: value for name, value in form.said_of_dedupe().items() if name != "multi_buyers" or value},
        **form.said(),
    )
    return _open(form, brief, UUID(form.advertiser_id.data))


@blueprint.post("/campaigns/new/copy")
@audience(Role.PROJECT_MANAGER)
def open_by_copy() -> AnyResponse:
    """Open a campaign with the lists, plan, messages, costs and seeds of an earlier one."""
    form = CopyForm.received("copy")
    _offer_choices(form)
    if not form.validate():
        return _page(form)
    with reading() as session:
        source = find_campaign(session, form.source.data)
        source_id = source.id
        brief = brief_of(CampaignFacts(session, source))
    brief = replace(brief, code=form.campaign_code.data, title=form.title.data, drop_on=needed(form.drop_on.data), offer_ends_on=None)
    return _open(form, brief, UUID(form.advertiser_id.data), copied_from_id=source_id)


@blueprint.post("/campaigns/new/kit")
@audience(Role.PROJECT_MANAGER)
def open_by_kit() -> AnyResponse:
    """Open a campaign from a kit; its suppliers are those that the advertiser already has."""
    form = KitForm.received("kit")
    _offer_choices(form)
    if not form.validate():
        return _page(form)
    try:
        with unpacked(uploaded(form.file).stream) as folder:
            brief = read_kit(folder).brief
    except RowErrors as faults:
        form.refuse(*faults_told(faults, with_name=True))
        return _page(form)
    except KitTooLarge:
        form.refuse(_("The archive holds more than a kit may."))
        return _page(form)
    except NotKept as fault:
        form.refuse(_("A character that cannot be kept (NUL) stands in campaign.toml, at %(field)s: take it out.", field=fault.field))
        return _page(form)
    except KitUnreadable as fault:
        form.refuse(_("This is no kit that can be read: %(why)s", why=_without_folder(str(fault))))
        return _page(form)
    code = form.campaign_code.data or brief.code
    return _open(form, replace(brief, code=code), UUID(form.advertiser_id.data))


def _open(form: Form, brief: Brief, advertiser_id: UUID, *, copied_from_id: UUID | None = None) -> AnyResponse:
    try:
        execute(OpenCampaign(subject_id=advertiser_id, campaign_code=brief.code, brief=brief, copied_from_id=copied_from_id))
    except Refused as refusal:
        form.refuse(*sentences(refusal))
        return _page(form, status_of(refusal))
    flash(_("The campaign %(code)s is open.", code=brief.code), "done")
    return redirect(url_for("manager.plan", code=brief.code), 303)


def _page(sent: Form | None = None, refused: int = 422) -> Response:
    """The three forms, with the remarks of the one that was sent; `refused` is the status where one was."""
    forms: dict[str, Form] = {"form": BriefForm.fresh("form"), "copy": CopyForm.fresh("copy"), "kit": KitForm.fresh("kit")}
    for form in forms.values():
        _offer_choices(form)
    if sent is not None:
        forms[sent.key] = sent
    elif not forms["form"].vat_rate.data:
        forms["form"].vat_rate.data = Brief.vat_rate
    page = render_template("manager/new_campaign.html", forms_by_key=forms, sent_key=sent.key if sent else "")
    return make_response(page, refused if sent else 200)


def _offer_choices(form: Form) -> None:
    with reading() as session:
        employers = list_employers(session, current_actor())
        copyable = list_copyable(session, current_actor()) if "source" in form else []
    form["advertiser_id"].choices = [SelectChoice(str(one.id), one.name) for one in employers]
    if "source" in form:
        form["source"].choices = [SelectChoice(one.code, f"{one.code} · {one.title}") for one in copyable]
    if isinstance(form, BriefForm):
        form.offer_rules()


@contextmanager
def unpacked(stream: IO[bytes]) -> Iterator[Path]:
    """The kit of an archive in a private folder: nothing outside it, and no more than a kit may hold.

    :raises KitTooLarge: when it would hold more.
    :raises KitUnreadable: when it is no archive, or one that does not unpack.
    """
    with jalon().files.scratch() as folder:
        try:
            _unpack(stream, folder)
        except UNPACKABLE as fault:
            raise KitUnreadable(str(fault)) from fault
        briefs = sorted(folder.rglob("campaign.toml"), key=lambda path: len(path.parts))
        yield briefs[0].parent if briefs else folder


def _unpack(stream: IO[bytes], folder: Path) -> None:
    with zipfile.ZipFile(stream) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > MOST_KIT_FILES or sum(member.file_size for member in members) > LARGEST_KIT_BYTES:
            raise KitTooLarge
        for member in members:
            try:
                archive.extract(member, folder)
            except OSError as fault:
                if fault.errno == errno.ENAMETOOLONG:
                    raise KitUnreadable(f"a name is too long: {member.filename[:60]}…") from fault
                raise


def _without_folder(text: str) -> str:
    """A fault without the private folder's own path."""
    return " ".join(PurePosixPath(word).name if word.startswith("/") else word for word in text.split(" "))
