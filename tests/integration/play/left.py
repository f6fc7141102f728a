"""What a play left, as a reader finds it: files, figures, and the answers credited anew. Standard library only, nothing of Jalon."""

import csv
import json
import re
import tomllib
from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
UNSENT = ("holdout", "reserve")


def rows(path: Path) -> list[dict[str, str]]:
    """A `;` or `,` file's rows, in UTF-8 with or without a mark, else in Windows' Western code."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    first = text.partition("\n")[0]
    return list(csv.DictReader(text.splitlines(), delimiter=";" if first.count(";") >= first.count(",") else ","))


def header(path: Path) -> list[str]:
    """The columns of a `;` file."""
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file, delimiter=";"))


def number(text: str) -> Decimal:
    """A number in French or English writing; an empty cell is zero."""
    bare = re.sub(r"[\s\u00a0\u202f]", "", text or "")
    return Decimal((bare or "0").replace(",", "."))


def cents(value: Decimal) -> Decimal:
    """Rounded half-up to the cent."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def check_character_fits(code: str) -> bool:
    """ISO 7064 MOD 37,36."""
    if not code or any(character not in ALPHABET for character in code):
        return False
    product = 36
    for character in code[:-1]:
        product = (product + ALPHABET.index(character)) % 36 or 36
        product = product * 2 % 37
    return (product + ALPHABET.index(code[-1])) % 36 == 1


class Play:
    """A kit and what its play left."""

    def __init__(self, kit: Path, out: Path) -> None:
        self.kit, self.out = kit, out
        self.result: dict[str, Any] = json.loads((out / "result.json").read_text(encoding="utf-8"))
        self.brief = tomllib.loads((kit / "campaign.toml").read_text(encoding="utf-8"), parse_float=Decimal)
        self.plan = rows(kit / "plan.csv")
        self.terms = {row["LISTE"]: row for row in reversed(rows(kit / "lists.csv"))}
        self.costs = rows(kit / "costs.csv")
        self.seeds = [row["ID"] for row in rows(kit / "monitor_seeds.csv")]
        self.lists: dict[str, dict[str, Any]] = self.result["lists"]
        self.lots: dict[str, dict[str, Any]] = {lot["code"]: lot for lot in self.result["lots"]}
        self.sent = {code: lot for code, lot in self.lots.items() if lot["role"] not in UNSENT}
        self.mailings = sorted((out / "lots").glob("mailing_*.csv"))

    @cached_property
    def pieces(self) -> list[dict[str, str]]:
        return [row for path in self.mailings for row in rows(path)]

    @cached_property
    def addressed(self) -> list[dict[str, str]]:
        """The pieces that are no monitor seed's."""
        return [row for row in self.pieces if not self.is_seed(row)]

    @cached_property
    def net(self) -> dict[str, list[dict[str, str]]]:
        return {code: rows(self.out / "net" / f"{code}.csv") for code in self.lists if (self.out / "net" / f"{code}.csv").is_file()}

    @cached_property
    def gold(self) -> dict[str, list[tuple[str, str]]]:
        """Id and person of each record, by source, in the order of the file."""
        found: dict[str, list[tuple[str, str]]] = {}
        for row in rows(self.kit / "gold" / "entities.csv"):
            found.setdefault(row["SOURCE"], []).append((row["ID"], row["ENTITY"]))
        return found

    @cached_property
    def accepted_notes(self) -> dict[tuple[str, str], dict[str, str]]:
        """The note of each tranche's accepted version: a kit's last one is the one that conforms, unless its gold says which is."""
        notes = sorted(rows(self.kit / "delivery_notes.csv"), key=lambda row: int(row["VERSION"]))
        taken = {(row["LISTE"], row["TRANCHE"]): row for row in notes}
        expected = self.kit / "gold" / "accepted.json"
        if not expected.is_file():
            return taken
        versions = {tuple(key.split("/")): version for key, version in json.loads(expected.read_text()).items()}
        return {
            key: next(row for row in notes if (row["LISTE"], row["TRANCHE"]) == key and int(row["VERSION"]) == version)
            for key, version in versions.items()
        }

    @cached_property
    def left_out(self) -> set[str]:
        """Lists of which no file conformed: the campaign goes on without them, their orders are withdrawn."""
        return {row["LISTE"] for row in self.plan} - {code for code, _ in self.accepted_notes}

    def is_seed(self, row: dict[str, str]) -> bool:
        """Whether a piece goes to a monitor seed."""
        return any(row["ID_UNIQUE"].startswith(f"{seed}-") for seed in self.seeds)

    def rate(self, basis: str) -> Decimal:
        """The sum of the costs of a basis."""
        return sum((number(row["MONTANT_HT"]) for row in self.costs if row["BASE"] == basis), Decimal(0))

    @cached_property
    def answers(self) -> "Answers":
        return Answers(self)


class Answers:
    """The simulator's rows, credited anew. `by_lot` has `(is a gift, amount)` of each row; `nobody` the amounts credited to no lot."""

    def __init__(self, play: Play) -> None:
        self.by_lot: dict[str, list[tuple[bool, Decimal]]] = {code: [] for code in play.sent}
        self.nobody: list[Decimal] = []
        self.aside = 0
        lot_of = {row["ID_UNIQUE"]: row["CODE_LOT"] for row in play.addressed}
        called: dict[tuple[str, str], list[str]] = {}
        for row in play.addressed:
            called.setdefault((row["NOM"] or row["RAISON_SOCIALE"], row["CP"]), []).append(row["CODE_LOT"])
        seen = set()
        for name in ("responses_1.csv", "responses_2.csv"):
            for row in rows(play.out / "responses" / name):
                if (same := tuple(row.values())) in seen:
                    continue
                seen.add(same)
                day, month, year = (int(part) for part in row["DATE"].split("/"))
                try:
                    amount = number(row["MONTANT"])
                except InvalidOperation:
                    amount = None
                if amount is None or date(year, month, day) < play.brief["drop_on"]:
                    self.aside += 1
                    continue
                lot = _typed(row["CODE_LOT"], play.sent) or lot_of.get(row["ID_UNIQUE"])
                namesakes = called.get((row["NOM"], row["CP"]), [])
                if lot is None and row["NOM"] and row["CP"] and len(namesakes) == 1:
                    lot = namesakes[0]
                if lot is None:
                    self.nobody.append(amount)
                else:
                    self.by_lot[lot].append((row["TYPE"] == "don", amount))
        self.returned = Counter(lot_of[row["ID_UNIQUE"]] for row in rows(play.out / "responses" / "pnd.csv"))

    def count(self, lots: list[str]) -> dict[str, Decimal]:
        """What lots brought together."""
        answered = [one for lot in lots for one in self.by_lot.get(lot, [])]
        gifts = [amount for is_gift, amount in answered if is_gift]
        return {
            "responses": Decimal(len(answered)),
            "gifts": Decimal(len(gifts)),
            "amount": sum(gifts, Decimal(0)),
            "undeliverable": Decimal(sum(self.returned[lot] for lot in lots)),
        }


def _typed(code: str, known: dict[str, Any]) -> str | None:
    """The lot a code means as a person typed it: as it is, else with O for 0 and I for 1 exchanged where the check character fits."""
    if code in known:
        return code
    readings = [""]
    for character in code:
        other = {"O": "0", "0": "O", "I": "1", "1": "I"}.get(character, "")
        readings = [start + end for start in readings for end in character + other]
    fitting = {one for one in readings if one in known and check_character_fits(one)}
    return fitting.pop() if len(fitting) == 1 else None
