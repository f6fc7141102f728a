"""Counts in the negotiation's room: suppliers are asked, what came otherwise is recorded, what falls short is settled."""

from typing import Any
from uuid import UUID

from flask import abort
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import Form, ReasonForm
from app.portals.manager.rooms import Here, act, clock_now, reading
from app.portals.shared.counts import CountsForm, counted, of_segments
from app.portals.shared.kept_text import LONGEST_WORDS
from app.queries.campaign import find_campaign
from app.queries.counts import CountLine, list_count_lines
from app.queries.documents import list_documents
from app.security.audience import audience
from workflows.campaign.counts.counting import AcceptShortCount, GiveCounts, RequestCounts
from workflows.campaign.facts import CampaignFacts
from workflows.parties.roles import Role

EVERY_LIST = "counts"
"""The key of the form that asks about every list at once, and where on the page it stands."""


class AskForm(Form):
    """What suppliers are asked to count."""

    exclusions = TextAreaField(
        _l("To be left out"),
        [Optional(), Length(max=LONGEST_WORDS)],
        default="",
        description=_l("Addresses that are not to be counted, such as those rented last time."),
    )


class RecordForm(CountsForm, Form):
    """Counts that came by telephone or e-mail."""


def counts_view(here: Here, facts: CampaignFacts) -> dict[str, Any]:
    """What the negotiation's room shows of counts: about all lists, and by list."""
    lines = list_count_lines(facts, now=here.now)
    to_ask = [line for line in lines if line.is_to_ask]
    may_ask = here.head.is_open("request_counts")
    return {
        "to_ask": [line.list_code for line in to_ask],
        "unanswered": [line for line in lines if line.state in ("waiting", "late")],
        "ask": here.form(AskForm, EVERY_LIST) if may_ask and to_ask else None,
        "lists": {line.list_code: _line_view(here, line) for line in lines},
        "documents": list_documents(here.session, here.campaign.id, kinds=("count_request",)),
    }


def _line_view(here: Here, line: CountLine) -> dict[str, Any]:
    segments = [one.code for one in line.segments]
    available = {one.code: one.available for one in line.segments if one.available is not None}
    before = {**counted(segments, available), "held_until_on": line.held_until_on} if available else {}
    return {
        "line": line,
        "ask": here.form(AskForm, f"ask-{line.list_code}", exclusions=line.exclusions) if here.head.is_open("request_counts") else None,
        "record": here.form(of_segments(RecordForm, segments), f"record-{line.list_code}", **before)
        if here.head.is_open("give_counts")
        else None,
        "accept": here.form(ReasonForm, f"accept-{line.list_code}")
        if line.state == "short" and here.head.is_open("accept_short_count")
        else None,
    }


def _lines(code: str) -> tuple[UUID, tuple[CountLine, ...]]:
    with reading() as session:
        campaign = find_campaign(session, code)
        return campaign.id, list_count_lines(CampaignFacts(session, campaign), now=clock_now())


def _line(code: str, list_code: str) -> tuple[UUID, CountLine]:
    campaign_id, lines = _lines(code)
    return campaign_id, next((line for line in lines if line.list_code == list_code), None) or abort(404)


def _place(list_code: str) -> str:
    return f"counts-{list_code}"


@blueprint.post("/campaigns/<code>/negotiation/counts")
@audience(Role.PROJECT_MANAGER)
def request_counts(code: str) -> Response:
    """Ask the suppliers of all lists about which nobody was asked yet."""
    campaign_id, lines = _lines(code)
    form = AskForm.received(EVERY_LIST)
    command = form.asking(RequestCounts, campaign_id, list_ids=tuple(line.list_id for line in lines if line.is_to_ask))
    done = _("Counts are asked for: each supplier gets the request by e-mail and in its portal.")
    return act("negotiation", code, form, command, done=done, key=EVERY_LIST)


@blueprint.post("/campaigns/<code>/negotiation/<list_code>/counts/request")
@audience(Role.PROJECT_MANAGER)
def request_count(code: str, list_code: str) -> Response:
    """Ask the supplier of one list, for the first time or anew."""
    campaign_id, line = _line(code, list_code)
    form = AskForm.received(f"ask-{list_code}")
    command = form.asking(RequestCounts, campaign_id, list_ids=(line.list_id,))
    done = _("%(supplier)s is asked for the counts of %(list)s.", supplier=line.supplier_name, list=list_code)
    return act("negotiation", code, form, command, done=done, key=_place(list_code))


@blueprint.post("/campaigns/<code>/negotiation/<list_code>/counts")
@audience(Role.PROJECT_MANAGER)
def record_counts(code: str, list_code: str) -> Response:
    """Record counts that a supplier told by other means."""
    campaign_id, line = _line(code, list_code)
    form = of_segments(RecordForm, [one.code for one in line.segments]).received(f"record-{list_code}")

    def command() -> GiveCounts:
        return GiveCounts(subject_id=campaign_id, seen_version=form.version, list_id=line.list_id, **form.given())

    return act("negotiation", code, form, command, done=_("The counts of %(list)s are recorded.", list=list_code), key=_place(list_code))


@blueprint.post("/campaigns/<code>/negotiation/<list_code>/counts/accept")
@audience(Role.PROJECT_MANAGER)
def accept_short_count(code: str, list_code: str) -> Response:
    """Order a list as planned though fewer addresses were counted."""
    campaign_id, line = _line(code, list_code)
    form = ReasonForm.received(f"accept-{list_code}")
    command = form.asking(AcceptShortCount, campaign_id, list_id=line.list_id)
    done = _("%(list)s is ordered as planned. An approver reads why.", list=list_code)
    return act("negotiation", code, form, command, done=done, key=_place(list_code))
