"""An answer counts once, whichever of the advertiser's campaigns its file is brought to."""

from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from tasks.responses.other_mail import other_mail
from tests.integration.papers.journey import kept
from tests.integration.stages.followed import DROP_ON, open_one
from tests.integration.stages.played import Played
from tests.integration.stages.test_people_held_out import HELD_OUT, answer, bring, lots
from workflows.campaign.model import Campaign
from workflows.campaign.records import Lot, Response, ResponseBatch
from workflows.campaign.results.figures import compute
from workflows.campaign.stages.responses import ImportBatch, RecordBatch, ResponseRow
from workflows.parties.actor import SYSTEM
from workflows.trade.lot_codes import unique_id_prefix

Campaigns = Callable[[str], Played]
FOLLOW_UP, OF_HOUSE = "26R", "MAI"


@pytest.fixture
def followed(played: Campaigns) -> Played:
    """A campaign that held people out and was mailed, whose house list is written to again by a follow-up."""
    campaign = played("lots")
    campaign.held_out = HELD_OUT
    campaign.tune_policy({"thresholds": {"minimum_cell": 50, "minimum_responses": 5}})
    campaign.reach("responses")
    open_one(campaign, OF_HOUSE, campaign_code=FOLLOW_UP)
    return campaign


def test_an_answer_with_the_number_of_a_follow_up_is_no_answer_to_the_campaign_before(followed: Played, tmp_path: Path) -> None:
    (rollout,), (held,) = (lots(followed, "ALZ", role) for role in ("rollout", "holdout"))
    number = f"{unique_id_prefix(FOLLOW_UP, OF_HOUSE)}010000001"
    theirs = [answer(lot, 0).replace(";;;web;", f";;{number};web;") for lot in (rollout, held)]
    bring(followed, tmp_path, [*theirs, answer(rollout, 1)])

    found = {row.attribution: row for row in followed.rows(Response, order=col(Response.matched_id))}
    assert set(found) == {"set_aside", "name_and_postcode"}
    assert (found["set_aside"].reason, found["set_aside"].lot_code) == ("of_other_campaign", None)
    with followed.reading() as session:
        figures = compute(followed.facts(session))
    assert figures["set_aside"] == {"responses": 2}
    assert sum(one["responses"] for one in figures["lists"].values()) == 1
    # Who was held out is compared by all that people gave: the mail may have taken an answer from another campaign's.
    sides = figures["held_out"]["by_list"]["ALZ"]
    assert {name: (side["answering"], side["amount"]) for name, side in sides.items()} == {
        "mailed": (2, "60.00"),
        "held_out": (1, "30.00"),
    }


def test_a_follow_up_knows_what_was_printed_and_credited_before_it(followed: Played, tmp_path: Path) -> None:
    (rollout,) = lots(followed, "ALZ", "rollout")
    late = f"{DROP_ON + timedelta(days=110):%d/%m/%Y}"
    bring(followed, tmp_path, [answer(rollout, 1), answer(rollout, 2, on=late), "20/10/2026;;;web;don;15,00;carte;1;PERSONNE;75001"])
    rows = followed.rows(Response)
    credited = {row.row_sha256 for row in rows if row.attribution == "name_and_postcode"}
    assert len(credited) == 2

    with followed.reading() as session:
        follow_up = session.exec(select(Campaign).where(Campaign.follow_up_of_id == followed.campaign_id)).one()
        others = other_mail(session, follow_up, [row.row_sha256 for row in rows] + ["0" * 64])
    assert others.credited_rows == credited
    assert others.known_codes.exact == {lot.code for lot in followed.rows(Lot, col(Lot.to_seq).is_(None)) if lot.is_sent}
    assert others.id_prefixes == {f"26A{code}" for code in ("ALZ", "BTN", "CDR", "DOM", "ECL", "MAI")}


def test_an_answer_that_another_campaign_counted_while_the_file_was_read_is_set_aside(followed: Played, tmp_path: Path) -> None:
    (rollout,) = lots(followed, "ALZ", "rollout")
    counted = answer(rollout, 1)
    bring(followed, tmp_path, [counted])
    (first,) = followed.rows(Response)
    with followed.behind_the_engine() as connection:
        # The follow-up has it, as if both had been reading the file; what was read here knows nothing of that.
        connection.execute("update response set campaign_id = (select id from campaign where code = %s)", [FOLLOW_UP])
    followed.ask(ImportBatch(subject_id=followed.campaign_id, kind="responses", file=kept("again.csv")))
    batch = next(one for one in followed.rows(ResponseBatch) if one.state == "received")
    row = ResponseRow(**{field.name: getattr(first, field.name) for field in fields(ResponseRow)})
    followed.ask(RecordBatch(subject_id=followed.campaign_id, batch_id=batch.id, responses=(row,)), by=SYSTEM)

    (later,) = followed.rows(Response, Response.campaign_id == followed.campaign_id)
    assert (later.attribution, later.reason, later.lot_code, later.unique_id) == ("set_aside", "counted_elsewhere", None, "")
    assert later.amount == first.amount, "a comparison with people held out counts it all the same"
