"""A campaign whose state or waiting work is declared no more moves only by a migration, which is planned, tried dry, and on record."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from app.execute import Door
from app.shapes import Plan, PlanUnusable, check, migrate, read_plan
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.migrating import MigrateProcess
from workflows.campaign.any_stage.shared_moves import AssignResponsibility
from workflows.campaign.process import CAMPAIGN
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.process import Stage
from workflows.engine.refusals import NotYourMove, ProcessChanged
from workflows.engine.registry import Registry
from workflows.engine.shapes import ProcessShape
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM
from workflows.processes import REGISTRY

Campaigns = Callable[[str], Played]


def changed(*, state: str | None = None, task: str | None = None, drop_move: bool = False) -> Registry:
    """Today's processes as another release would have them: the negotiation under another name, or with a user task of another."""

    def anew(stage: Stage) -> Stage:
        moves = tuple(dataclasses.replace(move, to=state) if state and move.to == "negotiation" else move for move in stage.moves)
        if stage.state != "negotiation":
            return dataclasses.replace(stage, moves=moves)
        opens = tuple(dataclasses.replace(spec, name=task) if task and spec.name == "close_negotiation" else spec for spec in stage.opens)
        kept = tuple(move for move in moves if not (drop_move and move.event.endswith("returned")))
        return dataclasses.replace(stage, state=state or stage.state, moves=kept, opens=opens)

    campaign = dataclasses.replace(CAMPAIGN, stages=tuple(anew(stage) for stage in CAMPAIGN.stages))
    return Registry(campaign, *(process for process in REGISTRY.processes if process is not CAMPAIGN))


def door(campaign: Played, registry: Registry) -> Door:
    return Door(campaign.database, campaign.door.clock, registry=registry)


def assign(campaign: Played) -> AssignResponsibility:
    person_id = campaign.manager.person_id
    assert person_id is not None
    return AssignResponsibility(subject_id=campaign.campaign_id, stage="send", person_id=person_id)


def shapes(campaign: Played) -> set[str]:
    with campaign.database.reading(SYSTEM) as session:
        return set(session.exec(select(ProcessShape.sha256)))


def test_a_campaign_is_born_under_today_s_processes_and_their_shape_is_kept(played: Campaigns) -> None:
    campaign = played("plan")

    assert campaign.campaign.process_sha256 == REGISTRY.sha256
    assert shapes(campaign) == {REGISTRY.sha256}
    assert check(campaign.database, now=campaign.now) == []


def test_a_change_that_takes_nothing_away_from_a_campaign_is_followed_with_its_next_move(played: Campaigns) -> None:
    campaign, today = played("negotiation"), changed(drop_move=True)

    (behind,) = check(campaign.database, now=campaign.now, registry=today)
    assert not behind.refuses
    assert [(one.kind, one.what, one.where) for one in behind.changes or ()] == [("vanished", "move", "negotiation")]

    door(campaign, today).execute(assign(campaign), actor=campaign.manager, now=campaign.now)

    assert campaign.campaign.process_sha256 == today.sha256
    assert shapes(campaign) == {REGISTRY.sha256, today.sha256}
    assert check(campaign.database, now=campaign.now, registry=today) == []


def test_a_campaign_whose_state_vanished_refuses_moves_and_says_so(played: Campaigns) -> None:
    campaign, today = played("negotiation"), changed(state="bargaining")
    before = campaign.trace()

    with pytest.raises(ProcessChanged) as refusal:
        door(campaign, today).execute(assign(campaign), actor=campaign.manager, now=campaign.now)

    assert refusal.value.params["state"] == "negotiation"
    assert campaign.trace() == before
    (behind,) = check(campaign.database, now=campaign.now, registry=today)
    assert (behind.refuses, behind.vanished_state) == (True, "negotiation")


def test_a_campaign_whose_waiting_user_task_vanished_refuses_moves(played: Campaigns) -> None:
    campaign, today = played("negotiation"), changed(task="end_negotiation")

    with pytest.raises(ProcessChanged) as refusal:
        door(campaign, today).execute(assign(campaign), actor=campaign.manager, now=campaign.now)

    assert refusal.value.params == {"user_tasks": ["close_negotiation"]}


def test_a_migration_moves_state_and_user_tasks_with_one_checkpoint_and_the_campaign_goes_on(played: Campaigns) -> None:
    campaign, today = played("negotiation"), changed(state="bargaining", task="end_negotiation")
    plan = Plan(states={"negotiation": "bargaining"}, user_tasks={"close_negotiation": "end_negotiation"})
    seq, tasks = campaign.campaign.chain_seq, len(campaign.tasks())

    (made,) = migrate(campaign.database, door(campaign, today), plan, registry=today)

    assert made.seq == seq + 1
    assert campaign.state == "bargaining"
    assert campaign.campaign.chain_seq == seq + 1
    assert ("end_negotiation", "") in campaign.tasks()
    assert len(campaign.tasks()) == tasks, "what waited still waits, once"
    assert {task.stage for task in campaign.rows(UserTask, UserTask.state == "open")} == {"bargaining"}
    (entry,) = campaign.rows(Checkpoint, Checkpoint.seq == made.seq)
    body = read_json(entry.body)
    assert entry.event == "campaign.process.migrated"
    assert (body["from"], body["to"]) == ("negotiation", "bargaining")
    assert body["command"]["user_tasks"] == {"close_negotiation": "end_negotiation"}
    assert (body["command"]["from_sha256"], body["command"]["to_sha256"]) == (REGISTRY.sha256, today.sha256)
    door(campaign, today).execute(assign(campaign), actor=campaign.manager, now=campaign.now)


def test_a_user_task_without_a_new_name_is_dropped(played: Campaigns) -> None:
    campaign, today = played("negotiation"), changed(task="end_negotiation")

    migrate(campaign.database, door(campaign, today), Plan(user_tasks={"close_negotiation": ""}), registry=today)

    assert ("close_negotiation", "") in campaign.tasks("cancelled")
    assert not {name for name, _ in campaign.tasks()} & {"close_negotiation", "end_negotiation"}


def test_a_dry_run_changes_nothing(played: Campaigns) -> None:
    campaign, today = played("negotiation"), changed(state="bargaining")
    before = campaign.trace()

    (planned,) = migrate(campaign.database, door(campaign, today), Plan(states={"negotiation": "bargaining"}), dry_run=True, registry=today)

    assert (planned.from_state, planned.to_state, planned.seq) == ("negotiation", "bargaining", None)
    assert campaign.trace() == before


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (Plan(), "the state negotiation"),
        (Plan(states={"negotiation": "bargaining"}), "the user task close_negotiation"),
        (Plan(states={"negotiation": "nowhere"}, user_tasks={"close_negotiation": ""}), "the state nowhere"),
        (Plan(states={"negotiation": "bargaining"}, user_tasks={"close_negotiation": "unheard_of"}), "the user task unheard_of"),
    ],
)
def test_a_plan_that_leaves_a_campaign_stuck_is_refused_before_anything_moves(played: Campaigns, plan: Plan, says: str) -> None:
    campaign, today = played("negotiation"), changed(state="bargaining", task="end_negotiation")
    before = campaign.trace()

    with pytest.raises(PlanUnusable, match=says):
        migrate(campaign.database, door(campaign, today), plan, registry=today)

    assert campaign.trace() == before


def test_a_campaign_that_is_not_behind_cannot_be_migrated(played: Campaigns) -> None:
    campaign = played("negotiation")

    with pytest.raises(PlanUnusable, match="26A"):
        migrate(campaign.database, campaign.door, Plan(), codes=["26A"])


def test_nobody_but_the_machine_migrates(played: Campaigns) -> None:
    campaign = played("negotiation")
    command = MigrateProcess(subject_id=campaign.campaign_id, to_state="plan", from_sha256="", to_sha256="")

    with pytest.raises(NotYourMove):
        campaign.ask(command)


def test_a_campaign_from_before_shapes_were_kept_goes_on(played: Campaigns) -> None:
    campaign = played("negotiation")
    with campaign.behind_the_engine() as connection:
        connection.execute("update campaign set process_sha256 = null")

    (behind,) = check(campaign.database, now=campaign.now)
    assert (behind.changes, behind.refuses) == (None, False)
    campaign.ask(assign(campaign))

    assert campaign.campaign.process_sha256 == REGISTRY.sha256


def test_every_user_task_that_a_campaign_opens_is_declared(played: Campaigns) -> None:
    campaign = played("analysis")

    assert {task.name for task in campaign.rows(UserTask)} <= REGISTRY.user_tasks


def test_a_plan_is_read_from_a_file_and_from_words(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text('[states]\nnegotiation = "bargaining"\n[user_tasks]\nclose_negotiation = ""\n', encoding="utf-8")

    plan = read_plan(path, ["negotiation=haggling"], ["sign_proof=sign"])

    assert plan == Plan(states={"negotiation": "haggling"}, user_tasks={"close_negotiation": "", "sign_proof": "sign"})


@pytest.mark.parametrize("text", ["[moves]\na = 'b'", "states = 3", "[states]\na = 1", "[states]\na = ''", "not toml"])
def test_a_plan_that_makes_no_sense_is_refused_in_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(PlanUnusable):
        read_plan(path)


@pytest.mark.parametrize("word", ["alone", "=new"])
def test_a_word_of_a_plan_has_an_old_name_and_a_sign(word: str) -> None:
    with pytest.raises(PlanUnusable):
        read_plan(None, [word])
