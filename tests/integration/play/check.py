"""Holds what a play left against its kit, with arithmetic of its own: standard library only, nothing of Jalon is asked."""

import csv
import json
import tomllib
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CENT = Decimal("0.01")


def rows(path: Path) -> list[dict[str, str]]:
    """A `;` or `,` file's rows."""
    text = path.read_text(encoding="utf-8-sig")
    first = text.partition("\n")[0]
    return list(csv.DictReader(text.splitlines(), delimiter=";" if first.count(";") >= first.count(",") else ","))


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def has_check(code: str) -> bool:
    """ISO 7064 MOD 37,36."""
    product = 36
    for character in code[:-1]:
        product = (product + ALPHABET.index(character)) % 36 or 36
        product = product * 2 % 37
    return (product + ALPHABET.index(code[-1])) % 36 == 1


class Played:
    """A kit and what its play left."""

    def __init__(self, kit: Path, out: Path) -> None:
        self.kit, self.out = kit, out
        self.result: dict[str, Any] = json.loads((out / "result.json").read_text(encoding="utf-8"))
        self.brief = tomllib.loads((kit / "campaign.toml").read_text(encoding="utf-8"))
        self.plan = rows(kit / "plan.csv")
        self.terms = {row["LISTE"]: row for row in rows(kit / "lists.csv")}
        self.costs = rows(kit / "costs.csv")
        self.seeds = [row["ID"] for row in rows(kit / "monitor_seeds.csv")]
        self.lots = {lot["code"]: lot for lot in self.result["lots"]}
        self.table = rows(out / "lots" / "plan_de_lots.csv")
        self.mailing = [row for path in sorted((out / "lots").glob("mailing_*.csv")) for row in rows(path)]

    def is_seed(self, row: dict[str, str]) -> bool:
        return any(row["ID_UNIQUE"].startswith(f"{seed}-") for seed in self.seeds)

    @property
    def sent(self) -> dict[str, dict[str, Any]]:
        return {code: lot for code, lot in self.lots.items() if lot["role"] not in ("holdout", "reserve")}

    def bill(self, code: str) -> tuple[int, Decimal]:
        """Billable quantity and amount due, by the contract's terms."""
        counts, terms = self.result["lists"][code], self.terms[code]
        if terms["NATURE"] == "house":
            return 0, Decimal("0.00")
        delivered, net = counts["delivered"], counts["net"]
        floor = int((number(terms["FACTURATION_MIN"]) * delivered).to_integral_value(ROUND_CEILING))
        billable = min(delivered, max(net, floor))
        parts = cents(billable * number(terms["CPM"]) / 1000) + cents((delivered - billable) * number(terms["CPM_RUN"]) / 1000)
        parts += cents(delivered * number(terms["CPM_SELECTION"]) / 1000) + number(terms["FRAIS_TECHNIQUES"])
        return billable, max(parts, number(terms["MINIMUM_EUR"])).quantize(CENT)

    def rate(self, basis: str) -> Decimal:
        return sum((number(row["MONTANT_HT"]) for row in self.costs if row["BASE"] == basis), Decimal(0))

    def attributed(self) -> tuple[dict[str, list[Decimal]], list[Decimal], int]:
        """Amounts by lot code (gifts, else zero), amounts credited to nobody, and how many rows are impossible."""
        known = set(self.sent)
        piece = {row["ID_UNIQUE"]: row["CODE_LOT"] for row in self.mailing if not self.is_seed(row)}
        named: dict[tuple[str, str], list[str]] = {}
        for row in self.mailing:
            if not self.is_seed(row):
                named.setdefault((row["NOM"] or row["RAISON_SOCIALE"], row["CP"]), []).append(row["CODE_LOT"])
        by_lot: dict[str, list[Decimal]] = {}
        nobody: list[Decimal] = []
        aside = 0
        seen = set()
        drop = self.brief["drop_on"]
        for name in ("responses_1.csv", "responses_2.csv"):
            for row in rows(self.out / "responses" / name):
                if (key := tuple(row.values())) in seen:
                    continue
                seen.add(key)
                day, month, year = (int(part) for part in row["DATE"].split("/"))
                try:
                    amount = number(row["MONTANT"])
                except ArithmeticError:
                    amount = None
                if amount is None or (year, month, day) < (drop.year, drop.month, drop.day):
                    aside += 1
                    continue
                lot = self._lot(row["CODE_LOT"], known) or piece.get(row["ID_UNIQUE"])
                if lot is None and len(found := named.get((row["NOM"], row["CP"]), [])) == 1:
                    lot = found[0]
                value = amount if row["TYPE"] == "don" else Decimal(-1)
                nobody.append(amount) if lot is None else by_lot.setdefault(lot, []).append(value)
        return by_lot, nobody, aside

    @staticmethod
    def _lot(code: str, known: set[str]) -> str | None:
        if code in known:
            return code
        swap = {"O": "O0", "0": "0O", "I": "I1", "1": "1I"}
        candidates = [""]
        for character in code:
            candidates = [start + end for start in candidates for end in swap.get(character, character)]
        fitting = [one for one in candidates if one in known]
        return fitting[0] if len(fitting) == 1 else None
