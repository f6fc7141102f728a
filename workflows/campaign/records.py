"""Tables of what the stages leave: stored files, budgets and decisions, merge-purge runs, lots, deposits, responses, results."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, UniqueConstraint

from workflows.campaign.model import CampaignFact, current
from workflows.engine.columns import document, instant, money, reference, text


class StoredFile(CampaignFact, table=True):
    """A file kept encrypted outside the database: what it is, the hash of its plain bytes, and when it must be gone.

    `user_task_id` is the user task that a person put it with.
    """

    __tablename__ = "stored_file"

    kind: str
    name: str
    sha256: str
    size: int
    blob_id: UUID
    wrapped_key: bytes | None
    supplier_id: UUID | None = reference("supplier.id", nullable=True)
    stored_at: datetime = instant()
    purge_on: date | None = None
    purged_at: datetime | None = instant(nullable=True)
    user_task_id: UUID | None = reference("user_task.id", nullable=True)


class BudgetVersion(CampaignFact, table=True):
    """One budget as it was submitted: its canonical bytes, their hash, and who prepared it.

    `ordered_at` is None while its orders wait for the conditions of its approval. `left_out` are the plan lines, by their ids, that were
    let go so that the conditions are met.
    """

    __tablename__ = "budget_version"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),)

    number: int
    body: bytes
    sha256: str
    total_amount: Decimal = money()
    prepared_by_id: UUID | None = reference("person.id", nullable=True)
    prepared_at: datetime = instant()
    approved_at: datetime | None = instant(nullable=True)
    ordered_at: datetime | None = instant(nullable=True)
    left_out: list[str] = document(many=True)


class BudgetOverrun(CampaignFact, table=True):
    """What frozen lots are forecast to cost above what their budget's approval lets them: canonical bytes, their hash, who froze the lots.

    It ends with its lots, unless it was approved: then it goes on counting with the budget. Where `invoice_id` is given, accepting that
    invoice is what costs more.
    """

    __tablename__ = "budget_overrun"

    budget_id: UUID = reference("budget_version.id")
    body: bytes
    sha256: str
    forecast_amount: Decimal = money()
    prepared_by_id: UUID | None = reference("person.id", nullable=True)
    prepared_at: datetime = instant()
    approved_at: datetime | None = instant(nullable=True)
    invoice_id: UUID | None = reference("invoice.id", nullable=True)


class BudgetDecision(CampaignFact, table=True):
    """What one approver decided about one budget, by its hash, or about its overrun: `endorsed`, `approved` or `refused`.

    A signature of a budget may set conditions: a cap on the total, and lists, by code, that are not ordered.
    """

    __tablename__ = "budget_decision"

    budget_id: UUID = reference("budget_version.id")
    budget_sha256: str
    overrun_id: UUID | None = reference("budget_overrun.id", nullable=True)
    person_id: UUID = reference("person.id")
    decision: str
    limit_amount: Decimal = money()
    cap_amount: Decimal | None = money(nullable=True)
    excluded_lists: list[str] = document(many=True)
    comment: str = text()
    decided_at: datetime = instant()


class BudgetQuestion(CampaignFact, table=True):
    """What an approver asks about one budget, numbered within it, and the answer; `answered_at` is None until there is one."""

    __tablename__ = "budget_question"

    budget_id: UUID = reference("budget_version.id")
    number: int
    words: str = text()
    asked_by_id: UUID | None = reference("person.id", nullable=True)
    asked_at: datetime = instant()
    answer: str = text()
    answered_by_id: UUID | None = reference("person.id", nullable=True)
    answered_at: datetime | None = instant(nullable=True)


class Cancellation(CampaignFact, table=True):
    """What somebody asked about giving the campaign up, and what was decided: "", `approved` or `refused`. `owed` by order number."""

    reason: str = text()
    owed: dict[str, Any] = document()
    owed_amount: Decimal = money()
    requested_by_id: UUID | None = reference("person.id", nullable=True)
    requested_at: datetime = instant()
    decision: str = ""
    comment: str = text()
    decided_by_id: UUID | None = reference("person.id", nullable=True)
    decided_at: datetime | None = instant(nullable=True)


class DropMove(CampaignFact, table=True):
    """The drop was moved from the day planned until then to another; `retroplanning` is the schedule that held until then."""

    __tablename__ = "drop_move"

    from_on: date
    to_on: date
    retroplanning: dict[str, Any] | None = document(nullable=True)
    moved_by_id: UUID | None = reference("person.id", nullable=True)
    moved_at: datetime = instant()


class Override(CampaignFact, table=True):
    """A control that was passed over, and what somebody else says of it afterwards: `confirmed` or `contested`, empty until then.

    A grant lets the control be passed over once; it ends when it is used. An override of something that is there no more ends too, and
    its review is `void` where there was none.
    """

    control: str
    about: str = ""
    is_grant: bool = False
    expected: str = ""
    actual: str = ""
    reason: str = text()
    overridden_by_id: UUID | None = reference("person.id", nullable=True)
    granted_by_id: UUID | None = reference("person.id", nullable=True)
    overridden_at: datetime = instant()
    review: str = ""
    comment: str = text()
    reviewed_by_id: UUID | None = reference("person.id", nullable=True)
    reviewed_at: datetime | None = instant(nullable=True)


class MergePurgeRun(CampaignFact, table=True):
    """One run of the merge-purge: its brief, its report and its files. States: `requested`, `done`, `approved`, `void`."""

    __tablename__ = "merge_purge_run"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),)

    number: int
    state: str = "requested"
    brief: dict[str, Any] = document()
    report: dict[str, Any] | None = document(nullable=True)
    result_file_id: UUID | None = reference("stored_file.id", nullable=True)
    finished_at: datetime | None = instant(nullable=True)
    void_reason: str = text()
    comparisons: list[dict[str, Any]] = document(many=True)


class Lot(CampaignFact, table=True):
    """One cell of the lot plan: list × segment × offer × message × channel × role. `quantity` is without seeds.

    One that is `in_several` holds those of its segment who stand in several files, where the plan wants them apart. One that was to be
    mailed and is not has a `not_sent_reason`; `sending_decided_seq` is the entry that last decided so, or otherwise.
    """

    __table_args__ = (Index("ix_lot_campaign_code", "campaign_id", "code"),)

    run_id: UUID = reference("merge_purge_run.id")
    code: str
    list_code: str
    segment: str
    offer: str
    message: str
    channel: str
    role: str
    quantity: int
    seeds: int
    unit_sha256: str = ""
    in_several: bool = False
    deposited: int | None = None
    not_sent_reason: str = text()
    sending_decided_seq: int | None = None

    @property
    def is_sent(self) -> bool:
        return self.role not in ("holdout", "reserve") and not self.not_sent_reason

    @property
    def pieces(self) -> int:
        """What is printed of it: its addresses and its seeds."""
        return self.quantity + self.seeds

    @property
    def posted(self) -> int:
        """Its pieces that went out: all of them, unless its deposits say that fewer did."""
        return self.pieces if self.deposited is None else min(self.deposited, self.pieces)

    @property
    def mailed(self) -> int:
        """How many of its people it went out to. Pieces that its deposits lack are taken to be theirs, and none its seeds'."""
        return max(0, self.posted - self.seeds) if self.is_sent else 0


class LotPlan(CampaignFact, table=True):
    """The files of one partition of the net: the lot table and a mailing file a channel. `frozen_at` ends all change."""

    __tablename__ = "lot_plan"

    run_id: UUID = reference("merge_purge_run.id")
    number: int
    sha256: str
    result_file_id: UUID = reference("stored_file.id")
    summary: dict[str, Any] = document()
    frozen_at: datetime | None = instant(nullable=True)


class Proof(CampaignFact, table=True):
    """One version of a message's proof: the file that was deposited, and what became of it.

    States: `awaiting`, `signed`, `returned` with remarks, `superseded` by a later version. `message` is its code; versions of a message are
    numbered through the campaign. `supplier_id` is whose hands it came from, None where the advertiser deposited it on their behalf.
    """

    __table_args__ = (UniqueConstraint("campaign_id", "message", "version"),)

    message: str
    version: int
    state: str = "awaiting"
    file_id: UUID = reference("stored_file.id")
    sha256: str
    media_type: str
    supplier_id: UUID | None = reference("supplier.id", nullable=True)
    deposited_by_id: UUID | None = reference("person.id", nullable=True)
    deposited_at: datetime = instant()
    remarks: str = text()
    decided_by_id: UUID | None = reference("person.id", nullable=True)
    decided_at: datetime | None = instant(nullable=True)


class Deposit(CampaignFact, table=True):
    """A deposit as its sender proved it: when, and how many of each lot; others may follow. Of calls `ended_on` is the last day.

    One that is corrected ends with its next `version`, which says in `correction` why; one that is refused ends with its `refusal`.
    """

    deposited_on: date
    ended_on: date | None = None
    slip_number: str
    quantities: dict[str, Any] = document()
    rest_follows: bool = False
    file_id: UUID | None = reference("stored_file.id", nullable=True)
    supplier_id: UUID | None = reference("supplier.id", nullable=True)
    explanation: str = text()
    version: int = 1
    corrects_id: UUID | None = reference("deposit.id", nullable=True)
    correction: str = text()
    refusal: str = text()
    refused_by_id: UUID | None = reference("person.id", nullable=True)
    refused_at: datetime | None = instant(nullable=True)


class ResponseBatch(CampaignFact, table=True):
    """One imported file of what came back, and what became of its rows. States: `received`, `imported`, `refused`.

    `supplier_id` is who brought it, None where the project manager did.
    """

    __tablename__ = "response_batch"
    __table_args__ = (current("campaign_id", "sha256"),)

    kind: str
    name: str
    sha256: str
    file_id: UUID = reference("stored_file.id")
    state: str = "received"
    counts: dict[str, Any] = document()
    supplier_id: UUID | None = reference("supplier.id", nullable=True)


class Response(CampaignFact, table=True):
    """One response, once. `attribution`: a method of `trade.attribution`, or `set_aside`. `traced_lot` carries what it came by. `lists` are
    all that had the person, none where nobody knows. `matched_id` and `matched_lot` are whom name and postcode tell and their lot, where
    the campaign held people out: mailed and held out are compared by these alone.
    """

    __table_args__ = (UniqueConstraint("campaign_id", "row_sha256"),)

    batch_id: UUID = reference("response_batch.id")
    row_sha256: str
    responded_on: date | None = None
    lot_code: str | None = Field(default=None, index=True)
    unique_id: str = ""
    channel: str = ""
    kind: str = ""
    amount: Decimal = money()
    method: str = ""
    is_new: bool = False
    attribution: str
    reason: str = ""
    matched_id: str = ""
    matched_lot: str = ""
    traced_lot: str = ""
    lists: list[str] = document(many=True)


class Undeliverable(CampaignFact, table=True):
    """One piece that came back, or did not reach the address or number it went to, once."""

    __table_args__ = (UniqueConstraint("campaign_id", "unique_id"),)

    batch_id: UUID = reference("response_batch.id")
    returned_on: date | None = None
    lot_code: str | None = Field(default=None, index=True)
    unique_id: str
    reason: str


class ObjectionFile(CampaignFact, table=True):
    """Whom nobody is to write to any more and whom the post did not reach, as a file for one reader: the supplier of their list, or, where
    `supplier_id` is None, the house, for everybody. `counts` of its rows by reason, read when the campaign's chain was `as_of_seq` long.
    """

    __tablename__ = "objection_file"

    supplier_id: UUID | None = reference("supplier.id", nullable=True)
    file_id: UUID = reference("stored_file.id")
    sha256: str
    counts: dict[str, Any] = document()
    as_of_seq: int
    handed_over_at: datetime | None = instant(nullable=True)
    taken_at: datetime | None = instant(nullable=True)


class HandedFile(CampaignFact, table=True):
    """A file of people that a supplier was handed: by name and hash of its bytes, with its records. Once, however often it was taken."""

    __tablename__ = "handed_file"
    __table_args__ = (UniqueConstraint("campaign_id", "supplier_id", "sha256"),)

    supplier_id: UUID = reference("supplier.id")
    name: str
    sha256: str
    quantity: int
    handed_at: datetime = instant()


class DestructionCertificate(CampaignFact, table=True):
    """What a supplier owes for the files of people it was handed, and what it certified. States: `awaited`, `certified`, `waived`.

    `remaining` are the copies that are kept until `remaining_until_on`, empty where none is left. `file_id` is the signed paper, where
    there is one; `waived_reason` why none is waited for any more. `overdue_seq` is the entry that found it late, `settled_seq` that of its
    end.
    """

    __tablename__ = "destruction_certificate"
    __table_args__ = (UniqueConstraint("campaign_id", "supplier_id"),)

    supplier_id: UUID = reference("supplier.id")
    due_on: date
    state: str = "awaited"
    method: str = ""
    destroyed_on: date | None = None
    remaining: str = text()
    remaining_until_on: date | None = None
    operator: str = text()
    signatory: str = text()
    file_id: UUID | None = reference("stored_file.id", nullable=True)
    waived_reason: str = text()
    overdue_seq: int | None = None
    settled_by_id: UUID | None = reference("person.id", nullable=True)
    settled_at: datetime | None = instant(nullable=True)
    settled_seq: int | None = None


class CampaignResult(CampaignFact, table=True):
    """The figures of a campaign as computed once: counts, KPIs by list, segment, lot and message."""

    __tablename__ = "campaign_result"

    body: dict[str, Any] = document()
    sha256: str
    computed_at: datetime = instant()
    published_at: datetime | None = instant(nullable=True)
