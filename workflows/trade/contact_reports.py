"""What a sender reports of one contact: that an e-mail or a message bounced or was answered by leaving, or how a call ended.

Use it on rows of such a report once they are texts. Not for reading files, nor for answers, which are credited by `attribution`. Whom a
row is about is told by the id of the piece alone: whoever sent it was handed that id, so nothing has to be guessed.
"""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from workflows.trade.attribution import bare_words, parse_day
from workflows.trade.money import ZERO, NotANumber, parse_number


class Outcome(StrEnum):
    """How a contact ended: of an e-mail or a message that it bounced, hard or soft, or that somebody unsubscribed or complained of it; the
    others are of calls (trade reference, section 3.9).
    """

    HARD = "hard"
    SOFT = "soft"
    UNSUBSCRIBED = "unsubscribed"
    COMPLAINT = "complaint"
    REACHED = "reached"
    AGREED = "agreed"
    REFUSED = "refused"
    CALLBACK = "callback"
    WRONG_NUMBER = "wrong_number"
    OPT_OUT = "opt_out"


MESSAGES = (Outcome.HARD, Outcome.SOFT, Outcome.UNSUBSCRIBED, Outcome.COMPLAINT)
CALLS = tuple(one for one in Outcome if one not in MESSAGES)
PROMISE = "promesse"
"""The TYPE of an answer by which somebody who was called agreed: it is an answer and no gift, until the gift comes."""
UNREACHED = {Outcome.HARD: "hard_bounce", Outcome.SOFT: "soft_bounces", Outcome.WRONG_NUMBER: "wrong_number"}
"""Why a contact is undeliverable after such an outcome; after a soft bounce only once there were several."""
UNREACHED_WORDS = {"hard_bounce": "rebond_definitif", "soft_bounces": "rebonds_temporaires", "wrong_number": "faux_numero"}
"""The same as the MOTIF of a file that is handed over."""

_SAID = {
    Outcome.HARD: "hard, hard bounce, hardbounce, dur, rebond dur, definitif, rebond definitif, permanent, invalide, inexistant",
    Outcome.SOFT: "soft, soft bounce, softbounce, mou, rebond mou, temporaire, rebond temporaire, provisoire, transitoire, injoignable",
    Outcome.UNSUBSCRIBED: "unsubscribed, desinscription, desinscrit, desabonnement, desabonne, stop, opt out, optout, opposition",
    Outcome.COMPLAINT: "complaint, spam, spam complaint, abuse, fbl, plainte, signalement, signale comme spam, signale comme indesirable",
    Outcome.REACHED: "reached, joint, contacte, argumente, sans suite",
    Outcome.AGREED: "agreed, accord, accepte, oui, promesse, promesse de don, don",
    Outcome.REFUSED: "refused, refus, refuse, non, pas interesse",
    # Whoever did not answer is called again, like whoever asked for another day.
    Outcome.CALLBACK: "callback, call back, rappel, a rappeler, rappeler, absent, repondeur, occupe, non joint, ne repond pas, nrp",
    Outcome.WRONG_NUMBER: "wrong number, faux numero, mauvais numero, numero errone, numero invalide, non attribue, hors service",
    Outcome.OPT_OUT: "opt out, optout, opposition, stop, ne plus appeler, ne plus contacter, desinscription",
}
_OUTCOMES = {outcome: frozenset(words.split(", ")) for outcome, words in _SAID.items()}


UNREADABLE_HOUR = "?"
"""Stands for an hour that somebody wrote so that nobody can read it."""
_HOUR = re.compile(r"(?:.*[T ])?(\d{1,2})(?:[:h.](\d\d)?(?:[:.m]\d\d)?.*)", re.ASCII | re.IGNORECASE)


class RowFault(StrEnum):
    """Why a row says nothing that can be kept."""

    ID_MISSING = "id_missing"
    ID_UNKNOWN = "id_unknown"
    CONTROL_ADDRESS = "control_address"
    NOT_SENT = "not_sent"
    OTHER_CHANNEL = "other_channel"
    DATE_UNREADABLE = "date_unreadable"
    DATE_BEFORE_DROP = "date_before_drop"
    OUTCOME_UNKNOWN = "outcome_unknown"
    AMOUNT_NOT_A_NUMBER = "amount_not_a_number"


@dataclass(frozen=True)
class Report:
    """One row that could be read: when, of which piece and lot, how it ended, and what was promised, in euros.

    `hour` is what `hour_of` reads.
    """

    row_hash: str
    on: date
    lot_code: str
    unique_id: str
    outcome: Outcome
    amount: Decimal = ZERO
    hour: str = ""


@dataclass(frozen=True)
class Sent:
    """What was handed to senders: the lot of each piece, the channel of each lot that was sent, how the ids of control addresses begin."""

    lot_of_piece: Mapping[str, str]
    channel_of_lot: Mapping[str, str]
    control_prefixes: tuple[str, ...] = ()


def outcome_of(words: str, among: Collection[Outcome]) -> Outcome | None:
    """The outcome that a sender's words name, in French or English, however they are written; None for another."""
    said = bare_words(words.lower())
    return next((one for one in among if said in _OUTCOMES[one]), None)


def hour_of(text: str) -> str:
    """An hour as senders write it (`14:05`, `14h05`, `14:05:33`, after a day or alone) as `14:05`; empty where nothing stands."""
    if not text.strip():
        return ""
    found = _HOUR.fullmatch(text.strip())
    hour, minutes = (int(one or 0) for one in found.groups()) if found else (24, 0)
    return f"{hour:02}:{minutes:02}" if hour < 24 and minutes < 60 else UNREADABLE_HOUR


def read_report(
    row: Mapping[str, str | None], column: str, among: Collection[Outcome], sent: Sent, channels: Collection[str], drop_on: date
) -> Report | RowFault:
    """Read a row by its columns DATE, HEURE, ID_UNIQUE and MONTANT, and the one that names the outcome; or say why it cannot be.

    Two rows that say the same of one piece on one day are one, unless HEURE tells them apart.

    :param channels: those by which such contacts are made.
    """

    def text(name: str) -> str:
        return (row.get(name) or "").strip()

    unique_id, on, outcome = text("ID_UNIQUE"), parse_day(text("DATE")), outcome_of(text(column), among)
    lot_code = sent.lot_of_piece.get(unique_id)
    if fault := _who(unique_id, lot_code, sent, channels):
        return fault
    if on is None:
        return RowFault.DATE_UNREADABLE
    if on < drop_on:
        return RowFault.DATE_BEFORE_DROP
    if outcome is None:
        return RowFault.OUTCOME_UNKNOWN
    try:
        amount = parse_number(text("MONTANT")) if outcome is Outcome.AGREED and text("MONTANT") else ZERO
    except NotANumber:
        return RowFault.AMOUNT_NOT_A_NUMBER
    said = [on.isoformat(), text("HEURE"), unique_id, outcome, f"{amount:.2f}"]
    return Report(
        hashlib.sha256(json.dumps(said).encode()).hexdigest(), on, lot_code or "", unique_id, outcome, amount, hour_of(text("HEURE"))
    )


def _who(unique_id: str, lot_code: str | None, sent: Sent, channels: Collection[str]) -> RowFault | None:
    if not unique_id:
        return RowFault.ID_MISSING
    if sent.control_prefixes and unique_id.startswith(sent.control_prefixes):
        return RowFault.CONTROL_ADDRESS
    if lot_code is None:
        return RowFault.ID_UNKNOWN
    if lot_code not in sent.channel_of_lot:
        return RowFault.NOT_SENT
    return None if sent.channel_of_lot[lot_code] in channels else RowFault.OTHER_CHANNEL
