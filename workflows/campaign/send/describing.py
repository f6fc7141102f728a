"""What the mailer has to know of the pieces to put them in the post: product, format and weight, what is in the envelope, sort, site,
return address. The project manager says it once lots are made, or the brief did, or the campaign before; the mailing order prints it.

Nothing of it is wanted by a rule: `missing` tells what the mailer will ask for. An order that is out is sent again after a change.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from workflows.campaign.as_written import mailing_of, mailing_row
from workflows.campaign.brief import MailingRow, MailPieceRow
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Message
from workflows.campaign.orders.mailing_order import ORDER_AGAIN
from workflows.campaign.writing import write_mailing
from workflows.engine.command import Command, digest
from workflows.engine.process import Move
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.channels import goes_by_post


class MailingIsPosted(Refused):
    """Mail is with the post: what it is made of is settled."""

    code = "send.mailing_is_posted"


class MailingUnchanged(Refused):
    """What is said of the mailing is said already."""

    code = "send.mailing_unchanged"


@dataclass(frozen=True, kw_only=True)
class DescribeMailing(Command):
    """Say what is posted and how, in place of what was said before."""

    mailing: MailingRow = digest()


@dataclass(frozen=True, kw_only=True)
class Missing:
    """What nobody said of the mailing, of a message's pieces where one is named."""

    field: str
    message: str = ""


def describe(step: Step) -> None:
    """Keep it as the next version.

    :raises MailingIsPosted: when a deposit stands.
    :raises MailingUnchanged: when it says what was said.
    :raises Refused: whatever `write_mailing` raises.
    """
    if step.facts.deposits:
        raise MailingIsPosted()
    if step.command.mailing == (mailing_row(step.facts) or MailingRow()):
        raise MailingUnchanged()
    write_mailing(step, step.command.mailing)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What one version says otherwise than another, of a message's pieces where one is named; None where it says nothing."""

    field: str
    message: str
    before: Decimal | str | None
    after: Decimal | str | None


def differences(before: MailingRow, after: MailingRow) -> Iterator[Difference]:
    """What two versions say otherwise, in the order in which an order prints it."""
    old, new = _told(before), _told(after)
    for place in dict.fromkeys((*new, *old)):
        if old.get(place) != new.get(place):
            yield Difference(field=place[0], message=place[1], before=old.get(place), after=new.get(place))


def _told(said: MailingRow) -> dict[tuple[str, str], Decimal | str | None]:
    """What a version says, by field and message; the components and the return address each in one line."""
    told: dict[tuple[str, str], Decimal | str | None] = {
        (name, ""): getattr(said, name) or None for name in ("postal_product", "postal_sort", "deposit_site")
    }
    told["spoilage_rate", ""] = said.spoilage_rate
    for piece in said.pieces:
        told["format", piece.message] = piece.format or None
        told["weight_grams", piece.message], told["thickness_mm", piece.message] = piece.weight_grams, piece.thickness_mm
        told["components", piece.message] = " + ".join(piece.components) or None
    town = " ".join(filter(None, (said.return_postcode, said.return_town)))
    told["return_address", ""] = ", ".join(filter(None, (said.return_name, said.return_address, town))) or None
    return told | {(name, ""): getattr(said, name) or None for name in ("undeliverable", "contact", "remarks")}


def said_at(facts: CampaignFacts, seq: int) -> MailingRow:
    """What was said of the mailing when entry `seq` was written."""
    then = [one for one in facts.mailings if one.from_seq < seq]
    return mailing_of(then[-1].body) if then else MailingRow()


def posted_messages(facts: CampaignFacts) -> list[Message]:
    """Messages that go out by post."""
    posted = {line.message for line in facts.live_lines if goes_by_post(line.channel)}
    return [message for message in facts.messages if message.code in posted]


def missing(facts: CampaignFacts) -> Iterator[Missing]:
    """What the mailer will ask for. What comes back goes to the advertiser where nothing else is said, if it has an address."""
    messages, said = posted_messages(facts), mailing_row(facts) or MailingRow()
    if not messages:
        return
    yield from (Missing(field=name) for name in ("postal_product", "postal_sort", "deposit_site") if not getattr(said, name))
    if not (said.return_address or facts.advertiser.address):
        yield Missing(field="return_address")
    pieces = {piece.message: piece for piece in said.pieces}
    for message in messages:
        piece = pieces.get(message.code) or MailPieceRow(message=message.code)
        for name in ("format", "weight_grams", "thickness_mm", "components"):
            if not getattr(piece, name):
                yield Missing(field=name, message=message.code)


DESCRIBE = Move(DescribeMailing, by=Role.PROJECT_MANAGER, event="campaign.mailing.described", do=describe)
"""While lots are made."""
DESCRIBE_ORDERED = replace(DESCRIBE, opens=(ORDER_AGAIN,))
"""Once the mailing may be ordered."""
