"""On what basis the people of a list may be written to, and whether it carries a channel (trade reference, section 9).

By post, legitimate interest does: people were told of it when their data was collected, and could object. By e-mail and SMS they have
agreed before, and to partners that were named to them, unless they are the advertiser's own customers or donors. So have they for sales
calls, since the law changed. Appeals that sell nothing are let off by the law in both: only people know which those are, so a doubt is
told, and refuses nothing by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.trade.channels import EMAIL, PHONE, TEXT_MESSAGE

ELECTRONIC = (EMAIL, TEXT_MESSAGE)
"""Channels that need consent beforehand."""
CALLS_NEED_CONSENT_FROM = date(2026, 8, 11)
"""Until then it was enough to leave out who had registered with Bloctel."""


class LegalBasis(StrEnum):
    """Why the people of a list may be written to. Only a house list knows an existing relation: whoever rents one has none yet."""

    LEGITIMATE_INTEREST = "legitimate_interest"
    CONSENT = "consent"
    EXISTING_RELATION = "existing_relation"


class CollectedThrough(StrEnum):
    """By what means people were told, or agreed."""

    PAPER = "paper"
    WEB = "web"
    TELEPHONE = "telephone"
    IN_PERSON = "in_person"


class DataRole(StrEnum):
    """What the owner of a list and the advertiser are to each other: mostly each decides for itself what it uses the data for."""

    SEPARATE = "separate"
    JOINT = "joint"
    PROCESSOR = "processor"


class Doubt(StrEnum):
    """Why a list should not go out on a channel as it stands."""

    UNSTATED = "unstated"
    CONSENT_NEEDED = "consent_needed"
    PARTNERS_UNNAMED = "partners_unnamed"
    CALLS_NEED_CONSENT = "calls_need_consent"


@dataclass(frozen=True)
class BasisDoubt:
    """One of a list, on the channels that it is about; one that states nothing is doubted on all of them."""

    doubt: Doubt
    channels: tuple[str, ...]


def doubt_on(channel: str, drop_on: date, basis: LegalBasis, *, partners_named: bool) -> Doubt | None:
    """Why a stated basis does not carry a channel on that day; None where it does. `partners_named` counts for consent alone."""
    if channel in ELECTRONIC:
        if basis is LegalBasis.LEGITIMATE_INTEREST:
            return Doubt.CONSENT_NEEDED
        return Doubt.PARTNERS_UNNAMED if basis is LegalBasis.CONSENT and not partners_named else None
    if channel == PHONE and drop_on >= CALLS_NEED_CONSENT_FROM and basis is LegalBasis.LEGITIMATE_INTEREST:
        return Doubt.CALLS_NEED_CONSENT
    return None


def doubts_on(channels: Iterable[str], drop_on: date, basis: LegalBasis, *, partners_named: bool) -> tuple[BasisDoubt, ...]:
    """The doubts of all channels of a list, each once with its channels."""
    found: dict[Doubt, list[str]] = {}
    for channel in channels:
        if doubt := doubt_on(channel, drop_on, basis, partners_named=partners_named):
            found.setdefault(doubt, []).append(channel)
    return tuple(BasisDoubt(doubt, tuple(on)) for doubt, on in found.items())
