"""Sending one command: checked for its shape, carried out through the one door, refused in words."""

from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from pydantic import ValidationError

from app.api.asking import body_within, told
from app.api.command_models import OfferedCommand, model_of, offered_commands, value_of
from app.api.room import answers, api_actor, blueprint, problem
from app.api.schemas import CommandOut, CommandsOut, OutcomeOut
from app.jalon import jalon
from app.security.audience import signed_in
from workflows.engine.canonical import NotCanonical, read_json
from workflows.engine.refusals import NotFound
from workflows.processes import REGISTRY

OFFERED = offered_commands(REGISTRY)
LARGEST_COMMAND_BYTES = 8 * 1024 * 1024


@blueprint.get("/commands")
@signed_in
@blueprint.output(CommandsOut)
@answers()
def commands() -> dict[str, Any]:
    """List every command, who may send it and the JSON Schema of what it takes."""
    api_actor()
    return {"commands": [_command(name, offered) for name, offered in sorted(OFFERED.items())]}


@blueprint.get("/commands/<name>")
@signed_in
@blueprint.output(CommandOut)
@answers(_404="No such command")
def command(name: str) -> dict[str, Any]:
    """Read what one command takes."""
    api_actor()
    return _command(name, _offered(name))


@blueprint.post("/commands/<name>")
@signed_in
@blueprint.output(OutcomeOut)
@answers(
    _400="The body is no JSON, or the Idempotency-Key is no key",
    _403="A step for another role",
    _404="No such command, or no such subject for this person",
    _409="Refused as things stand; `code` says by what, `unmet` lists what is still open, `made` says who was faster",
    _413="The body is too large",
    _422="The body has not the command's shape, or a value that nothing can have; or the Idempotency-Key was sent with another command",
)
def send(name: str) -> dict[str, Any] | Response:
    """Send one command. `subject_id` is what it is about; `seen_version` refuses it when the subject has moved on since.

    With an `Idempotency-Key` of your own, the same command sent again within 30 days is carried out once and answered alike.
    """
    actor = api_actor()
    offered = _offered(name)
    body = body_within(LARGEST_COMMAND_BYTES)
    if body is None:
        return problem(413, "api.too_large", _("This is too large"), _("A command has at most %(most)s bytes.", most=LARGEST_COMMAND_BYTES))
    try:
        # Read once before, for what the model's reader lets pass: numbers with a decimal point and keys that stand twice.
        read_json(body)
    except (NotCanonical, ValueError, RecursionError) as error:
        return problem(400, "api.malformed", _("This cannot be read"), str(error))
    try:
        model = model_of(offered.command).model_validate_json(body)
    except ValidationError as error:
        faults = [{"path": "/" + "/".join(map(str, one["loc"])), "message": one["msg"]} for one in error.errors(include_url=False)]
        return problem(422, "api.invalid", _("This does not have the command's shape"), _("Read the remarks in `errors`."), faults)
    outcome = jalon().door.execute(value_of(model, offered.command), actor=actor, key=request.headers.get("Idempotency-Key"))
    return told(outcome)


def _offered(name: str) -> OfferedCommand:
    found = OFFERED.get(name)
    if found is None:
        raise NotFound(subject="command")
    return found


def _command(name: str, offered: OfferedCommand) -> dict[str, Any]:
    return {
        "name": name,
        "about": (offered.command.__doc__ or "").strip(),
        "subject": "advertiser" if offered.process.name == "campaign" and offered.process.birth(offered.command) else offered.process.name,
        "roles": [role.value for role in offered.roles],
        "takes": model_of(offered.command).model_json_schema(),
    }
