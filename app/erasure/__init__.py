"""Erases a person: what they are called, what they wrote, and what papers say of them, wherever it stands. Their opaque id stays.

Each campaign that holds something of them records it in its own chain, through the one door; accounts and what other tables repeat go in
that same transaction. Erasing again finds what is left, so it may be repeated, and is, after an older backup was restored. Not for address
files: those are purged, with their key, on their date (`workflows.campaign.data_protection.purging`).
"""

from app.erasure.elsewhere import refuse_if_known_elsewhere
from app.erasure.person import Erased, Found, PersonUnknown, SpellingTooShort, erase, erase_again, find, found_of, refuse_short
from app.erasure.register import FILE, RegisterEntry, list_erasures, remember

__all__ = [
    "FILE",
    "Erased",
    "Found",
    "PersonUnknown",
    "RegisterEntry",
    "SpellingTooShort",
    "erase",
    "erase_again",
    "find",
    "found_of",
    "list_erasures",
    "refuse_if_known_elsewhere",
    "refuse_short",
    "remember",
]
