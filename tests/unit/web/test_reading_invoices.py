"""Invoices as they come in: told by their bytes, read from a table with every fault of every row."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from app.intake.invoices import INVOICES, media_type_of
from app.intake.rows import RowErrors

UBL = b'<?xml version="1.0"?><i:Invoice xmlns:i="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><i:ID>1</i:ID></i:Invoice>'
CII = (
    b'<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100">'
    b"<rsm:ExchangedDocument/></rsm:CrossIndustryInvoice>"
)
BOMB = b'<!DOCTYPE Invoice [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + UBL.partition(b"?>")[2]
HEAD = "PO;FOURNISSEUR;NUMERO;DATE;QTE;MONTANT_HT;TVA;MONTANT_TTC\r\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"%PDF-1.7 an invoice %%EOF", "application/pdf"),
        (UBL, "application/xml"),
        (UBL.replace(b"Invoice", b"CreditNote"), "application/xml"),
        (CII, "application/xml"),
        (UBL[:-3], ""),
        (UBL.replace(b"Invoice-2", b"Order-2"), ""),
        (b"<html><body>Facture</body></html>", ""),
        (BOMB, ""),
        (b"%PDF-1.7 cut off", ""),
        (b"\x89PNG\r\n\x1a\n a picture IEND", ""),
        (b"", ""),
    ],
    ids=["a PDF", "UBL", "a credit note", "CII", "XML cut off", "an order", "a page", "entities", "a PDF cut off", "a picture", "nothing"],
)
def test_a_file_is_what_its_bytes_are(content: bytes, told: str) -> None:
    stream = BytesIO(content)

    assert media_type_of(stream) == told
    assert stream.tell() == 0


def test_rows_are_read_as_french_accounts_write_them() -> None:
    (row,) = INVOICES.parse((HEAD + "BC-26A-001;S-CRT;S-CRT-2026-001;07/12/2026;8302;1584,36;316,87;1 901,23\r\n").encode())

    assert (row.order_number, row.supplier, row.number, row.invoiced_on) == ("BC-26A-001", "S-CRT", "S-CRT-2026-001", date(2026, 12, 7))
    assert (row.quantity, row.net_amount, row.vat_amount, row.total_amount) == (
        8302,
        Decimal("1584.36"),
        Decimal("316.87"),
        Decimal("1901.23"),
    )


def test_services_have_no_quantity() -> None:
    (row,) = INVOICES.parse((HEAD + "BC-26A-007;S-ROU;R-1;2026-12-07;;100;20;120\r\n").encode())

    assert row.quantity is None


def test_every_fault_of_every_row_is_told() -> None:
    body = "BC-26A-001;S-CRT;;07/12/2026;1,5;1584,36;316,87;1901,23\r\nBC-26A-002;S-CRT;F-2;demain;10;cent;0;0\r\n"
    with pytest.raises(RowErrors) as faults:
        INVOICES.parse((HEAD + body).encode())

    assert [(one.line, one.column, one.code) for one in faults.value.errors] == [
        (2, "NUMERO", "missing"),
        (2, "QTE", "not_a_quantity"),
        (3, "DATE", "not_a_day"),
        (3, "MONTANT_HT", "not_a_number"),
    ]
    assert str(faults.value).splitlines()[0] == "line 2, NUMERO: nothing is written here"
