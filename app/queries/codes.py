"""Whose code is it? A text typed from a coupon, read against the lots that the asker may see, or those of one campaign."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.records import Lot
from workflows.trade.typed_codes import Guess, TypedCode, read_typed_code


@dataclass(frozen=True, kw_only=True)
class CodeOwner:
    """The lot that a code is printed for. `is_void` when its lot plan was made anew: nothing was printed with it."""

    code: str
    campaign_code: str
    campaign_title: str
    list_code: str
    list_name: str
    segment: str
    message: str
    offer: str
    channel: str
    role: str
    is_sent: bool
    is_void: bool


@dataclass(frozen=True, kw_only=True)
class Likely:
    """A lot whose code is one slip away from what was typed."""

    guess: Guess
    owner: CodeOwner


@dataclass(frozen=True, kw_only=True)
class CodeReading:
    """What a typed text is: its owners (one, but for campaigns whose codes collide), or what it may have been meant to be."""

    typed: TypedCode
    owners: tuple[CodeOwner, ...]
    likely: tuple[Likely, ...]


def read_code(session: Session, text: str, campaign_id: UUID | None = None) -> CodeReading:
    """Read a typed code.

    :param campaign_id: look among this campaign's lots alone.
    """
    statement = select(Lot.code).distinct()
    if campaign_id is not None:
        statement = statement.where(Lot.campaign_id == campaign_id)
    typed = read_typed_code(text, set(session.exec(statement)))
    wanted = [typed.meant] if typed.meant else [guess.code for guess in typed.guesses]
    owners = _owners(session, wanted, campaign_id)
    return CodeReading(
        typed=typed,
        owners=tuple(owner for owner in owners if owner.code == typed.meant),
        likely=tuple(Likely(guess=guess, owner=owner) for guess in typed.guesses for owner in owners if owner.code == guess.code),
    )


def _owners(session: Session, codes: list[str], campaign_id: UUID | None) -> list[CodeOwner]:
    """Lots of these codes, those that count before those that do not, the newest campaign first."""
    if not codes:
        return []
    statement = select(Lot, Campaign).join(Campaign, col(Campaign.id) == col(Lot.campaign_id)).where(col(Lot.code).in_(codes))
    if campaign_id is not None:
        statement = statement.where(Lot.campaign_id == campaign_id)
    rows = list(session.exec(statement.order_by(col(Lot.to_seq).desc(), col(Campaign.opened_at).desc())))
    named = select(CampaignList).where(col(CampaignList.campaign_id).in_({campaign.id for _, campaign in rows}))
    names = {(one.campaign_id, one.code): one.name for one in session.exec(named)}
    return [
        CodeOwner(
            code=lot.code,
            campaign_code=campaign.code,
            campaign_title=campaign.title,
            list_code=lot.list_code,
            list_name=names.get((campaign.id, lot.list_code), ""),
            segment=lot.segment,
            message=lot.message,
            offer=lot.offer,
            channel=lot.channel,
            role=lot.role,
            is_sent=lot.is_sent,
            is_void=lot.to_seq is not None,
        )
        for lot, campaign in rows
    ]
