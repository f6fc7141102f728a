"""The work that machines gave up in a campaign: a project manager has it tried again, or says how it was settled without them."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import PressForm, ReasonForm
from app.portals.manager.rooms import Here, act, room, show
from app.portals.manager.words import JOBS
from app.queries.incidents import list_incidents
from app.security.audience import audience
from workflows.parties.roles import Role
from workflows.service_task.process import ResolveServiceTask, RetryServiceTask


@room("incidents")
def fill(here: Here) -> dict[str, Any]:
    """What the room shows: each incident with its two ways out while it stands."""
    return {
        "incidents": [
            {
                "row": row,
                "what": JOBS.get(row.name, row.name.replace("_", " ")),
                "retry": here.form(PressForm, f"retry-{row.id}", seen_version=row.version) if row.standing == "open" else None,
                "resolve": here.form(ReasonForm, f"resolve-{row.id}", seen_version=row.version) if row.standing == "open" else None,
            }
            for row in list_incidents(here.session, here.campaign)
        ]
    }


@blueprint.get("/campaigns/<code>/incidents")
@audience(Role.PROJECT_MANAGER)
def incidents(code: str) -> Response:
    """The incidents of one campaign."""
    return show("incidents", code)


@blueprint.post("/campaigns/<code>/incidents/<uuid:message_id>/<any(retry,resolve):name>")
@audience(Role.PROJECT_MANAGER)
def settle_incident(code: str, message_id: UUID, name: str) -> AnyResponse:
    """Have it tried again, or say how it was settled."""
    key = f"{name}-{message_id}"
    if name == "retry":
        press = PressForm.received(key)
        return act(
            "incidents",
            code,
            press,
            press.asking(RetryServiceTask, message_id),
            done=_("It is tried again. Until it is done it stays here."),
        )
    form = ReasonForm.received(key)
    return act(
        "incidents",
        code,
        form,
        form.asking(ResolveServiceTask, message_id),
        done=_("The incident is settled."),
    )
