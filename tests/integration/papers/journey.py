"""Plays the demonstration's campaign through the one door, one stage at a time, with small literal figures where a machine would work."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy, deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from app.clock import FixedClock
from app.database import Database
from app.execute import Door
from tests.integration.papers.brought import a_certificate, a_faulty_file, a_gift, a_report, a_return, a_split, cells_of, invoices_due
from tests.integration.papers.brought_contracts import contracts_wanted
from tests.integration.papers.plain import plain_kit
from tests.integration.papers.proved import whole_deposits
from workflows.campaign.budget.overrun import ApproveOverrun
from workflows.campaign.contacted.bringing import UNDELIVERABLES, kinds_for, sent_channels
from workflows.campaign.data_protection.certificates import CertifyDestruction, awaited
from workflows.campaign.data_protection.notice import draft_notice
from workflows.campaign.documents import content_from_json
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile
from workflows.campaign.model import Campaign
from workflows.campaign.policy import PolicyVersion
from workflows.campaign.process import CAMPAIGN
from workflows.campaign.records import Proof
from workflows.campaign.results.figures import compute
from workflows.campaign.send.proofs import DepositProof, SignProof
from workflows.campaign.stages.analysis import CloseCampaign, PublishResults, RecordLesson, RecordResults
from workflows.campaign.stages.budget import ApproveBudget
from workflows.campaign.stages.dedupe import ApproveDedupe, RecordMergePurge
from workflows.campaign.stages.delivery import StartDedupe
from workflows.campaign.stages.lots import FreezeLots, RecordLots
from workflows.campaign.stages.negotiation import AgreeTerms, CloseNegotiation, RecordConsent
from workflows.campaign.stages.order import ConfirmOrders
from workflows.campaign.stages.plan import OpenCampaign, SubmitPlan
from workflows.campaign.stages.responses import CloseResponses, ImportBatch, RecordBatch, UndeliverableRow
from workflows.campaign.stages.send import ConfirmDrop, OrderMailing
from workflows.campaign.suppressions.receiving import KeepSuppression
from workflows.delivery.process import AcceptDelivery, DeliverFile, RecordExamination, RejectDelivery
from workflows.engine.command import Command
from workflows.engine.dispatch import Outcome
from workflows.engine.documents import Document
from workflows.engine.process import Paper
from workflows.engine.step import Step
from workflows.order.process import AcknowledgeOrder
from workflows.parties.actor import SYSTEM, Actor, Grant
from workflows.parties.model import Advertiser, Membership, Person, Supplier
from workflows.plan_line.model import LineState

KIT = Path(__file__).parents[3] / "demo" / "automne"
BEGINNING = datetime(2026, 7, 6, 8, 0, tzinfo=UTC)
DROP = datetime(2026, 10, 13, 8, 0, tzinfo=UTC)
ANSWERED = datetime(2026, 12, 9, 9, 0, tzinfo=UTC)
"""Eight weeks after the drop, when the usual curve has nearly passed."""


@dataclass(frozen=True)
class Issued:
    """A document's row and what it says, read back from its canonical bytes."""

    document: Document
    content: Any


class Journey:
    """One campaign, from its brief on. Each method is a stage's moves; the next one starts where it ends."""

    held_out = 0
    """People of each list who are held out of the mailing."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.door = Door(database, FixedClock(BEGINNING))
        self.kit = plain_kit(KIT)
        self.actors: dict[str, Actor] = {}
        self._settle_in()
        self.now = BEGINNING
        self.open(self.kit.brief.code)

    def open(self, code: str) -> None:
        """Open a campaign of the same brief under a code, and go on with it."""
        asked = OpenCampaign(subject_id=self.advertiser_id, campaign_code=code, brief=self.kit.brief)
        self.campaign_id: UUID = self.ask(asked).subject.id
        with self.database.writing(SYSTEM) as session:
            session.add_all(contracts_wanted(self.facts(session), BEGINNING))

    def on(self, database: Database) -> Self:
        """The same campaign in a copy of its database."""
        copied = copy(self)
        copied.database, copied.door, copied.actors = database, Door(database, FixedClock(BEGINNING)), dict(self.actors)
        return copied

    def _settle_in(self) -> None:
        given = self.kit.advertiser
        with self.database.writing(SYSTEM) as session:
            advertiser = Advertiser(**vars(given))
            people = {one: Person(email=one.email, name=one.name, created_at=BEGINNING) for one in self.kit.people}
            session.add_all([advertiser, *people.values()])
            session.flush()
            self.advertiser_id = advertiser.id
            session.add_all(Supplier(advertiser_id=advertiser.id, **vars(one)) for one in self.kit.suppliers)
            for one, person in people.items():
                grant = Grant(advertiser_id=advertiser.id, role=one.role, approval_limit_amount=one.approval_limit_amount)
                session.add(
                    Membership(
                        person_id=person.id,
                        advertiser_id=advertiser.id,
                        role=one.role.value,
                        approval_limit_amount=one.approval_limit_amount,
                    )
                )
                self.actors[one.email.split("@")[0]] = Actor(person_id=person.id, name=one.name, email=one.email, grants=(grant,))

    @property
    def manager(self) -> Actor:
        return self.actors["chef.projet"]

    def ask(self, command: Command, *, by: Actor | None = None) -> Outcome:
        """Carry out one command, an hour after the one before; by the project manager where nobody is named."""
        outcome = self.door.execute(command, actor=by or self.manager, now=self.now)
        self.now += timedelta(hours=1)
        return outcome

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A reading session of the project manager; what was read stays readable when it is over."""
        with self.database.reading(self.manager) as session:
            yield session
            session.expunge_all()

    def tune_policy(self, changes: dict[str, Any]) -> None:
        """Let the campaign follow a policy that differs so from the one it follows: in values of sections, or in a whole list."""
        with self.database.writing(SYSTEM) as session:
            campaign = session.get_one(Campaign, self.campaign_id)
            body = deepcopy(campaign.policy_version.body)
            for section, values in changes.items():
                body[section] = {**body[section], **values} if isinstance(values, dict) else values
            version = PolicyVersion(
                advertiser_id=self.advertiser_id, number=campaign.policy_number + 90, body=body, sha256="0" * 64, saved_at=self.now
            )
            session.add(version)
            session.flush()
            campaign.policy_version_id, campaign.policy_number = version.id, version.number
            session.add(campaign)

    def facts(self, session: Session) -> CampaignFacts:
        campaign = session.get(Campaign, self.campaign_id)
        assert campaign is not None
        return CampaignFacts(session, campaign)

    def issued(self, kind: str) -> list[Issued]:
        """Every document of a kind, oldest first, its content read back."""
        with self.reading() as session:
            statement = select(Document).where(Document.campaign_id == self.campaign_id, Document.kind == kind)
            rows = list(session.exec(statement.order_by(col(Document.requested_seq), col(Document.number))))
        return [Issued(row, content_from_json(kind, row.content)) for row in rows]

    def write(self, papers: Callable[[Step], Iterable[Paper]]) -> list[Paper]:
        """What a kind of paper would say now, without issuing it."""
        with self.reading() as session:
            campaign = self.facts(session).campaign
            step = Step(session=session, process=CAMPAIGN, subject=campaign, chain=campaign, command=None, actor=self.manager, now=self.now)
            return list(papers(step))

    def supplier_id(self, code: str) -> UUID:
        with self.reading() as session:
            return session.exec(select(Supplier.id).where(Supplier.advertiser_id == self.advertiser_id, Supplier.code == code)).one()

    def reach(self, stage: str) -> Self:
        """Go on from the stage where the campaign stands, just entered, until it enters that one: everybody does what is asked of them."""
        stages = [*STEPS]
        for entered in stages[stages.index(self.state) + 1 : stages.index(stage) + 1]:
            for step in STEPS[entered]:
                step(self)
        assert self.state == stage
        return self

    @property
    def state(self) -> str:
        with self.database.reading(SYSTEM) as session:
            return session.get_one(Campaign, self.campaign_id).state

    def submit_plan(self) -> None:
        self.ask(SubmitPlan(subject_id=self.campaign_id))

    def close_negotiation(self) -> None:
        self.settle_lists()
        self.ask(CloseNegotiation(subject_id=self.campaign_id))

    def settle_lists(self) -> None:
        """Agree with every list that is still a candidate."""
        with self.reading() as session:
            open_codes = {line.list_code for line in self.facts(session).live_lines if line.state == LineState.CANDIDATE}
        for row in self._lists():
            if row.code in open_codes:
                self.ask(AgreeTerms(subject_id=self.campaign_id, list_id=row.id))
                self.ask(RecordConsent(subject_id=self.campaign_id, list_id=row.id))

    def approve_budget(self) -> None:
        with self.reading() as session:
            budget = self.facts(session).budget
        self.ask(ApproveBudget(subject_id=self.campaign_id, budget_sha256=budget.sha256), by=self.actors["presidence"])

    def confirm_orders(self) -> None:
        with self.reading() as session:
            orders = self.facts(session).orders
        for order in orders:
            self.ask(AcknowledgeOrder(subject_id=order.id, content_sha256=order.content_sha256))
        self.ask(ConfirmOrders(subject_id=self.campaign_id))

    def refuse_a_delivery(self, code: str) -> None:
        """Deliver a list in a file that is too short, and refuse it."""
        file_id = self._deliver(code, 1, declared=900)
        self.ask(RecordExamination(subject_id=file_id, **a_faulty_file()), by=SYSTEM)
        self.ask(RejectDelivery(subject_id=file_id, reason="Fichier incomplet et doublement encodé."))

    def deliver_everything(self, **other: int) -> None:
        with self.reading() as session:
            facts = self.facts(session)
            wanted = {row.code: facts.ordered_qty(row.id) for row in facts.live_lists} | other
            rejected = {file.list_code for file in facts.files}
        for code, quantity in wanted.items():
            file_id = self._deliver(code, 2 if code in rejected else 1, declared=quantity)
            report = {"kind": "csv", "encoding": "cp1252", "defects": []}
            self.ask(RecordExamination(subject_id=file_id, record_count=quantity, conforming=True, report=report, findings=()), by=SYSTEM)
            self.ask(AcceptDelivery(subject_id=file_id))

    def start_dedupe(self, shortfall_reason: str = "") -> None:
        for path in self.kit.suppressions:
            self.ask(KeepSuppression(subject_id=self.campaign_id, suppression=path.name, file=kept(path.name)))
        self.ask(StartDedupe(subject_id=self.campaign_id, shortfall_reason=shortfall_reason))

    def record_dedupe(self, *, bare: bool = False) -> None:
        with self.reading() as session:
            facts = self.facts(session)
            run, report = facts.run, a_report({row.code: facts.ordered_qty(row.id) for row in facts.live_lists})
        if bare:
            needed = ("delivered", "rejected", "suppressed", "intra", "inter", "net")
            report = {"lists": {code: {name: counts[name] for name in needed} for code, counts in report["lists"].items()}}
        self.ask(RecordMergePurge(subject_id=self.campaign_id, run_id=run.id, report=report, result=kept("dedupe.zip")), by=SYSTEM)

    def approve_dedupe(self) -> None:
        self.ask(ApproveDedupe(subject_id=self.campaign_id, shortfall_reason="Le fichier reste rentable."))

    def freeze_lots(self) -> None:
        """Freeze the lots. They hold more than the plan expected, so somebody with a limit accepts what that costs."""
        self.freeze_lots_above_budget()
        self.accept_overrun()

    def accept_overrun(self) -> None:
        with self.reading() as session:
            overrun = self.facts(session).overrun
        answer = ApproveOverrun(
            subject_id=self.campaign_id, overrun_sha256=overrun.sha256, forecast_amount=overrun.forecast_amount, comment="Accepté."
        )
        self.ask(answer, by=self.actors["presidence"])

    def freeze_lots_above_budget(self, *, more_seeds: int = 0) -> None:
        self.record_lots(more_seeds=more_seeds)
        with self.reading() as session:
            plan = self.facts(session).lot_plan
        self.ask(FreezeLots(subject_id=self.campaign_id, lot_plan_sha256=plan.sha256))

    def record_lots(self, *, more_seeds: int = 0) -> None:
        with self.reading() as session:
            facts = self.facts(session)
            run, cells = facts.run, tuple(cells_of(facts, more_seeds, self.held_out))
        split = {"cells": cells, "summary": a_split(cells), "result": kept("lots.zip")}
        self.ask(RecordLots(subject_id=self.campaign_id, run_id=run.id, **split), by=SYSTEM)

    def order_mailing(self) -> None:
        self.sign_proofs()
        self.ask(OrderMailing(subject_id=self.campaign_id))

    def sign_proofs(self) -> None:
        """Deposit a proof of each message, and sign it with a whole notice."""
        with self.reading() as session:
            facts = self.facts(session)
            notices = {message.code: (message.id, draft_notice(facts, message.code)) for message in facts.used_messages}
        for code, (message_id, notice) in notices.items():
            proof = self.deposit_proof(code)
            signed = {"proof_version": proof.version, "proof_sha256": proof.sha256, "notice": notice}
            self.ask(SignProof(subject_id=self.campaign_id, message_id=message_id, **signed))

    def deposit_proof(self, code: str, name: str = "", *, by: Actor | None = None) -> Proof:
        """Deposit a file as the next version of a message's proof; by the project manager where nobody is named."""
        with self.reading() as session:
            message_id = next(one.id for one in self.facts(session).used_messages if one.code == code)
        file = kept(name or f"bat_{code}.pdf")
        self.ask(DepositProof(subject_id=self.campaign_id, message_id=message_id, file=file, media_type="application/pdf"), by=by)
        with self.reading() as session:
            found = self.facts(session).proof(code)
        assert found is not None
        return found

    def reach_drop(self) -> None:
        """Let the day of the drop come, where it has not yet."""
        self.now = max(self.now, DROP)

    def drop(self) -> None:
        self.reach_drop()
        with self.reading() as session:
            deposits = whole_deposits(self.facts(session))
        for command in (*deposits, ConfirmDrop(subject_id=self.campaign_id)):
            self.ask(command)

    def collect(self, answers: dict[str, int], returned: dict[str, int]) -> None:
        """Import gifts of 30 euros and returned mail by lot, one gift every day and lot from the drop on, and close when most can be in."""
        with self.reading() as session:
            lots = [lot.code for lot in self.facts(session).lots]
        gifts = tuple(
            a_gift(code, number, date(2026, 10, 15) + timedelta(days=number)) for code in lots for number in range(answers.get(code, 0))
        )
        back = tuple(a_return(code, number) for code in lots for number in range(returned.get(code, 0)))
        stray = replace(a_gift("", 0, date(2026, 10, 20)), lot_code=None, amount=Decimal("12.00"), attribution="unattributed")
        batch = self._import("responses")
        self.ask(RecordBatch(subject_id=self.campaign_id, batch_id=batch, responses=(*gifts, stray), undeliverables=()), by=SYSTEM)
        self.close_responses(back)

    def close_responses(self, back: tuple[UndeliverableRow, ...] = ()) -> None:
        """Import the mail that came back, and what the other channels brought back, and close the answers when most can be in."""
        with self.reading() as session:
            _, *kinds = kinds_for(sent_channels(self.facts(session)))
        for kind in kinds:
            came = back if kind == UNDELIVERABLES else ()
            self.ask(RecordBatch(subject_id=self.campaign_id, batch_id=self._import(kind), undeliverables=came), by=SYSTEM)
        self.now = max(self.now, ANSWERED)
        self.ask(CloseResponses(subject_id=self.campaign_id))

    def publish(self) -> None:
        with self.reading() as session:
            body = compute(self.facts(session))
        self.ask(RecordResults(subject_id=self.campaign_id, body=body), by=SYSTEM)
        self.ask(RecordLesson(subject_id=self.campaign_id, words="La grille de montants paie.", about="analysis"))
        self.ask(PublishResults(subject_id=self.campaign_id))

    def certify_destruction(self) -> None:
        """Record, from papers that came by post, that everything handed over is destroyed."""
        with self.reading() as session:
            given = [a_certificate(row.id, self.now.date()) for row in awaited(self.facts(session))]
        for one in given:
            self.ask(CertifyDestruction(subject_id=self.campaign_id, file=kept("certificat.pdf"), **one))

    def invoice_everything(self) -> None:
        with self.reading() as session:
            asked = invoices_due(self.facts(session), self.now)
        for one in asked:
            self.ask(one)

    def close(self) -> None:
        self.certify_destruction()
        self.ask(CloseCampaign(subject_id=self.campaign_id))

    def _lists(self) -> list[Any]:
        with self.reading() as session:
            return self.facts(session).live_lists

    def _deliver(self, code: str, version: int, *, declared: int) -> UUID:
        row = next(one for one in self._lists() if one.code == code)
        file = kept(f"{code}_v{version}.csv")
        delivered = DeliverFile(
            subject_id=row.id, file_version=version, file=file, layout="", declared_count=declared, declared_sha256=file.sha256
        )
        found: UUID = self.ask(delivered).subject.id
        return found

    def _import(self, kind: str) -> UUID:
        self.ask(ImportBatch(subject_id=self.campaign_id, kind=kind, file=kept(f"{kind}.csv")))
        with self.reading() as session:
            return next(batch.id for batch in self.facts(session).batches if batch.kind == kind)


STEPS: dict[str, tuple[Callable[[Journey], object], ...]] = {
    "plan": (),
    "negotiation": (Journey.submit_plan,),
    "budget": (Journey.close_negotiation,),
    "order": (Journey.approve_budget,),
    "delivery": (Journey.confirm_orders,),
    "dedupe": (Journey.deliver_everything, Journey.start_dedupe),
    "lots": (Journey.record_dedupe, Journey.approve_dedupe),
    "send": (Journey.freeze_lots,),
    "responses": (Journey.order_mailing, Journey.drop),
    "analysis": (lambda journey: journey.collect({"26AALZP12AR": 9, "26AMAIINAAR": 21}, {"26AALZP12AR": 4}),),
    "closed": (Journey.publish, Journey.invoice_everything, Journey.close),
}
"""What is done to enter each stage, from the one before."""


def kept(name: str) -> KeptFile:
    """A file that storage would keep, known by the hash of its name."""
    return KeptFile(name=name, sha256=sha256(name.encode()).hexdigest(), size=1, blob_id=uuid4(), wrapped_key=b"key")
