"""Which column is which, by a readable table of the headers that French and English files carry (``synonyms``).

A header is compared after lowering, unaccenting and turning everything but letters and digits into single spaces, and where none says
a name so, by what else may be meant (``wording``). Where a column cannot be told, it stays unmapped; where two claim one name, the file
is ambiguous and refused. A brief may name columns outright: that settles it.
"""

from collections.abc import Mapping, Sequence, Set

from tasks.merge_purge.reading.errors import UnreadableFile
from tasks.merge_purge.reading.synonyms import SYNONYMS
from tasks.merge_purge.reading.wording import loosely, plain
from tasks.merge_purge.sentences import Sentence

_FEWEST = 3
MAX_COLUMNS = 500
"""Columns that a file of addresses has at most."""
ADDRESS = ("adr1", "adr2", "adr3", "adr4", "adr5", "adr6")
PARTS = frozenset({"street_number", "street_suffix", "street_kind", "street_name", "last_first", "first_last", "postcode_town"})
_BY_HEADER = {header: name for name, headers in SYNONYMS.items() for header in headers}


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
    unmapped: dict[int, str] = {}
    for i, header in enumerate(headers):
        if i in given.values():
            continue
        word = plain(header)
        name = _BY_HEADER.get(word)
        if name is None or name in given:
            unmapped[i] = header
        else:
            claims.setdefault(name, []).append((SYNONYMS[name].index(word), i))
    for name, i in _claimed_loosely(unmapped, claims.keys() | given.keys()).items():
        claims[name] = [(0, i)]
        del unmapped[i]
    columns = {name: min(found)[1] for name, found in claims.items()} | given
    return columns, list(unmapped.values()), {name: [headers[i] for _, i in found] for name, found in claims.items() if len(found) > 1}


def said_plainly(header: str) -> str | None:
    """The canonical name that a header means by the table alone."""
    return _BY_HEADER.get(plain(header))


def _claimed_loosely(headers: Mapping[int, str], taken: Set[str]) -> dict[str, int]:
    """Names that no header says plainly, with the place of the one that comes nearest; none where two come as near.

    Lines of an address have any number of such: the first.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for i, header in headers.items():
        if (said := loosely(header)) is not None and said[1] not in taken:
            found.setdefault(said[1], []).append((said[0], i))
    nearest = {name: min(claims) for name, claims in found.items()}
    return {name: i for name, (tier, i) in nearest.items() if name in ADDRESS or [claim[0] for claim in found[name]].count(tier) == 1}


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


def looks_like_header(cells: Sequence[str], named: Mapping[str, str] | None = None, *, held: bool = False) -> bool:
    """True when at least three cells name columns: by the known address vocabulary, or because they were named outright.

    :param held: of a suppression list, which may have one column or two: all of them
    """
    words = {plain(header) for header in (named or {}).values()}
    filled = [plain(cell) for cell in cells if cell.strip()]
    fewest = min(_FEWEST, len(filled)) if held and filled else _FEWEST
    return len(recognise(cells)[0]) + len(words & set(filled)) >= fewest
