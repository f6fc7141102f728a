"""Writes what a played campaign leaves behind: figures, documents, files and evidence, each under its documented name."""

import csv
import json
import shutil
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from app.files import Files
from workflows.campaign.data_protection.objections import readable
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.records import StoredFile
from workflows.campaign.results.figures import list_bills
from workflows.engine.documents import Document, DocumentPdf
from workflows.parties.model import Person
from workflows.trade.spreadsheets import defused


class OutputTaken(RuntimeError):
    """The folder holds something that no play left."""


RESULT = "result.json"
MARK = ".jalon-play"
"""Says that a folder is a play's, also one that was interrupted."""
LEFT = (
    "documents",
    "dedupe",
    "net",
    "lots",
    "statements",
    "responses",
    "objections",
    "invoices",
    "mail",
    "budget.json",
    "evidence.zip",
    RESULT,
)
"""Everything a play leaves; nothing else is ever removed."""


def refuse_taken(out: Path) -> None:
    """Refuse a folder that is somebody else's.

    :raises OutputTaken: when it holds something and is no play's.
    """
    if out.exists() and not out.is_dir():
        raise OutputTaken(str(out))
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise OutputTaken(str(out))


def prepare(out: Path) -> None:
    """Make the folder, or empty it of what an earlier play left.

    :raises OutputTaken: when it holds something and is no play's.
    """
    refuse_taken(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / MARK).touch()
    for path in (out / name for name in LEFT):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def write_all(facts: CampaignFacts, files: Files, out: Path) -> dict[str, Any]:
    """Write everything there is by now, `result.json` last; returns what it says."""
    _write_documents(facts, out / "documents")
    if facts.run is not None and facts.run.result_file_id is not None:
        _unpack(facts, files, facts.run.result_file_id, out / "dedupe", ("report.json", "matrix.csv"))
    if facts.lot_plan is not None:
        write_lots(facts, files, out)
    if facts.run is not None and facts.run.report:
        write_statement(facts, out / "statements")
    _write_objections(facts, files, out / "objections")
    if facts.budget is not None:
        (out / "budget.json").write_bytes(facts.budget.body)
    result = result_of(facts)
    (out / RESULT).write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
    return result


def result_of(facts: CampaignFacts) -> dict[str, Any]:
    """The figures of `result.json`; parts of stages that were not reached are left out."""
    campaign = facts.campaign
    result: dict[str, Any] = {"campaign": campaign.code, "stage": campaign.state}
    if facts.budget is not None:
        people = {row.id: row.email for row in facts.session.exec(select(Person))}
        approved = [people[one.person_id] for one in facts.decisions if one.decision in ("endorsed", "approved")]
        result["budget"] = {"sha256": facts.budget.sha256, "total_amount": f"{facts.budget.total_amount:.2f}", "approved_by": approved}
    result["orders"] = [_order(facts, order) for order in facts.orders]
    if facts.result is not None:
        body = facts.result.body
        result["lists"] = body["lists"]
        result["lots"] = body["lots"]
        result["kpis"] = {
            "campaign": _numbers(body["kpis"]["campaign"]),
            **{
                level: {key: _numbers(table) for key, table in body["kpis"][level].items()}
                for level in ("by_list", "by_segment", "by_lot", "by_message")
            },
        }
        result["unattributed"] = body["unattributed"]
        result["set_aside"] = body["set_aside"]
        result |= {name: body[name] for name in ("margin", "held_out", "credited", "shared") if name in body}
    result["certificates"] = [
        {"supplier": facts.suppliers[one.supplier_id].code, "due_on": one.due_on.isoformat(), "state": one.state}
        for one in facts.certificates
    ]
    result["invoices"] = [_invoice(facts, one) for one in facts.invoices]
    result["checkpoints"] = {"count": campaign.chain_seq, "head": campaign.chain_head}
    return result


def write_lots(facts: CampaignFacts, files: Files, out: Path) -> list[Path]:
    """Write the lot table, the mailings and the net of each list as they were frozen; returns the mailings in the order of their names."""
    plan = facts.lot_plan
    if plan is None:
        return []
    stored = facts.session.get(StoredFile, plan.result_file_id)
    assert stored is not None, "a lot plan has its files"
    mailings = []
    with files.plaintext(stored) as path, zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("net/"):
                target = out / name
            elif name.endswith(".csv"):
                target = out / "lots" / name
                if name.startswith("mailing_"):
                    mailings.append(target)
            else:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(name))
    return mailings


def _unpack(facts: CampaignFacts, files: Files, file_id: Any, target: Path, names: tuple[str, ...]) -> None:
    stored = facts.session.get(StoredFile, file_id)
    assert stored is not None, "a finished run has its files"
    target.mkdir(parents=True, exist_ok=True)
    with files.plaintext(stored) as path, zipfile.ZipFile(path) as archive:
        for name in names:
            (target / name).write_bytes(archive.read(name))


def _write_documents(facts: CampaignFacts, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    statement = (
        select(Document, DocumentPdf)
        .join(DocumentPdf, col(DocumentPdf.document_id) == col(Document.id))
        .where(Document.campaign_id == facts.campaign.id)
    )
    for document, pdf in facts.session.exec(statement):
        (folder / document.pdf_name(pdf.locale)).write_bytes(pdf.pdf)


def write_statement(facts: CampaignFacts, folder: Path) -> Path:
    """Write what each supplier may invoice; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    orders = {order.list_code: order for order in facts.orders if order.list_code}
    with (folder / "net_statement.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";", lineterminator="\r\n")
        out.writerow(["PO", "LISTE", "FOURNISSEUR", "QTE_LIVREE", "QTE_NETTE", "QTE_FACTURABLE", "MONTANT_HT"])
        for code, bill in list_bills(facts).items():
            order = orders.get(code)
            if order is not None:
                supplier = facts.suppliers[order.supplier_id].code
                amount = f"{bill.due_amount:.2f}".replace(".", ",")
                out.writerow([*map(defused, (order.number, code, supplier)), bill.delivered, bill.net, bill.billable, amount])
    return folder / "net_statement.csv"


def _write_objections(facts: CampaignFacts, files: Files, folder: Path) -> None:
    """What the house and each supplier of a list took: whom they are not to write to again."""
    for one in readable(facts):
        stored = facts.session.get(StoredFile, one.file_id)
        assert stored is not None, "a file of objections is stored"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / stored.name).write_bytes(files.read(stored))


def _order(facts: CampaignFacts, order: Any) -> dict[str, Any]:
    entry = {
        "number": order.number,
        "supplier": facts.suppliers[order.supplier_id].code,
        "list": order.list_code,
        "revision": order.revision,
        "state": order.state,
    }
    return {name: value for name, value in entry.items() if value is not None}


def _invoice(facts: CampaignFacts, invoice: Invoice) -> dict[str, Any]:
    """One invoice; what is due is None where it fits no order."""
    due = invoice.due_amount
    return {
        "number": invoice.number,
        "order": invoice.order_number,
        "supplier": facts.suppliers[invoice.supplier_id].code,
        "net_amount": f"{invoice.net_amount:.2f}",
        "due_amount": None if due is None else f"{due:.2f}",
        "state": invoice.state,
    }


def _numbers(table: dict[str, Any]) -> dict[str, Any]:
    """Values as numbers, which is what readers of the file expect; what they were made from stays exact."""
    return {name: {**ratio, "value": None if ratio["value"] is None else float(Decimal(ratio["value"]))} for name, ratio in table.items()}
