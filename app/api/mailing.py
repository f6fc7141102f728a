"""What is said of a campaign's mailing, for programs: every version of what the mailing order prints of the pieces."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from app.api.room import answers, api_actor, blueprint, fields
from app.api.schemas import Sha256
from app.jalon import jalon
from app.queries.campaign import find_campaign
from app.queries.mailing import list_mailings
from app.security.audience import signed_in
from workflows.campaign.facts import CampaignFacts


class MailPieceOut(BaseModel):
    """How the pieces of one message are made: grams and millimetres of one as text, and what is in it, in the order of insertion."""

    message: str
    format: str
    weight_grams: str | None
    thickness_mm: str | None
    components: list[str]


class MailingOut(BaseModel):
    """One version of what is posted. What is empty or null was not said; `spoilage_rate` is a part of one, as text."""

    number: int
    said_by: str
    said_at: datetime
    seq: int
    sha256: Sha256
    postal_product: str
    postal_sort: str
    deposit_site: str
    spoilage_rate: str | None
    return_name: str
    return_address: str
    return_postcode: str
    return_town: str
    undeliverable: str
    contact: str
    remarks: str
    pieces: list[MailPieceOut]


class MailingsOut(BaseModel):
    """Every version, the newest first."""

    mailings: list[MailingOut]


@blueprint.get("/campaigns/<code>/mailings")
@signed_in
@blueprint.output(MailingsOut)
@answers(_404="No such campaign for this person")
def mailings(code: str) -> dict[str, Any]:
    """List what was said of what is posted, version by version. It is said with the command `describe_mailing`.

    A supplier sees none of it here: its mailing order prints what holds for it.
    """
    with jalon().database.reading(api_actor()) as session:
        versions = list_mailings(CampaignFacts(session, find_campaign(session, code)))
    return {"mailings": [{**fields(one, VERSION), **one.said} for one in versions]}


VERSION = ("number", "said_by", "said_at", "seq", "sha256")
