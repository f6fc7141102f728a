"""What lots carry so that their answers are told, for programs: every version, and what answers were credited by."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from app.api.room import answers, api_actor, blueprint, fields
from app.api.schemas import Sha256
from app.jalon import jalon
from app.queries.campaign import find_campaign
from app.queries.responses import count_credited
from app.queries.tracking import get_tracking
from app.security.audience import signed_in
from workflows.campaign.facts import CampaignFacts


class ReferenceOut(BaseModel):
    """What a lot carries of a kind (`phone`, `url` or `qr`), as it is printed."""

    lot_code: str
    kind: str
    value: str


class TrackingVersionOut(BaseModel):
    """One version of what all lots carry."""

    number: int
    said_by: str
    said_at: datetime
    seq: int
    sha256: Sha256
    references: list[ReferenceOut]


class TrackingOut(BaseModel):
    """Every version, the newest first.

    `credited` counts rows of answers by what credited them, `tracked` among these; `brought` has the answers that were credited by what a
    lot carries, by its code. Of those credited by a code or a person's number, `disagreed` came by what another lot carries.
    """

    versions: list[TrackingVersionOut]
    credited: dict[str, int]
    brought: dict[str, int]
    disagreed: int


@blueprint.get("/campaigns/<code>/tracking")
@signed_in
@blueprint.output(TrackingOut)
@answers(_404="No such campaign for this person")
def tracking(code: str) -> dict[str, Any]:
    """List what a campaign's lots carry, version by version, and by what its answers were credited. It is said with `track_lots`.

    A supplier sees none of it here: its mailing order prints what its lots carry.
    """
    with jalon().database.reading(api_actor()) as session:
        facts = CampaignFacts(session, find_campaign(session, code))
        page, (credited, disagreed) = get_tracking(facts), count_credited(facts)
    return {
        "versions": [{**fields(one, VERSION), "references": [fields(row, REFERENCE) for row in one.references]} for one in page.versions],
        "credited": credited,
        "brought": {one.lot.code: one.brought for one in page.lots if one.brought},
        "disagreed": disagreed,
    }


VERSION = ("number", "said_by", "said_at", "seq", "sha256")
REFERENCE = ("lot_code", "kind", "value")
