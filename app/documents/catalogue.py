"""The fixed words of the documents, one catalogue for each language, beside the templates.

``text.<language>.toml`` holds titles, labels and sentences; ``terms.<language>.toml`` the standing clauses by edition. A missing
text is an error and not an empty place on a paper that somebody signs. Portals have their own catalogues.
"""

import functools
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from app.documents.typography import french

TEMPLATE_FOLDER = Path(__file__).resolve().parents[2] / "templates" / "documents"
LOCALES = ("fr", "en")


class MissingText(LookupError):
    """The catalogue of a language does not have a text that a template asks for.

    :ivar key: the text's dotted key.
    """

    def __init__(self, locale: str, key: str) -> None:
        super().__init__(f"{locale}: {key}")
        self.locale = locale
        self.key = key


class Catalogue:
    """The texts of one language, by dotted key."""

    def __init__(self, locale: str, texts: Mapping[str, str | tuple[str, ...]]) -> None:
        self.locale = locale
        self.texts = texts

    def text(self, key: str, /, **values: str | int) -> str:
        """Return the text of ``key`` with its places filled.

        :raises MissingText: when there is none.
        """
        text = self._find(key)
        if not isinstance(text, str):
            raise MissingText(self.locale, key)
        return text.format(**values) if values else text

    def title(self, kind: str, channel: str = "") -> str:
        """Return the title of a kind of document: its own by that channel, where it has one.

        :raises MissingText: for a kind that has none.
        """
        own = self.texts.get(f"title.{kind}_{channel}")
        return own if isinstance(own, str) else self.text(f"title.{kind}")

    def paragraphs(self, key: str, /, **values: str | int) -> list[str]:
        """Return the paragraphs of ``key`` with their places filled.

        :raises MissingText: when there is none.
        """
        text = self._find(key)
        return [paragraph.format(**values) for paragraph in ((text,) if isinstance(text, str) else text)]

    def label(self, group: str, code: str) -> str:
        """Return the word for a code, or the code with spaces where an organisation has codes of its own."""
        found = self.texts.get(f"label.{group}.{code}")
        return found if isinstance(found, str) else code.replace("_", " ")

    def labels(self, group: str, codes: Iterable[str]) -> str:
        """Return the words for several codes, in one line."""
        return ", ".join(self.label(group, code) for code in codes)

    def _find(self, key: str) -> str | tuple[str, ...]:
        try:
            return self.texts[key]
        except KeyError:
            raise MissingText(self.locale, key) from None


@functools.cache
def catalogue(locale: str) -> Catalogue:
    """Read the catalogue of a language, once for each process.

    :raises FileNotFoundError: when documents are not issued in that language.
    """
    texts: dict[str, str | tuple[str, ...]] = {}
    for name in ("text", "terms"):
        with (TEMPLATE_FOLDER / f"{name}.{locale}.toml").open("rb") as file:
            _flatten(tomllib.load(file), "", texts, locale)
    return Catalogue(locale, texts)


def _flatten(table: Mapping[str, Any], prefix: str, texts: dict[str, str | tuple[str, ...]], locale: str) -> None:
    finish = french if locale == "fr" else str
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping):
            _flatten(value, f"{key}.", texts, locale)
        elif isinstance(value, list):
            texts[key] = tuple(finish(paragraph) for paragraph in value)
        else:
            texts[key] = finish(value)
