"""The application's clock runs back or far ahead: chains stay whole, keys keep their answers, and work is due."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.clock import SharedClock
from app.evidence import check_chain
from app.evidence.notes import Signer
from app.evidence.sealer import seal
from app.execute import Door
from app.outbox.relay import due_messages
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.shared_moves import AssignResponsibility
from workflows.campaign.model import Campaign
from workflows.campaign.stages.budget import ApproveBudget
from workflows.campaign.stages.plan import SubmitPlan
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM

JUMPS = [timedelta(hours=-1), timedelta(days=-400), timedelta(hours=1), timedelta(days=400)]


class JumpingClock:
    """The clock of a host that somebody sets."""

    def __init__(self) -> None:
        self.by = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_a_clock_that_jumps_between_two_moves_breaks_no_chain_and_doubles_no_move(
    jump: timedelta, played: Callable[[str], Played], tmp_path: Path
) -> None:
    campaign, clock = played("plan"), JumpingClock()
    door = Door(campaign.database, clock)
    command = AssignResponsibility(subject_id=campaign.campaign_id, stage="send", person_id=campaign.manager.person_id)
    before = door.execute(command, actor=campaign.manager, key="before")
    clock.by = jump

    again = door.execute(command, actor=campaign.manager, key="before")
    after = door.execute(command, actor=campaign.manager, key="after")
    seal(campaign.database, Signer(bytes(32)), now=clock.now())

    assert (again.seq, again.repeated) == (before.seq, True), "a key is as old as the database says"
    assert after.seq == before.seq + 1
    with campaign.database.reading(SYSTEM) as session:
        assert check_chain(session, session.get_one(Campaign, campaign.campaign_id), tmp_path).fault == ""
    assert sorted(row.seq for row in campaign.rows(Checkpoint)) == list(range(1, after.seq + 1))


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_work_that_a_host_with_a_wrong_clock_asked_for_is_done_all_the_same(jump: timedelta, played: Callable[[str], Played]) -> None:
    campaign, clock = played("plan"), JumpingClock()
    clock.by = jump

    Door(campaign.database, clock).execute(SubmitPlan(subject_id=campaign.campaign_id), actor=campaign.manager)

    asked = {row.id for row in campaign.rows(OutboxMessage) if row.name == "render_document"}
    assert asked <= {message for message, _attempts in due_messages(campaign.database)}


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_a_timer_is_reckoned_from_the_database_s_time_whatever_the_clock_of_the_host_says(
    jump: timedelta, played: Callable[[str], Played], monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, wrong = played("budget"), JumpingClock()
    wrong.by = jump
    monkeypatch.setattr("app.clock.SystemClock.now", lambda _self: wrong.now())
    with campaign.reading() as session:
        facts = campaign.facts(session)
        policy, approve = facts.campaign.policy, ApproveBudget(subject_id=campaign.campaign_id, budget_sha256=facts.budget.sha256)
    with campaign.behind_the_engine() as connection:
        connection.execute("update campaign set calendar_at = null")

    Door(campaign.database, SharedClock(campaign.database.now)).execute(approve, actor=campaign.president)

    with campaign.behind_the_engine() as connection:
        ((asked_at, ago, due_at),) = connection.execute(
            "select created_at, created_at - now(), not_before from outbox_message where name = 'remind_orders'"
        ).fetchall()
    assert abs(ago) < timedelta(minutes=5)
    assert due_at == policy.after(asked_at, "remind_order")
