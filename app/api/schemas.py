"""What the API answers, as pydantic models: they shape the answers and describe them in the specification. Amounts are text."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, PlainSerializer, WithJsonSchema

Money = Annotated[
    Decimal,
    PlainSerializer(lambda value: f"{value:.2f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]{1,12}\.[0-9]{2}$", "example": "39931.22"}),
]
"""An amount without VAT, with two decimals, as text."""

Rate = Annotated[
    Decimal,
    PlainSerializer(lambda value: f"{value:f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]{1,6}(\.[0-9]{1,6})?$", "example": "0.020000"}),
]
"""A part of one, as text."""

Sha256 = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]


class CampaignOut(BaseModel):
    """A campaign and where it stands. `envelope_amount` is null for suppliers, who negotiate with whoever has it.

    `follow_up_of_id` is the campaign whose people it writes to again, where it is a follow-up.
    """

    id: UUID
    code: str
    title: str
    state: str
    version: int
    currency: str
    envelope_amount: Money | None
    drop_on: date
    follow_up_of_id: UUID | None
    opened_at: datetime
    entries: int
    head: Sha256


class UnmetOut(BaseModel):
    """One condition that closes a move: what, in words, and whose it is to lift."""

    code: str
    message: str
    lifted_by: str
    since: datetime | None


class MoveOut(BaseModel):
    """A move of the present state: may this person make it, and what closes it."""

    command: str
    to: str | None
    allowed: bool
    open: bool
    unmet: list[UnmetOut]


class CampaignWithMovesOut(CampaignOut):
    """A campaign with the moves of its present state."""

    moves: list[MoveOut]


class PointOut(BaseModel):
    """A point of a task's checklist: its words by language, whether the task waits for it, and who ticked it when."""

    code: str
    required: bool
    words: dict[str, str]
    ticked_at: datetime | None
    ticked_by_id: UUID | None


class AttachmentOut(BaseModel):
    """A file put with a task. Its bytes are at `/api/attachments/{id}` until `purged_at`."""

    id: UUID
    name: str
    size: int
    sha256: Sha256
    stored_at: datetime
    attached_by_id: UUID | None
    purged_at: datetime | None


class UserTaskOut(BaseModel):
    """A piece of somebody's work."""

    id: UUID
    campaign: str
    name: str
    label: str
    stage: str
    subject_kind: str
    subject_id: UUID
    candidate_role: str
    state: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    priority: str
    assignee_id: UUID | None
    delegated_by_id: UUID | None
    follow_up_on: date | None
    reminded_at: datetime | None
    escalated_at: datetime | None
    mentioned: list[UUID]
    checklist: list[PointOut]
    attachments: list[AttachmentOut]
    version: int


class DocumentOut(BaseModel):
    """One revision of a document. Its PDFs are at `/api/documents/{id}/{locale}.pdf`."""

    id: UUID
    kind: str
    number: str
    revision: int
    state: str
    content_sha256: Sha256
    requested_at: datetime
    issued_at: datetime | None
    pdf_sha256: dict[str, Sha256]


class ConditionsOut(BaseModel):
    """Under what a budget is signed: the most that the campaign may come to, and the codes of lists that are not ordered."""

    cap_amount: Money | None
    excluded_lists: list[str]


class DecisionOut(BaseModel):
    """What an approver decided about a budget: `endorsed`, `approved` or `refused`."""

    person_id: UUID
    decision: str
    limit_amount: Money
    conditions: ConditionsOut
    comment: str
    decided_at: datetime


class QuestionOut(BaseModel):
    """What an approver asked about a budget; `answered_at` is null until somebody answers."""

    id: UUID
    number: int
    words: str
    asked_by: str
    asked_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


class OverrunOut(BaseModel):
    """What lots cost above the budget they were made under: `sha256` and `forecast_amount` are what an approval of it signs."""

    sha256: Sha256
    forecast_amount: Money
    body: dict[str, Any]
    prepared_by: str
    prepared_at: datetime
    approved_at: datetime | None
    decisions: list[DecisionOut]


class BudgetOut(BaseModel):
    """One budget as it was submitted. `state`: `waiting`, `approved`, `refused` or `superseded`; `sha256` is what an approval signs.

    `conditions` are those of all its signatures together.
    """

    number: int
    state: str
    sha256: Sha256
    total_amount: Money
    total_with_vat_amount: Money
    envelope_amount: Money
    prepared_by: str
    prepared_at: datetime
    conditions: ConditionsOut
    decisions: list[DecisionOut]
    questions: list[QuestionOut]
    overruns: list[OverrunOut]


class CheckpointOut(BaseModel):
    """An entry of a chain. `body` is the text whose UTF-8 bytes have the hash `sha256`."""

    seq: int
    sha256: Sha256
    body: str


class CommandOut(BaseModel):
    """A command: the kind of subject it is about, who may send it, and the JSON Schema of what it takes."""

    name: str
    about: str
    subject: str
    roles: list[str]
    takes: dict[str, Any]


class OutcomeOut(BaseModel):
    """What a command left: the subject's new state and version, and the place of its checkpoint."""

    event: str
    subject_id: UUID
    state: str
    version: int
    campaign_id: UUID
    seq: int


class CodeOwnerOut(BaseModel):
    """The lot that a code is printed for."""

    code: str
    campaign: str
    list_code: str
    segment: str
    message: str
    offer: str
    channel: str
    role: str
    is_sent: bool
    is_void: bool


class CodeSlipOut(BaseModel):
    """A code there is, one slip away from what was typed: `other`, `swapped`, `missing` or `extra`, at a place counted from 1."""

    kind: str
    position: int
    typed: str
    meant: str
    lot: CodeOwnerOut


class CodeOut(BaseModel):
    """What a typed code is: the lots it stands for, else those it may have been meant for."""

    typed: str
    check_holds: bool
    lots: list[CodeOwnerOut]
    likely: list[CodeSlipOut]


class CampaignsOut(BaseModel):
    """All campaigns this person may see."""

    campaigns: list[CampaignOut]


class UserTasksOut(BaseModel):
    """User tasks, those due first at the front."""

    user_tasks: list[UserTaskOut]


class DocumentsOut(BaseModel):
    """A campaign's documents, the newest first."""

    documents: list[DocumentOut]


class BudgetsOut(BaseModel):
    """A campaign's budgets, the newest first."""

    budgets: list[BudgetOut]


class CheckpointsOut(BaseModel):
    """Entries of a chain in their order; ask again with `after` set to the last `seq` until none comes."""

    count: int
    head: Sha256
    checkpoints: list[CheckpointOut]


class CommandsOut(BaseModel):
    """Every command that may be sent."""

    commands: list[CommandOut]


class PolicyVersionOut(BaseModel):
    """A version of the advertiser's policy, and the open campaigns that follow it."""

    number: int
    sha256: Sha256
    saved_at: datetime | None
    open_campaigns: list[str]


class PolicyOut(PolicyVersionOut):
    """A version with all of its values, and the versions there are, the newest first; `followed` is the campaign's own."""

    followed: int
    body: dict[str, Any]
    versions: list[PolicyVersionOut]


class DifferenceOut(BaseModel):
    """One value that differs: where it stands in the policy, and what it was and is; null where one version has none."""

    place: list[str]
    before: Any
    after: Any


class DifferencesOut(BaseModel):
    """What differs between two versions."""

    before: int
    after: int
    differences: list[DifferenceOut]


class WhichVersion(BaseModel):
    """Which version is asked for; the one that the campaign follows when none is."""

    version: int | None = Field(None, ge=1, le=2**31 - 1)


class TwoVersions(BaseModel):
    """Which versions are compared."""

    before: int = Field(ge=1, le=2**31 - 1)
    after: int = Field(ge=1, le=2**31 - 1)


class After(BaseModel):
    """From where on entries are read, and how many at most."""

    after: int = Field(0, ge=0, le=2**31 - 1)
    limit: int = Field(200, ge=1, le=1000)


class TaskState(BaseModel):
    """Which tasks are asked for."""

    state: str = Field("open", pattern="^(open|suspended|done|cancelled)$")
