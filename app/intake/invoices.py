"""Invoices as they come in: what a file is, by its bytes and whatever its name says, and invoices as rows of a table.

A PDF may have an electronic invoice inside (Factur-X). An XML is one by its root: UBL's Invoice or CreditNote, UN/CEFACT's Cross Industry
Invoice. Shape only: which kinds are taken is a rule, and what an invoice says is controlled elsewhere.
"""

from datetime import date
from typing import IO
from xml.parsers import expat

from app.intake.proofs import media_type_of as pdf_or_picture
from app.intake.rows import Cells, Table
from workflows.campaign.invoices.invoicing import MOST_BYTES
from workflows.trade.invoice_control import Invoiced

ROOTS = frozenset(
    {
        "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2 Invoice",
        "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2 CreditNote",
        "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100 CrossIndustryInvoice",
    }
)
"""The first element of an electronic invoice, with its namespace."""


class _NoInvoice(Exception):
    """The XML is none, or declares what no invoice needs."""


def media_type_of(stream: IO[bytes]) -> str:
    """What a whole PDF, or the XML of an invoice, is called; empty for anything else, or cut off. The stream is back at its start."""
    if pdf_or_picture(stream) == "application/pdf":
        return "application/pdf"
    found = _is_electronic(stream)
    stream.seek(0)
    return "application/xml" if found else ""


def _is_electronic(stream: IO[bytes]) -> bool:
    """Whether it is well formed to its end, begins as an invoice does, and declares no entities."""
    parser = expat.ParserCreate(namespace_separator=" ")
    seen: list[str] = []

    def begins(name: str, _attributes: dict[str, str]) -> None:
        if not seen and name not in ROOTS:
            raise _NoInvoice
        seen[:] = [name]

    def declares(*_declaration: object) -> None:
        raise _NoInvoice

    parser.StartElementHandler = begins
    parser.StartDoctypeDeclHandler = declares
    try:
        parser.Parse(stream.read(MOST_BYTES + 1), True)
    except (_NoInvoice, expat.ExpatError, ValueError, LookupError):
        return False
    return True


def _invoice(cells: Cells) -> Invoiced:
    return Invoiced(
        supplier=cells.text("FOURNISSEUR"),
        order_number=cells.text("PO"),
        number=cells.text("NUMERO"),
        # A row without a day is a fault: it is never given out.
        invoiced_on=cells.day("DATE") or date.min,
        quantity=cells.whole("QTE") if cells.text("QTE", needed=False) else None,
        net_amount=cells.number("MONTANT_HT"),
        vat_amount=cells.number("TVA"),
        total_amount=cells.number("MONTANT_TTC"),
    )


INVOICES = Table(("PO", "FOURNISSEUR", "NUMERO", "DATE", "QTE", "MONTANT_HT", "TVA", "MONTANT_TTC"), _invoice)
"""One invoice a row, as suppliers' accounts and `demo/simulate.py` write them."""
