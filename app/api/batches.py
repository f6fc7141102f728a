"""Files of what came back, for programs: brought as their bytes, each kind by whom it comes to, and what became of their rows."""

from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Response, request
from flask_babel import gettext as _
from pydantic import BaseModel, Field
from werkzeug.datastructures import FileStorage

from app.api.asking import body_within, told
from app.api.room import answers, api_actor, blueprint, fields, problem
from app.api.schemas import OutcomeOut, Sha256
from app.jalon import jalon
from app.portals.shared.returned_words import titles_remark
from app.queries.batches import list_batches
from app.queries.campaign import find_campaign
from app.security.audience import signed_in
from workflows.campaign.contacted.bringing import KINDS
from workflows.campaign.stages.responses import ImportBatch

LARGEST_BATCH_BYTES = 64 * 1024 * 1024


class FaultOut(BaseModel):
    """A line of the file, counted from 1 with its titles, that says nothing that can be kept, and why."""

    line: int
    fault: str


class BrokenOut(BaseModel):
    """A line of the file with a call that broke a rule of calling, and which; it counts like the others."""

    line: int
    rule: str


class BatchOut(BaseModel):
    """One file of what came back. `counts` are its rows by what became of them; `faults` the first of the lines that could not be read,
    `broken` of those whose call broke a rule.

    `state`: received while it is read, then imported; refused whole for the `reason`, the titles it lacks or that it is no table.
    """

    id: UUID
    name: str
    kind: str
    state: str
    sha256: Sha256
    brought_by: str
    counts: dict[str, int]
    faults: list[FaultOut]
    broken: list[BrokenOut]
    reason: str


class BatchesOut(BaseModel):
    """Every file of a campaign, in the order in which they came."""

    batches: list[BatchOut]


class Brought(BaseModel):
    """What the bytes are."""

    kind: str = Field(pattern=f"^({'|'.join(KINDS)})$")
    name: str = Field("api.csv", min_length=1, max_length=120, pattern=r"^[^/\\\x00]+$")


@blueprint.get("/campaigns/<code>/batches")
@signed_in
@blueprint.output(BatchesOut)
@answers(_404="No such campaign for this person")
def batches(code: str) -> dict[str, Any]:
    """List the files of answers, undeliverables, bounces and calls that were brought. A supplier sees its own."""
    with jalon().database.reading(api_actor()) as session:
        rows = list_batches(session, find_campaign(session, code).id)
    return {"batches": [_batch(fields(row, BATCH), dict(row.counts)) for row in rows]}


@blueprint.post("/campaigns/<code>/batches")
@signed_in
@blueprint.input(Brought, location="query", arg_name="brought")
@blueprint.output(OutcomeOut, status_code=201)
@answers(
    _403="A step for another role",
    _404="No such campaign for this person",
    _409="Refused as things stand; `code` says by what: the very same file was imported before, or it is not theirs to bring",
    _413="The file is too large",
    _422="The file lacks a title, or `kind` is none; or the Idempotency-Key was sent with another file",
)
def bring_batch(code: str, brought: Brought) -> dict[str, Any] | Response:
    """Bring a file: the body is its bytes, a CSV with the titles of its kind. A row that came before counts once.

    `responses`: DATE;CODE_LOT;ID_UNIQUE;TYPE;MONTANT. `undeliverables`: DATE;CODE_LOT;ID_UNIQUE;MOTIF.
    `bounces`: DATE;CODE_LOT;ID_UNIQUE;TYPE, which is hard or soft.
    `calls`: DATE;CODE_LOT;ID_UNIQUE;RESULTAT, which is reached, agreed, refused, callback, wrong_number or opt_out.
    It is read a moment later: the list of batches says what became of its rows.
    """
    actor = api_actor()
    rooms = jalon()
    with rooms.database.reading(actor) as session:
        campaign_id = find_campaign(session, code).id
    body = body_within(LARGEST_BATCH_BYTES)
    if body is None:
        return problem(413, "api.too_large", _("This is too large"), _("A file has at most %(most)s bytes.", most=LARGEST_BATCH_BYTES))
    remark = titles_remark(FileStorage(BytesIO(body)), brought.kind)
    if remark:
        return problem(422, "api.invalid", _("This file cannot be read"), remark)
    with rooms.files.keeping(body, brought.name) as kept:
        command = ImportBatch(subject_id=campaign_id, kind=brought.kind, file=kept)
        outcome = rooms.door.execute(command, actor=actor, key=request.headers.get("Idempotency-Key"))
    if outcome.repeated:
        rooms.files.discard(kept)
    return told(outcome)


BATCH = ("id", "name", "kind", "state", "sha256", "brought_by")


def _batch(row: dict[str, Any], counts: dict[str, Any]) -> dict[str, Any]:
    faults = [{"line": line, "fault": fault} for line, fault in counts.pop("faults", ())]
    broken = [{"line": line, "rule": rule} for line, rule in counts.pop("broken", ())]
    return row | {"reason": counts.pop("reason", ""), "faults": faults, "broken": broken, "counts": counts}
