"""A kit: a folder with a brief, its people and suppliers, and the files that suppliers deliver. Read whole, or refused with every fault."""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from app.intake.rows import RowError, RowErrors
from app.intake.tables import COSTS, HISTORY, MESSAGES, NOTES, PLAN, SEEDS, SUPPLIERS, NoteRow, SupplierRow, parse_lists
from workflows.campaign.brief import Brief
from workflows.campaign.default_policy import DEFAULT_POLICY
from workflows.campaign.policy import LANGUAGES, written_tiers
from workflows.parties.roles import Role
from workflows.trade.approval import ApprovalTier, tier_fault

Rows = TypeVar("Rows")
NUL = "\x00"


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

    `checklists`, by user task, and `approval_tiers`, if any, are what the advertiser's policy starts with, as policy has them.
    """

    folder: Path
    advertiser: KitAdvertiser
    people: tuple[KitPerson, ...]
    suppliers: tuple[SupplierRow, ...]
    brief: Brief
    notes: tuple[NoteRow, ...]
    suppressions: tuple[Path, ...]
    checklists: dict[str, list[dict[str, Any]]]
    approval_tiers: list[dict[str, Any]]

    def delivery(self, note: NoteRow) -> Path:
        """The file of a delivery note."""
        return self.folder / "deliveries" / note.file

    def layout(self, note: NoteRow) -> str:
        """The text of the layout table that a note names, empty where it names none."""
        return (self.folder / "layouts" / note.layout).read_text(encoding="utf-8") if note.layout else ""


class KitUnreadable(ValueError):
    """The folder is no kit; says what is missing or wrong, and where."""


class NotKept(KitUnreadable):
    """The brief holds a NUL, which no column and no history takes.

    :ivar field: where, as `people.2.name`.
    """

    def __init__(self, path: Path, field: str) -> None:
        super().__init__(f"{path}: {field} holds a NUL character, which cannot be kept")
        self.field = field


def read_kit(folder: Path) -> Kit:
    """Read a kit.

    :raises KitUnreadable: when a file is missing or the brief lacks something.
    :raises NotKept: when a text of the brief cannot be kept.
    :raises RowErrors: when a table has faults; every fault of that table.
    """
    path = folder / "campaign.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except FileNotFoundError as error:
        raise KitUnreadable(f"{folder}: there is no campaign.toml") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KitUnreadable(f"{path}: {error}") from error
    for field in _holding_nul(data):
        raise NotKept(path, field)
    rows = _Tables(folder)
    fields = _Fields(data, path)
    dedupe = dict(data.get("dedupe", {}))
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
        people=tuple(_person(entry, path) for entry in data.get("people", ())),
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
            dedupe=dedupe,
            lists=rows("lists.csv", parse_lists),
            plan=rows("plan.csv", PLAN.parse),
            messages=rows("messages.csv", MESSAGES.parse),
            costs=rows("costs.csv", COSTS.parse),
            seeds=rows(data.get("monitor_seeds", "monitor_seeds.csv"), SEEDS.parse, needed=False),
            history=rows("history.csv", HISTORY.parse, needed=False),
        ),
        notes=rows("delivery_notes.csv", NOTES.parse),
        suppressions=tuple(_suppressions(folder, dedupe)),
        checklists={task: _checklist(task, points, path) for task, points in data.get("checklists", {}).items()},
        approval_tiers=_approval_tiers(data.get("approval_tiers", []), path),
    )
    _check_files(kit)
    _check_references(kit)
    return kit


def _holding_nul(value: Any, *place: str) -> Iterator[str]:
    """Where a NUL stands, in a text or in a key; entries of an array are numbered from 1."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _holding_nul(key, *place, key.replace(NUL, ""))
            yield from _holding_nul(inner, *place, key)
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _holding_nul(inner, *place, str(number))
    elif isinstance(value, str) and NUL in value:
        yield ".".join(filter(None, place))


def _checklist(task: str, points: Any, path: Path) -> list[dict[str, Any]]:
    """The points of one user task, each with its words in every language; required unless it says otherwise."""
    if task not in DEFAULT_POLICY["checklists"]:
        raise KitUnreadable(f"{path}: checklists.{task} is of no user task that has one")
    read = []
    for point in points:
        faulty = [field for field in ("code", *LANGUAGES) if not isinstance(point.get(field), str) or not point[field].strip()]
        if faulty:
            raise KitUnreadable(f"{path}: a point of checklists.{task} lacks {', '.join(faulty)}")
        read.append({"required": True, **point})
    return read


def _approval_tiers(written: Any, path: Path) -> list[dict[str, Any]]:
    """How many approvers sign up to which total, in rising order; the last may leave its ceiling out."""
    tiers = []
    for number, one in enumerate(written, start=1):
        up_to, signatures = one.get("up_to"), one.get("signatures")
        is_amount = up_to is None or (isinstance(up_to, Decimal | int) and Decimal(up_to).is_finite())
        if not is_amount or not isinstance(signatures, int):
            raise KitUnreadable(f"{path}: approval_tiers {number} is not an amount up_to and a whole number of signatures")
        tiers.append(ApprovalTier(up_to=None if up_to is None else Decimal(up_to), signatures=signatures))
    if tiers and (fault := tier_fault(tiers)):
        raise KitUnreadable(f"{path}: approval_tiers {fault[0]}: {fault[1].replace('_', ' ')}")
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


class _Fields:
    """Reads the brief's own fields."""

    def __init__(self, data: dict[str, Any], path: Path) -> None:
        self._data = data
        self._path = path

    def _get(self, name: str, default: Any) -> Any:
        if name in self._data:
            return self._data[name]
        if default is ...:
            raise KitUnreadable(f"{self._path}: {name} is missing")
        return default

    def text(self, name: str, default: Any = ...) -> str:
        return str(self._get(name, default)).strip()

    def number(self, name: str, default: Any = ...) -> Any:
        value = self._get(name, default)
        try:
            return None if value is None else Decimal(str(value))
        except InvalidOperation as error:
            raise KitUnreadable(f"{self._path}: {name} = {value!r} is no number") from error

    def whole(self, name: str) -> int | None:
        value = self._get(name, None)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            raise KitUnreadable(f"{self._path}: {name} = {value!r} is no whole number")
        return value

    def day(self, name: str, *, needed: bool = True) -> Any:
        value = self._get(name, ... if needed else None)
        if value is not None and not isinstance(value, date):
            raise KitUnreadable(f"{self._path}: {name} = {value!r} is no date")
        return value


def _person(entry: dict[str, Any], path: Path) -> KitPerson:
    try:
        limit = entry.get("approval_limit")
        return KitPerson(
            email=entry["email"],
            name=entry["name"],
            role=Role(entry["role"]),
            approval_limit_amount=None if limit is None else Decimal(str(limit)),
        )
    except (KeyError, ValueError) as error:
        raise KitUnreadable(f"{path}: people: {error}") from error


def _suppressions(folder: Path, dedupe: dict[str, Any]) -> list[Path]:
    """The files the brief names, in its order, then any other of the folder: opposition is never left out for want of a line."""
    place = folder / "suppressions"
    named = [place / name for name in dedupe.get("suppressions", [])]
    if strays := [str(path) for path in named if path.parent != place or path.name == ".."]:
        raise KitUnreadable(f"{folder}: suppressions are files of its folder suppressions, not {', '.join(strays)}")
    others = sorted(path for path in place.glob("*.csv") if path not in named) if place.is_dir() else []
    return named + others


def _check_files(kit: Kit) -> None:
    wanted = [kit.delivery(note) for note in kit.notes] + list(kit.suppressions)
    wanted += [kit.folder / "layouts" / note.layout for note in kit.notes if note.layout]
    missing = sorted(str(path.relative_to(kit.folder)) for path in wanted if not path.is_file())
    if missing:
        raise KitUnreadable(f"{kit.folder}: missing files: {', '.join(missing)}")


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


__all__ = ["Kit", "KitUnreadable", "RowError", "RowErrors", "read_kit"]
