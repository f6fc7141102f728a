"""User tasks in people's hands: taken, handed on, set aside; by whom, and how the others are told."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import col

from tests.integration.engine.test_two_at_once import both_ask
from tests.integration.papers.journey import BEGINNING
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.holding import HoldCampaign, ResumeCampaign
from workflows.campaign.stages.budget import ApproveBudget
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint, ErasableText
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import MoveNotOpen, NotFound, NotYourMove, Paused, Stale
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM, Actor, Grant
from workflows.parties.model import Membership, Person
from workflows.parties.roles import Role
from workflows.trade.working_days import local_day
from workflows.user_task.mentions import TaskOutOfSight
from workflows.user_task.process import (
    AssignTask,
    ClaimTask,
    DelegateTask,
    GiveBackTask,
    PostponeTask,
    PrioritizeTask,
    ReleaseTask,
)
from workflows.user_task.rules import (
    AlreadyTheirs,
    DayIsPast,
    InNobodysHands,
    InOtherHands,
    NotACandidate,
    NotDelegated,
    PriorityUnknown,
)
from workflows.user_task.talking import CommentOnTask, NotAColleague, NoteMention, NothingSaid, NotMentioned

Campaigns = Callable[[str], Played]


def somebody(campaign: Played, name: str, role: Role = Role.PROJECT_MANAGER) -> Actor:
    """Another person of the advertiser's."""
    with campaign.database.writing(SYSTEM) as session:
        person = Person(email=f"{uuid4().hex}@example.org", name=name, created_at=BEGINNING)
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id, advertiser_id=campaign.advertiser_id, role=role.value))
        person_id = person.id
    return Actor(person_id=person_id, name=name, grants=(Grant(advertiser_id=campaign.advertiser_id, role=role),))


def task_of(campaign: Played, name: str) -> UserTask:
    return campaign.rows(UserTask, UserTask.name == name, UserTask.state == "open", order=col(UserTask.label))[0]


@pytest.fixture
def campaign(played: Campaigns) -> Played:
    """A campaign whose orders wait for answers."""
    return played("order")


@pytest.fixture
def confirm(campaign: Played) -> UUID:
    """A project manager's task."""
    return task_of(campaign, "confirm_orders").id


def test_a_task_taken_in_hand_is_refused_to_the_next_who_is_told_who_has_it(campaign: Played, confirm: UUID) -> None:
    other = somebody(campaign, "Nadia Perrot")
    version = campaign.campaign.version

    campaign.ask(ClaimTask(subject_id=confirm))

    with pytest.raises(InOtherHands) as refusal:
        campaign.ask(ClaimTask(subject_id=confirm), by=other)
    assert refusal.value.params == {"who": "Marion Vidal"}
    with pytest.raises(AlreadyTheirs):
        campaign.ask(ClaimTask(subject_id=confirm))
    assert task_of(campaign, "confirm_orders").assignee_id == campaign.manager.person_id
    assert campaign.campaign.version == version, "the campaign itself did not move: nobody's page grew stale"


def test_of_many_who_claim_at_once_exactly_one_wins_and_the_others_learn_who(campaign: Played, confirm: UUID) -> None:
    other = somebody(campaign, "Nadia Perrot")

    lost = both_ask(campaign, (ClaimTask(subject_id=confirm), other), (ClaimTask(subject_id=confirm), campaign.manager))

    assert isinstance(lost, InOtherHands)
    assert lost.params == {"who": "Nadia Perrot"}
    assert [entry.event for entry in campaign.rows(Checkpoint)].count("user_task.claimed") == 1


def test_each_step_leaves_one_checkpoint_about_the_task_in_its_campaigns_chain(campaign: Played, confirm: UUID) -> None:
    other = somebody(campaign, "Nadia Perrot")
    campaign.ask(ClaimTask(subject_id=confirm))
    campaign.ask(DelegateTask(subject_id=confirm, person_id=other.person_id, note="Je pars mardi."))

    last = max(campaign.rows(Checkpoint), key=lambda entry: entry.seq)
    body = read_json(last.body)

    assert (last.event, body["subject"]) == ("user_task.delegated", {"kind": "user_task", "id": str(confirm), "version": 3})
    assert body["command"]["person_id"] == str(other.person_id)
    assert b"mardi" not in last.body, "words never stand in a checkpoint"
    assert list(body["texts"]) == ["note"]


def test_what_is_handed_on_comes_back_to_who_had_it_first(campaign: Played, confirm: UUID) -> None:
    second, third = somebody(campaign, "Nadia Perrot"), somebody(campaign, "Omar Lenoir")
    campaign.ask(ClaimTask(subject_id=confirm))
    campaign.ask(DelegateTask(subject_id=confirm, person_id=second.person_id))
    campaign.ask(DelegateTask(subject_id=confirm, person_id=third.person_id), by=second)

    with pytest.raises(InOtherHands):
        campaign.ask(GiveBackTask(subject_id=confirm), by=second)
    campaign.ask(GiveBackTask(subject_id=confirm), by=third)

    assert task_of(campaign, "confirm_orders").assignee_id == campaign.manager.person_id
    with pytest.raises(NotDelegated):
        campaign.ask(GiveBackTask(subject_id=confirm))


def test_only_who_has_a_task_hands_it_on_and_a_project_manager_takes_it_out_of_other_hands(campaign: Played, confirm: UUID) -> None:
    other = somebody(campaign, "Nadia Perrot")

    with pytest.raises(InNobodysHands):
        campaign.ask(DelegateTask(subject_id=confirm, person_id=other.person_id))
    with pytest.raises(InNobodysHands):
        campaign.ask(ReleaseTask(subject_id=confirm))
    campaign.ask(AssignTask(subject_id=confirm, person_id=other.person_id))
    with pytest.raises(InOtherHands):
        campaign.ask(DelegateTask(subject_id=confirm, person_id=campaign.manager.person_id))
    campaign.ask(ReleaseTask(subject_id=confirm))

    assert task_of(campaign, "confirm_orders").assignee_id is None


def test_nobody_has_a_task_whose_role_could_not_do_it(campaign: Played, confirm: UUID) -> None:
    acknowledge = task_of(campaign, "acknowledge_order")
    supplier = next(actor for actor in campaign.actors.values() if acknowledge.supplier_id in actor.supplier_ids)
    stranger = next(actor for actor in campaign.actors.values() if actor.supplier_ids and acknowledge.supplier_id not in actor.supplier_ids)

    with pytest.raises(NotACandidate):
        campaign.ask(ClaimTask(subject_id=acknowledge.id))
    with pytest.raises(NotFound):
        campaign.ask(ClaimTask(subject_id=acknowledge.id), by=stranger)
    with pytest.raises(NotACandidate):
        campaign.ask(AssignTask(subject_id=acknowledge.id, person_id=stranger.person_id))
    with pytest.raises(NotACandidate):
        campaign.ask(AssignTask(subject_id=confirm, person_id=campaign.president.person_id))
    with pytest.raises(NotYourMove):
        campaign.ask(ClaimTask(subject_id=confirm), by=campaign.as_role(Role.AUDITOR))
    campaign.ask(ClaimTask(subject_id=acknowledge.id), by=supplier)
    assert task_of(campaign, "acknowledge_order").assignee_id == supplier.person_id


def test_a_candidate_gives_away_only_what_is_free_or_their_own(played: Campaigns) -> None:
    campaign = played("budget")
    review = task_of(campaign, "review_budget").id
    campaign.ask(ClaimTask(subject_id=review), by=campaign.president)

    with pytest.raises(InOtherHands):
        campaign.ask(AssignTask(subject_id=review, person_id=campaign.deputy.person_id), by=campaign.deputy)
    with pytest.raises(InOtherHands):
        campaign.ask(ReleaseTask(subject_id=review), by=campaign.deputy)
    campaign.ask(AssignTask(subject_id=review, person_id=campaign.deputy.person_id), by=campaign.president)

    assert task_of(campaign, "review_budget").assignee_id == campaign.deputy.person_id


def test_a_task_in_other_hands_keeps_nobody_from_the_move_it_asks_for(played: Campaigns) -> None:
    campaign = played("budget")
    campaign.ask(ClaimTask(subject_id=task_of(campaign, "review_budget").id), by=campaign.deputy)
    with campaign.reading() as session:
        sha256 = campaign.facts(session).budget.sha256

    campaign.ask(ApproveBudget(subject_id=campaign.campaign_id, budget_sha256=sha256), by=campaign.president)

    (done,) = campaign.rows(UserTask, UserTask.name == "review_budget", UserTask.state == "done")
    assert (done.assignee_id, done.closed_by_id) == (campaign.deputy.person_id, campaign.president.person_id)
    with pytest.raises(MoveNotOpen):
        campaign.ask(ReleaseTask(subject_id=done.id), by=campaign.deputy)


def test_a_priority_is_one_of_four_words_and_a_task_rests_until_a_day_to_come(campaign: Played, confirm: UUID) -> None:
    today = local_day(campaign.now)

    with pytest.raises(PriorityUnknown):
        campaign.ask(PrioritizeTask(subject_id=confirm, priority="asap"))
    with pytest.raises(DayIsPast):
        campaign.ask(PostponeTask(subject_id=confirm, until_on=today))
    campaign.ask(PrioritizeTask(subject_id=confirm, priority="urgent"))
    campaign.ask(PostponeTask(subject_id=confirm, until_on=today + timedelta(days=3)))

    task = task_of(campaign, "confirm_orders")
    assert (task.priority, task.follow_up_on) == ("urgent", today + timedelta(days=3))
    campaign.ask(PostponeTask(subject_id=confirm))
    assert task_of(campaign, "confirm_orders").follow_up_on is None


def test_what_is_said_about_a_task_is_kept_apart_from_its_checkpoint_and_told_to_colleagues(campaign: Played, confirm: UUID) -> None:
    other = somebody(campaign, "Nadia Perrot")
    stranger = next(actor for actor in campaign.actors.values() if actor.supplier_ids)

    with pytest.raises(NothingSaid):
        campaign.ask(CommentOnTask(subject_id=confirm, words=" "))
    with pytest.raises(NotAColleague):
        campaign.ask(CommentOnTask(subject_id=confirm, words="Voyez ?", tell=(stranger.person_id,)))
    outcome = campaign.ask(CommentOnTask(subject_id=confirm, words="Le fichier de Lyon manque.", tell=(other.person_id,)))

    (entry,) = campaign.rows(Checkpoint, Checkpoint.seq == outcome.seq)
    assert b"Lyon" not in entry.body
    assert [text.text for text in campaign.rows(ErasableText, ErasableText.seq == outcome.seq)] == ["Le fichier de Lyon manque."]
    (letter,) = campaign.rows(OutboxMessage, OutboxMessage.name == "mail_comment")
    assert letter.payload == {"task_id": str(confirm), "seq": outcome.seq, "people": [str(other.person_id)]}, "no words in the outbox"


def test_whoever_is_mentioned_is_named_by_id_in_the_chain_told_once_and_marked_until_they_look(campaign: Played, confirm: UUID) -> None:
    nadia, omar = somebody(campaign, "Nadia Perrot"), somebody(campaign, "Omar Lenoir")

    words = "@Nadia Perrot, le fichier de Lyon manque. @omar pour information, @Marion aussi."
    outcome = campaign.ask(CommentOnTask(subject_id=confirm, words=words, tell=(nadia.person_id,)))

    (entry,) = campaign.rows(Checkpoint, Checkpoint.seq == outcome.seq + 1)
    body = read_json(entry.body)
    people = [str(nadia.person_id), str(omar.person_id)]
    assert (entry.event, body["command"]["people"], body["command"]["comment_seq"]) == ("user_task.mentioned", people, outcome.seq)
    assert body["actor"]["id"] == str(campaign.manager.person_id), "by whom, not by the machine that notes it"
    assert b"Nadia" not in entry.body
    (letter,) = campaign.rows(OutboxMessage, OutboxMessage.name == "mail_comment")
    assert letter.payload == {"task_id": str(confirm), "seq": outcome.seq, "people": people, "mentioned": True}, "one letter, not two"
    assert task_of(campaign, "confirm_orders").mentioned == sorted(people), "who mentions themselves is not marked"
    assert outcome.version == task_of(campaign, "confirm_orders").version, "what followed is counted"

    campaign.ask(NoteMention(subject_id=confirm), by=nadia)
    campaign.ask(CommentOnTask(subject_id=confirm, words="Je le relance."), by=omar)

    assert task_of(campaign, "confirm_orders").mentioned == []
    with pytest.raises(NotMentioned):
        campaign.ask(NoteMention(subject_id=confirm), by=nadia)


def test_nobody_is_mentioned_who_does_not_see_the_task(campaign: Played, confirm: UUID) -> None:
    somebody(campaign, "Awa Diop", Role.AUDITOR)
    somebody(campaign, "Ada Roche", Role.ADMINISTRATOR)
    before = campaign.trace()

    for name in ("Awa Diop", "Ada Roche", "Bruno Leroux"):
        with pytest.raises(TaskOutOfSight):
            campaign.ask(CommentOnTask(subject_id=confirm, words=f"Voyez, @{name}."))

    assert campaign.trace() == before


def test_an_approver_is_mentioned_where_one_decides_and_an_administrator_where_it_was_escalated(played: Campaigns) -> None:
    campaign = played("budget")
    ada = somebody(campaign, "Ada Roche", Role.ADMINISTRATOR)
    review = task_of(campaign, "review_budget").id
    with campaign.database.writing(SYSTEM) as session:
        session.get_one(UserTask, review).escalated_at = campaign.now

    campaign.ask(CommentOnTask(subject_id=review, words="@Bruno Leroux et @Ada : qui décide ?"))

    (letter,) = campaign.rows(OutboxMessage, OutboxMessage.name == "mail_comment")
    assert letter.payload["people"] == [str(campaign.deputy.person_id), str(ada.person_id)]
    assert task_of(campaign, "review_budget").mentioned == [], "it is in no inbox of theirs to be marked in"


def test_who_looked_at_a_task_that_another_changed_since_is_told_so(campaign: Played, confirm: UUID) -> None:
    campaign.ask(PrioritizeTask(subject_id=confirm, priority="high", seen_version=1))

    with pytest.raises(Stale) as refusal:
        campaign.ask(ClaimTask(subject_id=confirm, seen_version=1))

    assert refusal.value.made is not None
    assert refusal.value.made.event == "user_task.prioritized"


def test_a_task_stays_in_its_hands_while_its_campaign_rests(campaign: Played, confirm: UUID) -> None:
    campaign.ask(ClaimTask(subject_id=confirm))
    campaign.ask(HoldCampaign(subject_id=campaign.campaign_id, reason="Le conseil attend."))

    with pytest.raises(Paused):
        campaign.ask(ReleaseTask(subject_id=confirm))
    campaign.ask(ResumeCampaign(subject_id=campaign.campaign_id))

    assert task_of(campaign, "confirm_orders").assignee_id == campaign.manager.person_id
