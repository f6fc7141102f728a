"""Lot codes: the thirteen characters printed on a reply slip that say which lot an answer comes from.

Use it to assign the codes of a campaign's lots and to read a code that somebody typed. Not for deciding which lots
there are, nor for crediting a response: that is `attribution`.

A code is `YY + CAMP(3) + LIST(3) + SEG(2) + MSG(1) + ROLE(1)` and an ISO 7064 MOD 37,36 check character (trade
reference, section 10). The short parts are abbreviations chosen to be unlike one another; they are not the list's,
segment's or message's own code, and nothing may be read out of them. What a code stands for is looked up.
"""

import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, product

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_CONFUSED = str.maketrans("OI", "01")
_PADDING = "X"
UNIQUE_ID_DIGITS = 9
"""How many digits a person's unique id ends in."""


class InvalidCharacter(ValueError):
    """A text to be checked has a character other than 0-9 and A-Z."""

    def __init__(self, text: str) -> None:
        super().__init__(f"only 0-9 and A-Z have a check character: {text!r}")
        self.text = text


class CodesExhausted(ValueError):
    """There are more lots, messages or segments than short abbreviations for them."""

    def __init__(self, text: str, width: int) -> None:
        super().__init__(f"no abbreviation of {width} characters is left for {text!r}")
        self.text = text
        self.width = width


class LotRole(StrEnum):
    """What a lot is for. Hold-out and reserve are not sent."""

    CONTROL = "control"
    TEST = "test"
    ROLLOUT = "rollout"
    HOLDOUT = "holdout"
    RESERVE = "reserve"

    @property
    def is_sent(self) -> bool:
        """Whether the lot's pieces are handed to the mailer."""
        return self not in (LotRole.HOLDOUT, LotRole.RESERVE)


ROLE_CHARACTER = {
    LotRole.CONTROL: "C",
    LotRole.TEST: "T",
    LotRole.ROLLOUT: "R",
    LotRole.HOLDOUT: "H",
    LotRole.RESERVE: "V",
}
"""The ROLE character of a code: letters that no one takes for a digit."""


@dataclass(frozen=True)
class LotKey:
    """What makes a lot one lot: list x segment x offer x message x channel x role, and whether its people stand in several files."""

    list_code: str
    segment: str
    offer: str
    message: str
    channel: str
    role: LotRole
    in_several: bool = False


def check_character(text: str) -> str:
    """The ISO 7064 MOD 37,36 check character of a text of 0-9 and A-Z.

    Source: ISO/IEC 7064, hybrid system with modulus M = 36: starting from P = M, each character of value a gives
    S = (P + a) mod M, taken as M when 0, and P = 2 S mod (M + 1); the check character c makes
    (P + c) mod M = 1.

    :raises InvalidCharacter: for any other character.
    """
    return ALPHABET[(1 - _product(text)) % 36]


def unique_id_prefix(campaign_code: str, list_code: str) -> str:
    """What the unique ids of a list's people in a campaign begin with; letters and digits alone, unlike monitor seeds'."""
    return "".join(character for character in campaign_code + list_code if character.isalnum()).upper()


def split_unique_id(unique_id: str) -> tuple[str, str]:
    """The prefix of a unique id and its number, two digits for the list's place and seven for the person's; no prefix where it is none."""
    prefix, number = unique_id[:-UNIQUE_ID_DIGITS], unique_id[-UNIQUE_ID_DIGITS:]
    return (prefix, number) if prefix and len(number) == UNIQUE_ID_DIGITS and number.isdecimal() else ("", unique_id)


def has_valid_check(code: str) -> bool:
    """Whether the last character of `code` is the check character of those before it."""
    if len(code) < 2 or any(character not in _VALUE for character in code):
        return False
    return check_character(code[:-1]) == code[-1]


def _product(text: str) -> int:
    remainder = 36
    for character in text:
        if character not in _VALUE:
            raise InvalidCharacter(text)
        remainder = (remainder + _VALUE[character]) % 36 or 36
        remainder = remainder * 2 % 37
    return remainder


def assign_lot_codes(campaign_code: str, drop_year: int, lots: Sequence[LotKey], taken: Iterable[str] = ()) -> dict[LotKey, str]:
    """Give each lot of a campaign a code that no other has, even when O is read as 0 and I as 1.

    The result depends on the order of `lots`; lots added at the end leave the codes before them as they were. A
    list, a segment of a list, and a message keep one abbreviation, save that lots which differ only by what
    a code has no room for (offer and channel) get another one for the segment.

    :param drop_year: the year of the drop, four digits.
    :param taken: codes of the campaign that may not be given again, those of void lots for instance.
    :raises CodesExhausted: when abbreviations run out.
    :raises ValueError: when a lot comes twice.
    """
    if len(set(lots)) != len(lots):
        raise ValueError("a lot comes twice")
    prefix = f"{drop_year % 100:02d}{campaign_abbreviation(campaign_code)}"
    bodies = {fold(code[:-1]) for code in taken}
    lists = _Abbreviations(3)
    messages = _Abbreviations(1)
    segments: dict[str, _Abbreviations] = {}
    codes: dict[LotKey, str] = {}
    for lot in lots:
        list_part = lists.of(lot.list_code)
        end = messages.of(lot.message) + ROLE_CHARACTER[lot.role]
        of_list = segments.setdefault(lot.list_code, _Abbreviations(2))
        for segment_part in of_list.candidates(lot.segment):
            body = prefix + list_part + segment_part + end
            if fold(body) not in bodies:
                break
        else:
            raise CodesExhausted(lot.segment, 2)
        of_list.keep(lot.segment, segment_part)
        bodies.add(fold(body))
        codes[lot] = body + check_character(body)
    return codes


def campaign_abbreviation(campaign_code: str) -> str:
    """The three characters of a campaign's code in its lot codes.

    A code of up to three characters stands for itself. Of a longer one the first character stays and two drawn from
    its SHA-256 follow, so that `26A-BIS` and `26A-TER` differ on paper.
    """
    clean = _clean(campaign_code)
    if len(clean) <= 3:
        return clean.ljust(3, _PADDING)
    drawn = int.from_bytes(hashlib.sha256(clean.encode("ascii")).digest())
    return clean[0] + ALPHABET[drawn % 36] + ALPHABET[drawn // 36 % 36]


def fold(code: str) -> str:
    """A code with the letters O and I read as the digits they are taken for."""
    return code.translate(_CONFUSED)


class _Abbreviations:
    """Short names of one width, unlike one another, each kept for the text it was first given to."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._owner: dict[str, str] = {}  # folded abbreviation -> text
        self._first: dict[str, str] = {}  # text -> its abbreviation

    def of(self, text: str) -> str:
        """The abbreviation of `text`, chosen now when it has none."""
        if text not in self._first:
            chosen = next(self.candidates(text), None)
            if chosen is None:
                raise CodesExhausted(text, self.width)
            self.keep(text, chosen)
        return self._first[text]

    def candidates(self, text: str) -> Iterator[str]:
        """Abbreviations that `text` has or may have, the one it goes by first."""
        if text in self._first:
            yield self._first[text]
        for candidate in self._spellings(_clean(text)):
            if self._owner.get(fold(candidate), text) == text:
                yield candidate

    def keep(self, text: str, abbreviation: str) -> None:
        """Reserve `abbreviation` for `text`."""
        self._owner[fold(abbreviation)] = text
        self._first.setdefault(text, abbreviation)

    def _spellings(self, clean: str) -> Iterator[str]:
        """Every spelling of the width: the text itself, its characters in order, then anything at all."""
        if len(clean) <= self.width:
            yield clean.ljust(self.width, _PADDING)
        else:
            yield from map("".join, combinations(clean, self.width))
        head = clean[: self.width - 1]
        yield from (head + last for last in ALPHABET[1:] + ALPHABET[0] if head)
        yield from map("".join, product(ALPHABET, repeat=self.width))


def _clean(text: str) -> str:
    """Capitals and digits only, accents dropped: `Léo 2` becomes `LEO2`."""
    plain = unicodedata.normalize("NFKD", text).upper()
    return "".join(character for character in plain if character in _VALUE)


@dataclass(frozen=True)
class KnownCodes:
    """The codes of a campaign's lots, ready to be looked up as people type them."""

    exact: frozenset[str]
    by_fold: Mapping[str, str | None]

    @classmethod
    def of(cls, codes: Collection[str]) -> "KnownCodes":
        """Index codes; one whose check character is wrong can only be found exactly as it is."""
        by_fold: dict[str, str | None] = {}
        for code in sorted(set(codes)):
            if has_valid_check(code):
                folded = fold(code)
                by_fold[folded] = None if folded in by_fold else code
        return cls(frozenset(codes), by_fold)


def resolve_typed_code(text: str, known: KnownCodes) -> str | None:
    """The lot code that a typed text means, or None.

    Spaces, hyphens and small letters do not matter. A code is taken as typed when it is known; else O and 0,
    I and 1 are exchanged where the check character then fits and exactly one known code comes out (trade
    reference, section 10). Any other slip is none that could be undone safely.
    """
    typed = "".join(character for character in text.upper() if character not in " -.\u00a0\u202f\t")
    if typed in known.exact:
        return typed
    return known.by_fold.get(fold(typed))
