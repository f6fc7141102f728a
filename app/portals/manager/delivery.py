"""The deliveries' room: each list on its own path, file by file; the suppression files; and the way on to the dedupe."""

from typing import Any
from uuid import UUID

from flask import Response, abort
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from app.intake.rows import decode
from app.portals.manager.blueprint import blueprint
from app.portals.manager.campaign import jobs
from app.portals.manager.forms import CommentForm, ReasonForm, UploadForm, needed, uploaded
from app.portals.manager.moves import move_view
from app.portals.manager.rooms import Here, act, reading, room, show
from app.portals.manager.words import blocker_view, unmet_sentence
from app.portals.shared.fields import CountField, DayField
from app.portals.shared.findings import file_words, suppression_words
from app.queries.campaign import find_campaign
from app.queries.deliveries import DeliveryPage, FileRow, ListPath, get_deliveries
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile
from workflows.campaign.stages.delivery import AcceptShortDelivery, ExcludeList
from workflows.campaign.suppressions.receiving import KeepSuppression
from workflows.delivery.process import AcceptDelivery, DeliverFile, RejectDelivery
from workflows.parties.roles import Role


class DeliverForm(UploadForm):
    """A file with its delivery note."""

    tranche = CountField(_l("Tranche"), [InputRequired(), NumberRange(min=1)])
    file_version = CountField(_l("Version"), [InputRequired(), NumberRange(min=1)])
    declared_count = CountField(_l("Records announced"), [Optional()])
    declared_sha256 = StringField(
        _l("SHA-256 announced"),
        [Optional(), Regexp(r"^\s*[0-9a-fA-F]{64}\s*$", message=_l("A SHA-256 has 64 characters from 0 to 9 and a to f."))],
    )
    declared_encoding = StringField(_l("Encoding announced"), [Optional(), Length(max=40)])
    extracted_on = DayField(_l("Extracted on"), [Optional()])
    owner_seed_count = CountField(_l("Owner's seeds"), [Optional()])
    layout = FileField(_l("Layout table, for a file of fixed width"), [Optional()])


class SuppressionForm(UploadForm):
    """A suppression file that the brief does not name."""

    name = StringField(
        _l("Name of what it holds"),
        [InputRequired(), Length(max=56)],
        description=_l("A short name, such as robinson or deceased: reports count by it. It comes after the others."),
    )


@room("delivery")
def fill(here: Here) -> dict[str, Any]:
    """What the deliveries' room shows."""
    page = get_deliveries(CampaignFacts(here.session, here.campaign))
    receiving = here.campaign.state == "delivery"
    can_keep = here.head.is_open("keep_suppression")
    return {
        "page": page,
        "lists": [_list_view(here, path, receiving) for path in page.lists],
        "suppressions": [
            {**suppression_words(row), "form": here.form(UploadForm, f"suppression-{row.name}") if can_keep else None}
            for row in page.suppressions
        ],
        "another": here.form(SuppressionForm, "another") if can_keep else None,
        "jobs": jobs(here),
        "start": move_view(here, "start_dedupe"),
        "lost": unmet_sentence(page.lost.code, page.lost.params) if page.lost else "",
    }


def _list_view(here: Here, path: ListPath, receiving: bool) -> dict[str, Any]:
    short = receiving and path.takes_files and path.has_accepted and path.state == "partial"
    open_list = receiving and path.state not in ("accepted", "cancelled")
    return {
        "path": path,
        "files": [_file_view(here, file) for file in path.files],
        "deliver": here.form(DeliverForm, f"deliver-{path.code}", tranche=path.next_tranche, file_version=path.next_version)
        if receiving and path.takes_files
        else None,
        "short": here.form(ReasonForm, f"short-{path.code}") if short else None,
        "exclude": here.form(ReasonForm, f"exclude-{path.code}") if open_list else None,
    }


def _file_view(here: Here, file: FileRow) -> dict[str, Any]:
    deciding = file.waits and here.campaign.state == "delivery"
    return {
        **file_words(file),
        "accept": here.form(CommentForm, f"accept-{file.id.hex}", seen_version=file.version) if deciding and not file.closed_by else None,
        "blockers": [blocker_view(one, code=here.campaign.code) for one in file.closed_by] if deciding else [],
        "reject": here.form(ReasonForm, f"reject-{file.id.hex}", seen_version=file.version) if deciding and not file.brought_over else None,
    }


@blueprint.get("/campaigns/<code>/delivery")
@audience(Role.PROJECT_MANAGER)
def delivery(code: str) -> Response:
    """The deliveries' room."""
    return show("delivery", code)


def _page_of(code: str) -> tuple[UUID, DeliveryPage]:
    with reading() as session:
        campaign = find_campaign(session, code)
        return campaign.id, get_deliveries(CampaignFacts(session, campaign))


def _path_of(page: DeliveryPage, list_code: str) -> ListPath:
    return next((path for path in page.lists if path.code == list_code), None) or abort(404)


@blueprint.post("/campaigns/<code>/delivery/<list_code>/file")
@audience(Role.PROJECT_MANAGER)
def deliver_file(code: str, list_code: str) -> AnyResponse:
    """Deliver a file of the house's own, or one that its supplier sent by other means."""
    _campaign_id, page = _page_of(code)
    path = _path_of(page, list_code)
    form = DeliverForm.received(f"deliver-{list_code}")

    def command(kept: KeptFile) -> DeliverFile:
        return DeliverFile(
            subject_id=path.id,
            tranche=int(needed(form.tranche.data)),
            file_version=int(needed(form.file_version.data)),
            file=kept,
            layout=decode(form.layout.data.read()) if form.layout.data else "",
            declared_count=None if form.declared_count.data is None else int(form.declared_count.data),
            declared_sha256=(form.declared_sha256.data or "").strip().lower(),
            declared_encoding=(form.declared_encoding.data or "").strip(),
            extracted_on=form.extracted_on.data,
            owner_seed_count=None if form.owner_seed_count.data is None else int(form.owner_seed_count.data),
        )

    done = _("The file of %(list)s is in: it is being checked.", list=list_code)
    return act("delivery", code, form, command, done=done, key=f"list-{list_code}", upload=uploaded(form.file))


def _file_of(page: DeliveryPage, file_id: UUID) -> tuple[ListPath, FileRow]:
    return next(((path, file) for path in page.lists for file in path.files if file.id == file_id), None) or abort(404)


@blueprint.post("/campaigns/<code>/delivery/files/<uuid:file_id>/accept")
@audience(Role.PROJECT_MANAGER)
def accept_delivery(code: str, file_id: UUID) -> AnyResponse:
    """Take a file."""
    path, file = _file_of(_page_of(code)[1], file_id)
    form = CommentForm.received(f"accept-{file.id.hex}")
    command = form.asking(AcceptDelivery, file.id)
    return act("delivery", code, form, command, done=_("The file of %(list)s is accepted.", list=path.code), key=f"list-{path.code}")


@blueprint.post("/campaigns/<code>/delivery/files/<uuid:file_id>/reject")
@audience(Role.PROJECT_MANAGER)
def reject_delivery(code: str, file_id: UUID) -> AnyResponse:
    """Refuse a file with its reason."""
    path, file = _file_of(_page_of(code)[1], file_id)
    form = ReasonForm.received(f"reject-{file.id.hex}")
    command = form.asking(RejectDelivery, file.id)
    done = _("The file of %(list)s is rejected; its supplier gets the report.", list=path.code)
    return act("delivery", code, form, command, done=done, key=f"list-{path.code}")


@blueprint.post("/campaigns/<code>/delivery/<list_code>/short")
@audience(Role.PROJECT_MANAGER)
def accept_short_delivery(code: str, list_code: str) -> AnyResponse:
    """Go on with what came of a list."""
    campaign_id, page = _page_of(code)
    form = ReasonForm.received(f"short-{list_code}")
    command = form.asking(AcceptShortDelivery, campaign_id, list_id=_path_of(page, list_code).id)
    return act("delivery", code, form, command, done=_("Nothing more is expected of %(list)s.", list=list_code), key=f"list-{list_code}")


@blueprint.post("/campaigns/<code>/delivery/<list_code>/exclude")
@audience(Role.PROJECT_MANAGER)
def exclude_list(code: str, list_code: str) -> AnyResponse:
    """Go on without a list."""
    campaign_id, page = _page_of(code)
    form = ReasonForm.received(f"exclude-{list_code}")
    command = form.asking(ExcludeList, campaign_id, list_id=_path_of(page, list_code).id)
    return act("delivery", code, form, command, done=_("%(list)s is left out of the campaign.", list=list_code), key=f"list-{list_code}")


@blueprint.post("/campaigns/<code>/delivery/suppressions")
@audience(Role.PROJECT_MANAGER)
def keep_another_suppression(code: str) -> AnyResponse:
    """Receive a suppression file under a name of its own."""
    form = SuppressionForm.received("another")
    return _keep_suppression(code, form, (form.name.data or "").strip())


@blueprint.post("/campaigns/<code>/delivery/suppressions/<name>")
@audience(Role.PROJECT_MANAGER)
def keep_suppression(code: str, name: str) -> AnyResponse:
    """Receive a suppression file under the name the brief has for it."""
    return _keep_suppression(code, UploadForm.received(f"suppression-{name}"), name)


def _keep_suppression(code: str, form: UploadForm, name: str) -> AnyResponse:
    campaign_id, _page = _page_of(code)

    def command(kept: KeptFile) -> KeepSuppression:
        return KeepSuppression(subject_id=campaign_id, suppression=name, file=kept)

    done = _("The suppression file %(name)s is in.", name=name)
    return act("delivery", code, form, command, done=done, key="suppressions", upload=uploaded(form.file))
