"""Crediting a response to the lot, and where possible the piece, that brought it.

Use it on rows of a response file once they are texts. Not for reading files, nor for forecasting. The cascade goes
from what was printed to what was remembered and never guesses: what nothing identifies is unattributed, and what is
impossible is set aside with its reason.
"""

import hashlib
import json
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Self

from workflows.trade.lot_codes import KnownCodes, resolve_typed_code, split_unique_id
from workflows.trade.money import ZERO, NotANumber, parse_number
from workflows.trade.tracking import NOTHING_TRACKED, TrackedLots, TrackedReference

GIFT = "don"
"""The TYPE of a response that brings money; other types are answers too."""
OBJECTION = "opposition"
"""The TYPE of a response that asks for no more mail."""
CAME_BY = ("TRACE", "SUPPORT", "NUMERO_APPELE", "URL", "QR")
"""Columns that may say what an answer came by: the number that was called, the address that was typed or scanned. The first that does."""


@dataclass(frozen=True)
class ResponseRow:
    """One row of a response file, every field as the text that stood there, trimmed.

    `trace` is what the answer came by; `mark` is that as it is compared, where a lot of the campaign carries it.
    """

    date: str = ""
    lot_code: str = ""
    unique_id: str = ""
    channel: str = ""
    kind: str = ""
    amount: str = ""
    payment: str = ""
    new: str = ""
    name: str = ""
    postcode: str = ""
    trace: str = ""
    mark: str = ""

    @classmethod
    def from_columns(cls, row: Mapping[str, str | None]) -> Self:
        """Read a row by the column names of the trade reference, section 10, with NOM (or RAISON_SOCIALE) and CP, and what it came by."""

        def text(column: str) -> str:
            return (row.get(column) or "").strip()

        return cls(
            date=text("DATE"),
            lot_code=text("CODE_LOT"),
            unique_id=text("ID_UNIQUE"),
            channel=text("CANAL"),
            kind=text("TYPE").lower(),
            amount=text("MONTANT"),
            payment=text("MODE"),
            new=text("NOUVEAU"),
            name=text("NOM") or text("RAISON_SOCIALE"),
            postcode=text("CP"),
            trace=next(filter(None, map(text, CAME_BY)), ""),
        )

    @property
    def row_hash(self) -> str:
        """SHA-256 of the fields: two rows with the same hash are one response that was sent twice.

        What it came by is part of it only where that tells a lot: such a column may be there in one file and not in the next.
        """
        texts = [getattr(self, one.name) for one in fields(self) if one.name not in ("trace", "mark")]
        return hashlib.sha256(json.dumps([*texts, self.mark] if self.mark else texts).encode()).hexdigest()


@dataclass(frozen=True)
class Piece:
    """One piece of the mailing; `name` is the surname, or the company where there is none."""

    unique_id: str
    lot_code: str
    name: str
    postcode: str


@dataclass(frozen=True)
class Mailing:
    """What was mailed and who was held out of it, ready to be searched. A name that several share at one postcode maps to None."""

    known_codes: KnownCodes
    lot_of_piece: Mapping[str, str]
    lot_of_held_out: Mapping[str, str]
    piece_by_name: Mapping[tuple[str, str], str | None]
    piece_by_plain_name: Mapping[tuple[str, str], str | None]
    tracked: TrackedLots = NOTHING_TRACKED
    control_prefixes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        codes: Collection[str],
        pieces: Iterable[Piece],
        held_out: Iterable[Piece] = (),
        tracked: Iterable[TrackedReference] = (),
        control_prefixes: tuple[str, ...] = (),
    ) -> Self:
        """Index the codes of the lots that were sent and all pieces, monitor seeds left out.

        :param pieces: those of lots that were left unsent among them; their people are known, and credited to no lot
        :param held_out: the pieces that people who were held out did not get. They are known by name and postcode alone, for no code and
            no id was ever printed for them.
        :param tracked: the numbers and addresses that lots carry; those of lots that were not sent were never printed.
        :param control_prefixes: how the ids of monitor seeds begin: they are nobody's, and neither answer nor come back.
        """
        lot_of_piece: dict[str, str] = {}
        lot_of_held_out: dict[str, str] = {}
        by_name: dict[tuple[str, str], str | None] = {}
        by_plain_name: dict[tuple[str, str], str | None] = {}
        for lots, those in ((lot_of_piece, pieces), (lot_of_held_out, held_out)):
            for piece in those:
                lots[piece.unique_id] = piece.lot_code
                if piece.name and piece.postcode:
                    _enter(by_name, (piece.name, piece.postcode), piece.unique_id)
                    _enter(by_plain_name, (bare_words(piece.name.upper()), piece.postcode), piece.unique_id)
        printed = TrackedLots.of(one for one in tracked if one.lot_code in set(codes))
        return cls(KnownCodes.of(codes), lot_of_piece, lot_of_held_out, by_name, by_plain_name, printed, control_prefixes)

    def is_control(self, unique_id: str) -> bool:
        """Whether an id is a monitor seed's."""
        return bool(self.control_prefixes) and unique_id.startswith(self.control_prefixes)

    def marked(self, row: ResponseRow) -> ResponseRow:
        """The row with what it came by as it is compared, where a lot carries that."""
        return replace(row, mark=self.tracked.mark_in(row.trace)) if row.trace else row

    def piece_named(self, name: str, postcode: str) -> str | None:
        """The id of the one piece with that name and postcode, None when there is none or more than one.

        A name is looked for as it is written and, only when nobody is called that, without case, accents and
        punctuation.
        """
        written = (name, postcode)
        if written in self.piece_by_name:
            return self.piece_by_name[written]
        plain = bare_words(name.upper())
        return self.piece_by_plain_name.get((plain, postcode)) if plain else None

    def person_matched(self, name: str, postcode: str) -> tuple[str, str] | None:
        """The id and the lot of the one person whom name and postcode tell, mailed or held out; None where nobody was held out.

        It looks for both alike, whatever else a row says, so that their rates of answers can be compared.
        """
        named = self.piece_named(name, postcode) if self.lot_of_held_out else None
        if named is None:
            return None
        return named, self.lot_of_held_out.get(named) or self.lot_of_piece[named]


def _enter(index: dict[tuple[str, str], str | None], key: tuple[str, str], unique_id: str) -> None:
    index[key] = None if key in index else unique_id


def bare_words(text: str) -> str:
    """Letters and figures without accents, one blank between words: what is compared of what people typed."""
    bare = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c)).split())


class Method(StrEnum):
    """By what a response was credited, from the surest to none. That of somebody held out came without the mail and is none of its."""

    LOT_CODE = "lot_code"
    TYPED_LOT_CODE = "typed_lot_code"
    UNIQUE_ID = "unique_id"
    TRACKED = "tracked"
    NAME_AND_POSTCODE = "name_and_postcode"
    HELD_OUT = "held_out"
    UNATTRIBUTED = "unattributed"


class SetAsideReason(StrEnum):
    """Why a row is no response of the campaign."""

    AMOUNT_NOT_A_NUMBER = "amount_not_a_number"
    DATE_UNREADABLE = "date_unreadable"
    DATE_BEFORE_DROP = "date_before_drop"
    DATE_TOO_LATE = "date_too_late"
    CONTROL_ADDRESS = "control_address"
    OF_OTHER_CAMPAIGN = "of_other_campaign"
    COUNTED_ELSEWHERE = "counted_elsewhere"


SET_ASIDE = "set_aside"
"""What a row has for its method that is credited to nothing, for a reason."""
PRINTED = (Method.LOT_CODE, Method.TYPED_LOT_CODE, Method.UNIQUE_ID)
"""What was printed for this mailing and for none before or after it."""
MAYBE_ANOTHERS = (Method.TRACKED, Method.NAME_AND_POSTCODE, Method.HELD_OUT)
"""Credits that another campaign may have given as well: people have one name in both, and one mailing after another carries a number."""
ANSWERS_ELSEWHERE = (SetAsideReason.OF_OTHER_CAMPAIGN, SetAsideReason.COUNTED_ELSEWHERE)
"""Reasons of rows that are answers, but another campaign's."""


@dataclass(frozen=True)
class Credit:
    """The lot, and the piece where known, that something is credited to."""

    method: Method
    lot_code: str | None
    unique_id: str | None


@dataclass(frozen=True)
class Response:
    """A possible response with its credit; `amount` is in euros."""

    row_hash: str
    responded_on: date
    kind: str
    amount: Decimal
    is_new: bool
    credit: Credit

    @property
    def is_gift(self) -> bool:
        """Whether it counts among the gifts, and its amount among theirs."""
        return self.kind == GIFT


@dataclass(frozen=True)
class SetAside:
    """A row that is counted nowhere else, with its reason; `amount` is in euros, of what another campaign's answer brought that one."""

    row_hash: str
    reason: SetAsideReason
    amount: Decimal = ZERO


@dataclass(frozen=True)
class OtherMail:
    """What other campaigns of the advertiser had printed, and which rows they credited: an answer counts once."""

    known_codes: KnownCodes = field(default_factory=lambda: KnownCodes.of(()))
    id_prefixes: frozenset[str] = frozenset()
    credited_rows: frozenset[str] = frozenset()
    tracked: TrackedLots = NOTHING_TRACKED

    def why_not_ours(self, row: ResponseRow, credit: Credit) -> SetAsideReason | None:
        """Why a row is another campaign's answer, None where it is not known to be.

        What was printed for the mailing itself decides before this. A row that only a name tells, or a number that both mailings carry,
        belongs to the campaign that counted it first: people of two mailings have the same name in both.
        """
        if credit.method in PRINTED:
            return None
        if resolve_typed_code(row.lot_code, self.known_codes) is not None or split_unique_id(row.unique_id)[0] in self.id_prefixes:
            return SetAsideReason.OF_OTHER_CAMPAIGN
        if credit.method != Method.TRACKED and row.trace and self.tracked.mark_in(row.trace):
            return SetAsideReason.OF_OTHER_CAMPAIGN
        if credit.method in MAYBE_ANOTHERS and row.row_hash in self.credited_rows:
            return SetAsideReason.COUNTED_ELSEWHERE
        return None


NO_OTHER_MAIL = OtherMail()


def attribute_row(
    row: ResponseRow, mailing: Mailing, drop_on: date, others: OtherMail = NO_OTHER_MAIL, *, latest_on: date = date.max
) -> Response | SetAside:
    """Set a row aside when it is impossible, a monitor seed's or another campaign's, else credit it (trade reference, section 3.9).

    A gift without an amount has none that is a number; an answer of another type may leave it out.

    :param latest_on: the last day that an answer may be of: what is dated later has a year that was mistyped, or a month.
    """
    try:
        amount = ZERO if not row.amount and row.kind != GIFT else parse_number(row.amount)
    except NotANumber:
        return SetAside(row.row_hash, SetAsideReason.AMOUNT_NOT_A_NUMBER)
    responded_on = parse_day(row.date)
    if responded_on is None:
        return SetAside(row.row_hash, SetAsideReason.DATE_UNREADABLE)
    if responded_on < drop_on:
        return SetAside(row.row_hash, SetAsideReason.DATE_BEFORE_DROP)
    if responded_on > latest_on:
        return SetAside(row.row_hash, SetAsideReason.DATE_TOO_LATE)
    if mailing.is_control(row.unique_id):
        return SetAside(row.row_hash, SetAsideReason.CONTROL_ADDRESS)
    credit = credit_row(row.lot_code, row.unique_id, row.name, row.postcode, mailing, row.mark)
    elsewhere = others.why_not_ours(row, credit)
    if elsewhere is not None:
        return SetAside(row.row_hash, elsewhere, amount)
    is_new = row.new.lower() in ("1", "o", "oui", "true")
    return Response(row.row_hash, responded_on, row.kind, amount, is_new, credit)


def credit_row(lot_code: str, unique_id: str, name: str, postcode: str, mailing: Mailing, mark: str = "") -> Credit:
    """The cascade: the lot code as printed, else as typed; else the unique id; else the number or address that one lot carries; else name
    and postcode of one piece.

    Where these are of somebody held out, the answer is counted to the lot that was held out. The piece is named wherever its id is known,
    and beside a number that a lot carries whoever a name tells, so that an objection by telephone is heard; but a lot code that is known
    decides the lot, and a lot that was left unsent is credited with nothing. It serves undeliverable pieces as well, whose rows have no
    name.
    """
    piece = unique_id if unique_id in mailing.lot_of_piece else None
    lot = resolve_typed_code(lot_code, mailing.known_codes)
    if lot is not None:
        return Credit(Method.LOT_CODE if lot == lot_code else Method.TYPED_LOT_CODE, lot, piece)
    if piece is not None:
        return _credited(Method.UNIQUE_ID, piece, mailing)
    named = mailing.piece_named(name, postcode)
    if mark:
        return Credit(Method.TRACKED, mailing.tracked.lot_by_mark[mark], named)
    if named is None:
        return Credit(Method.UNATTRIBUTED, None, None)
    if named in mailing.lot_of_held_out:
        return Credit(Method.HELD_OUT, mailing.lot_of_held_out[named], named)
    return _credited(Method.NAME_AND_POSTCODE, named, mailing)


def _credited(method: Method, piece: str, mailing: Mailing) -> Credit:
    lot = mailing.lot_of_piece[piece]
    return Credit(method, lot, piece) if lot in mailing.known_codes.exact else Credit(Method.UNATTRIBUTED, None, piece)


def parse_day(text: str) -> date | None:
    """Read `dd/mm/yyyy`, or `yyyy-mm-dd` as machines write it; None when it is no such day."""
    day_first = text.split("/")
    try:
        if len(day_first) == 3:
            day, month, year = (int(part) for part in day_first)
            return date(year, month, day) if len(day_first[2]) == 4 else None
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
