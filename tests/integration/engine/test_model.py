"""The machine, its database and a model of it agree under thousands of random steps, transactions that die at random points included.

The model is a few dictionaries written from the trade's words, not from the process's declaration. What it does not foresee is a fault.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlmodel import col, select

from tests.integration.stages.played import Played
from workflows.campaign.any_stage.cancelling import ApproveCancellation, CancelCampaign, RefuseCancellation, RequestCancellation
from workflows.campaign.any_stage.holding import HoldCampaign, ResumeCampaign
from workflows.campaign.any_stage.reworking import ReturnToStage
from workflows.campaign.model import Campaign
from workflows.campaign.records import BudgetVersion, Cancellation
from workflows.campaign.stages.budget import ApproveBudget, RefuseBudget, RefuseBudgetToPlan
from workflows.campaign.stages.negotiation import AgreeTerms, CloseNegotiation, RecordConsent, ReturnToPlan
from workflows.campaign.stages.order import ConfirmOrders, ReturnToNegotiation
from workflows.campaign.stages.plan import SubmitPlan
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import GENESIS, Checkpoint
from workflows.engine.command import Command
from workflows.engine.refusals import Refused
from workflows.engine.user_tasks import UserTask
from workflows.order.model import PurchaseOrder
from workflows.order.process import AcknowledgeOrder
from workflows.parties.actor import Actor

Campaigns = Callable[[str], Played]

FORWARD = {"plan": SubmitPlan, "negotiation": CloseNegotiation, "budget": ApproveBudget, "order": ConfirmOrders}
AFTER = {"plan": "negotiation", "negotiation": "budget", "budget": "order", "order": "delivery"}
BACK = {
    "negotiation": {ReturnToPlan: "plan"},
    "budget": {RefuseBudget: "negotiation", RefuseBudgetToPlan: "plan"},
    "order": {ReturnToNegotiation: "negotiation"},
}
RETURNS = {"order": {"plan"}, "delivery": {"plan", "negotiation"}}
STAGES = ("plan", "negotiation", "budget", "order", "delivery")
CRASHES = st.sampled_from([None, None, None, "before the end", "at the end"])


class Crash(RuntimeError):
    """The process dies."""


class CampaignUnderModel(RuleBasedStateMachine):
    """Random wishes of a project manager, an approver and suppliers, some of which die on the way."""

    played: Campaigns

    def __init__(self) -> None:
        super().__init__()
        self.campaign = type(self).played("plan")
        self.state, self.rests_in = "plan", ""
        self.asked = False
        self.length = self.campaign.campaign.chain_seq
        self.verified = (0, GENESIS)

    # --- one step ---------------------------------------------------------------------------------------------------------------

    def ask(self, command: Command, *, crash: str | None, by: Actor | None = None) -> bool:
        """Carry one command out; True when it was, False when it was refused or died. Both leave everything as it was."""
        before = None if crash is None else self.campaign.trace()

        def die(_session: Any) -> None:
            raise Crash

        try:
            if crash == "at the end":
                # Everything is written, and the transaction dies instead of being committed.
                self.campaign.door.execute_all([command], actor=by or self.campaign.manager, now=self.campaign.now, finish=die)
            elif crash:
                # A second wish in the same transaction is refused: the first is undone with it.
                wrong = AcknowledgeOrder(subject_id=self.campaign.campaign_id, content_sha256="")
                self.campaign.door.execute_all([command, wrong], actor=by or self.campaign.manager, now=self.campaign.now)
            else:
                self.campaign.ask(command, by=by)
                return True
        except (Refused, Crash):
            if before is not None:
                assert self.campaign.trace() == before
        return False

    @property
    def head(self) -> dict[str, Any]:
        return {"subject_id": self.campaign.campaign_id}

    def budget_hash(self) -> str:
        rows = self.campaign.rows(BudgetVersion, col(BudgetVersion.to_seq).is_(None))
        return rows[0].sha256 if rows else "0" * 64

    # --- wishes -----------------------------------------------------------------------------------------------------------------

    @rule(stage=st.sampled_from(STAGES[:-1]), crash=CRASHES)
    def go_forward(self, stage: str, crash: str | None) -> None:
        extra = {"budget_sha256": self.budget_hash()} if stage == "budget" else {}
        by = self.campaign.president if stage == "budget" else None
        if self.ask(FORWARD[stage](**self.head, **extra), crash=crash, by=by):
            assert self.state == stage, f"{FORWARD[stage].__name__} went through in {self.state}"
            self.state = AFTER[stage]

    @rule(crash=CRASHES)
    def settle_the_lists(self, crash: str | None) -> None:
        for row in self.campaign._lists():
            about = {**self.head, "list_id": row.id}
            if self.ask(AgreeTerms(**about), crash=crash):
                assert self.state == "negotiation"
                self.ask(RecordConsent(**about), crash=None)

    @rule(crash=CRASHES)
    def accept_an_order(self, crash: str | None) -> None:
        for order in self.campaign.rows(PurchaseOrder, PurchaseOrder.state == "issued", col(PurchaseOrder.to_seq).is_(None))[:3]:
            if self.ask(AcknowledgeOrder(subject_id=order.id, content_sha256=order.content_sha256), crash=crash):
                assert self.state not in ("on_hold", "cancelled")

    @rule(stage=st.sampled_from(list(BACK)), which=st.integers(0, 1), crash=CRASHES)
    def go_back_as_the_stage_says(self, stage: str, which: int, crash: str | None) -> None:
        command, target = list(BACK[stage].items())[which % len(BACK[stage])]
        by = self.campaign.president if stage == "budget" else None
        if self.ask(command(**self.head, reason="Autrement."), crash=crash, by=by):
            assert self.state == stage
            self.state = target

    @rule(stage=st.sampled_from(STAGES), crash=CRASHES)
    def return_to(self, stage: str, crash: str | None) -> None:
        if self.ask(ReturnToStage(**self.head, stage=stage, reason="Un fichier de plus."), crash=crash):
            assert stage in RETURNS[self.state]
            self.state = stage

    @rule(crash=CRASHES)
    def hold(self, crash: str | None) -> None:
        if self.ask(HoldCampaign(**self.head, reason="On attend."), crash=crash):
            assert self.state in STAGES
            self.rests_in, self.state = self.state, "on_hold"

    @precondition(lambda self: self.state == "on_hold")
    @rule(crash=CRASHES)
    def resume(self, crash: str | None) -> None:
        if self.ask(ResumeCampaign(**self.head), crash=crash):
            self.state, self.rests_in = self.rests_in, ""

    @rule(crash=CRASHES)
    def ask_to_cancel(self, crash: str | None) -> None:
        if self.ask(RequestCancellation(**self.head, reason="Plus de budget."), crash=crash):
            assert not self.asked
            self.asked = True

    @rule(go_on=st.booleans(), crash=CRASHES)
    def decide_about_cancelling(self, go_on: bool, crash: str | None) -> None:
        waiting = self.campaign.rows(Cancellation, Cancellation.decision == "")
        owed = waiting[-1].owed_amount if waiting else 0
        refusal, approval = RefuseCancellation(**self.head, reason="Non."), ApproveCancellation(**self.head, owed_amount=owed)
        if self.ask(refusal if go_on else approval, crash=crash, by=self.campaign.president):
            assert self.asked
            self.asked = False
            self.state = self.state if go_on else "cancelled"

    @rule(sure=st.integers(0, 9), crash=CRASHES)
    def cancel_alone(self, sure: int, crash: str | None) -> None:
        if sure:
            return
        ordered = self.campaign.rows(
            PurchaseOrder, col(PurchaseOrder.state).in_(["issued", "accepted"]), col(PurchaseOrder.to_seq).is_(None)
        )
        if self.ask(CancelCampaign(**self.head, reason="Non."), crash=crash):
            assert not ordered
            self.state, self.asked = "cancelled", False

    # --- what always holds ------------------------------------------------------------------------------------------------------

    @invariant()
    def the_database_stands_where_the_model_does(self) -> None:
        assert self.campaign.state == self.state

    @invariant()
    def work_is_open_only_while_the_campaign_goes_on(self) -> None:
        states = {task.state for task in self.campaign.rows(UserTask)}
        if self.state == "on_hold":
            assert "open" not in states
        elif self.state == "cancelled":
            assert states <= {"done", "cancelled"}
        else:
            assert "suspended" not in states

    @invariant()
    def the_chain_is_whole_and_ends_at_its_head(self) -> None:
        seq, head = self.verified
        with self.campaign.reading() as session:
            campaign = session.get_one(Campaign, self.campaign.campaign_id)
            added = select(Checkpoint).where(Checkpoint.campaign_id == campaign.id, Checkpoint.seq > seq).order_by(col(Checkpoint.seq))
            for row in session.exec(added):
                entry = read_json(row.body)
                assert (entry["seq"], entry["prev"]) == (seq + 1, head)
                seq, head = seq + 1, sha256(row.body).hexdigest()
            assert (campaign.chain_seq, campaign.chain_head) == (seq, head)
        self.verified = (seq, head)


def test_machine_database_and_model_agree_under_random_steps_and_crashes(played: Campaigns) -> None:
    CampaignUnderModel.played = staticmethod(played)
    run_state_machine_as_test(
        CampaignUnderModel,
        settings=settings(
            max_examples=20,
            stateful_step_count=100,
            derandomize=True,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
