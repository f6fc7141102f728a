"""Which column is which, by a readable table of the headers that French and English files carry (``synonyms``).

A header is compared after lowering, unaccenting and turning everything but letters and digits into single spaces. Where a
column cannot be told, it stays unmapped; where two claim one name, the file is ambiguous and refused. A brief may name columns
outright: that settles it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from tasks.merge_purge.reading.errors import UnreadableFile
from tasks.merge_purge.reading.synonyms import SYNONYMS
from tasks.merge_purge.sentences import Sentence

MAX_COLUMNS = 500
"""Columns that a file of addresses has at most."""
PARTS = frozenset({"street_number", "street_suffix", "street_kind", "street_name", "last_first", "first_last", "postcode_town"})
_BY_HEADER = {header: name for name, headers in SYNONYMS.items() for header in headers}


def plain(header: str) -> str:
    """A header as the table writes it: ``N° client`` -> ``n client``, ``Tél.`` -> ``tel``."""
    unaccented = "".join(
        c for c in unicodedata.normalize("NFKD", header.replace("°", " ").replace("º", " ")) if not unicodedata.combining(c)
    )
    return re.sub(r"[^a-z0-9]+", " ", unaccented.lower()).strip()


def recognise(headers: Sequence[str]) -> tuple[dict[str, int], list[str], dict[str, list[str]]]:
    """Match headers with canonical names.

    :returns: ``{canonical name: column index}``, the headers that match nothing, and ``{canonical name: headers}`` where several
        columns claim one name (the map has the one that stands first in the table, then in the file)
    """
    return assign(headers, {})


def assign(headers: Sequence[str], named: Mapping[str, str]) -> tuple[dict[str, int], list[str], dict[str, list[str]]]:
    """Like ``recognise``, with some columns named outright: ``{canonical name: header}``.

    A named header goes nowhere else, and a name that was given is taken from no other column.

    :raises UnreadableFile: ``unknown_column`` for a header that is not there, ``ambiguous_column`` for one that is there twice
    """
    given = {name: _place(headers, header, name) for name, header in named.items()}
    claims: dict[str, list[tuple[int, int]]] = {}
    unmapped: list[str] = []
    for i, header in enumerate(headers):
        if i in given.values():
            continue
        word = plain(header)
        name = _BY_HEADER.get(word)
        if name is None or name in given:
            unmapped.append(header)
        else:
            claims.setdefault(name, []).append((SYNONYMS[name].index(word), i))
    columns = {name: min(found)[1] for name, found in claims.items()} | given
    return columns, unmapped, {name: [headers[i] for _, i in found] for name, found in claims.items() if len(found) > 1}


def _place(headers: Sequence[str], wanted: str, name: str) -> int:
    for written in (str.strip, plain):
        at = [i for i, header in enumerate(headers) if written(header) == written(wanted)]
        if len(at) > 1:
            raise UnreadableFile(
                "ambiguous_column",
                Sentence("{name} is said to be {wanted!r}, and {count} columns are called so", name=name, wanted=wanted, count=len(at)),
            )
        if at:
            return at[0]
    there = ", ".join(repr(header) for header in headers[:40])
    raise UnreadableFile(
        "unknown_column", Sentence("{name} is said to be {wanted!r}; the columns are {there}", name=name, wanted=wanted, there=there)
    )


def looks_like_header(cells: Sequence[str], named: Mapping[str, str] | None = None) -> bool:
    """True when at least three cells name columns: by the known address vocabulary, or because they were named outright."""
    words = {plain(header) for header in (named or {}).values()}
    return len(recognise(cells)[0]) + len(words & {plain(cell) for cell in cells if cell.strip()}) >= 3
