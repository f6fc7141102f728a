"""A purchase order drawn warm, against bare WeasyPrint laying out the same page: what our templates, words and hash add."""

import sys

from bench._pairs import compare, report

COMMON = """
import sys
from tests.documents.samples_planning import purchase_order
from app.documents.render import _DataOnly, _fonts_and_style, render_html, render_pdf
from weasyprint import HTML
order = purchase_order()
page = render_html("purchase_order", order, "fr")
render_pdf("purchase_order", order, "fr")
"""
OURS = COMMON + "for _ in range(20): render_pdf('purchase_order', order, 'fr')"
PEER = COMMON + (
    "fonts, style = _fonts_and_style()\n"
    "for _ in range(20): HTML(string=page, url_fetcher=_DataOnly()).render(font_config=fonts, stylesheets=[style]).write_pdf()"
)

if __name__ == "__main__":
    report(compare("order_pdf", [sys.executable, "-c", OURS], [sys.executable, "-c", PEER], rounds=3))
