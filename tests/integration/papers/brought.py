"""What machines would bring to the played campaign, in small literal figures: a merge-purge's report, lots, answers, returned mail."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.expected import Due, dues, standings
from workflows.campaign.invoices.invoicing import SendInvoice
from workflows.campaign.stages.lots import Cell
from workflows.campaign.stages.responses import ResponseRow, UndeliverableRow
from workflows.trade.money import tax
from workflows.trade.working_days import local_day


def a_report(delivered: dict[str, int]) -> dict[str, Any]:
    """A merge-purge's report in which every list loses a little of everything, and all that is inter to the first list."""
    codes = list(delivered)
    lists: dict[str, Any] = {}
    lost = {one: dict.fromkeys(codes, 0) for one in codes}
    for code, gross in delivered.items():
        suppressed = {"opposition": 2, "pnd_historique": 1, "donateurs_actifs": 3}
        inter = 0 if code == codes[0] else gross // 10
        lost[code][codes[0]] = inter
        net = gross - 5 - 6 - 4 - inter
        lists[code] = {
            "delivered": gross,
            "rejected": 5,
            "rejected_by_reason": {"bad_postcode": 3, "no_town": 2},
            "suppressed": suppressed,
            "intra": 4,
            "inter": inter,
            "net": net,
            "unique": net - 7,
        }
    shared = {one: {other: lost[one][other] + lost[other][one] for other in codes} for one in codes}
    nets = {code: counts["net"] for code, counts in lists.items()}
    rules = {"priority": "9000.00", "dearest_loses": "8100.00", "proportional": "8700.00", "random": "8600.00"}
    return {
        "lists": lists,
        "matrix": {"lists": codes, "shared": shared, "lost": lost},
        "level": "individual",
        "allocation": "priority",
        "simulation": {rule: {"net": nets, "total_cost": cost} for rule, cost in rules.items()},
    }


def billed_as(due: Due) -> str:
    """By what an order is named here: the code of its list, or that of the supplier of its services."""
    return due.row.code if due.row else due.amount.supplier


def an_invoice(facts: CampaignFacts, code: str, now: datetime, **other: Any) -> SendInvoice:
    """A supplier's invoice of what is due for a list, or to a supplier of services, but for `other`; VAT and total follow its amount."""
    due = next(one for one in dues(facts).values() if billed_as(one) == code)
    said = {
        "order_number": due.order.number,
        "number": f"F-{code}-{now:%m%d%H}",
        "invoiced_on": local_day(now),
        "quantity": due.amount.quantity,
        "net_amount": due.amount.net_amount,
    } | other
    said.setdefault("vat_amount", tax(said["net_amount"], due.amount.vat_rate).vat_amount)
    said.setdefault("total_amount", said["net_amount"] + said["vat_amount"])
    return SendInvoice(subject_id=facts.campaign.id, **said)


def invoices_due(facts: CampaignFacts, now: datetime) -> list[SendInvoice]:
    """An invoice of what is due from every supplier that is asked for one."""
    return [an_invoice(facts, billed_as(one.due), now) for one in standings(facts) if one.is_awaited]


def cells_of(facts: CampaignFacts, more_seeds: int = 0, held_out: int = 0) -> Any:
    """A cell a live line; a list's net is dealt out evenly, what is left over to its first line. It holds so many out, where any are."""
    assert facts.run is not None
    assert facts.run.report is not None
    for code, counts in facts.run.report["lists"].items():
        lines = [line for line in facts.live_lines if line.list_code == code]
        share, left = divmod(counts["net"], len(lines))
        for number, line in enumerate(lines):
            quantity = share + (left if number == 0 else 0)
            held = held_out if number == 0 else 0
            for role, people in ((line.role, quantity - held), ("holdout", held)):
                if people:
                    yield Cell(
                        code=f"26A{code}{line.segment}{line.message}{role[0].upper()}",
                        list_code=code,
                        segment=line.segment,
                        offer=line.offer,
                        message=line.message,
                        channel=line.channel,
                        role=role,
                        quantity=people,
                        seeds=0 if role == "holdout" else len(facts.seeds) + more_seeds,
                        unit_sha256="0" * 64,
                    )


def a_split(cells: Iterable[Cell]) -> dict[str, Any]:
    """What is told of a split beside its cells: a mailing file of those that are sent, and a check."""
    rows = sum(cell.quantity + cell.seeds for cell in cells if cell.role != "holdout")
    file = {"sha256": "f" * 64, "channel": "postal", "rows": rows, "encoding": "utf-8", "layout": "csv_semicolon_crlf"}
    check = {"code": "sample_ratio:ALZ/P12", "expected": "0.001", "actual": "0.5", "tolerance": None, "verdict": "ok", "override": None}
    return {"checks": [check], "files": {"mailing_postal.csv": file}, "split": {"seed": 1, "rule": "sha256(seed|list|segment, id)"}}


def a_gift(code: str, number: int, on: date) -> ResponseRow:
    """A gift of thirty euros for a lot."""
    return ResponseRow(
        row_sha256=sha256(f"{code}{number}".encode()).hexdigest(),
        responded_on=on,
        lot_code=code,
        unique_id=f"{code}-{number}",
        channel="postal",
        kind="don",
        amount=Decimal("30.00"),
        method="cheque",
        is_new=number % 2 == 0,
        attribution="lot_code",
        matched_id=f"{code}-{number}",
        matched_lot=code,
    )


def a_return(code: str, number: int) -> UndeliverableRow:
    """A piece of a lot that came back."""
    return UndeliverableRow(returned_on=None, lot_code=code, unique_id=f"{code}-{number}", reason="unknown")


def a_certificate(certificate_id: UUID, destroyed_on: date) -> dict[str, Any]:
    """What somebody certifies, on a paper that came by post."""
    return {
        "certificate_id": certificate_id,
        "method": "overwritten",
        "destroyed_on": destroyed_on,
        "operator": "Service informatique",
        "signatory": "La direction",
        "media_type": "application/pdf",
    }


def a_faulty_file() -> dict[str, Any]:
    """What an examination finds in a file that is too short."""
    report = {
        "kind": "csv",
        "encoding": "utf-8",
        "defects": [{"code": "double_encoded", "count": 31, "repaired": True, "rows": [2, 7], "evidence": ""}],
    }
    findings = (
        {"code": "count_as_declared", "expected": 900, "actual": 700, "tolerance": "0.02", "verdict": "failed", "override": None},
        {"code": "empty:town", "expected": "0.02", "actual": "0.0000", "tolerance": None, "verdict": "ok", "override": None},
        {"code": "defect:double_encoded", "expected": 0, "actual": 31, "tolerance": None, "verdict": "ok", "override": None},
    )
    return {"record_count": 700, "conforming": False, "report": report, "findings": findings}
