"""What is said of a campaign's mailing, for whoever says it: its pieces, what is still missing, and every version there was."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.queries.lots import LotRow, lot_row
from app.queries.names import names_by_id
from workflows.campaign.as_written import mailing_of, mailing_row
from workflows.campaign.brief import MailingRow
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.orders.mailing_order import ordered_seq
from workflows.campaign.papers.described import spoilage_rate, spoilt
from workflows.campaign.send.describing import Difference, Missing, differences, missing, posted_messages, said_at
from workflows.trade.channels import goes_by_post


@dataclass(frozen=True, kw_only=True)
class PostedMessage:
    """A message that goes out by post."""

    code: str
    label: str


@dataclass(frozen=True, kw_only=True)
class PrintedLot:
    """A lot that is posted, and how many of it are printed."""

    lot: LotRow
    printed: int

    @property
    def pieces(self) -> int:
        return self.lot.quantity + self.lot.seeds


@dataclass(frozen=True, kw_only=True)
class MailingVersion:
    """One version of it: by whom, when, in which entry, what is `said`, and what of it otherwise than in the one before."""

    number: int
    said_by: str
    said_at: datetime
    seq: int
    sha256: str
    said: dict[str, Any]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, kw_only=True)
class MailingPage:
    """Everything about it. `since_order` is what was said otherwise since the newest order went out, empty where none is out.

    `spoilage_rate` is the one that holds, stated or policy's; `return_address` where pieces come back if no other is stated.
    """

    said: MailingRow
    messages: tuple[PostedMessage, ...]
    missing: tuple[Missing, ...]
    lots: tuple[PrintedLot, ...]
    versions: tuple[MailingVersion, ...]
    since_order: tuple[Difference, ...]
    spoilage_rate: Decimal
    return_address: str
    is_posted: bool


def get_mailing(facts: CampaignFacts) -> MailingPage:
    """Everything that is said of the mailing."""
    said, rate, to = mailing_row(facts) or MailingRow(), spoilage_rate(facts), facts.advertiser
    seq = ordered_seq(facts)
    return MailingPage(
        said=said,
        messages=tuple(PostedMessage(code=one.code, label=one.label) for one in posted_messages(facts)),
        missing=tuple(missing(facts)),
        lots=tuple(
            PrintedLot(lot=lot_row(lot), printed=lot.pieces + spoilt(lot.pieces, rate))
            for lot in facts.lots
            if lot.is_sent and goes_by_post(lot.channel)
        ),
        versions=list_mailings(facts),
        since_order=tuple(differences(said_at(facts, seq), said)) if seq is not None else (),
        spoilage_rate=rate,
        return_address=", ".join(filter(None, (to.name, to.address, " ".join(filter(None, (to.postcode, to.town)))))),
        is_posted=bool(facts.deposits),
    )


def list_mailings(facts: CampaignFacts) -> tuple[MailingVersion, ...]:
    """Every version, the newest first."""
    names = names_by_id(facts.session, (one.described_by_id for one in facts.mailings))
    rows, before = [], MailingRow()
    for number, one in enumerate(facts.mailings, start=1):
        after = mailing_of(one.body)
        rows.append(
            MailingVersion(
                number=number,
                said_by=names.get(one.described_by_id, ""),
                said_at=one.described_at,
                seq=one.from_seq,
                sha256=one.sha256,
                said=one.body,
                differences=tuple(differences(before, after)),
            )
        )
        before = after
    return tuple(reversed(rows))
