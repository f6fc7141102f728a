"""Reading a lot code that somebody typed from a coupon: does its check character hold, and if not, where is the slip?

Use it to tell a person what is wrong with one code. Not for crediting answers: only what `lot_codes.resolve_typed_code` takes counts, and
nothing here is ever taken for a code by itself.

A check character of ISO 7064 says that something is wrong, not what. Which character it is follows from the codes there are: one that
differs from the typed text by a single slip.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from workflows.trade.lot_codes import ALPHABET, KnownCodes, fold, has_valid_check, resolve_typed_code

CODE_LENGTH = 13
_LEFT_OUT = frozenset(" -.\u00a0\u202f\t")


class SlipKind(StrEnum):
    """What people do when they copy: take one character for another, turn two round, leave one out, type one too many."""

    OTHER = "other"
    SWAPPED = "swapped"
    MISSING = "missing"
    EXTRA = "extra"


@dataclass(frozen=True)
class Slip:
    """One slip between what was typed and a code; `position` counts from 1 in what was typed, where a missing character belongs."""

    kind: SlipKind
    position: int
    typed: str
    meant: str


@dataclass(frozen=True)
class Guess:
    """A code there is, one slip away from what was typed."""

    code: str
    slip: Slip


@dataclass(frozen=True)
class TypedCode:
    """What a typed text comes to.

    :ivar text: capitals and digits as typed, without what separates them
    :ivar meant: the code it stands for, None when it stands for none
    :ivar read_as: O and 0, I and 1 were exchanged to get there
    :ivar strange: positions of characters that no code has
    :ivar guesses: codes one slip away, when it stands for none; several mean that nobody can tell
    """

    text: str
    meant: str | None
    read_as: bool
    check_holds: bool
    strange: tuple[int, ...]
    guesses: tuple[Guess, ...]

    @property
    def length_differs(self) -> int:
        """How many characters there are too many, or too few when negative."""
        return len(self.text) - CODE_LENGTH


def read_typed_code(typed: str, codes: Collection[str]) -> TypedCode:
    """Say what a typed text is among the codes there are.

    :param typed: as it was typed; spaces, hyphens, points and small letters do not matter
    """
    text = "".join(character for character in typed.upper() if character not in _LEFT_OUT)
    meant = resolve_typed_code(text, KnownCodes.of(codes))
    found = (Guess(code, slip) for code in sorted(set(codes)) if (slip := find_slip(text, code)) is not None) if meant is None else ()
    return TypedCode(
        text=text,
        meant=meant,
        read_as=meant is not None and meant != text,
        check_holds=has_valid_check(meant or text),
        strange=tuple(position for position, character in enumerate(text, start=1) if character not in ALPHABET),
        guesses=tuple(found) if len(text) >= CODE_LENGTH - 1 else (),
    )


def find_slip(typed: str, code: str) -> Slip | None:
    """The single slip that turns `code` into `typed`, or None; O and 0, I and 1 are one character each."""
    ours, theirs = fold(typed), fold(code)
    start = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    if ours == theirs:
        return None
    if len(ours) == len(theirs):
        if ours[start + 1 :] == theirs[start + 1 :]:
            return Slip(SlipKind.OTHER, start + 1, typed[start], code[start])
        if ours[start : start + 2] == theirs[start : start + 2][::-1] and ours[start + 2 :] == theirs[start + 2 :]:
            return Slip(SlipKind.SWAPPED, start + 1, typed[start : start + 2], code[start : start + 2])
    elif len(ours) + 1 == len(theirs) and ours[start:] == theirs[start + 1 :]:
        return Slip(SlipKind.MISSING, start + 1, "", code[start])
    elif len(ours) == len(theirs) + 1 and ours[start + 1 :] == theirs[start:]:
        return Slip(SlipKind.EXTRA, start + 1, typed[start], "")
    return None
