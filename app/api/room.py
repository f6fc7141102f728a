"""What the API's views share: the blueprint, who a token belongs to, and how a fault of the request is told."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from apiflask import APIBlueprint, HTTPError
from flask import Request, Response, abort, g, jsonify, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from app.api.tokens import PREFIX, find_owner
from app.jalon import jalon
from app.security.people import SignedIn
from workflows.engine.idempotency import LONGEST_KEY
from workflows.parties.actor import SYSTEM, Actor

View = TypeVar("View", bound=Callable[..., Any])

blueprint = APIBlueprint("api", __name__, url_prefix="/api", tag="Jalon")


def api_actor() -> Actor:
    """Whoever the request's token belongs to. A browser's session opens nothing here.

    :raises Unauthorized: without a token that works.
    """
    person = _person_of_token(request)
    if person is None:
        abort(401)
    return person.actor


def answers(**others: str) -> Callable[[View], View]:
    """Describe in the specification what a view answers beside its result, by status: `answers(_404="No such campaign")`."""
    responses: dict[int, str] = {401: "No token, or one that no longer works"}
    responses |= {int(status.removeprefix("_")): words for status, words in others.items()}
    described: Callable[[View], View] = blueprint.doc(security="token", responses=dict(sorted(responses.items())))
    return described


def fields(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """What a row has by these names, as an answer has it."""
    return {name: getattr(row, name) for name in names}


def problem(status: int, code: str, title: str, detail: str, errors: Iterable[dict[str, str]] = ()) -> Response:
    """A fault of the request, as RFC 9457 problem details; refusals are told by `app.errors` in the same form."""
    answer = jsonify(type="about:blank", title=title, status=status, detail=detail, code=code, errors=list(errors))
    answer.status_code = status
    answer.content_type = "application/problem+json"
    return answer


def _person_of_token(asked: Request) -> SignedIn | None:
    """The person behind the bearer token of an API request, read once a request."""
    if not asked.path.startswith("/api/"):
        return None
    if "api_person" not in g:
        g.api_person = _find_person(asked.authorization)
    person: SignedIn | None = g.api_person
    return person


def _find_person(authorization: Any) -> SignedIn | None:
    if authorization is None or authorization.type != "bearer" or not (authorization.token or "").startswith(PREFIX):
        return None
    with jalon().database.reading(SYSTEM) as session:
        owner = find_owner(session, authorization.token, now=jalon().clock.now())
    if owner is None:
        return None
    person_id, fingerprint = owner
    person = jalon().people.by_id(person_id)
    return person if person is not None and person.fingerprint == fingerprint else None


@blueprint.errorhandler(HTTPError)
def tell_wrong_query(error: HTTPError) -> Response:
    """A query that the framework refused, told as we tell everything else."""
    places = error.detail.items() if isinstance(error.detail, dict) else ()
    faults = [{"path": f"/{place}/{name}", "message": " ".join(words)} for place, fields in places for name, words in fields.items()]
    return problem(error.status_code, "api.invalid", _("This request cannot be read"), _("Read the remarks in `errors`."), faults)


@blueprint.after_request
def ask_for_token(response: Response) -> Response:
    """Say how to be let in."""
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Jalon"'
    return response


@blueprint.record_once
def let_tokens_in(state: BlueprintSetupState) -> None:
    """Let a token stand for a sign-in under /api/, and describe it in the specification."""
    app: Any = state.app
    app.login_manager.request_loader(_person_of_token)
    app.security_schemes = {"token": {"type": "http", "scheme": "bearer", "description": "A personal token, made on the page /api/."}}
    app.spec_processor(_finish_specification)


def _finish_specification(spec: dict[str, Any]) -> dict[str, Any]:
    _say_what_commands_take(spec)
    _say_how_faults_look(spec)
    return spec


def _say_what_commands_take(spec: dict[str, Any]) -> None:
    """Describe the body of a command as far as all commands agree; `GET /api/commands/{name}` has the rest."""
    properties = {"subject_id": {"type": "string", "format": "uuid"}, "seen_version": {"type": ["integer", "null"]}}
    schema = {"type": "object", "required": ["subject_id"], "properties": properties, "additionalProperties": True}
    operation = spec["paths"]["/api/commands/{name}"]["post"]
    operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    key = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}
    operation["parameters"] = [
        *operation.get("parameters", ()),
        {"name": "Idempotency-Key", "in": "header", "required": False, "schema": key},
    ]


def _say_how_faults_look(spec: dict[str, Any]) -> None:
    """Put our own problem details where the framework describes its errors."""
    text = {"type": "string"}
    fields = {"type": text, "title": text, "status": {"type": "integer"}, "detail": text, "code": text}
    lists = {name: {"type": "array", "items": {"type": "object"}} for name in ("unmet", "errors")}
    made = {"made": {"type": "object", "properties": {"event": text, "at": text, "by": {"type": ["string", "null"]}}}}
    problem_details = {"type": "object", "required": [*fields], "properties": fields | lists | made}
    for framework in ("HTTPError", "ValidationError"):
        spec["components"]["schemas"].pop(framework, None)
    spec["components"]["schemas"]["Problem"] = problem_details
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in spec["paths"].values():
        for operation in path.values():
            for status, response in operation.get("responses", {}).items() if isinstance(operation, dict) else ():
                if status >= "400":
                    response["content"] = content
