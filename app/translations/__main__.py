"""Collects sentences into the catalogues, compiles them, and lists what is untranslated: `python -m app.translations [room ...]`.

With `--check` nothing is written; the exit code is 1 when a sentence is missing or untranslated.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import write_po

from app.translations import LANGUAGE, catalogue_path, compile_stale, read_catalogue, rooms

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "_lp": ((1, "c"), 2),
    "_p": ((1, "c"), 2),
    "_n": (1, 2),
    "lazy_gettext": None,
    # of the merge-purge, which knows no language: patterns of `str.format`
    "Sentence": None,
    "wrong": None,
    "lazy_pgettext": ((1, "c"), 2),
    "lazy_ngettext": (1, 2),
}
DOCUMENTS = {"documents"}
"""Rooms whose two languages are written side by side elsewhere."""


def room_of(path: Path) -> str:
    """The room a source file belongs to: the portal it is in, else `shared`."""
    parts = path.relative_to(ROOT).parts
    portals = {folder.name for folder in (ROOT / "app" / "portals").iterdir() if folder.is_dir()}
    name = parts[2] if parts[:2] == ("app", "portals") else parts[1]
    return name if name in portals else "shared"


def sources() -> Iterator[tuple[Path, str]]:
    """Every file that may hold sentences, with the way to read it."""
    tasks = ROOT / "tasks"
    for path in sorted([*(ROOT / "app").rglob("*.py"), *tasks.glob("merge_purge/**/*.py"), tasks / "merge_purge_alone.py"]):
        if not DOCUMENTS & set(path.relative_to(ROOT).parts):
            yield path, "python"
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if not DOCUMENTS & set(path.relative_to(ROOT).parts):
            yield path, "jinja2"


def collect() -> dict[str, Catalog]:
    """The sentences of the source, by room. Places are left out: they would change with every edit."""
    collected: dict[str, Catalog] = {}
    for path, method in sources():
        catalogue = collected.setdefault(room_of(path), Catalog(project="Jalon", charset="utf-8"))
        options = {"trimmed": "true", "encoding": "utf-8"} if method == "jinja2" else {"encoding": "utf-8"}
        for _line, message, comments, context in extract_from_file(method, path, KEYWORDS, (), options):
            catalogue.add(message, None, auto_comments=comments, context=context)
    return {room: catalogue for room, catalogue in collected.items() if len(catalogue)}


def is_translated(translation: object) -> bool:
    """Whether a message has its French, all of its plural forms included."""
    return all(translation) if isinstance(translation, tuple | list) else bool(translation)


def missing(wanted: dict[str, Catalog]) -> list[str]:
    """The sentences without French, as `room: sentence`."""
    lacking = []
    for room, template in wanted.items():
        known = read_catalogue(room)
        for message in template:
            found = known.get(message.id, message.context) if message.id else None
            if message.id and (found is None or not is_translated(found.string) or found.fuzzy):
                lacking.append(f"{room}: {message.id!r}")
    return lacking


def update(wanted: dict[str, Catalog], chosen: set[str]) -> None:
    """Add new sentences to the catalogues and drop those that are gone; nothing is guessed from similar ones."""
    for room, template in wanted.items():
        if chosen and room not in chosen:
            continue
        catalogue = read_catalogue(room)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path = catalogue_path(room)
        path.parent.mkdir(parents=True, exist_ok=True)
        ours = Catalog(locale=LANGUAGE, project="Jalon", charset="utf-8", fuzzy=False)
        for message in sorted(catalogue, key=lambda item: (str(item.id), item.context or "")):
            if message.id:
                ours.add(message.id, message.string, context=message.context, flags=message.flags - {"fuzzy"})
        with path.open("wb") as file:
            write_po(file, ours, width=0, no_location=True, omit_header=False, sort_output=False)
        _strip_dates(path)


def _strip_dates(path: Path) -> None:
    """Leave out what changes with every run or says nothing."""
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(_DATED) and line != "#"]
    path.write_text("\n".join(kept).strip() + "\n", encoding="utf-8")


_DATED = ("# ", '"POT-Creation-Date', '"PO-Revision-Date', '"Last-Translator', '"Language-Team', '"Report-Msgid-Bugs-To', '"Generated-By')


def main(arguments: list[str]) -> int:
    """Run the command; `arguments` without the program's name."""
    wanted = collect()
    if unknown := sorted({*arguments} - {"--check", *wanted}):
        sys.stderr.write(f"there is no room {', '.join(unknown)}; there are {', '.join(wanted)}\n")
        return 2
    if "--check" not in arguments:
        update(wanted, set(arguments))
        compile_stale()
    lacking = missing(wanted)
    for line in lacking:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(
        f"{sum(len(catalogue) for catalogue in wanted.values())} sentences in {len(rooms())} rooms, {len(lacking)} without French\n"
    )
    return 1 if lacking and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
