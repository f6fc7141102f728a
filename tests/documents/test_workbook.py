"""Tables as a workbook: how figures are shown. Read in the file itself, where that stands."""

from decimal import Decimal
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

from app.documents.workbook import workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BUILT_IN = {"3": "#,##0", "4": "#,##0.00"}


def test_counts_and_amounts_are_grouped_by_thousands_and_losses_too() -> None:
    with ZipFile(BytesIO(workbook("T", {"S": [["a", "b"], [87304, Decimal("-3970.30")]]}))) as book:
        styles, sheet = (ElementTree.fromstring(book.read(f"xl/{name}.xml")) for name in ("styles", "worksheets/sheet1"))
    codes = {one.get("numFmtId"): one.get("formatCode") for one in styles.iter(f"{MAIN}numFmt")} | BUILT_IN
    of_style = [codes.get(one.get("numFmtId", "")) for one in styles.find(f"{MAIN}cellXfs") or ()]

    assert [of_style[int(cell.get("s", "0"))] for cell in sheet.iter(f"{MAIN}c")][2:] == ["#,##0", "#,##0.00"]
