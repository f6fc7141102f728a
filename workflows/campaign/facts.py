"""The facts of one campaign, each read from the database at most once a step.

Conditions and handlers read them; nothing is decided here.
"""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.campaign.claims.records import RefundClaim
from workflows.campaign.counts.records import CountRequest, ListCount
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.model import (
    Campaign,
    CampaignFact,
    CampaignList,
    CostItem,
    Lesson,
    ListSegment,
    Message,
    MonitorSeed,
    Responsibility,
)
from workflows.campaign.records import (
    BudgetDecision,
    BudgetOverrun,
    BudgetQuestion,
    BudgetVersion,
    CampaignResult,
    Cancellation,
    Deposit,
    DestructionCertificate,
    DropMove,
    HandedFile,
    Lot,
    LotPlan,
    MergePurgeRun,
    ObjectionFile,
    Override,
    Proof,
    ResponseBatch,
)
from workflows.campaign.samples.records import SampleApproval, SamplePiece
from workflows.campaign.send.records import LotTracking, MailingDescription
from workflows.campaign.terms.records import ListBasis
from workflows.delivery.model import DeliveredFile, FileState
from workflows.order.model import STANDING, OrderState, PurchaseOrder
from workflows.parties.model import Advertiser, Supplier
from workflows.plan_line.model import PlanLine

Row = TypeVar("Row", bound=CampaignFact)


class CampaignFacts:
    """What holds now in a campaign: rows without an end, in a stable order."""

    def __init__(self, session: Session, campaign: Campaign) -> None:
        self.session = session
        self.campaign = campaign

        self._remembered: dict[str, Any] = {}

    def remember(self, name: str, compute: Callable[[], Any]) -> Any:
        """What `compute` gives, computed once: what follows from these facts is as fixed as they are."""
        if name not in self._remembered:
            self._remembered[name] = compute()
        return self._remembered[name]

    def _current(self, table: type[Row], *order: Any) -> list[Row]:
        statement = select(table).where(table.campaign_id == self.campaign.id, col(table.to_seq).is_(None))
        return list(self.session.exec(statement.order_by(*order)))

    @cached_property
    def advertiser(self) -> Advertiser:
        found = self.session.get(Advertiser, self.campaign.advertiser_id)
        assert found is not None, "a campaign belongs to an advertiser"
        return found

    @cached_property
    def suppliers(self) -> dict[UUID, Supplier]:
        rows = self.session.exec(select(Supplier).where(Supplier.advertiser_id == self.campaign.advertiser_id))
        return {row.id: row for row in rows}

    @cached_property
    def lists(self) -> list[CampaignList]:
        """Every list of the campaign, by code."""
        return self._current(CampaignList, col(CampaignList.code))

    @cached_property
    def segments(self) -> list[ListSegment]:
        return self._current(ListSegment, col(ListSegment.code))

    @cached_property
    def lines(self) -> list[PlanLine]:
        """Every line of the plan, refused ones too, in the plan's order."""
        return self._current(PlanLine, col(PlanLine.position))

    @cached_property
    def live_lines(self) -> list[PlanLine]:
        """Lines that still count."""
        return [line for line in self.lines if line.is_alive]

    @cached_property
    def live_lists(self) -> list[CampaignList]:
        """Lists with a line that still counts."""
        used = {line.list_id for line in self.live_lines}
        return [one for one in self.lists if one.id in used]

    def lines_of(self, list_id: UUID) -> list[PlanLine]:
        return [line for line in self.lines if line.list_id == list_id]

    def ordered_qty(self, list_id: UUID) -> int:
        """Addresses wanted of a list, over its live lines."""
        return sum(line.gross_qty for line in self.live_lines if line.list_id == list_id)

    @cached_property
    def count_requests(self) -> list[CountRequest]:
        """What suppliers of lists were asked to count, of each list the newest request."""
        return self._current(CountRequest, col(CountRequest.from_seq), col(CountRequest.list_id))

    @cached_property
    def list_counts(self) -> list[ListCount]:
        """What they counted, of each list the newest answer."""
        return self._current(ListCount, col(ListCount.from_seq))

    @cached_property
    def samples(self) -> list[SamplePiece]:
        """The newest sample mail piece of each message that has one."""
        return self._current(SamplePiece, col(SamplePiece.message))

    @cached_property
    def sample_approvals(self) -> list[SampleApproval]:
        """What owners of lists are asked about samples, of each list the newest request."""
        return self._current(SampleApproval, col(SampleApproval.from_seq), col(SampleApproval.list_id))

    @cached_property
    def list_bases(self) -> list[ListBasis]:
        """Their legal bases as they were stated, of each list the newest."""
        return self._current(ListBasis, col(ListBasis.from_seq), col(ListBasis.list_id))

    @cached_property
    def messages(self) -> list[Message]:
        return self._current(Message, col(Message.code))

    @cached_property
    def used_messages(self) -> list[Message]:
        """Messages that a live line sends."""
        used = {line.message for line in self.live_lines}
        return [message for message in self.messages if message.code in used]

    @cached_property
    def seeds(self) -> list[MonitorSeed]:
        return self._current(MonitorSeed, col(MonitorSeed.code))

    @cached_property
    def costs(self) -> list[CostItem]:
        return self._current(CostItem, col(CostItem.position))

    @cached_property
    def responsibilities(self) -> list[Responsibility]:
        return self._current(Responsibility, col(Responsibility.stage))

    @cached_property
    def lessons(self) -> list[Lesson]:
        return self._current(Lesson, col(Lesson.recorded_at))

    @cached_property
    def budgets(self) -> list[BudgetVersion]:
        """All budgets there have been, oldest first."""
        statement = select(BudgetVersion).where(BudgetVersion.campaign_id == self.campaign.id)
        return list(self.session.exec(statement.order_by(col(BudgetVersion.number))))

    @cached_property
    def budget(self) -> BudgetVersion | None:
        """The budget that counts: the newest that nothing voided."""
        return next((version for version in reversed(self.budgets) if version.to_seq is None), None)

    @cached_property
    def _all_decisions(self) -> list[BudgetDecision]:
        if self.budget is None:
            return []
        return [row for row in self._current(BudgetDecision, col(BudgetDecision.from_seq)) if row.budget_id == self.budget.id]

    @property
    def decisions(self) -> list[BudgetDecision]:
        """Decisions on the budget that counts, oldest first; those on its overruns are apart."""
        return [row for row in self._all_decisions if row.overrun_id is None]

    @cached_property
    def overruns(self) -> list[BudgetOverrun]:
        """What lots that count were forecast to cost above the budget that counts, or once accepted above it, oldest first."""
        if self.budget is None:
            return []
        return [row for row in self._current(BudgetOverrun, col(BudgetOverrun.from_seq)) if row.budget_id == self.budget.id]

    @property
    def overrun(self) -> BudgetOverrun | None:
        """The newest of them."""
        return next(reversed(self.overruns), None)

    @property
    def overrun_decisions(self) -> list[BudgetDecision]:
        """Decisions on the newest overrun, oldest first."""
        return [row for row in self._all_decisions if self.overrun is not None and row.overrun_id == self.overrun.id]

    @cached_property
    def questions(self) -> list[BudgetQuestion]:
        """What was asked about the budget that counts, oldest first."""
        if self.budget is None:
            return []
        return [row for row in self._current(BudgetQuestion, col(BudgetQuestion.number)) if row.budget_id == self.budget.id]

    @cached_property
    def orders(self) -> list[PurchaseOrder]:
        """Current orders, by number."""
        return self._current(PurchaseOrder, col(PurchaseOrder.number))

    @cached_property
    def live_orders(self) -> list[PurchaseOrder]:
        return [order for order in self.orders if order.state in STANDING]

    @cached_property
    def withdrawn_orders(self) -> list[PurchaseOrder]:
        """Orders that were withdrawn without another in their place, by number: whatever became of their lists since, their terms hold."""
        withdrawn = (PurchaseOrder.state == OrderState.CANCELLED.value, col(PurchaseOrder.owed_amount).is_not(None))
        statement = select(PurchaseOrder).where(PurchaseOrder.campaign_id == self.campaign.id, *withdrawn)
        return list(self.session.exec(statement.order_by(col(PurchaseOrder.number), col(PurchaseOrder.revision))))

    @cached_property
    def files(self) -> list[DeliveredFile]:
        """All delivered files, by list, tranche and version."""
        statement = select(DeliveredFile).where(DeliveredFile.campaign_id == self.campaign.id)
        order = (col(DeliveredFile.list_code), col(DeliveredFile.tranche), col(DeliveredFile.file_version))
        return list(self.session.exec(statement.order_by(*order)))

    @cached_property
    def accepted_files(self) -> list[DeliveredFile]:
        return [file for file in self.files if file.state == FileState.ACCEPTED]

    @cached_property
    def usable_files(self) -> list[DeliveredFile]:
        """Accepted files of lists that still count."""
        used = {row.id for row in self.live_lists}
        return [file for file in self.accepted_files if file.list_id in used]

    @cached_property
    def runs(self) -> list[MergePurgeRun]:
        statement = select(MergePurgeRun).where(MergePurgeRun.campaign_id == self.campaign.id)
        return list(self.session.exec(statement.order_by(col(MergePurgeRun.number))))

    @cached_property
    def run(self) -> MergePurgeRun | None:
        """The merge-purge that counts: the newest that is not void."""
        return next((run for run in reversed(self.runs) if run.to_seq is None), None)

    @cached_property
    def lots(self) -> list[Lot]:
        return self._current(Lot, col(Lot.list_code), col(Lot.segment), col(Lot.code))

    @cached_property
    def lot_plan(self) -> LotPlan | None:
        return next(iter(reversed(self._current(LotPlan, col(LotPlan.number)))), None)

    @cached_property
    def mailings(self) -> list[MailingDescription]:
        """What was said of the mailing, version after version, oldest first."""
        statement = select(MailingDescription).where(MailingDescription.campaign_id == self.campaign.id)
        return list(self.session.exec(statement.order_by(col(MailingDescription.from_seq))))

    @property
    def mailing(self) -> MailingDescription | None:
        """What is said of it now."""
        return self.mailings[-1] if self.mailings else None

    @cached_property
    def trackings(self) -> list[LotTracking]:
        """The numbers and addresses that lots carry, version after version, oldest first."""
        statement = select(LotTracking).where(LotTracking.campaign_id == self.campaign.id)
        return list(self.session.exec(statement.order_by(col(LotTracking.from_seq))))

    @cached_property
    def proofs(self) -> list[Proof]:
        """Every version of the messages' proofs for the lots that count, by message and version."""
        return self._current(Proof, col(Proof.message), col(Proof.version))

    def proof(self, message_code: str) -> Proof | None:
        """The newest version of a message's proof."""
        return next((proof for proof in reversed(self.proofs) if proof.message == message_code), None)

    @cached_property
    def deposits(self) -> list[Deposit]:
        return self._current(Deposit, col(Deposit.deposited_on))

    @cached_property
    def batches(self) -> list[ResponseBatch]:
        return self._current(ResponseBatch, col(ResponseBatch.from_seq))

    @cached_property
    def objection_files(self) -> list[ObjectionFile]:
        """The house's file of objections and returns, and each supplier's."""
        return self._current(ObjectionFile, col(ObjectionFile.from_seq), col(ObjectionFile.supplier_id))

    @cached_property
    def handed_files(self) -> list[HandedFile]:
        """Every file of people that a supplier was handed, in the order in which they were."""
        return self._current(HandedFile, col(HandedFile.from_seq), col(HandedFile.name))

    @cached_property
    def certificates(self) -> list[DestructionCertificate]:
        """What suppliers owe for the files that they were handed, by day and supplier."""
        rows = self._current(DestructionCertificate, col(DestructionCertificate.due_on))
        return sorted(rows, key=lambda row: (row.due_on, self.suppliers[row.supplier_id].code))

    @cached_property
    def claims(self) -> list[RefundClaim]:
        """What was claimed back of lists, by number."""
        return self._current(RefundClaim, col(RefundClaim.number))

    @cached_property
    def _bills(self) -> list[Invoice]:
        return self._current(Invoice, col(Invoice.received_at), col(Invoice.number))

    @cached_property
    def invoices(self) -> list[Invoice]:
        """Every invoice that came, oldest first."""
        return [one for one in self._bills if one.credits_id is None]

    @cached_property
    def credit_notes(self) -> list[Invoice]:
        """Every credit note that came, oldest first."""
        return [one for one in self._bills if one.credits_id is not None]

    @cached_property
    def result(self) -> CampaignResult | None:
        return next(iter(reversed(self._current(CampaignResult, col(CampaignResult.computed_at)))), None)

    @cached_property
    def drop_moves(self) -> list[DropMove]:
        """Every time the drop was moved, oldest first."""
        return self._current(DropMove, col(DropMove.from_seq))

    @property
    def first_drop_on(self) -> date:
        """The day that was planned for the drop when the campaign was opened."""
        return self.drop_moves[0].from_on if self.drop_moves else self.campaign.drop_on

    def drop_moved_after(self, seq: int) -> bool:
        """Whether what entry `seq` left says another day than the drop is planned for by now."""
        return any(move.from_seq > seq for move in self.drop_moves)

    @cached_property
    def cancellations(self) -> list[Cancellation]:
        """Every time somebody asked to give the campaign up, oldest first."""
        return self._current(Cancellation, col(Cancellation.from_seq))

    @cached_property
    def overrides(self) -> list[Override]:
        """Every control that was passed over, and every grant, oldest first."""
        statement = select(Override).where(Override.campaign_id == self.campaign.id)
        return list(self.session.exec(statement.order_by(col(Override.from_seq), col(Override.control), col(Override.about))))

    @cached_property
    def cancellation(self) -> Cancellation | None:
        """The cancellation that waits for its decision."""
        return next((row for row in reversed(self.cancellations) if not row.decision), None)

    @property
    def cancelled_for(self) -> str:
        """The reason for which the campaign was given up."""
        return self.cancellations[-1].reason if self.cancellations else ""

    def supplier(self, supplier_id: UUID | None) -> Supplier | None:
        return self.suppliers.get(supplier_id) if supplier_id else None

    def service_suppliers(self) -> list[Supplier]:
        """Suppliers that a cost names, by code, each once."""
        named = {item.supplier_id for item in self.costs if item.supplier_id}
        return sorted((self.suppliers[one] for one in named), key=lambda supplier: supplier.code)
