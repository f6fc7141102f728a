"""A campaign's chain as an auditor reads it: every entry whole, who made it, what it closed late, which words went with it.

The entries' bodies are the truth; tables beside them only lend names. Not for proving the chain: `app.evidence` does.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.queries.entries import windows_of
from app.queries.names import names_by_id
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.model import Campaign, CampaignList, Message
from workflows.campaign.states import TEN_STAGES
from workflows.delivery.model import DeliveredFile
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint, ErasableText
from workflows.engine.documents import Document
from workflows.engine.process import Process
from workflows.engine.refusals import NotFound
from workflows.engine.user_tasks import UserTask
from workflows.order.model import PurchaseOrder
from workflows.parties.model import Supplier
from workflows.plan_line.model import PlanLine
from workflows.processes import REGISTRY
from workflows.trade.working_days import NoDropWindow

MACHINE = "machine"
"""Who made an entry that no person made."""

REWORK = frozenset(
    {"refused", "refused_to_plan", "rejected", "returned", "reopened", "redone", "voided", "cancelled", "list_excluded", "disputed"}
)
"""Last words of events by which something done is undone or asked for again."""

MARKS = ("override", "warning", "four_eyes", "rework", "late", "substitution")
"""What an entry may stand out by."""


@dataclass(frozen=True, kw_only=True)
class Control:
    """A control as its entry holds it. `verdict`: ok, warning, failed or overridden."""

    code: str
    expected: Any
    actual: Any
    tolerance: Any
    verdict: str
    override: str | None


@dataclass(frozen=True, kw_only=True)
class Words:
    """Free text that an entry knows by a salted hash; `text` is None once it is gone, on record if `erased_by` says in which entry."""

    field: str
    sha256: str
    salt: str | None
    text: str | None
    erased_by: int | None = None


@dataclass(frozen=True, kw_only=True)
class LateTask:
    """A user task that an entry closed after it was due."""

    name: str
    label: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class HistoryEntry:
    """One entry of the chain. `person` is empty for a machine and for somebody no longer here; `stage` is where the campaign stood.

    `windows` are those of the policy that it names, where a control is about a day that policy has words for.
    """

    seq: int
    at: datetime
    event: str
    stage: str
    kind: str
    about: str
    person_id: str | None
    person: str
    stood_in_for: str
    roles: tuple[str, ...]
    came_from: str | None
    to: str
    command: str
    fields: Mapping[str, Any]
    documents: tuple[Mapping[str, Any], ...]
    files: tuple[Mapping[str, Any], ...]
    controls: tuple[Control, ...]
    windows: tuple[NoDropWindow, ...]
    words: tuple[Words, ...]
    erased: tuple[Mapping[str, Any], ...]
    late: tuple[LateTask, ...]
    marks: frozenset[str]
    sha256: str
    prev: str
    process: str
    process_sha256: str
    policy: int
    subject_id: str
    version: int


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which entries are asked for; None and False ask for all. `lines` brings in what only repeats a list's event line by line."""

    who: str | None = None
    kind: str | None = None
    stage: str | None = None
    mark: str | None = None
    lines: bool = False

    def lets(self, entry: HistoryEntry) -> bool:
        """Whether an entry is among those asked for."""
        if entry.kind == "plan_line" and not (self.lines or self.kind == "plan_line"):
            return False
        wanted = (
            (self.who, entry.person_id or MACHINE),
            (self.kind, entry.kind),
            (self.stage, entry.stage),
        )
        return all(wish is None or wish == value for wish, value in wanted) and (self.mark is None or self.mark in entry.marks)


@dataclass(frozen=True, kw_only=True)
class ChainLine:
    """A campaign in the auditor's list."""

    code: str
    title: str
    state: str
    entries: int
    head: str
    opened_at: datetime
    last_at: datetime | None


def list_chains(session: Session) -> tuple[ChainLine, ...]:
    """Every campaign the asker may see, the newest first, with the head of its chain."""
    last = select(Checkpoint.campaign_id, Checkpoint.seq, Checkpoint.at).subquery()
    statement = (
        select(Campaign, last.c.at)
        .outerjoin(last, (last.c.campaign_id == col(Campaign.id)) & (last.c.seq == col(Campaign.chain_seq)))
        .order_by(col(Campaign.opened_at).desc(), col(Campaign.code))
    )
    return tuple(
        ChainLine(
            code=row.code,
            title=row.title,
            state=row.state,
            entries=row.chain_seq,
            head=row.chain_head,
            opened_at=row.opened_at,
            last_at=at,
        )
        for row, at in session.exec(statement)
    )


def get_history(session: Session, campaign: Campaign) -> tuple[HistoryEntry, ...]:
    """The whole chain, oldest first."""
    rows = session.exec(select(Checkpoint).where(Checkpoint.campaign_id == campaign.id).order_by(col(Checkpoint.seq)))
    bodies = [(row, read_json(row.body)) for row in rows]
    people = (one for _, body in bodies for one in (body["actor"]["id"], body["actor"]["stands_in_for"]))
    names = {str(one): name for one, name in names_by_id(session, (UUID(one) for one in people if one)).items()}
    labels = _labels(session, campaign.id)
    words = _words(session, campaign.id)
    late = _late(session, campaign.id)
    windows = windows_of(session, campaign.id, {row.seq: body for row, body in bodies})
    erased = {(text["seq"], text["field"]): row.seq for row, body in bodies for text in body.get("erased", ())}
    stage = str(TEN_STAGES[0])
    history = []
    for row, body in bodies:
        is_campaign = body["subject"]["kind"] == "campaign"
        history.append(
            _entry(
                row,
                body,
                stage=(body["from"] or body["to"]) if is_campaign else stage,
                person=names.get(body["actor"]["id"], ""),
                stood_in_for=names.get(body["actor"]["stands_in_for"], ""),
                about=labels.get(body["subject"]["id"]) or _named_in(body["command"], labels),
                words=words.get(row.seq, {}),
                windows=windows.get(row.seq, ()),
                erased=erased,
                late=tuple(late.get(row.seq, ())),
            )
        )
        if is_campaign:
            stage = body["to"]
    return tuple(history)


def get_entry(history: Iterable[HistoryEntry], seq: int) -> HistoryEntry:
    """One entry of a chain.

    :raises NotFound: when the chain has no such entry.
    """
    found = next((entry for entry in history if entry.seq == seq), None)
    if found is None:
        raise NotFound(subject="checkpoint")
    return found


def list_names(session: Session, campaign: Campaign, entry: HistoryEntry) -> dict[str, str]:
    """What the people, lists, messages and campaigns are called that the fields of an entry name by id; of an erased person nothing."""
    wanted = set(filter(None, map(_uuid, _flat(entry.fields.values()))))
    names = {str(one): name for one, name in names_by_id(session, wanted).items()}
    for row in session.exec(select(CampaignList).where(CampaignList.campaign_id == campaign.id, col(CampaignList.id).in_(wanted))):
        names[str(row.id)] = f"{row.code} {row.name}"
    for message in session.exec(select(Message).where(Message.campaign_id == campaign.id, col(Message.id).in_(wanted))):
        names[str(message.id)] = f"{message.code} {message.label}"
    for invoice in session.exec(select(Invoice).where(Invoice.campaign_id == campaign.id, col(Invoice.id).in_(wanted))):
        names[str(invoice.id)] = invoice.number
    for supplier in session.exec(select(Supplier).where(col(Supplier.id).in_(wanted))):
        names[str(supplier.id)] = f"{supplier.code} {supplier.name}"
    for other in session.exec(select(Campaign).where(col(Campaign.id).in_(wanted))):
        names[str(other.id)] = other.code
    return names


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        yield from value if isinstance(value, list) else (value,)


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value)
    except (AttributeError, TypeError, ValueError):
        return None


def _entry(
    row: Checkpoint,
    body: Mapping[str, Any],
    *,
    stage: str,
    person: str,
    stood_in_for: str,
    about: str,
    words: Mapping[str, ErasableText],
    windows: tuple[NoDropWindow, ...],
    erased: Mapping[tuple[int, str], int],
    late: tuple[LateTask, ...],
) -> HistoryEntry:
    controls = tuple(Control(**control) for control in body["checks"])
    fields = dict(body["command"])
    return HistoryEntry(
        seq=row.seq,
        at=row.at,
        event=body["event"],
        stage=stage,
        kind=body["subject"]["kind"],
        about=about,
        person_id=body["actor"]["id"],
        person=person,
        stood_in_for=stood_in_for,
        roles=tuple(body["actor"]["roles"]),
        came_from=body["from"],
        to=body["to"],
        command=fields.pop("name"),
        fields={name: value for name, value in fields.items() if name != "subject_id"},
        documents=tuple(body["documents"]),
        files=tuple(body["files"]),
        controls=controls,
        windows=windows,
        words=tuple(
            Words(field=name, sha256=sha256, salt=kept.salt, text=kept.text)
            if (kept := words.get(name))
            else Words(field=name, sha256=sha256, salt=None, text=None, erased_by=erased.get((row.seq, name)))
            for name, sha256 in body["texts"].items()
        ),
        erased=tuple(body.get("erased", ())),
        late=late,
        marks=_marks(body, controls, late),
        sha256=row.sha256,
        prev=body["prev"],
        process=body["process"]["name"],
        process_sha256=body["process"]["sha256"],
        policy=body["policy"]["version"],
        subject_id=body["subject"]["id"],
        version=body["subject"]["version"],
    )


def _marks(body: Mapping[str, Any], controls: tuple[Control, ...], late: tuple[LateTask, ...]) -> frozenset[str]:
    verdicts = {control.verdict for control in controls}
    standing_out = {
        "override": "overridden" in verdicts,
        "warning": bool(verdicts & {"warning", "failed"}),
        "four_eyes": body["event"] in FOUR_EYES,
        "rework": is_rework(body),
        "late": bool(late),
        "substitution": body["actor"]["stands_in_for"] is not None,
    }
    return frozenset(mark for mark, stands_out in standing_out.items() if stands_out)


def is_rework(body: Mapping[str, Any]) -> bool:
    """Whether an entry undoes something: by its name, or because it takes the campaign back to an earlier stage."""
    if body["event"].rpartition(".")[2] in REWORK:
        return True
    order = [str(stage) for stage in TEN_STAGES]
    goes = (body["from"], body["to"])
    return body["subject"]["kind"] == "campaign" and all(state in order for state in goes) and order.index(goes[1]) < order.index(goes[0])


def _four_eyes(processes: Iterable[Process]) -> frozenset[str]:
    """Events that only somebody else than the one who prepared them may cause: their moves are checked for it."""
    moves = (move for process in processes for stage in process.stages for move in stage.moves)
    return frozenset(move.event for move in moves if any(check.__name__.startswith("not_own") for check in move.checks))


FOUR_EYES = _four_eyes(REGISTRY.processes)


def _labels(session: Session, campaign_id: UUID) -> dict[str, str]:
    """What the smaller machines' subjects are called, and the campaign's messages, by id."""
    labels: dict[str, str] = {}
    for message in session.exec(select(Message).where(Message.campaign_id == campaign_id)):
        labels[str(message.id)] = message.code
    for invoice in session.exec(select(Invoice).where(Invoice.campaign_id == campaign_id)):
        labels[str(invoice.id)] = invoice.number
    for line in session.exec(select(PlanLine).where(PlanLine.campaign_id == campaign_id)):
        labels[str(line.id)] = f"{line.list_code} {line.segment}"
    for order in session.exec(select(PurchaseOrder).where(PurchaseOrder.campaign_id == campaign_id)):
        labels[str(order.id)] = order.number
    for file in session.exec(select(DeliveredFile).where(DeliveredFile.campaign_id == campaign_id)):
        labels[str(file.id)] = f"{file.list_code} {file.tranche}.{file.file_version}"
    for task in session.exec(select(UserTask).where(UserTask.campaign_id == campaign_id)):
        labels[str(task.id)] = task.label or task.name
    numbers = select(Document.id, Document.number, Document.revision).where(Document.campaign_id == campaign_id)
    for document_id, number, revision in session.exec(numbers):
        labels[str(document_id)] = f"{number} r{revision}"
    return labels


def _named_in(command: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """Which lot, slip, message, invoice or order of a campaign its move is about, where it is about one."""
    named = next((command[name] for name in ("lot", "slip_number", "number", "order_number") if command.get(name)), "")
    return str(named or labels.get(command.get("message_id") or command.get("invoice_id") or "", ""))


def _words(session: Session, campaign_id: UUID) -> dict[int, dict[str, ErasableText]]:
    words: dict[int, dict[str, ErasableText]] = {}
    for row in session.exec(select(ErasableText).where(ErasableText.campaign_id == campaign_id)):
        words.setdefault(row.seq, {})[row.field] = row
    return words


def _late(session: Session, campaign_id: UUID) -> dict[int, list[LateTask]]:
    statement = select(UserTask).where(
        UserTask.campaign_id == campaign_id, UserTask.state == "done", col(UserTask.closed_at) > col(UserTask.due_at)
    )
    late: dict[int, list[LateTask]] = {}
    for task in session.exec(statement.order_by(col(UserTask.due_at))):
        if task.closed_seq is not None and task.due_at is not None:
            late.setdefault(task.closed_seq, []).append(LateTask(name=task.name, label=task.label, due_at=task.due_at))
    return late
