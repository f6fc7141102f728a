"""What programs may read of a campaign: stage and moves, user tasks, budgets, counts, codes, checkpoints; as far as they may see."""

import dataclasses
from typing import Any

from sqlmodel import col, select

from app.api.basis_schemas import BasesOut, StatedOut
from app.api.count_schemas import CountsOut
from app.api.room import answers, api_actor, blueprint, fields
from app.api.schemas import (
    After,
    BudgetsOut,
    CampaignsOut,
    CampaignWithMovesOut,
    CheckpointsOut,
    CodeOut,
    TaskState,
    UserTasksOut,
)
from app.database import act_for_advertiser
from app.errors import told_of
from app.jalon import jalon
from app.queries.attachments import read_attachments
from app.queries.bases import BasisLine, list_basis_lines
from app.queries.budget_versions import list_budgets
from app.queries.campaign import find_campaign
from app.queries.checklist import read_checklists
from app.queries.codes import CodeOwner, read_code
from app.queries.counts import list_count_lines
from app.security.audience import signed_in
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.process import CAMPAIGN
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.dispatch import AvailableMove, available_moves
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import Actor


@blueprint.get("/campaigns")
@signed_in
@blueprint.output(CampaignsOut)
@answers()
def campaigns() -> dict[str, Any]:
    """List the campaigns."""
    with jalon().database.reading(api_actor()) as session:
        rows = session.exec(select(Campaign).order_by(col(Campaign.opened_at).desc(), col(Campaign.code)))
        return {"campaigns": [_campaign(row, api_actor()) for row in rows]}


@blueprint.get("/campaigns/<code>")
@signed_in
@blueprint.output(CampaignWithMovesOut)
@answers(_404="No such campaign for this person")
def campaign(code: str) -> dict[str, Any]:
    """Read one campaign, with the moves of its present state and what closes each of them."""
    actor = api_actor()
    with jalon().database.reading(actor) as session:
        found = find_campaign(session, code)
        # The asker may see it. Which of its moves are a supplier's is told by costs and lots, of which suppliers see none.
        act_for_advertiser(session, found.advertiser_id, actor)
        moves = available_moves(session, CAMPAIGN, found, actor=actor, now=found.present(jalon().clock.now()))
        return {**_campaign(found, actor), "moves": [_move(move) for move in moves]}


@blueprint.get("/campaigns/<code>/user-tasks")
@signed_in
@blueprint.input(TaskState, location="query", arg_name="asked")
@blueprint.output(UserTasksOut)
@answers(_404="No such campaign for this person")
def user_tasks(code: str, asked: TaskState) -> dict[str, Any]:
    """List a campaign's user tasks."""
    with jalon().database.reading(api_actor()) as session:
        found = find_campaign(session, code)
        statement = select(UserTask).where(UserTask.campaign_id == found.id, UserTask.state == asked.state)
        rows = session.exec(statement.order_by(col(UserTask.due_at), col(UserTask.name), col(UserTask.label)))
        tasks = list(rows)
    seen = [row.id for row in tasks]
    checklists, attachments = read_checklists(jalon().database, seen), read_attachments(jalon().database, seen)
    return {
        "user_tasks": [
            {
                **fields(row, USER_TASK),
                "campaign": code,
                "checklist": [fields(point, POINT) for point in checklists[row.id].points],
                "attachments": [fields(file, ATTACHMENT) for file in attachments[row.id]],
            }
            for row in tasks
        ]
    }


@blueprint.get("/campaigns/<code>/budgets")
@signed_in
@blueprint.output(BudgetsOut)
@answers(_404="No such campaign for this person")
def budgets(code: str) -> dict[str, Any]:
    """List a campaign's budgets with what was decided and asked about each. Suppliers see none."""
    with jalon().database.reading(api_actor()) as session:
        facts = CampaignFacts(session, find_campaign(session, code))
        return {"budgets": [dataclasses.asdict(one) for one in list_budgets(facts)]}


@blueprint.get("/campaigns/<code>/counts")
@signed_in
@blueprint.output(CountsOut)
@answers(_404="No such campaign for this person")
def counts(code: str) -> dict[str, Any]:
    """List the counts of a campaign's lists, beside what is wanted of each. A supplier sees its own."""
    with jalon().database.reading(api_actor()) as session:
        lines = list_count_lines(CampaignFacts(session, find_campaign(session, code)), now=jalon().clock.now())
    return {"counts": [{**fields(one, COUNT), "segments": [fields(segment, SEGMENT) for segment in one.segments]} for one in lines]}


@blueprint.get("/campaigns/<code>/legal-bases")
@signed_in
@blueprint.output(BasesOut)
@answers(_404="No such campaign for this person")
def legal_bases(code: str) -> dict[str, Any]:
    """List what is stated of the legal basis of a campaign's lists, and what speaks against it. A supplier sees its own."""
    with jalon().database.reading(api_actor()) as session:
        lines = list_basis_lines(CampaignFacts(session, find_campaign(session, code)))
    return {"legal_bases": [_basis(line) for line in lines]}


@blueprint.get("/codes/<typed>")
@signed_in
@blueprint.output(CodeOut)
@answers()
def code(typed: str) -> dict[str, Any]:
    """Check a lot code as somebody typed it, among the lots this person may see."""
    with jalon().database.reading(api_actor()) as session:
        found = read_code(session, typed[:LONGEST_CODE])
    return {
        "typed": found.typed.text,
        "check_holds": found.typed.check_holds,
        "lots": [_lot(owner) for owner in found.owners],
        "likely": [{**fields(one.guess.slip, SLIP), "lot": _lot(one.owner)} for one in found.likely],
    }


@blueprint.get("/campaigns/<code>/checkpoints")
@signed_in
@blueprint.input(After, location="query", arg_name="asked")
@blueprint.output(CheckpointsOut)
@answers(_404="No such campaign for this person")
def checkpoints(code: str, asked: After) -> dict[str, Any]:
    """Read a campaign's chain, a part at a time. Suppliers see no entries."""
    with jalon().database.reading(api_actor()) as session:
        found = find_campaign(session, code)
        statement = select(Checkpoint).where(Checkpoint.campaign_id == found.id, Checkpoint.seq > asked.after)
        rows = session.exec(statement.order_by(col(Checkpoint.seq)).limit(asked.limit))
        entries = [{"seq": row.seq, "sha256": row.sha256, "body": row.body.decode()} for row in rows]
        return {"count": found.chain_seq, "head": found.chain_head, "checkpoints": entries}


USER_TASK = (
    "id",
    "name",
    "label",
    "stage",
    "subject_kind",
    "subject_id",
    "candidate_role",
    "state",
    "opened_at",
    "due_at",
    "closed_at",
    "priority",
    "assignee_id",
    "delegated_by_id",
    "follow_up_on",
    "reminded_at",
    "escalated_at",
    "mentioned",
    "version",
)
POINT = ("code", "required", "words", "ticked_at", "ticked_by_id")
ATTACHMENT = ("id", "name", "size", "sha256", "stored_at", "attached_by_id", "purged_at")
COUNT = (
    "list_code",
    "supplier_name",
    "state",
    "asked_at",
    "due_on",
    "exclusions",
    "counted_at",
    "on_behalf",
    "held_until_on",
    "remark",
)
SEGMENT = ("code", "wanted", "available")
SLIP = ("kind", "position", "typed", "meant")
LOT = ("code", "list_code", "segment", "message", "offer", "channel", "role", "is_sent", "is_void")
LONGEST_CODE = 40


def _lot(owner: CodeOwner) -> dict[str, Any]:
    return {**fields(owner, LOT), "campaign": owner.campaign_code}


def _basis(line: BasisLine) -> dict[str, Any]:
    return {
        "list_code": line.list_code,
        "channels": list(line.channels),
        "stated": fields(line.stated, tuple(StatedOut.model_fields)) if line.stated else None,
        "doubts": [{"doubt": str(one.doubt), "channels": list(one.channels)} for one in line.doubts],
    }


def _campaign(row: Campaign, actor: Actor) -> dict[str, Any]:
    known = ("id", "code", "title", "state", "version", "currency", "drop_on", "follow_up_of_id", "opened_at")
    envelope = row.envelope_amount if row.advertiser_id in actor.staff_advertiser_ids else None
    return {**fields(row, known), "envelope_amount": envelope, "entries": row.chain_seq, "head": row.chain_head}


def _move(move: AvailableMove) -> dict[str, Any]:
    return {
        "command": move.name,
        "to": move.to,
        "allowed": move.allowed,
        "open": move.is_open,
        "unmet": [told_of(one) for one in move.unmet],
    }
