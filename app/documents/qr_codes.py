"""QR codes as SVG: drawn on papers, and as files for whoever lays out the piece. Not for what a code holds: that is stated by people."""

import io
from collections.abc import Iterable
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import segno

from workflows.trade.tracking import web_address

_QUIET = 4
"""Modules of white around a code (ISO/IEC 18004)."""
_LEVEL = "m"
"""15 % of a code may be stained or folded."""


def drawn(address: str) -> str:
    """The code of an address as an SVG element without size and text; the same address gives the same bytes."""
    return _code(address).svg_inline(border=_QUIET, omitsize=True, svgclass="qr", lineclass=None)


def as_files(addresses: Iterable[tuple[str, str]]) -> bytes:
    """A ZIP of one SVG file a lot, named by the lot's code, to be placed in the layout of the piece.

    :param addresses: each lot's code, and what its QR code holds.
    """
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        for lot_code, address in addresses:
            archive.writestr(ZipInfo(f"{lot_code}.svg"), _file(lot_code, address), ZIP_DEFLATED)
    return content.getvalue()


def _file(lot_code: str, address: str) -> bytes:
    drawing = io.BytesIO()
    _code(address).save(drawing, kind="svg", border=_QUIET, unit="mm", title=f"{lot_code} {web_address(address)}", lineclass=None)
    return drawing.getvalue()


def _code(address: str) -> segno.QRCode:
    return segno.make_qr(web_address(address), error=_LEVEL, boost_error=False)
