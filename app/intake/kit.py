"""A kit: a folder with a brief, its people and suppliers, and the files that suppliers deliver. Read whole, or refused with every fault."""

import dataclasses
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from app.intake.proofs import media_type_of
from app.intake.rows import RowError, RowErrors, decode
from app.intake.tables import COSTS, HISTORY, MESSAGES, NOTES, PLAN, SEEDS, SUPPLIERS, NoteRow, SupplierRow, parse_lists
from app.intake.written import KitUnreadable, NotKept, Written, read_written
from workflows.campaign.brief import Brief, MailingRow, MailPieceRow
from workflows.campaign.default_policy import DEFAULT_POLICY
from workflows.campaign.policy import LANGUAGES, written_tiers
from workflows.parties.roles import Role
from workflows.trade.approval import ApprovalTier, tier_fault
from workflows.trade.dedupe_rules import LONGEST_CODE, names_files

Rows = TypeVar("Rows")
SPELLING = f"which have letters, digits, spaces, . _ - and {LONGEST_CODE} characters at most"
POINT = ("code", *LANGUAGES)
"""What every point of a checklist has."""


@dataclass(frozen=True, kw_only=True)
class KitPerson:
    """Somebody the brief names."""

    email: str
    name: str
    role: Role
    approval_limit_amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class KitAdvertiser:
    """The advertiser as the brief names it."""

    name: str
    siren: str
    vat_number: str
    address: str
    postcode: str
    town: str


@dataclass(frozen=True, kw_only=True)
class Kit:
    """A campaign's brief with everything that comes with it. Suppressions are files, in the order in which they apply.

    `samples` are files by message: what owners of lists are shown before they consent. `checklists`, by user task, and `approval_tiers`, if
    any, are what the advertiser's policy starts with, as policy has them.
    """

    folder: Path
    advertiser: KitAdvertiser
    people: tuple[KitPerson, ...]
    suppliers: tuple[SupplierRow, ...]
    brief: Brief
    notes: tuple[NoteRow, ...]
    suppressions: tuple[Path, ...]
    samples: dict[str, Path]
    checklists: dict[str, list[dict[str, Any]]]
    approval_tiers: list[dict[str, Any]]

    def delivery(self, note: NoteRow) -> Path:
        """The file of a delivery note."""
        return self.folder / "deliveries" / note.file

    def layout(self, note: NoteRow) -> str:
        """The text of the layout table that a note names, empty where it names none."""
        return decode((self.folder / "layouts" / note.layout).read_bytes()) if note.layout else ""


def read_kit(folder: Path) -> Kit:
    """Read a kit.

    :raises KitUnreadable: when a file is missing or the brief lacks something.
    :raises NotKept: when a text of the brief cannot be kept.
    :raises RowErrors: when a table has faults; every fault of that table.
    """
    fields = read_written(folder / "campaign.toml")
    rows = _Tables(folder)
    dedupe = fields.table("dedupe")
    kit = Kit(
        folder=folder,
        advertiser=KitAdvertiser(
            name=fields.text("advertiser"),
            siren=fields.text("advertiser_siren", ""),
            vat_number=fields.text("advertiser_vat", ""),
            address=fields.text("advertiser_address", ""),
            postcode=fields.text("advertiser_postcode", ""),
            town=fields.text("advertiser_town", ""),
        ),
        people=tuple(_person(entry) for entry in fields.tables("people")),
        suppliers=rows("suppliers.csv", SUPPLIERS.parse),
        brief=Brief(
            code=fields.text("code"),
            title=fields.text("title"),
            drop_on=fields.day("drop_on"),
            envelope_amount=fields.number("envelope_amount"),
            currency=fields.text("currency", "EUR"),
            vat_rate=fields.number("vat_rate", Decimal("0.20")),
            offer_ends_on=fields.day("offer_ends_on", needed=False),
            target_responses=fields.whole("target_responses"),
            target_roi=fields.number("target_roi", None),
            minimum_net_quantity=fields.whole("minimum_net_quantity"),
            margin_rate=fields.number("margin_rate", Brief.margin_rate),
            handling_amount=fields.number("handling_amount", Brief.handling_amount),
            dedupe=dict(dedupe.data),
            lists=rows("lists.csv", parse_lists),
            plan=rows("plan.csv", PLAN.parse),
            messages=rows("messages.csv", MESSAGES.parse),
            costs=rows("costs.csv", COSTS.parse),
            seeds=rows(fields.file("monitor_seeds", "monitor_seeds.csv"), SEEDS.parse, needed="monitor_seeds" in fields.data),
            mailing=_mailing(fields) if "mailing" in fields.data else None,
            history=rows("history.csv", HISTORY.parse, needed=False),
        ),
        notes=rows("delivery_notes.csv", NOTES.parse),
        suppressions=tuple(_suppressions(folder, dedupe.files("suppressions"))),
        samples=_samples(folder / "samples"),
        checklists={task: _checklist(task, fields.table("checklists")) for task in fields.table("checklists").data},
        approval_tiers=_approval_tiers(fields),
    )
    _check_files(kit)
    _check_references(kit)
    return kit


def _checklist(task: str, lists: Written) -> list[dict[str, Any]]:
    """The points of one user task, each with its words in every language; required unless it says otherwise."""
    if task not in DEFAULT_POLICY["checklists"]:
        raise lists.fault("is of no user task that has one", task)
    read = []
    for point in lists.tables(task):
        faulty = [field for field in POINT if not isinstance(point.data.get(field), str) or not point.data[field].strip()]
        if faulty:
            raise point.fault(f"lacks {', '.join(faulty)}")
        if strange := sorted(point.data.keys() - {*POINT, "required"}):
            raise point.fault(f"has {', '.join(strange)}, which no point has")
        required = point.data.get("required", True)
        if not isinstance(required, bool):
            raise point.fault(f"= {required!r} is neither true nor false", "required")
        read.append({"required": True, **point.data})
    return read


def _mailing(fields: Written) -> MailingRow:
    """What is posted, as the brief says it; each part may be left out."""
    told = fields.table("mailing")
    _refuse_strange(told, MailingRow)
    words = {name: told.text(name, "") for name in _fields(MailingRow) - {"spoilage_rate", "pieces"}}
    pieces = tuple(_mail_piece(one) for one in told.tables("pieces", between=" "))
    return MailingRow(**words, spoilage_rate=told.number("spoilage_rate", None), pieces=pieces)


def _mail_piece(told: Written) -> MailPieceRow:
    _refuse_strange(told, MailPieceRow)
    components = told.data.get("components", [])
    if not isinstance(components, list) or not all(isinstance(one, str) for one in components):
        raise told.fault(f"= {components!r} is no list of texts", "components")
    return MailPieceRow(
        message=told.text("message"),
        format=told.text("format", ""),
        weight_grams=told.number("weight_grams", None),
        thickness_mm=told.number("thickness_mm", None),
        components=tuple(components),
    )


def _fields(kind: type[MailingRow | MailPieceRow]) -> set[str]:
    return {one.name for one in dataclasses.fields(kind)}


def _refuse_strange(told: Written, kind: type[MailingRow | MailPieceRow]) -> None:
    """A misspelt word would leave out of the order what somebody wrote down."""
    if strange := sorted(told.data.keys() - _fields(kind)):
        raise told.fault(f"has {', '.join(strange)}, which it cannot say")


def _approval_tiers(fields: Written) -> list[dict[str, Any]]:
    """How many approvers sign up to which total, in rising order; the last may leave its ceiling out."""
    tiers = []
    for one in fields.tables("approval_tiers", between=" "):
        up_to, signatures = one.data.get("up_to"), one.data.get("signatures")
        is_amount = up_to is None or (isinstance(up_to, Decimal | int) and not isinstance(up_to, bool) and Decimal(up_to).is_finite())
        if not is_amount or not isinstance(signatures, int) or isinstance(signatures, bool):
            raise one.fault("is not an amount up_to and a whole number of signatures")
        tiers.append(ApprovalTier(up_to=None if up_to is None else Decimal(up_to), signatures=signatures))
    if tiers and (fault := tier_fault(tiers)):
        raise fields.fault(f"{fault[0]}: {fault[1].replace('_', ' ')}", "approval_tiers")
    return written_tiers(tiers)


class _Tables:
    """Reads a kit's tables by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, name: str, parse: Callable[..., tuple[Rows, ...]], *, needed: bool = True) -> tuple[Rows, ...]:
        path = self._folder / name
        if not path.is_file():
            if needed:
                raise KitUnreadable(f"{self._folder}: there is no {name}")
            return ()
        return parse(path.read_bytes(), name=name)


def _person(entry: Written) -> KitPerson:
    role = entry.text("role")
    if role not in set(Role):
        raise entry.fault(f"= {role!r} is no role", "role")
    return KitPerson(
        email=entry.text("email"), name=entry.text("name"), role=Role(role), approval_limit_amount=entry.number("approval_limit", None)
    )


def _suppressions(folder: Path, names: list[str]) -> list[Path]:
    """The files the brief names, in its order, then any other of the folder: opposition is never left out for want of a line."""
    place = folder / "suppressions"
    named = [place / name for name in names]
    found = place.iterdir() if place.is_dir() else ()
    return named + sorted(path for path in found if path not in named and not path.name.startswith((".", "~")))


def _samples(place: Path) -> dict[str, Path]:
    """The sample mail pieces of a kit, each named by the code of its message; a kit need not have any.

    :raises KitUnreadable: when a message has two, or one is neither a PDF nor a picture.
    """
    files = sorted(path for path in place.iterdir() if not path.name.startswith(".")) if place.is_dir() else []
    if twice := sorted(one for one, times in Counter(path.stem for path in files).items() if times > 1):
        raise KitUnreadable(f"{place}: more than one sample of {', '.join(twice)}")
    if strange := [path.name for path in files if not _can_be_looked_at(path)]:
        raise KitUnreadable(f"{place}: neither a PDF nor a picture: {', '.join(strange)}")
    return {path.stem: path for path in files}


def _can_be_looked_at(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return bool(media_type_of(stream))


def _check_files(kit: Kit) -> None:
    wanted = [kit.delivery(note) for note in kit.notes] + list(kit.suppressions)
    wanted += [kit.folder / "layouts" / note.layout for note in kit.notes if note.layout]
    missing = sorted(str(path.relative_to(kit.folder)) for path in wanted if not path.is_file())
    if missing:
        raise KitUnreadable(f"{kit.folder}: missing files: {', '.join(missing)}")
    if strange := [path.name for path in kit.suppressions if not names_files(path.name.removesuffix(".csv"))]:
        raise KitUnreadable(f"{kit.folder / 'suppressions'}: reports count by these names, {SPELLING}: {', '.join(strange)}")


def _check_references(kit: Kit) -> None:
    """Rows of one table that name what another lacks: all of them in one sentence, before anything is written."""
    suppliers = {row.code for row in kit.suppliers}
    segments = {(row.code, segment) for row in kit.brief.lists for segment, _ in row.segments}
    messages = {row.code for row in kit.brief.messages}
    lists = {row.code for row in kit.brief.lists}
    faults = _repeated("monitor_seeds.csv", [row.code for row in kit.brief.seeds])
    faults += _repeated("messages.csv", [row.code for row in kit.brief.messages])
    faults += _repeated("suppliers.csv", [row.code for row in kit.suppliers])
    named = [(f"lists.csv {row.code}", code) for row in kit.brief.lists for code in (row.owner, row.broker)]
    named += [(f"costs.csv {row.nature}", row.supplier) for row in kit.brief.costs]
    faults += [f"{where}: there is no supplier {code}" for where, code in dict.fromkeys(named) if code and code not in suppliers]
    many = kit.brief.dedupe.get("multi_buyers", 0)
    if not isinstance(many, int) or many == 1 or many < 0:
        faults.append(f"campaign.toml dedupe.multi_buyers: a number of files, 2 or more, not {many!r}")
    for number, line in enumerate(kit.brief.plan, start=2):
        if (line.list_code, line.segment) not in segments:
            faults.append(f"plan.csv line {number}: there is no segment {line.list_code}/{line.segment}")
        if line.message not in messages:
            faults.append(f"plan.csv line {number}: there is no message {line.message}")
    posted = kit.brief.mailing.pieces if kit.brief.mailing else ()
    faults += [f"campaign.toml mailing.pieces: there is no message {one.message}" for one in posted if one.message not in messages]
    faults += [f"samples/{path.name}: there is no message {code}" for code, path in kit.samples.items() if code not in messages]
    faults += [f"delivery_notes.csv {note.file}: there is no list {note.list_code}" for note in kit.notes if note.list_code not in lists]
    faults += [
        f"monitor_seeds.csv {seed.code}: {seed.address.get('CP')} is no postcode" for seed in kit.brief.seeds if not _post(seed.address)
    ]
    if faults:
        raise KitUnreadable(f"{kit.folder}: {'; '.join(faults)}")


def _repeated(table: str, codes: list[str]) -> list[str]:
    """A sentence for each code that comes twice."""
    return [f"{table}: {code} comes twice" for code in sorted({one for one in codes if codes.count(one) > 1})]


def _post(address: dict[str, str]) -> bool:
    """Five digits, or four whose zero a spreadsheet ate."""
    postcode = address.get("CP", "")
    return postcode.isdecimal() and len(postcode) in (4, 5)


__all__ = ["Kit", "KitUnreadable", "NotKept", "RowError", "RowErrors", "read_kit"]
