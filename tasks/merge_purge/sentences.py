"""What the engine tells a person: English by itself, and any other language by its pattern. The engine knows no other language.

``Sentence("{file}: no column {name}", file=..., name=...)`` is the English text; ``in_words`` puts it in another language, and the
sentences that stand in it with it. Patterns are collected with the catalogues of the pages (``app.translations``).
"""

from collections.abc import Callable
from typing import Any


class Sentence(str):
    """A text that knows what it was made of."""

    pattern: str
    values: dict[str, Any]

    def __new__(cls, pattern: str, /, **values: Any) -> "Sentence":
        """Fill a pattern of ``str.format``."""
        made = super().__new__(cls, pattern.format(**{name: _listed(value, str) for name, value in values.items()}))
        made.pattern, made.values = pattern, values
        return made

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """A copy is the English text and no more."""
        return str, (str(self),)

    def in_words(self, translate: Callable[[str], str]) -> str:
        """The sentence by its pattern in another language."""

        def told(value: Any) -> Any:
            return value.in_words(translate) if isinstance(value, Sentence) else value

        return translate(self.pattern).format(**{name: _listed(value, told) for name, value in self.values.items()})


def _listed(value: Any, told: Callable[[Any], Any]) -> Any:
    return ", ".join(told(one) for one in value) if isinstance(value, tuple) else told(value) if isinstance(value, Sentence) else value
