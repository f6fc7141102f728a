"""The lots' room: the cells of the lot plan, its files by their hashes, and freezing it, or having it or the dedupe done again."""

from typing import Any

from flask import Response
from flask_babel import gettext as _

from app import i18n
from app.portals.manager.blueprint import blueprint
from app.portals.manager.campaign import jobs
from app.portals.manager.dedupe import redo_view
from app.portals.manager.moves import move_view
from app.portals.manager.rooms import Here, room, show
from app.portals.shared.controls import control_told, written_word
from app.portals.shared.lot_words import barred_told, lot_view
from app.portals.shared.words import label
from app.queries.documents import list_documents
from app.queries.lots import MailingFile, PlannedTest, get_lots
from app.queries.overrun import look_ahead
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.parties.roles import Role


@room("lots")
def fill(here: Here) -> dict[str, Any]:
    """What the lots' room shows."""
    facts = CampaignFacts(here.session, here.campaign)
    page = get_lots(facts)
    freeze = move_view(here, "freeze_lots", lot_plan_sha256=page.sha256)
    if freeze and not page.asks_for_reason:
        freeze["fields"] = ("lot_plan_sha256",)
    return {
        "page": page,
        "control_told": control_told,
        "lots": [lot_view(lot) for lot in page.lots],
        "files": [_file_view(file) for file in page.files],
        "jobs": jobs(here),
        "documents": list_documents(here.session, here.campaign.id, kinds=("lot_plan",)),
        "tests": [_test_view(test) for test in page.tests],
        "freeze": freeze,
        "ahead": look_ahead(facts),
        "barred": barred_told(page.barred) if here.campaign.state in ("lots", "send") else "",
        "recount": move_view(here, "recount_barred") if page.barred_elsewhere else None,
        "remake": move_view(here, "remake_lots") if page.lots else None,
        "redo": redo_view(here, facts) if here.campaign.state == "lots" else None,
    }


def _test_view(test: PlannedTest) -> dict[str, Any]:
    """A test as the page's table takes it."""
    return {
        "about": test.about,
        "channel": label("channel", test.channel),
        "cells": f"{i18n.number(test.control_qty)} / {i18n.number(test.variant_qty)}",
        "needed": test.needed,
        "needed_for": _("for %(n)s responses", n=i18n.number(test.least_responses)) if test.least_responses is not None else "",
        "rate": test.rate,
        "wanted": test.wanted,
        "detectable": test.detectable,
        "power": test.power,
        "conclusive": test.conclusive,
    }


def _file_view(file: MailingFile) -> dict[str, Any]:
    """A file for the mailer as the page's table takes it."""
    return {"name": file.name, "written": written_word(file.layout, file.encoding), "rows": file.rows, "sha256": file.sha256}


@blueprint.get("/campaigns/<code>/lots")
@audience(Role.PROJECT_MANAGER)
def lots(code: str) -> Response:
    """The lots' room."""
    return show("lots", code)
