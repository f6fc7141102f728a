"""Plays the ten stages in order, one method a stage. Each act is a command of the portals, by the person or supplier whose it is."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from uuid import UUID

from app.files import Files
from app.intake.kit import Kit
from app.intake.proofs import media_type_of
from app.play import answering, ending
from app.play.acting import Acting
from app.play.cast import NobodyToAct, Stuck, tolerate
from app.play.contracts import unsigned_contracts
from app.play.donors import day_to_close, returned, simulate
from app.play.machines import Machines
from app.play.posting import postings
from app.play.proofs import draw_proof
from app.play.taken import refuse_existing
from app.play.words import lessons, refusal
from workflows.campaign.any_stage.repinning import FollowPolicy
from workflows.campaign.any_stage.shared_moves import AssignResponsibility
from workflows.campaign.budget import overrun
from workflows.campaign.budget.conditions import signed_amount
from workflows.campaign.budget.signing import budget_signatures, overrun_signatures
from workflows.campaign.contacted.bringing import REPORTED_BY, RESPONSES, kinds_of
from workflows.campaign.data_protection.notice import draft_notice
from workflows.campaign.data_protection.objections import HandOverObjections, TakeObjections, waiting
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.invoicing import InvoiceRepeated
from workflows.campaign.orders.settling import unsettled_lists
from workflows.campaign.samples.showing import AttachSample
from workflows.campaign.send.handing_over import TakeMailing
from workflows.campaign.send.proofs import DepositProof, SignProof, asked_makers
from workflows.campaign.send.proving import RecordDeposit
from workflows.campaign.stages import analysis, budget, dedupe, delivery, lots, negotiation, order, plan, responses, send
from workflows.campaign.states import TEN_STAGES, CampaignState
from workflows.campaign.suppressions.receiving import KeepSuppression, unreadable
from workflows.delivery.model import FileState, files_of
from workflows.delivery.process import AcceptDelivery, DeliverFile, RejectDelivery
from workflows.engine.command import Command
from workflows.parties.actor import Actor
from workflows.parties.roles import SupplierKind
from workflows.trade.overrun import share_above
from workflows.trade.retroplanning import plan_backward
from workflows.trade.working_days import add_working_days


@dataclass(kw_only=True)
class Player(Acting):
    """Plays one kit as one campaign."""

    kit: Kit
    code: str
    files: Files
    machines: Machines
    out: Path

    def play(self, until: CampaignState | None = None, *, begin: bool = False) -> UUID:
        """Play from the brief to the analysis, or until a stage has been entered; `begin` leaves it where others have to answer.

        :raises CampaignExists: when the code is in use; nothing is written then.
        :raises Stuck: when the play cannot go on.
        """
        refuse_existing(self.door.database, self.code)
        self.schedule = plan_backward(self.kit.brief.drop_on)
        self.tell("stage", CampaignState.PLAN)
        self.open_campaign()
        for stage in TEN_STAGES:
            if stage is until:
                if begin:
                    getattr(self, f"begin_{stage}")()
                break
            self.tell("stage", stage)
            getattr(self, f"play_{stage}")()
        self.machines.settle(self._id)
        return self._id

    def open_campaign(self) -> None:
        """The brief becomes a campaign, on the first morning of its retroplanning."""
        start = self._morning(self.schedule.first_on)
        command = plan.OpenCampaign(subject_id=self.cast.advertiser_id, campaign_code=self.code, brief=self.kit.brief)
        self.campaign_id = self.door.execute(command, actor=self.cast.manager, now=start).campaign_id
        self.door.set_calendar(self._id, start)
        for path in self.kit.suppressions:
            with self.files.keeping(path, path.name) as kept:
                self._manage(KeepSuppression(subject_id=self._id, suppression=path.name, file=kept))
        self.machines.settle(self._id)
        self._refuse_unreadable_suppressions()
        if self.cast.approvers:
            answerable = self.cast.approvers[-1].person_id
            assert answerable is not None, "an approver is a person"
            self._manage(AssignResponsibility(subject_id=self._id, stage=CampaignState.BUDGET.value, person_id=answerable))

    def _refuse_unreadable_suppressions(self) -> None:
        """Opposition that nobody could read is no campaign's to pass over.

        :raises Stuck: naming each file, and what is wrong with it.
        """
        with self._facts() as facts:
            faults = [f"suppressions/{file.name}: {reading.detail}" for file, reading in unreadable(facts)]
        if faults:
            raise Stuck("; ".join(faults))

    def play_plan(self) -> None:
        self._go_to(self.schedule.stage("plan")[1])
        self._manage(plan.SubmitPlan(subject_id=self._id))

    def play_negotiation(self) -> None:
        """Owners see the samples and consent; where there is none, the manager notes that they did."""
        self.begin_negotiation()
        self.machines.settle(self._id)
        self._go_to(self.schedule.stage("negotiation")[1])
        self._do_each(answering.consents)
        self._manage(negotiation.CloseNegotiation(subject_id=self._id))

    def begin_negotiation(self) -> None:
        """Lists are counted, contracts signed and terms agreed, samples attached: owners of lists are asked for their consent."""
        first = self.schedule.stage("negotiation")[0]
        self._go_to(first)
        self._have_lists_counted(first)
        with self._facts() as facts:
            open_lists, unsigned = [target.id for target in unsettled_lists(facts)], unsigned_contracts(facts, first)
            shown = [(message.id, self.kit.samples[message.code]) for message in facts.used_messages if message.code in self.kit.samples]
        for contract in unsigned:
            self._manage(contract)
        for message_id, path in shown:
            self._attach(message_id, path)
        for list_id in open_lists:
            self._manage(negotiation.AgreeTerms(subject_id=self._id, list_id=list_id))

    def _attach(self, message_id: UUID, path: Path) -> None:
        with path.open("rb") as stream:
            media_type = media_type_of(stream)
        with self.files.keeping(path, path.name) as kept:
            self._manage(AttachSample(subject_id=self._id, message_id=message_id, file=kept, media_type=media_type))

    def _have_lists_counted(self, first: date) -> None:
        """Suppliers count the morning after they were asked; where that is less than planned, the manager orders as planned."""
        self._do_each(answering.count_requests)
        self.machines.settle(self._id)
        self._go_to(add_working_days(first, 1))
        self._do_each(partial(answering.counts, held_until_on=self.schedule.stage("delivery")[1]))
        self._do_each(answering.short_counts)

    def play_budget(self) -> None:
        """Once they were told of it, approvers endorse in the order of their limits until enough have and one may approve."""
        self.machines.settle(self._id)
        self._go_to(self.schedule.stage("budget")[1])
        with self._facts() as facts:
            assert facts.budget is not None, "negotiation closed with a budget"
            total, sha256, needed = facts.budget.total_amount, facts.budget.sha256, budget_signatures(facts).needed
        endorse, approve = (partial(answer, budget_sha256=sha256) for answer in (budget.EndorseBudget, budget.ApproveBudget))
        self._sign(total, needed, endorse, approve)

    def _sign(self, amount: Decimal, needed: int, endorse: Callable[..., Command], approve: Callable[..., Command]) -> None:
        """Approvers endorse in the order of their limits until enough have and one may approve.

        :raises NobodyToAct: before anybody signs.
        """
        *others, last = self.cast.signers(amount, needed)
        for approver in others:
            self._act(endorse(subject_id=self._id), approver)
        self._act(approve(subject_id=self._id), last)

    def play_order(self) -> None:
        """Suppliers answer the morning after they were written to, before anybody has to remind them."""
        self.machines.settle(self._id)
        self._go_to(add_working_days(self.schedule.stage("budget")[1], 1))
        self._do_each(answering.acknowledgements)
        self._go_to(self.schedule.stage("order")[1])
        self._manage(order.ConfirmOrders(subject_id=self._id))

    def play_delivery(self) -> None:
        """Suppliers deliver version after version; what does not conform is refused, what stays short or missing is decided."""
        with self._facts() as facts:
            lists = {row.code: (row.id, row.supplier_id) for row in facts.live_lists}
        notes = [note for note in self.kit.notes if note.list_code in lists]
        taken: set[tuple[str, int]] = set()
        for note in sorted(notes, key=lambda one: (one.extracted_on or date.min, one.list_code, one.tranche, one.file_version)):
            if (note.list_code, note.tranche) in taken:
                continue
            list_id, supplier_id = lists[note.list_code]
            self._go_to(note.extracted_on)
            with self.files.keeping(self.kit.delivery(note), note.file) as kept:
                command = DeliverFile(
                    subject_id=list_id,
                    tranche=note.tranche,
                    file_version=note.file_version,
                    file=kept,
                    layout=self.kit.layout(note),
                    declared_count=note.declared_count,
                    declared_sha256=note.sha256,
                    declared_encoding=note.encoding,
                    extracted_on=note.extracted_on,
                    owner_seed_count=note.owner_seed_count,
                )
                outcome = self._act(command, self.cast.supplier(supplier_id))
            self.machines.settle(self._id)
            if self._review(outcome.subject.id):
                taken.add((note.list_code, note.tranche))
        self._go_to(self.schedule.stage("delivery")[1])
        self._decide_open_lists()
        shortfall = "Moins d’adresses que prévu : le calendrier ne permet pas d’attendre."
        self._try(delivery.StartDedupe, delivery.BelowFloor, shortfall_reason=shortfall)

    def _review(self, file_id: UUID) -> bool:
        with self._facts() as facts:
            file = next(one for one in facts.files if one.id == file_id)
            findings = [one for one in (file.findings or {}).get("checks", []) if one["verdict"] == "failed"]
        if not findings:
            self._manage(AcceptDelivery(subject_id=file_id))
            return True
        self._manage(RejectDelivery(subject_id=file_id, reason=refusal(findings)))
        return False

    def _decide_open_lists(self) -> None:
        with self._facts() as facts:
            waiting = {line.list_id for line in facts.live_lines if line.state != "accepted"}
            started = {list_id: bool(files_of(facts.session, list_id, FileState.ACCEPTED)) for list_id in waiting}
        for list_id in sorted(waiting):
            if started[list_id]:
                self._manage(
                    delivery.AcceptShortDelivery(subject_id=self._id, list_id=list_id, reason="Le propriétaire n’a pas plus d’adresses.")
                )
            else:
                self._manage(delivery.ExcludeList(subject_id=self._id, list_id=list_id, reason="Aucun fichier conforme n’a été livré."))

    def play_dedupe(self) -> None:
        self.machines.settle(self._id)
        self._go_to(self.schedule.stage("dedupe")[1])
        shortfall = "Net inférieur au minimum : les volumes sont maintenus pour cette vague."
        self._try(dedupe.ApproveDedupe, dedupe.NetBelowMinimum, shortfall_reason=shortfall)

    def play_lots(self) -> None:
        self.machines.settle(self._id)
        self._go_to(self.schedule.stage("lots")[1])
        with self._facts() as facts:
            assert facts.lot_plan is not None, "machines have settled"
            sha256 = facts.lot_plan.sha256
        self._manage(lots.FreezeLots(subject_id=self._id, lot_plan_sha256=sha256))

    def play_send(self) -> None:
        self._deposit_proofs()
        self._go_to(self.schedule.step("proof").finish_on)
        with self._facts() as facts:
            messages = [(message.id, draft_notice(facts, message.code), facts.proof(message.code)) for message in facts.used_messages]
            posted = postings(facts)
        for message_id, notice, proof in messages:
            assert proof is not None, "whoever prints has deposited it"
            version, sha256 = proof.version, proof.sha256
            self._manage(SignProof(subject_id=self._id, message_id=message_id, notice=notice, proof_version=version, proof_sha256=sha256))
        self._settle_overrun()
        self._manage(send.OrderMailing(subject_id=self._id))
        for one in posted:
            for name in one.files if one.supplier_id else ():
                self._act(TakeMailing(subject_id=self._id, file=name), self.cast.supplier(one.supplier_id))
        drop_on = self.kit.brief.drop_on
        self._go_to(drop_on)
        proved = [(one.supplier_id, pieces) for one in posted for pieces in one.pieces.values()]
        for number, (supplier_id, pieces) in enumerate(proved, start=1):
            slip = f"DEP-{self.code}-{drop_on:%Y%m%d}" + (f"-{number}" if number > 1 else "")
            deposit = RecordDeposit(subject_id=self._id, deposited_on=drop_on, slip_number=slip, quantities=pieces)
            self._act(deposit, self.cast.supplier(supplier_id))
        self._manage(send.ConfirmDrop(subject_id=self._id))

    def _deposit_proofs(self) -> None:
        """Whoever prints draws each message on the sample of its lots, and deposits that on the day it is due."""
        with self._facts() as facts:
            self._go_to(add_working_days(self.schedule.stage("lots")[1], facts.campaign.policy.days("bring_proof")))
            maker = self.cast.supplier(next(iter(asked_makers(facts)), None))
            drawn = [(message.id, message.code, draw_proof(facts, self.files, message)) for message in facts.used_messages]
        for message_id, code, pdf in drawn:
            with self.files.keeping(pdf, f"bat_{self.code}_{code}.pdf") as kept:
                self._act(DepositProof(subject_id=self._id, message_id=message_id, file=kept, media_type="application/pdf"), maker)

    def _settle_overrun(self) -> None:
        """Once they were told of it, approvers accept what the mailing costs above the budget.

        Where the kit has nobody who may, the advertiser raises its tolerance that far, as an administrator would, and the campaign follows.
        """
        self.machines.settle(self._id)
        with self._facts() as facts:
            if not overrun.is_waiting(facts):
                return
            assert facts.overrun is not None, "it waits"
            approved, forecast, needed = signed_amount(facts), facts.overrun.forecast_amount, overrun_signatures(facts).needed
            sha256 = facts.overrun.sha256
        answers = (overrun.EndorseOverrun, overrun.ApproveOverrun)
        endorse, approve = (partial(answer, overrun_sha256=sha256, forecast_amount=forecast) for answer in answers)
        try:
            self._sign(forecast, needed, endorse, approve)
        except NobodyToAct as nobody:
            saved = tolerate(self.door.database, self.cast.advertiser_id, share_above(approved, forecast), now=self.door.clock.now())
            reason = f"Personne ne peut accepter le dépassement ({nobody}) : la tolérance est relevée."
            self._manage(FollowPolicy(subject_id=self._id, policy_number=saved.number, policy_sha256=saved.sha256, reason=reason))

    def play_responses(self) -> None:
        """Donors answer the files handed to the mailer; the first batch comes on the fifteenth day, the rest at the end."""
        self.machines.settle(self._id)
        drop_on = self.kit.brief.drop_on
        with self._facts() as facts:
            folder = simulate(self.kit, facts, self.files, self.out)
            answers = [(name, RESPONSES, (folder / name).read_bytes()) for name in ("responses_1.csv", "responses_2.csv")]
            batches = [(*one, self._bringer(facts, one[1])) for one in (*answers, *returned(folder, facts))]
        for number, (name, kind, content, bringer) in enumerate(batches):
            self._go_to(drop_on + timedelta(days=60 if number else 15))
            self._bring(content, name, kind, bringer)
            self.machines.settle(self._id)
            self._hand_over_objections()
        with self._facts() as facts:
            closed_on = day_to_close(facts, self.schedule.stage("responses")[1])
        self._go_to(closed_on)
        self._manage(responses.CloseResponses(subject_id=self._id))

    def _bringer(self, facts: CampaignFacts, kind: str) -> Actor:
        """Who brings a file of what came back: who opens the mail; of e-mails, messages and calls who sent them."""
        kinds = [one for one in SupplierKind if kind in kinds_of(one)] if kind in REPORTED_BY else [SupplierKind.CAGING]
        return self.cast.supplier(next((one.id for one in facts.service_suppliers() if one.kind in kinds), None))

    def _bring(self, content: bytes, name: str, kind: str, bringer: Actor) -> None:
        """Bring a batch; one with the very bytes of an earlier batch has been counted, and its refusal says so."""
        with suppress(responses.BatchAlreadyImported), self.files.keeping(content, name) as kept:
            self._act(responses.ImportBatch(subject_id=self._id, kind=kind, file=kept), bringer)

    def _hand_over_objections(self) -> None:
        """Whoever objected or could not be reached is told to the house and to the supplier of the list, at once."""
        with self._facts() as facts:
            files = [(one.id, one.supplier_id) for one in waiting(facts)]
        if not files:
            return
        self._manage(HandOverObjections(subject_id=self._id))
        self.machines.settle(self._id)
        for file_id, supplier_id in files:
            self._act(TakeObjections(subject_id=self._id, file_id=file_id), self.cast.supplier(supplier_id))

    def play_analysis(self) -> None:
        """Addresses are certified to be gone, suppliers invoice, then what was learned is written down and published."""
        self.machines.settle(self._id)
        self._go_to(self.schedule.stage("analysis")[1])
        self._do_each(ending.certificates)
        self._settle_invoices()
        with self._facts() as facts:
            assert facts.result is not None, "machines have settled"
            words = lessons(facts.result.body)
        for sentence, about in words:
            self._manage(analysis.RecordLesson(subject_id=self._id, words=sentence, about=about))
        self._manage(analysis.PublishResults(subject_id=self._id))

    def _settle_invoices(self) -> None:
        """Suppliers invoice, one of them twice; the manager disputes what differs from what is due."""
        with self._facts() as facts:
            invoices = ending.invoices(self.kit, facts, self.out)
        for one in invoices:
            with suppress(InvoiceRepeated), self.files.keeping(one.pdf, one.name) as kept:
                self._act(one.sent(kept), self.cast.supplier(one.supplier_id))
        self._do_each(ending.disputes)
