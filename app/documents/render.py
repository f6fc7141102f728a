"""Draws one document as a PDF: its content through a template, the catalogue of a language, and WeasyPrint.

The same content, language and chain head give the same bytes. Nothing outside the templates' folder is read: no file, no address
of the network, whatever a content may hold. Import it before a worker forks; the fonts are then loaded once.
"""

import base64
import functools
import os
from dataclasses import dataclass
from datetime import date

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from app.documents import drawings, qr_codes
from app.documents.calling import calling_rows
from app.documents.catalogue import TEMPLATE_FOLDER, catalogue
from app.documents.sending import sending_rows
from app.documents.typography import Typography
from workflows.campaign.documents import DocumentContent, content_class, content_sha256


@dataclass(frozen=True, kw_only=True)
class PrintedSeal:
    """A signed head as the foot of a document shows it: so many entries of all campaigns, their root, and when it was signed."""

    size: int
    root: bytes
    signed_on: date


def render_pdf(
    kind: str, content: DocumentContent, locale: str, *, chain_head: str | None = None, seal: PrintedSeal | None = None
) -> bytes:
    """Return the PDF of a document in ``fr`` or ``en``.

    ``chain_head`` is the hash of the campaign's last checkpoint when the document was asked for; it is printed in the foot.
    ``seal`` is the head of the seal at that time, printed below it.

    :raises UnknownDocumentKind: for a kind that is not issued.
    :raises TypeError: when the content is another kind's.
    :raises ValueError: when documents are not issued in that language.
    :raises FatalURLFetchingError: when something in the document asks for a file or an address.
    """
    page = render_html(kind, content, locale, chain_head=chain_head, seal=seal)
    # The file's identifier is random unless given; the same content must stay the same file.
    return _pdf(page, f"{content_sha256(content)}{locale}{chain_head or ''}{seal.root.hex() if seal else ''}")


def draw_page(template: str, locale: str, identifier: str, /, **values: object) -> bytes:
    """Return the PDF of a page that is no issued document, in the same looks and words. Amounts are in euros."""
    texts = catalogue(locale)
    write = Typography(locale, "EUR")
    words = {"t": texts.text, "paragraphs": texts.paragraphs, "label": texts.label, "labels": texts.labels}
    page = _environment().get_template(template).render(locale=locale, write=write, draw=drawings, **words, **values)
    return _pdf(page, identifier)


def _pdf(page: str, identifier: str) -> bytes:
    fonts, stylesheet = _fonts_and_style()
    document = HTML(string=page, url_fetcher=_DataOnly()).render(font_config=fonts, stylesheets=[stylesheet])
    pdf: bytes = document.write_pdf(pdf_identifier=identifier.encode("ascii"), pdf_tags=True)
    return pdf


def render_html(kind: str, content: DocumentContent, locale: str, *, chain_head: str | None = None, seal: PrintedSeal | None = None) -> str:
    """Return the page that :func:`render_pdf` draws, without its style sheet."""
    content_type = content_class(kind)
    if not isinstance(content, content_type):
        raise TypeError(f"{kind} is made from {content_type.__name__}, not {type(content).__name__}")
    write = Typography(locale, content.head.currency)
    texts = catalogue(locale)
    return (
        _environment()
        .get_template(f"{kind}.html")
        .render(
            doc=content,
            title=texts.title(content.head.kind, content.channel_in_title),
            head=content.head,
            locale=locale,
            sha256=content_sha256(content),
            chain_head=chain_head,
            seal=seal,
            t=texts.text,
            paragraphs=texts.paragraphs,
            label=texts.label,
            labels=texts.labels,
            write=write,
            draw=drawings,
        )
    )


def warm_up() -> None:
    """Load the fonts, the style sheet and the templates, so that the processes forked from this one need not."""
    _environment()
    _fonts_and_style()


class _DataOnly(URLFetcher):  # type: ignore[misc]
    """Hands out what stands in the document itself (``data:``) and stops the drawing on anything else."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if not url.startswith("data:"):
            raise FatalURLFetchingError(f"a document reads nothing from outside: {url}")
        return super().fetch(url, headers)


class _ProcessFonts(FontConfiguration):  # type: ignore[misc]
    """Fonts whose folder is removed by the process that made it, and not by a child forked from it."""

    def __init__(self) -> None:
        super().__init__()
        self._made_by = os.getpid()

    def __del__(self) -> None:
        if self._made_by == os.getpid():
            super().__del__()


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["qr_code"] = qr_codes.drawn
    environment.globals["calling_rows"] = calling_rows
    environment.globals["sending_rows"] = sending_rows
    return environment


@functools.cache
def _fonts_and_style() -> tuple[FontConfiguration, CSS]:
    fonts = _ProcessFonts()
    style = (TEMPLATE_FOLDER / "document.css").read_text(encoding="utf-8")
    faces = "\n".join(_font_face(*face) for face in _FACES)
    return fonts, CSS(string=faces + style, font_config=fonts, url_fetcher=_DataOnly())


_FACES = (
    ("Jalon Sans", 400, "ibm-plex-sans-latin-400-normal.ttf"),
    ("Jalon Sans", 600, "ibm-plex-sans-latin-600-normal.ttf"),
    ("Jalon Mono", 400, "ibm-plex-mono-latin-400-normal.ttf"),
)


def _font_face(family: str, weight: int, file_name: str) -> str:
    font = base64.b64encode((TEMPLATE_FOLDER / "fonts" / file_name).read_bytes()).decode("ascii")
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: normal;'
        f' src: url("data:font/ttf;base64,{font}") format("truetype"); }}'
    )


__all__ = ["FatalURLFetchingError", "PrintedSeal", "render_html", "render_pdf", "warm_up"]
