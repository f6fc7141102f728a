"""Responses: every answer counted once, and none closed out too early."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col

from tests.integration.papers.journey import ANSWERED, kept
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.overriding import OverrideNotAllowed
from workflows.campaign.contacted.bringing import UnknownBatchKind
from workflows.campaign.keeping import KeptFile
from workflows.campaign.records import Override, Response, ResponseBatch, Undeliverable
from workflows.campaign.stages.responses import (
    BatchAlreadyImported,
    BatchNotWaiting,
    CloseResponses,
    ImportBatch,
    RecordBatch,
    ResponseRow,
    TooEarly,
    UndeliverableRow,
)
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.refusals import NotYourMove
from workflows.parties.actor import SYSTEM, Actor

Campaigns = Callable[[str], Played]


def gift(number: int, **change: object) -> ResponseRow:
    row = ResponseRow(
        row_sha256=sha256(str(number).encode()).hexdigest(),
        responded_on=date(2026, 10, 20),
        lot_code="26AALZP12AR",
        unique_id=f"ALZ-{number}",
        channel="postal",
        kind="don",
        amount=Decimal("30.00"),
        method="cheque",
        is_new=True,
        attribution="lot_code",
    )
    return replace(row, **change)


def import_file(campaign: Played, name: str, kind: str = "responses", by: Actor | None = None, file: KeptFile | None = None) -> UUID:
    outcome = campaign.ask(ImportBatch(subject_id=campaign.campaign_id, kind=kind, file=file or kept(name)), by=by)
    (batch,) = campaign.rows(ResponseBatch, col(ResponseBatch.from_seq) == outcome.seq)
    found: UUID = batch.id
    return found


def record(campaign: Played, batch_id: UUID, *rows: ResponseRow) -> dict[str, int]:
    campaign.ask(RecordBatch(subject_id=campaign.campaign_id, batch_id=batch_id, responses=rows), by=SYSTEM)
    (batch,) = campaign.rows(ResponseBatch, col(ResponseBatch.id) == batch_id)
    counts: dict[str, int] = batch.counts
    return counts


def test_the_very_same_file_is_imported_once(played: Campaigns) -> None:
    campaign = played("responses")
    import_file(campaign, "lundi.csv", by=campaign.actors["S-CAG"])

    with pytest.raises(BatchAlreadyImported):
        import_file(campaign, "lundi.csv")
    with pytest.raises(BatchAlreadyImported):
        import_file(campaign, "", file=replace(kept("lundi.csv"), name="mardi.csv"))


def test_a_file_that_could_not_be_read_may_be_imported_again(played: Campaigns) -> None:
    campaign = played("responses")
    batch = import_file(campaign, "lundi.csv")
    campaign.ask(RecordBatch(subject_id=campaign.campaign_id, batch_id=batch, refused_reason="MONTANT"), by=SYSTEM)

    again = import_file(campaign, "lundi.csv")

    assert record(campaign, again, gift(1))["new"] == 1


def test_rows_that_two_files_share_are_counted_once(played: Campaigns) -> None:
    campaign = played("responses")

    first = record(campaign, import_file(campaign, "lundi.csv"), gift(1), gift(2), gift(3))
    second = record(campaign, import_file(campaign, "mardi.csv"), gift(2), gift(3), gift(4, attribution="unattributed", lot_code=None))

    assert first == {"rows": 3, "new": 3, "repeated": 0, "lot_code": 3}
    assert second == {"rows": 3, "new": 1, "repeated": 2, "lot_code": 2, "unattributed": 1}
    assert len(campaign.rows(Response)) == 4


def test_a_piece_that_comes_back_twice_came_back_once(played: Campaigns) -> None:
    campaign = played("responses")
    back = tuple(UndeliverableRow(returned_on=None, lot_code="26AALZP12AR", unique_id=f"ALZ-{one}", reason="unknown") for one in (1, 2, 2))
    for name, rows in (("a.csv", back), ("b.csv", back[:1])):
        batch = import_file(campaign, name, kind="undeliverables", by=campaign.actors["S-ROU"])
        campaign.ask(RecordBatch(subject_id=campaign.campaign_id, batch_id=batch, undeliverables=rows), by=SYSTEM)

    assert len(campaign.rows(Undeliverable)) == 2


def test_a_batch_is_recorded_once(played: Campaigns) -> None:
    campaign = played("responses")
    batch = import_file(campaign, "lundi.csv")
    record(campaign, batch, gift(1))

    with pytest.raises(BatchNotWaiting):
        record(campaign, batch, gift(2))


def test_answers_come_from_who_opens_the_mail_and_from_nobody_else(played: Campaigns) -> None:
    campaign = played("responses")

    with pytest.raises(NotYourMove):
        import_file(campaign, "lundi.csv", by=campaign.actors["S-IMP"])
    with pytest.raises(UnknownBatchKind):
        import_file(campaign, "lundi.csv", kind="opinions")


def test_responses_stay_open_until_answers_and_returned_mail_are_in_and_read(played: Campaigns) -> None:
    campaign = played("responses")
    assert list(campaign.unmet("close_responses")) == ["responses.none_imported", "responses.no_undeliverables"]
    batch = import_file(campaign, "lundi.csv")
    assert list(campaign.unmet("close_responses")) == ["responses.being_read", "responses.no_undeliverables"]
    record(campaign, batch, gift(1))
    assert list(campaign.unmet("close_responses")) == ["responses.no_undeliverables"]
    record(campaign, import_file(campaign, "pnd.csv", kind="undeliverables"))

    campaign.now = ANSWERED
    campaign.ask(CloseResponses(subject_id=campaign.campaign_id))

    assert campaign.state == "analysis"


@pytest.fixture
def answered(played: Campaigns) -> Callable[[date], Played]:
    """A campaign with a file of each kind in, on a day after its drop of 13 October."""

    def on(day: date) -> Played:
        campaign = played("responses")
        record(campaign, import_file(campaign, "lundi.csv"), gift(1))
        record(campaign, import_file(campaign, "pnd.csv", kind="undeliverables"))
        campaign.now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        return campaign

    return on


def close(campaign: Played, reason: str = "") -> dict[str, Any]:
    """Close the answers; what the checkpoint says of how late it is."""
    outcome = campaign.ask(CloseResponses(subject_id=campaign.campaign_id, early_reason=reason))
    (entry,) = campaign.rows(Checkpoint, col(Checkpoint.seq) == outcome.seq)
    (told,) = (one for one in json.loads(entry.body)["checks"] if one["code"] == "early_close")
    return dict(told)


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        (date(2026, 10, 14), False),
        (date(2026, 12, 6), False),  # the 54th day, by which 94.6 % are in
        (date(2026, 12, 7), True),
        (date(2027, 1, 5), True),  # the 84th
    ],
)
def test_answers_are_closed_without_a_reason_once_the_curve_says_that_most_are_in(
    answered: Callable[[date], Played], day: date, closes: bool
) -> None:
    campaign = answered(day)
    if not closes:
        with pytest.raises(TooEarly) as refusal:
            close(campaign)
        assert refusal.value.params["days"] == (day - date(2026, 10, 13)).days
        return
    assert close(campaign)["verdict"] == "ok"
    assert (campaign.state, campaign.rows(Override)) == ("analysis", [])


def test_policy_s_days_may_end_before_the_curve_does(answered: Callable[[date], Played]) -> None:
    campaign = answered(date(2026, 11, 12))
    campaign.tune_policy({"thresholds": {"response_days": 30}})

    assert close(campaign)["verdict"] == "ok"


def test_a_reason_closes_them_early_and_somebody_else_reviews_that(answered: Callable[[date], Played]) -> None:
    campaign = answered(date(2026, 10, 23))

    told = close(campaign, "Le prestataire de caging ferme ses portes.")

    assert (told["verdict"], told["expected"], told["actual"]) == ("overridden", 84, 10)
    (row,) = campaign.rows(Override)
    assert (row.control, row.reason) == ("early_close", "Le prestataire de caging ferme ses portes.")
    assert ("review_override", "early_close") in campaign.tasks()


def test_where_policy_lets_nobody_pass_over_it_a_reason_is_not_enough(answered: Callable[[date], Played]) -> None:
    campaign = answered(date(2026, 10, 23))
    campaign.tune_policy({"overrides": {"early_close": "nobody"}})

    with pytest.raises(OverrideNotAllowed):
        close(campaign, "Pressé.")
    assert campaign.state == "responses"


def test_a_policy_pinned_before_there_was_such_a_control_leaves_it_to_the_project_manager(answered: Callable[[date], Played]) -> None:
    campaign = answered(date(2026, 10, 23))
    with campaign.behind_the_engine() as connection:
        connection.execute("alter table policy_version disable trigger append_only")
        connection.execute("update policy_version set body = body #- '{overrides,early_close}' #- '{thresholds,response_days}'")

    assert close(campaign, "Pressé.")["verdict"] == "overridden"
