"""Erasing a person: what they said here and what was said of them goes, on record, and every entry stays what it is.

The chain knows people by opaque ids and words by salted hashes, so nothing of it changes; one more entry says how much went. It stands in
the chain of each campaign that held something of the person, because that is where whoever verifies has to find why words are missing and
documents say less. Not for accounts and for what other tables repeat: `app.erasure` takes those in the same transaction.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from workflows.campaign.data_protection.purging import destroy
from workflows.campaign.records import StoredFile
from workflows.engine.canonical import canonical_json
from workflows.engine.checkpoints import ErasableText
from workflows.engine.command import Command, unrecorded
from workflows.engine.documents import Document
from workflows.engine.process import Move
from workflows.engine.rendering import RedactDocument
from workflows.engine.step import Step
from workflows.order.model import OrderState, PurchaseOrder
from workflows.order.process import RestateOrder
from workflows.parties.roles import Role
from workflows.parties.traces import Traces

KEPT_FIELDS = ("notice",)
"""Free text that is the advertiser's, whoever typed it: it goes only where it names the person."""


@dataclass(frozen=True, kw_only=True)
class ErasePerson(Command):
    """Forget a person in this campaign. `asked_by_id` is whoever decided it; None for an operator at the command line."""

    person_id: UUID
    asked_by_id: UUID | None = None
    traces: Traces = unrecorded()


_SAID = text(
    """
    select words.id from erasable_text words join checkpoint entry using (campaign_id, seq)
     where words.campaign_id = :chain and words.field <> all (:kept)
       and convert_from(entry.body, 'UTF8')::jsonb #>> '{actor,id}' = :person
    """
)


_ATTACHED = text(
    """
    select file.id from stored_file file join checkpoint entry on entry.campaign_id = file.campaign_id and entry.seq = file.from_seq
     where file.campaign_id = :chain and file.user_task_id is not null
       and convert_from(entry.body, 'UTF8')::jsonb #>> '{actor,id}' = :person
    """
)


def erase(step: Step) -> None:
    """Delete the words and name which they were; destroy the files they put with tasks; have the documents redacted, and orders that wait
    for an answer follow theirs.
    """
    traces: Traces = step.command.traces
    said = {"chain": step.chain.id, "person": str(step.command.person_id), "kept": list(KEPT_FIELDS)}
    own = set(step.session.connection().execute(_SAID, said).scalars())
    texts = select(ErasableText).where(ErasableText.campaign_id == step.chain.id).order_by(col(ErasableText.seq), col(ErasableText.field))
    for words in step.session.exec(texts):
        if words.id in own or traces.out_of(words.text) != words.text:
            step.note_erased(words.seq, words.field)
            step.session.delete(words)
    documents = select(Document).where(Document.campaign_id == step.chain.id).order_by(col(Document.requested_seq), col(Document.number))
    redacted = 0
    for document in step.session.exec(documents):
        content = redacted_content(traces, document.content)
        if content != document.content:
            step.then(RedactDocument(subject_id=document.id, content=content))
            for order in _waiting_orders(step, document):
                step.then(RestateOrder(subject_id=order.id, content_sha256=sha256(content).hexdigest()))
            redacted += 1
    attached = step.session.connection().execute(_ATTACHED, said).scalars().all()
    files = list(step.session.exec(select(StoredFile).where(col(StoredFile.id).in_(attached)).order_by(col(StoredFile.from_seq))))
    destroy(step, [file for file in files if file.purged_at is None])
    for file in files:
        file.name = traces.mark
    step.control("texts_erased", expected=None, actual=len(step.erased), verdict="ok")
    step.control("documents_redacted", expected=None, actual=redacted, verdict="ok")


def _waiting_orders(step: Step, document: Document) -> Iterator[PurchaseOrder]:
    """The order that the document is of, while its supplier may still accept it: what it accepts is to be what it can read."""
    waits = select(PurchaseOrder).where(
        PurchaseOrder.id == document.subject_id,
        PurchaseOrder.state == OrderState.ISSUED,
        PurchaseOrder.content_sha256 == document.content_sha256,
    )
    yield from step.session.exec(waits)


def redacted_content(traces: Traces, content: bytes) -> bytes:
    """The canonical content of a document without the person."""
    data = json.loads(content)
    left = traces.out_of_data(data)
    return content if left == data else canonical_json(left)


ERASE = Move(ErasePerson, by=Role.SYSTEM, event="campaign.person.erased", do=erase)
"""In every stage, and after the end."""
