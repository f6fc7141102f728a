"""One step of one subject: what a move's guards read and its handler does. Lives as long as the transaction; holds no rule itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from workflows.engine import resting
from workflows.engine.checklists import unticked
from workflows.engine.command import Command
from workflows.engine.documents import Document
from workflows.engine.effects import Closing, Effects
from workflows.engine.outbox import OutboxMessage
from workflows.engine.process import Hours, Paper, Process, Target, UserTaskSpec, WorkingDays
from workflows.engine.refusals import ConditionsUnmet, Unmet
from workflows.engine.seals import newest_size
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import Actor

if TYPE_CHECKING:
    from sqlmodel import Session


class Step:
    """A command on its way: the locked rows, who asks, when, and what the move leaves behind."""

    def __init__(self, *, session: Session, process: Process, subject: Any, chain: Any, command: Any, actor: Actor, now: datetime) -> None:
        self.session = session
        self.process = process
        self.subject = subject
        self.chain = chain
        self.command = command
        self.actor = actor
        self.now = now
        self.parent: Any = None
        self.following: list[Command] = []
        self.effects = Effects()
        self.documents: list[dict[str, Any]] = []
        self.files: list[dict[str, Any]] = []
        self.controls: list[dict[str, Any]] = []
        self.erased: list[dict[str, Any]] = []
        self.paused = False
        self.left_state: str | None = None
        self.stands_in_for: UUID | None = None

    @cached_property
    def facts(self) -> Any:
        """The facts of the subject, read once."""
        return self.process.facts(self.session, self.subject)

    def forget_facts(self) -> None:
        """Let the next reader of `facts` read them again, after something was written."""
        self.__dict__.pop("facts", None)

    @property
    def seq(self) -> int:
        """The number of the checkpoint that this step will leave."""
        return int(self.chain.chain_seq) + 1

    def from_now_on(self) -> dict[str, Any]:
        """What a row of the chain begins with that holds from this step's checkpoint on."""
        return {"campaign_id": self.chain.id, "advertiser_id": self.chain.advertiser_id, "from_seq": self.seq}

    @property
    def policy(self) -> Any:
        """The policy that the chain's campaign has pinned."""
        return self.chain.policy

    def due(self, delay: WorkingDays | Hours | None) -> datetime | None:
        """When `delay` from now is over, by the pinned policy."""
        if isinstance(delay, Hours):
            return self.now + timedelta(hours=self.policy.hours(delay.policy))
        return None if delay is None else self.policy.after(self.now, delay.policy)

    def then(self, command: Command) -> None:
        """Let another subject move in the same transaction, once this step's checkpoint is written, on the engine's own authority."""
        self.following.append(command)

    def open_task(self, spec: UserTaskSpec, target: Target | None = None, *, stage: str) -> None:
        """Open one user task, for the subject itself or for a target beside it."""
        due_at = target.due_at if target and target.due_at else self.due(spec.due)
        self.effects.open(
            UserTask,
            campaign_id=self.chain.id,
            advertiser_id=self.chain.advertiser_id,
            subject_kind=target.kind if target else self.process.name,
            subject_id=target.id if target else self.subject.id,
            label=target.label if target else "",
            name=spec.name,
            stage=spec.filed_under or stage,
            candidate_role=str(spec.candidates),
            supplier_id=target.supplier_id if target else self.process.supplier_of(self.subject),
            opened_at=self.now,
            due_at=due_at,
            opened_seq=self.seq,
            **({"state": "suspended", "remaining_days": self._days(spec.due, target)} if self.paused else {}),
        )

    def request(
        self,
        name: str,
        payload: dict[str, Any] | None = None,
        *,
        after: WorkingDays | None = None,
        at: datetime | None = None,
        never_rests: bool = False,
    ) -> None:
        """Ask a machine for work; after a delay or at a moment, when one is given.

        :param never_rests: whether it is the chain's own, and done on its day also while that rests.
        """
        self.effects.ask(
            OutboxMessage,
            campaign_id=self.chain.id,
            advertiser_id=self.chain.advertiser_id,
            subject_kind=str(self.chain.__tablename__) if never_rests else self.process.name,
            subject_id=(self.chain if never_rests else self.subject).id,
            name=name,
            payload=payload or {},
            requested_seq=self.seq,
            not_before=at or self.due(after) or self.now,
            created_at=self.now,
            never_rests=never_rests,
        )

    def unticked(self, name: str, target_id: UUID) -> tuple[Unmet, ...]:
        """What keeps people, never machines, from doing the open tasks of that name about one row: points that policy wants ticked."""
        if self.actor.is_system:
            return ()
        return unticked(self.session, self.policy, chain_id=self.chain.id, name=name, about=target_id)

    def close_task(self, name: str, target_id: UUID, *, declined: bool = False) -> None:
        """Close as done the open tasks of that name about one row.

        :param declined: what they ask is left undone on purpose.
        :raises ConditionsUnmet: when it is not, and a point of theirs is still to be ticked.
        """
        if not declined and (unmet := self.unticked(name, target_id)):
            raise ConditionsUnmet(unmet)
        self.effects.close(Closing(state="done", name=name, about=target_id))

    def drop_task(self, name: str, target_id: UUID) -> None:
        """Cancel the open tasks of that name about one row: nobody has to do them any more."""
        self.effects.close(Closing(state="cancelled", name=name, about=target_id))

    def drop_tasks(self, *, stage: str) -> None:
        """Cancel what a stage left open, about the subject or, for the first of a chain, about anything in it."""
        self.effects.close(Closing(state="cancelled", stage=stage, about=None if self.subject is self.chain else self.subject.id))

    def set_aside(self) -> None:
        """Let everything open about the chain rest: user tasks are suspended, timers stop; both keep the working days they had left."""

        def left(until: datetime) -> int:
            return self.policy.working_days_left(self.now, until)  # type: ignore[no-any-return]

        resting.set_aside(self.session.connection(), self.chain.id, self.now, left)

    def take_up(self) -> None:
        """Let what rested go on: user tasks are open again and timers run, each with the working days it had left, from today."""

        def after(days: int) -> datetime:
            return self.policy.after_days(self.now, days)  # type: ignore[no-any-return]

        resting.take_up(self.session.connection(), self.chain.id, after)

    def drop_everything(self) -> None:
        """Cancel all that is open about the chain, user tasks and timers: it has come to its end."""
        self.effects.close(Closing(state="cancelled"))
        resting.drop(self.session.connection(), self.chain.id, self.now, by=self.actor.person_id, seq=self.seq)

    def _days(self, delay: WorkingDays | Hours | None, target: Target | None) -> int | None:
        """Working days that a task of a chain that rests will have; hours are rounded up to whole days."""
        if target and target.due_at:
            return int(self.policy.working_days_left(self.now, target.due_at))
        if isinstance(delay, Hours):
            return -(-int(self.policy.hours(delay.policy)) // 24)
        return None if delay is None else self.policy.days(delay.policy)

    def issue(self, kind: str, paper: Paper) -> Document:
        """Issue a document: keep its canonical content and ask for its PDFs. What is issued while the chain rests is drawn then."""
        document = Document(
            campaign_id=self.chain.id,
            advertiser_id=self.chain.advertiser_id,
            kind=kind,
            number=paper.number,
            revision=paper.revision,
            content=paper.content,
            content_sha256=sha256(paper.content).hexdigest(),
            chain_head=self.chain.chain_head,
            sealed_size=newest_size(self.session.connection()),
            supplier_id=paper.supplier_id,
            subject_id=paper.subject_id,
            requested_seq=self.seq,
            requested_at=self.now,
        )
        self.session.add(document)
        self.session.flush()
        self.note_document(document)
        self.request("render_document", {"document_id": str(document.id)}, never_rests=self.paused)
        return document

    def note_document(self, document: Document, *, pdfs: dict[str, str] | None = None, replaces_sha256: str | None = None) -> None:
        """Name a document in the checkpoint, with the hashes of its PDFs where they are drawn.

        :param replaces_sha256: the hash of the content that this one takes the place of, where somebody was taken out of it.
        """
        entry: dict[str, Any] = {
            "kind": document.kind,
            "number": document.number,
            "revision": document.revision,
            "content_sha256": document.content_sha256,
        }
        if pdfs:
            entry["pdf_sha256"] = pdfs
        if replaces_sha256:
            entry["replaces_sha256"] = replaces_sha256
        self.documents.append(entry)

    def note_file(self, *, kind: str, sha256: str, size: int) -> None:
        """Name a file in the checkpoint by the hash of its plain bytes."""
        self.files.append({"kind": kind, "sha256": sha256, "size": size})

    def note_erased(self, seq: int, field: str) -> None:
        """Name in the checkpoint a text of an earlier entry that is taken away for good: without that, its absence is a fault."""
        self.erased.append({"seq": seq, "field": field})

    def control(self, code: str, *, expected: Any, actual: Any, verdict: str, tolerance: Any = None, override: str | None = None) -> None:
        """Write the outcome of a control into the checkpoint. `verdict`: `ok`, `warning`, `failed` or `overridden`."""
        self.controls.append(
            {"code": code, "expected": expected, "actual": actual, "tolerance": tolerance, "verdict": verdict, "override": override}
        )

    def note_controls(self, controls: Iterable[dict[str, Any]]) -> None:
        """Write outcomes of controls that a machine already has in that form."""
        self.controls.extend(controls)
