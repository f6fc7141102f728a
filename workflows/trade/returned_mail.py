"""What the post returned, row by row of its file: of which piece and lot, when and why. Not for bounces and calls: `contact_reports`."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from workflows.trade.attribution import Mailing, bare_words, credit_row, parse_day
from workflows.trade.contact_reports import RowFault

REASON_WORDS: Mapping[str, str] = {
    "unknown": "inconnu",
    "address_defect": "adresse",
    "refused": "refuse",
    "unclaimed": "non_reclame",
    "deceased": "decede",
}
"""Why a piece came back, by code (trade reference, section 3.9), as the MOTIF of a file."""

_SAID = {
    "unknown": "inconnu, destinataire inconnu, inconnu a l adresse, destinataire inconnu a l adresse, npai, n habite pas a l adresse"
    ", n habite pas a l adresse indiquee, n habite plus a l adresse, n habite plus a l adresse indiquee, parti, psa"
    ", parti sans laisser d adresse, demenage, unknown",
    "address_defect": "adresse, defaut d adresse, defaut d adressage, defaut d acces ou d adressage, defaut d acces, adresse incomplete"
    ", adresse insuffisante, adresse incorrecte, adresse erronee, adresse inexistante, boite non identifiable, address defect",
    "refused": "refuse, refus, refuse par le destinataire, pli refuse, pli refuse par le destinataire, refused",
    "unclaimed": "non reclame, avise non reclame, avise et non reclame, pli non reclame, pli avise et non reclame, unclaimed",
    "deceased": "decede, decedee, deces, destinataire decede, deceased",
}
_REASONS = {word: reason for reason, words in _SAID.items() for word in words.split(", ")}


@dataclass(frozen=True)
class Returned:
    """One piece that came back. `lot_code` is None where its person is known but its lot was left unsent.

    `unique_id` is the one printed on it; where none can be read, one made of what its row says, so that it counts once. `reason` is a key
    of `REASON_WORDS`, or what the post wrote where that names none of them.
    """

    returned_on: date | None
    lot_code: str | None
    unique_id: str
    reason: str


def reason_of(words: str) -> str:
    """Why a piece came back, in the words of the post, however they are written."""
    return _REASONS.get(bare_words(words.lower()), words.strip().lower())


def read_returns(rows: Iterable[tuple[int, Mapping[str, str | None]]], mailing: Mailing) -> Iterator[tuple[int, Returned | RowFault]]:
    """Read rows by their columns DATE, CODE_LOT, ID_UNIQUE and MOTIF, each with its number; or say why one tells no piece.

    Rows without an id that say the same are as many pieces: the second of them in one file is the second in another.
    """
    alike: Counter[str] = Counter()
    for number, row in rows:
        day, lot, unique_id, reason = ((row.get(name) or "").strip() for name in ("DATE", "CODE_LOT", "ID_UNIQUE", "MOTIF"))
        credit = credit_row(lot, unique_id, "", "", mailing)
        if mailing.is_control(unique_id):
            yield number, RowFault.CONTROL_ADDRESS
        elif credit.lot_code is None and credit.unique_id is None:
            yield number, RowFault.ID_UNKNOWN if unique_id else RowFault.ID_MISSING
        else:
            if not unique_id:
                said = hashlib.sha256(json.dumps([day, credit.lot_code, reason]).encode()).hexdigest()[:16]
                alike[said] += 1
                unique_id = f"{credit.lot_code}?{said}-{alike[said]}"
            yield number, Returned(parse_day(day), credit.lot_code, unique_id, reason_of(reason))
