"""The French catalogues, one folder per room, and their compiled forms. English is the language of the source. Not for documents.

A room is a portal (`app/portals/<room>` and `templates/<room>`) or `shared`, which is everything else. `python -m app.translations`
collects new sentences into the catalogues, compiles them and lists what is untranslated. The same English words with the same
context must have the same French everywhere; give them a context (`pgettext`) where they must not.
"""

import gettext
import os
from collections.abc import Callable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).parent
LANGUAGE = "fr"


def rooms() -> list[str]:
    """The rooms that have a catalogue, `shared` first."""
    found = {path.parents[2].name for path in HERE.glob(f"*/{LANGUAGE}/LC_MESSAGES/messages.po")}
    return sorted(found, key=lambda room: (room != "shared", room))


def catalogue_path(room: str) -> Path:
    """Where a room's catalogue is kept."""
    return HERE / room / LANGUAGE / "LC_MESSAGES" / "messages.po"


def read_catalogue(room: str) -> Catalog:
    """A room's catalogue; an empty one when it has none yet."""
    path = catalogue_path(room)
    if not path.exists():
        return Catalog(locale=LANGUAGE, project="Jalon", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def words(language: str) -> Callable[[str], str]:
    """The sentences of `shared` in a language, for a terminal; what has no translation stays English."""
    if language == LANGUAGE:
        compile_stale()
    return gettext.translation("messages", HERE / "shared", [language], fallback=True).gettext


def compile_stale() -> list[Path]:
    """Compile every catalogue whose compiled form is missing or older, and say which. Safe when two processes start at once."""
    written = []
    for room in rooms():
        source = catalogue_path(room)
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        fresh = target.with_suffix(f".{os.getpid()}.tmp")
        with fresh.open("wb") as file:
            write_mo(file, read_catalogue(room))
        fresh.replace(target)
        written.append(target)
    return written
