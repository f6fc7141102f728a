"""Holds what a play left against its kit, sentence by sentence, with arithmetic of its own.

Standard library only; it reads the two folders and asks nothing of Jalon. Each check yields what is wrong, in words.
By hand: `python -m tests.integration.play.result_check KIT OUT`.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.integration.play.evidence_check import check_evidence
from tests.integration.play.left import UNSENT, Play, cents, check_character_fits, header, rows
from tests.integration.play.money_check import check_billing, check_budget, check_costs, check_orders

MAILING = "CODE_CAMP;CODE_LOT;ID_UNIQUE;N_SEQ;CIVILITE;PRENOM;NOM;RAISON_SOCIALE;L1;L2;L3;L4;L5;L6;CP;LOCALITE"
LOT_TABLE = ("CODE_LOT", "LISTE", "SEGMENT", "MESSAGE", "ROLE", "CANAL", "QUANTITE")
RESPONSE_FILES = ("pnd.csv", "responses_1.csv", "responses_2.csv")
DOCUMENTS = {"PM", "DB", "BC", "BD", "RD", "PL", "OR", "BI"}
Faults = Iterator[str]


def check_end(play: Play, campaign: str | None = None) -> Faults:
    """The campaign is called what it should be and ended where it should."""
    if play.result["campaign"] != (campaign or play.brief["code"]):
        yield f"the campaign is called {play.result['campaign']}"
    if play.result["stage"] != "analysis":
        yield f"the campaign ends in {play.result['stage']}"


def check_accounting(play: Play) -> Faults:
    """Each record of each list is counted once."""
    if set(play.lists) != {row["LISTE"] for row in play.plan}:
        yield f"lists are {sorted(play.lists)}, the plan has {sorted({row['LISTE'] for row in play.plan})}"
    names = [name.removesuffix(".csv") for name in play.brief.get("dedupe", {}).get("suppressions", [])]
    for code, counts in play.lists.items():
        parts = [counts["rejected"], counts["intra"], counts["inter"], counts["net"], *counts["suppressed"].values()]
        if not all(isinstance(part, int) and part >= 0 for part in parts):
            yield f"{code}: counts are no counts: {parts}"
        if counts["delivered"] != sum(parts):
            yield f"{code}: {counts['delivered']} delivered, {sum(parts)} accounted for"
        if not set(names) <= set(counts["suppressed"]) and counts["delivered"]:
            yield f"{code}: suppressed by {list(counts['suppressed'])}, the brief names {names}"
        if counts["ordered"] != (gross := sum(int(row["BRUT"]) for row in play.plan if row["LISTE"] == code)):
            yield f"{code}: {counts['ordered']} ordered, BRUT adds up to {gross}"
        if counts["net"] != len(play.net.get(code, [])):
            yield f"{code}: {counts['net']} net, {len(play.net.get(code, []))} rows in net/{code}.csv"


def check_deliveries(play: Play) -> Faults:
    """Declared and delivered are those of the accepted version of each tranche."""
    for code, counts in play.lists.items():
        declared = sum(int(note["NB_ENREGISTREMENTS"]) for (owner, _), note in play.accepted_notes.items() if owner == code)
        if counts["declared"] != declared:
            yield f"{code}: declared {counts['declared']}, the accepted notes say {declared}"
        if counts["declared"] and counts["delivered"] != len(play.gold.get(code, [])):
            yield f"{code}: delivered {counts['delivered']}, the gold has {len(play.gold.get(code, []))} records"


def check_lots(play: Play) -> Faults:
    """Cells are a partition of the net; every line of the plan has one that is sent."""
    for code, counts in play.lists.items():
        cells = [lot for lot in play.lots.values() if lot["list"] == code]
        if counts["net"] != sum(lot["quantity"] for lot in cells):
            yield f"{code}: net {counts['net']}, its cells hold {sum(lot['quantity'] for lot in cells)}"
        if counts["mailed"] != sum(lot["quantity"] for lot in cells if lot["role"] not in UNSENT):
            yield f"{code}: mailed {counts['mailed']} is not what its sent cells hold"
    for code, lot in play.lots.items():
        if lot["quantity"] <= 0:
            yield f"{code} is empty"
        if not check_character_fits(code):
            yield f"{code}: the check character does not fit"
    if len(play.lots) != len(play.result["lots"]):
        yield "a lot code comes twice"
    table = rows(play.out / "lots" / "plan_de_lots.csv")
    if missing := [name for name in LOT_TABLE if name not in header(play.out / "lots" / "plan_de_lots.csv")]:
        yield f"plan_de_lots.csv has no {missing}"
    written = [tuple(row[name] for name in LOT_TABLE) for row in table]
    wanted = [
        (lot["code"], lot["list"], lot["segment"], lot["message"], lot["role"], lot["channel"], str(lot["quantity"]))
        for lot in play.result["lots"]
    ]
    if sorted(written) != sorted(wanted):
        yield "plan_de_lots.csv and lots differ"
    sent = {(lot["list"], lot["segment"], lot["message"], lot["role"], lot["channel"]) for lot in play.sent.values()}
    left = Counter((code, row["CODE_SEG"]) for code, body in play.net.items() for row in body)
    lines = Counter((row["LISTE"], row["SEGMENT"]) for row in play.plan)
    for row in play.plan:
        key = (row["LISTE"], row["SEGMENT"], row["MESSAGE"], row["ROLE"], row["CANAL"])
        # A segment of which less is left than it has lines cannot fill them all.
        if key not in sent and left[key[:2]] >= lines[key[:2]]:
            yield f"no cell is sent for {key}"


def check_mailing(play: Play) -> Faults:
    """The mailing holds each sent cell with every seed once in it, and nothing else."""
    pieces = Counter(row["CODE_LOT"] for row in play.pieces)
    wanted = {code: lot["quantity"] + lot["seeds"] for code, lot in play.sent.items()}
    if pieces != wanted:
        yield f"rows by code are not quantity + seeds: {sorted((pieces - Counter(wanted)) + (Counter(wanted) - pieces))}"
    seeds = Counter(row["ID_UNIQUE"] for row in play.pieces if play.is_seed(row))
    if seeds != Counter(f"{seed}-{code}" for seed in play.seeds for code in play.sent):
        yield "not every seed is once in every sent cell"
    for code, lot in play.lots.items():
        if lot["seeds"] != (len(play.seeds) if code in play.sent else 0):
            yield f"{code} says {lot['seeds']} seeds"
    mailed = [row["ID_UNIQUE"] for row in play.pieces]
    if len(mailed) != len(set(mailed)):
        yield "an ID_UNIQUE is mailed twice"
    owner = {row["ID_UNIQUE"]: code for code, body in play.net.items() for row in body}
    if len(owner) != sum(len(body) for body in play.net.values()):
        yield "an ID_UNIQUE comes twice in the net"
    for row in play.addressed:
        if owner.get(row["ID_UNIQUE"]) != play.lots[row["CODE_LOT"]]["list"]:
            yield f"{row['ID_UNIQUE']} is not in the net of its list"
    for path in play.mailings:
        channels = {play.lots[row["CODE_LOT"]]["channel"] for row in rows(path)}
        if channels != {path.stem.removeprefix("mailing_")}:
            yield f"{path.name} holds lots of {channels}"


def check_sources(play: Play) -> Faults:
    """The net carries the supplier's own ids, as the supplier wrote them and no oftener."""
    for code, body in play.net.items():
        delivered = Counter(one for one, _ in play.gold.get(code, []))
        if strange := Counter(row["ID_SOURCE"] for row in body) - delivered:
            yield f"{code}: ids that were not delivered, or oftener than delivered: {list(strange)[:3]}"


def check_postal_lines(play: Play) -> Faults:
    """The mailing is written as the post wants it."""
    for path in play.mailings:
        if ";".join(header(path)) != MAILING:
            yield f"{path.name}: columns are {header(path)}"
            continue
        body = rows(path)
        if [row["N_SEQ"] for row in body] != [str(n) for n in range(1, len(body) + 1)]:
            yield f"{path.name}: N_SEQ does not count from 1"
        for row in body:
            who = f"{path.name} {row['ID_UNIQUE']}"
            lines = [row[f"L{n}"] for n in range(1, 7)]
            if row["CODE_CAMP"] != play.result["campaign"]:
                yield f"{who}: CODE_CAMP {row['CODE_CAMP']}"
            if long := [line for line in lines if len(line) > 38]:
                yield f"{who}: longer than 38: {long}"
            if wrong := [line for line in lines[3:] if not re.fullmatch(r"(?:[A-Z0-9]+(?: [A-Z0-9]+)*)?", line)]:
                yield f"{who}: not in plain capitals: {wrong}"
            if not re.fullmatch(r"[0-9]{5}", row["CP"]):
                yield f"{who}: CP {row['CP']!r}"
            if lines[5] != f"{row['CP']} {row['LOCALITE']}" or not row["LOCALITE"]:
                yield f"{who}: L6 {lines[5]!r} is not {row['CP']} {row['LOCALITE']!r}"
            if not lines[0] or any(line != line.strip() for line in lines):
                yield f"{who}: an identity is missing or a line is not trimmed: {lines}"


def check_responses(play: Play) -> Faults:
    """The answers are the simulator's to the very files left, and are credited as an independent reading credits them."""
    with tempfile.TemporaryDirectory() as folder:
        script = play.kit.resolve().parent / "simulate.py"
        command: list[str | Path] = [
            sys.executable,
            script,
            "responses",
            "--kit",
            play.kit,
            "--lots",
            play.out / "lots" / "plan_de_lots.csv",
        ]
        subprocess.run([*command, "--mailing", *play.mailings, "--out", folder, "--seed", "1"], check=True, capture_output=True)
        for name in RESPONSE_FILES:
            if (Path(folder) / name).read_bytes() != (play.out / "responses" / name).read_bytes():
                yield f"responses/{name} is not what the simulator writes from these files"
    answers = play.answers
    if play.result["set_aside"] != {"responses": answers.aside}:
        yield f"set aside {play.result['set_aside']}, should be {answers.aside}"
    nobody = {"responses": len(answers.nobody), "amount": f"{sum(answers.nobody, Decimal(0)):.2f}"}
    if play.result["unattributed"] != nobody:
        yield f"unattributed {play.result['unattributed']}, should be {nobody}"
    for code, counts in play.lists.items():
        wanted = answers.count([lot for lot, cell in play.lots.items() if cell["list"] == code])
        if (found := {name: Decimal(counts[name]) for name in wanted}) != wanted:
            yield f"{code}: {found}, should be {wanted}"


def check_objections(play: Play) -> Faults:
    """Whoever objected or came back is named to the house and, by its own id, to the supplier of the list; each of them once a reason."""
    pieces = {row["ID_UNIQUE"]: (code, row) for code, net in play.net.items() for row in net}
    answers = {
        tuple(row.values()): row for name in ("responses_1.csv", "responses_2.csv") for row in rows(play.out / "responses" / name)
    }.values()
    known = [(row["ID_UNIQUE"], "opposition", row["DATE"]) for row in answers if row["TYPE"] == "opposition" and row["ID_UNIQUE"] in pieces]
    returned = rows(play.out / "responses" / "pnd.csv")
    # What did not come through of a lot that was e-mailed bounced.
    bounced = {lot for lot, cell in play.lots.items() if cell["channel"] == "email"}
    known += [(row["ID_UNIQUE"], "rebond_definitif" if row["CODE_LOT"] in bounced else row["MOTIF"], row["DATE"]) for row in returned]
    house: Counter[tuple[str, ...]] = Counter()
    suppliers: dict[str, Counter[tuple[str, ...]]] = {}
    for unique_id, reason, day in known:
        code, row = pieces[unique_id]
        house[(code, row["NOM"], row["CP"], reason, day)] += 1
        if play.terms[code]["NATURE"] != "house":
            reader = play.terms[code]["COURTIER"] or play.terms[code]["PROPRIETAIRE"]
            suppliers.setdefault(reader, Counter())[(code, row["ID_SOURCE"], reason, day)] += 1
    wanted = {f"objections_{reader}.csv": counted for reader, counted in suppliers.items()}
    wanted |= {"objections_house.csv": house} if known else {}
    found = {path.name: rows(path) for path in (play.out / "objections").glob("*")}
    if set(found) - {"objections_house.csv"} != set(wanted) - {"objections_house.csv"}:
        yield f"objections of {sorted(found)}, should be {sorted(wanted)}"
    for name, counted in wanted.items():
        columns = ("LISTE", "NOM", "CP", "MOTIF", "DATE") if name == "objections_house.csv" else ("LISTE", "ID_SOURCE", "MOTIF", "DATE")
        # An answer without an id may be known by its name: what a file has beside is not looked at.
        if missing := counted - Counter(tuple(row[column] for column in columns) for row in found.get(name, [])):
            yield f"{name} lacks {sorted(missing)[:3]}"


FORMULAS = {
    "response_rate": ("responses", "mailed"),
    "yield_rate": ("gifts", "mailed"),
    "undeliverable_rate": ("undeliverable", "mailed"),
    "retention_rate": ("net", "delivered"),
    "average_gift": ("amount", "gifts"),
    "cost_per_response": ("cost", "responses"),
    "roi": ("kept", "cost"),
}


def check_key_figures(play: Play) -> Faults:
    """Key figures follow from their counts; the campaign's from the sums of its lists'. Returns are of what stays, as the brief says it."""
    names = {name for pair in FORMULAS.values() for name in pair} - {"kept"}
    of_list = {code: {name: Decimal(counts[name]) for name in names} for code, counts in play.lists.items()}
    whole = {name: sum((counts[name] for counts in of_list.values()), Decimal(0)) for name in names}
    tables = [("campaign", play.result["kpis"]["campaign"], whole)]
    if set(play.result["kpis"]["by_list"]) != set(of_list):
        yield f"by_list has {sorted(play.result['kpis']['by_list'])}"
    tables += [(code, play.result["kpis"]["by_list"].get(code, {}), counts) for code, counts in of_list.items()]
    margin, handling = (Decimal(str(play.brief.get(name, usual))) for name, usual in (("margin_rate", 1), ("handling_amount", 0)))
    for what, table, counts in tables:
        kept = cents(counts["amount"] * margin - handling * counts["gifts"])
        for name in FORMULAS:
            yield from _figure(what, name, table, counts | {"kept": kept})
    levels: dict[str, Callable[[dict[str, Any]], str]] = {
        "by_lot": lambda lot: lot["code"],
        "by_segment": lambda lot: f"{lot['list']}/{lot['segment']}",
        "by_message": lambda lot: lot["message"],
    }
    for level, key in levels.items():
        groups: dict[str, list[str]] = {}
        for code, lot in play.sent.items():
            groups.setdefault(key(lot), []).append(code)
        if set(play.result["kpis"][level]) != set(groups):
            yield f"{level} has {sorted(set(play.result['kpis'][level]) ^ set(groups))} too many or too few"
            continue
        for name, codes in groups.items():
            counts = play.answers.count(codes) | {"mailed": Decimal(sum(play.lots[code]["quantity"] for code in codes))}
            yield from _figure(f"{level} {name}", "response_rate", play.result["kpis"][level][name], counts)


def check_shared(play: Play) -> Faults:
    """Shared in equal parts, lists brought in all what they are credited with; where nobody of several answered, nothing is shared."""
    view = play.result.get("shared")
    if view is None:
        return
    if set(view["by_list"]) != set(play.lists):
        yield f"shared among {sorted(view['by_list'])}"
    for name in ("responses", "gifts", "amount"):
        parts = [Decimal(one[name]) for one in view["by_list"].values()]
        if min(parts) < 0 or sum(parts) != (credited := sum(Decimal(one[name]) for one in play.lists.values())):
            yield f"{name}: {sum(parts)} shared, {credited} credited"
    if not 0 < view["several"] <= sum(one["responses"] for one in play.lists.values()):
        yield f"{view['several']} answers of people of several lists"


def _figure(what: str, name: str, table: dict[str, Any], counts: dict[str, Decimal]) -> Faults:
    above, below = FORMULAS[name]
    if name not in table:
        yield f"{what}: no {name}"
        return
    wanted = counts[above] / counts[below] if counts[below] else None
    found = table[name]
    if (Decimal(found["numerator"]), Decimal(found["denominator"])) != (counts[above], counts[below]):
        yield f"{what}: {name} is made of {found}, should be {counts[above]} / {counts[below]}"
    value = found["value"]
    if isinstance(value, str) or (value is None) != (wanted is None):
        yield f"{what}: {name} is {value!r}, should be {wanted}"
    elif wanted is not None and abs(Decimal(str(value)) - wanted) > Decimal("0.000001"):
        yield f"{what}: {name} is {value}, should be {wanted:.6f}"


def quality(play: Play) -> tuple[float, float, float]:
    """Shares of duplicates left in the net, of wanted people lost, and of people to suppress who were kept; by the kit's gold."""
    delivered = {person for code in play.lists for _, person in play.gold.get(code, [])}
    held = {person for source, records in play.gold.items() if source not in play.terms for _, person in records}
    person_of = {(code, one): person for code in play.lists for one, person in play.gold.get(code, [])}
    kept = [person_of[code, row["ID_SOURCE"]] for code, body in play.net.items() for row in body if (code, row["ID_SOURCE"]) in person_of]
    wanted, unwanted = delivered - held, delivered & held
    left = (len(kept) - len(set(kept))) / max(1, len(kept))
    return left, len(wanted - set(kept)) / max(1, len(wanted)), len(unwanted & set(kept)) / max(1, len(unwanted))


def check_quality(play: Play) -> Faults:
    """Duplicates, wanted people and people to suppress, within what was promised."""
    for share, limit, what in zip(
        quality(play), (0.03, 0.05, 0.06), ("duplicates left", "wanted people lost", "people to suppress kept"), strict=True
    ):
        if share >= limit:
            yield f"{what}: {share:.2%}"


def check_papers(play: Play) -> Faults:
    """Documents and reports are there, and say what the result says."""
    papers = list((play.out / "documents").glob("*.pdf"))
    if missing := DOCUMENTS - {path.name.split("-")[0] for path in papers}:
        yield f"no documents {sorted(missing)}"
    if broken := [path.name for path in papers if not path.read_bytes().startswith(b"%PDF-")]:
        yield f"no PDF: {broken}"
    report = json.loads((play.out / "dedupe" / "report.json").read_text(encoding="utf-8"))["lists"]
    for code, counts in report.items():
        for name in ("delivered", "rejected", "suppressed", "intra", "inter", "net"):
            if counts[name] != play.lists[code][name]:
                yield f"{code}: {name} is {counts[name]} in the report, {play.lists[code][name]} in the result"
    if not (play.out / "dedupe" / "matrix.csv").stat().st_size:
        yield "matrix.csv is empty"


FIGURES = (check_accounting, check_deliveries, check_lots, check_billing, check_costs, check_key_figures)
"""The checks that need no other program."""

CHECKS: tuple[Callable[[Play], Faults], ...] = (
    check_end,
    check_accounting,
    check_deliveries,
    check_lots,
    check_mailing,
    check_sources,
    check_postal_lines,
    check_orders,
    check_billing,
    check_costs,
    check_budget,
    check_responses,
    check_objections,
    check_key_figures,
    check_shared,
    check_quality,
    check_papers,
    check_evidence,
)

if __name__ == "__main__":
    looked_at = Play(Path(sys.argv[1]), Path(sys.argv[2]))
    wrong = False
    for check in CHECKS:
        faults = list(check(looked_at))
        wrong = wrong or bool(faults)
        lines = [f"{'FAULT' if faults else 'holds'} {check.__name__}", *faults[:6]]
        sys.stdout.write("\n      ".join(lines) + "\n")
    sys.stdout.write("duplicates left {:.2%}, wanted lost {:.2%}, suppressed kept {:.2%}\n".format(*quality(looked_at)))
    sys.exit(wrong)
