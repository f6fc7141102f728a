"""What comes back once the mailing's addresses are destroyed: lots' codes tell what they told, names and ids tell nobody, nothing waits."""

from collections.abc import Callable, Sequence
from datetime import time, timedelta
from pathlib import Path

import pytest
from sqlmodel import col

from tasks.responses import attribute_responses
from tests.integration.papers.journey import ANSWERED
from tests.integration.papers.sealed import files
from tests.integration.stages.played import Played
from tests.integration.stages.test_bounces_and_calls import CALLED, MAILED, sent_once
from tests.integration.stages.test_bounces_and_calls import campaign as reported
from tests.integration.stages.test_people_held_out import HEAD, answer, lots, seal_lots
from tests.integration.working import working
from workflows.campaign.data_protection.purging import PurgeFiles
from workflows.campaign.records import Response, ResponseBatch, Undeliverable
from workflows.campaign.stages.responses import CloseResponses, ImportBatch
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM
from workflows.trade.working_days import instant_at

__all__ = ["reported", "sent_once"]
Campaigns = Callable[[str], Played]


def purge(campaign: Played) -> None:
    campaign.now = max(campaign.now, instant_at(campaign.campaign.purge_on, time(7)))
    campaign.ask(PurgeFiles(subject_id=campaign.campaign_id), by=SYSTEM)


def receive(campaign: Played, folder: Path, kind: str, rows: Sequence[str]) -> None:
    (folder / f"{kind}.csv").write_text("\r\n".join(rows), encoding="utf-8")
    campaign.ask(ImportBatch(subject_id=campaign.campaign_id, kind=kind, file=files(folder).keep(folder / f"{kind}.csv", f"{kind}.csv")))


def read(campaign: Played, folder: Path) -> ResponseBatch:
    """Let the machine read the newest file; what became of it."""
    message = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "attribute_responses", order=col(OutboxMessage.requested_seq))[-1]
    for command in attribute_responses(working(campaign, folder, message.id, now=ANSWERED), message.payload):
        campaign.ask(command, by=SYSTEM)
    return campaign.rows(ResponseBatch, order=col(ResponseBatch.from_seq))[-1]


def test_answers_and_returns_are_credited_by_the_codes_that_are_known_still_and_responses_can_be_closed(
    played: Campaigns, tmp_path: Path
) -> None:
    campaign = played("responses")
    (lot,) = lots(campaign, "ALZ", "rollout")
    seal_lots(campaign, tmp_path)
    purge(campaign)

    receive(campaign, tmp_path, "responses", [HEAD, answer(lot, 1, code=lot.code), answer(lot, 2)])
    assert read(campaign, tmp_path).counts == {
        "rows": 2,
        "new": 2,
        "repeated": 0,
        "lot_code": 1,
        "unattributed": 1,
        "without_mailing": 2,
    }
    receive(campaign, tmp_path, "undeliverables", ["DATE;CODE_LOT;ID_UNIQUE;MOTIF", f"26/10/2026;{lot.code};{lot.code}-7;inconnu"])
    assert read(campaign, tmp_path).state == "imported"

    assert {(row.lot_code, row.attribution) for row in campaign.rows(Response)} == {(lot.code, "lot_code"), (None, "unattributed")}
    assert [(row.lot_code, row.unique_id) for row in campaign.rows(Undeliverable)] == [(lot.code, f"{lot.code}-7")]
    campaign.now += timedelta(days=1)
    campaign.ask(CloseResponses(subject_id=campaign.campaign_id))
    assert campaign.state == "analysis"


def test_a_file_that_was_purged_before_it_was_read_is_refused_may_be_sent_again_and_blocks_nothing(
    played: Campaigns, tmp_path: Path
) -> None:
    campaign = played("responses")
    (lot,) = lots(campaign, "ALZ", "rollout")
    rows = [HEAD, answer(lot, 1, code=lot.code)]
    receive(campaign, tmp_path, "responses", rows)
    assert "responses.being_read" in campaign.unmet("close_responses")
    purge(campaign)

    refused = read(campaign, tmp_path)
    assert (refused.state, refused.counts) == ("refused", {"reason": "file_gone"})
    assert "responses.being_read" not in campaign.unmet("close_responses")

    receive(campaign, tmp_path, "responses", rows)
    assert read(campaign, tmp_path).state == "imported"


@pytest.mark.parametrize(
    ("kind", "titles", "row", "code"),
    [
        ("bounces", "TYPE", f"{MAILED};{MAILED}-1;hard", "responses.no_bounces"),
        ("calls", "RESULTAT", f"{CALLED};{CALLED}-1;joint", "responses.no_calls"),
    ],
)
def test_reports_of_whom_nobody_knows_any_more_are_refused_and_waited_for_no_longer(
    reported: Played,
    tmp_path: Path,
    kind: str,
    titles: str,
    row: str,
    code: str,
) -> None:
    assert code in reported.unmet("close_responses")
    purge(reported)
    receive(reported, tmp_path, kind, [f"DATE;CODE_LOT;ID_UNIQUE;{titles}", f"14/10/2026;{row}"])

    refused = read(reported, tmp_path)

    assert (refused.state, refused.counts) == ("refused", {"reason": "mailing_gone"})
    assert not {code, "responses.being_read"} & set(reported.unmet("close_responses"))
