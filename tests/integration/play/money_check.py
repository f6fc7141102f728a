"""Holds orders, bills, costs and the budget that a play left against its kit's terms. Standard library only; yields faults in words."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from tests.integration.play.left import Play, cents, header, number, rows

TOLERANCE = Decimal("0.02")
STATEMENT = "PO;LISTE;FOURNISSEUR;QTE_LIVREE;QTE_NETTE;QTE_FACTURABLE;MONTANT_HT"
Faults = Iterator[str]


def check_orders(play: Play) -> Faults:
    """One order a rented or exchanged list, to its broker or owner, and one without list for each supplier of services."""
    found = Counter((order["supplier"], order.get("list")) for order in play.result["orders"])
    no_list: str | None = None
    wanted: Counter[tuple[str, str | None]] = Counter(
        (play.terms[code]["COURTIER"] or play.terms[code]["PROPRIETAIRE"], code)
        for code in {row["LISTE"] for row in play.plan}
        if play.terms[code]["NATURE"] != "house"
    )
    wanted += Counter({(row["FOURNISSEUR"], no_list): 1 for row in play.costs if row["FOURNISSEUR"]})
    if found != wanted:
        yield f"orders too many {found - wanted}, missing {wanted - found}"
    numbers = [order["number"] for order in play.result["orders"]]
    if len(numbers) != len(set(numbers)):
        yield "an order's number comes twice"
    for order in play.result["orders"]:
        if order["state"] != ("cancelled" if order.get("list") in play.left_out else "accepted"):
            yield f"{order['number']} for {order.get('list', 'services')} is left {order['state']}"


def _due(play: Play, code: str) -> tuple[int, Decimal]:
    """Billable quantity and amount due for a list by its terms."""
    counts, terms = play.lists[code], play.terms[code]
    if terms["NATURE"] == "house" or code in play.left_out:
        return 0, Decimal("0.00")
    # What is above the order and its tolerance is not billable (section 3.5 of the trade reference), nor what the contract never bills.
    most = int(counts["ordered"] * (1 + TOLERANCE))
    lost = {
        "rejets": counts["rejected"],
        "repoussoirs": sum(counts["suppressed"].values()),
        **{one: counts[one] for one in ("intra", "inter")},
    }
    left = min(counts["delivered"] - sum(lost[one] for one in terms.get("NON_FACTURABLE", "").split()), most)
    basis = counts["ordered"] if terms.get("BASE_FACTURATION_MIN") == "commandé" else left
    floor = int((number(terms["FACTURATION_MIN"]) * basis).to_integral_value(ROUND_CEILING))
    billable = min(left, max(counts["net"], floor))
    due = cents(billable * number(terms["CPM"]) / 1000) + cents((left - billable) * number(terms["CPM_RUN"]) / 1000)
    due += cents(min(counts["delivered"], most) * number(terms["CPM_SELECTION"]) / 1000) + number(terms["FRAIS_TECHNIQUES"])
    return billable, cents(max(due, number(terms["MINIMUM_EUR"])))


def check_billing(play: Play) -> Faults:
    """Lists are billed to the cent, and stated to whom they were ordered from."""
    path = play.out / "statements" / "net_statement.csv"
    if ";".join(header(path)) != STATEMENT:
        yield f"net_statement.csv: columns are {header(path)}"
    ordered = {order["list"]: order for order in play.result["orders"] if "list" in order}
    stated = {row["LISTE"]: row for row in rows(path)}
    if len(stated) != len(rows(path)):
        yield "a list is stated twice"
    for code, counts in play.lists.items():
        billable, due = _due(play, code)
        if (counts["billable"], counts["due_amount"]) != (billable, f"{due:.2f}"):
            yield f"{code}: billable {counts['billable']} for {counts['due_amount']}, should be {billable} for {due}"
        house = play.terms[code]["NATURE"] == "house"
        if house == (code in stated):
            yield f"{code}: stated {'though' if house else 'not, though not'} the house's"
        if house or code not in stated:
            continue
        wanted = {
            "PO": ordered[code]["number"],
            "LISTE": code,
            "FOURNISSEUR": play.terms[code]["COURTIER"] or play.terms[code]["PROPRIETAIRE"],
            "QTE_LIVREE": str(counts["delivered"]),
            "QTE_NETTE": str(counts["net"]),
            "QTE_FACTURABLE": str(billable),
            "MONTANT_HT": f"{due:.2f}".replace(".", ","),
        }
        if stated[code] != wanted:
            yield f"{code}: stated {stated[code]}, should be {wanted}"


def check_costs(play: Play) -> Faults:
    """Each list bears what it caused, and its share of the flat costs."""
    mailed = sum(counts["mailed"] for counts in play.lists.values())
    flat = play.rate("forfait")
    total = Decimal(0)
    for code, counts in play.lists.items():
        seeds = sum(lot["seeds"] for lot in play.sent.values() if lot["list"] == code)
        cost = Decimal(counts["due_amount"]) + play.rate("par_pli") * (counts["mailed"] + seeds)
        cost += play.rate("par_adresse_brute") * counts["delivered"] + play.rate("par_retour") * counts["responses"]
        cost += flat * counts["mailed"] / mailed if mailed else Decimal(0)
        total += Decimal(counts["cost"])
        if abs(cost - Decimal(counts["cost"])) > Decimal("0.05"):
            yield f"{code}: cost {counts['cost']}, should be {cost:.2f}"
        if not re.fullmatch(r"\d+\.\d\d", counts["cost"]):
            yield f"{code}: cost is written {counts['cost']}"


def check_budget(play: Play) -> Faults:
    """The budget is the snapshot that was approved, by somebody who may and who did not prepare it."""
    budget = play.result["budget"]
    body = (play.out / "budget.json").read_bytes()
    if hashlib.sha256(body).hexdigest() != budget["sha256"]:
        yield "budget.json is not what was approved"
    total = Decimal(budget["total_amount"])
    if not re.fullmatch(r"\d+\.\d\d", budget["total_amount"]) or budget["total_amount"] not in body.decode():
        yield f"the snapshot does not come to {budget['total_amount']}"
    if total > Decimal(str(play.brief["envelope_amount"])):
        yield f"the budget of {total} is above the envelope"
    people = play.brief["people"]
    limits = {one["email"]: Decimal(str(one.get("approval_limit", 0))) for one in people if one["role"] == "budget_approver"}
    if max((limits.get(email, Decimal(0)) for email in budget["approved_by"]), default=Decimal(0)) < total:
        yield f"nobody in {budget['approved_by']} may accept {total}"
    tiers = play.brief.get("approval_tiers", [{"signatures": 1}])
    needed = next((tier["signatures"] for tier in tiers if total <= Decimal(str(tier.get("up_to", total)))), None)
    if needed is None or len(set(budget["approved_by"])) < needed:
        yield f"{budget['approved_by']} approved {total}, which takes {needed} signatures"
    if prepared := {one["email"] for one in people if one["role"] == "project_manager"} & set(budget["approved_by"]):
        yield f"{prepared} prepared what they approved"


def check_invoices(play: Play) -> Faults:
    """What suppliers invoiced is matched where it is what was stated, and disputed where it is not; one that came twice counts once."""
    stated = {row["PO"]: row for row in rows(play.out / "statements" / "net_statement.csv")}
    sent = rows(play.out / "invoices" / "invoices.csv")
    once = {(row["FOURNISSEUR"], row["NUMERO"]): row for row in sent if number(row["MONTANT_HT"]) > 0}
    if len(once) == len(sent):
        yield "no invoice came twice"
    kept = {(one["supplier"], one["number"]): one for one in play.result["invoices"]}
    if set(kept) != set(once) or len(kept) != len(play.result["invoices"]):
        yield f"invoices kept are {sorted(kept)}, sent were {sorted(once)}"
    for key, row in once.items():
        due = stated[row["PO"]]
        same = all(number(row[ours]) == number(due[theirs]) for ours, theirs in (("QTE", "QTE_FACTURABLE"), ("MONTANT_HT", "MONTANT_HT")))
        wanted = "matched" if same else "disputed"
        if kept[key]["state"] != wanted:
            yield f"{key}: {kept[key]['state']}, should be {wanted}"
    missing = {po for po, row in stated.items() if number(row["MONTANT_HT"]) > 0} - {row["PO"] for row in once.values()}
    if missing:
        yield f"not invoiced, and so not to be closed: {sorted(missing)}"
