"""A wish sent twice under one key is carried out once and answered alike; whoever comes second learns who was first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from sqlmodel import col

from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from tests.patience import PATIENCE_SECONDS
from workflows.campaign.stages.budget import ApproveBudget, RefuseBudget
from workflows.campaign.stages.negotiation import CloseNegotiation
from workflows.campaign.stages.plan import OpenCampaign
from workflows.campaign.suppressions.receiving import KeepSuppression
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.dispatch import Outcome
from workflows.engine.idempotency import KEPT_DAYS, IdempotencyKey, KeyMalformed, KeyReused
from workflows.engine.refusals import ConditionsUnmet, MoveNotOpen, NotYourMove, Overtaken, Stale
from workflows.order.process import CancelOrder, DeclineOrder

Campaigns = Callable[[str], Played]


def approval(campaign: Played, **fields: object) -> ApproveBudget:
    with campaign.reading() as session:
        budget = campaign.facts(session).budget
        assert budget is not None
        return ApproveBudget(subject_id=campaign.campaign_id, budget_sha256=budget.sha256, **fields)


def plain(outcome: Outcome) -> dict[str, object]:
    return {**vars(outcome), "subject": outcome.subject.id, "repeated": None}


def test_a_command_sent_again_under_its_key_gets_the_same_answer_and_changes_nothing(played: Campaigns) -> None:
    campaign = played("budget")
    wish = approval(campaign, seen_version=campaign.campaign.version)
    first = campaign.door.execute(wish, actor=campaign.president, now=campaign.now, key="a")
    before = campaign.trace()

    again = campaign.door.execute(wish, actor=campaign.president, now=campaign.now, key="a")

    assert plain(again) == plain(first)
    assert (first.repeated, again.repeated) == (False, True)
    assert campaign.trace() == before


def test_a_birth_sent_again_is_answered_with_what_was_born(played: Campaigns) -> None:
    campaign = played("plan")
    birth = OpenCampaign(subject_id=campaign.advertiser_id, campaign_code="26B", brief=campaign.kit.brief)

    born = campaign.door.execute(birth, actor=campaign.manager, now=campaign.now, key="a")
    again = campaign.door.execute(birth, actor=campaign.manager, now=campaign.now, key="a")

    assert again.subject.id == born.subject.id
    assert again.subject.code == "26B"


def test_many_who_send_the_same_key_at_once_are_all_answered_alike(played: Campaigns) -> None:
    campaign = played("budget")
    wish, many = approval(campaign), 6
    start = Barrier(many)

    def send(_number: int) -> Outcome:
        start.wait(PATIENCE_SECONDS)
        return campaign.door.execute(wish, actor=campaign.president, now=campaign.now, key="one click too many")

    with ThreadPoolExecutor(many) as pool:
        answers = list(pool.map(send, range(many), timeout=PATIENCE_SECONDS))

    assert len({answer.seq for answer in answers}) == 1
    assert sorted(answer.repeated for answer in answers) == [False] + [True] * (many - 1)
    assert len(campaign.rows(Checkpoint, col(Checkpoint.event) == "campaign.budget.approved")) == 1


def test_a_key_sent_with_another_wish_is_refused(played: Campaigns) -> None:
    campaign = played("budget")
    campaign.door.execute(approval(campaign), actor=campaign.president, now=campaign.now, key="a")
    before = campaign.trace()

    for other in (approval(campaign, comment="Oui."), CloseNegotiation(subject_id=campaign.campaign_id)):
        with pytest.raises(KeyReused):
            campaign.door.execute(other, actor=campaign.president, now=campaign.now, key="a")

    assert campaign.trace() == before


def test_a_file_sent_again_counts_by_its_bytes(played: Campaigns) -> None:
    campaign = played("plan")

    def keep(name: str) -> Outcome:
        command = KeepSuppression(subject_id=campaign.campaign_id, suppression="robinson.csv", file=kept(name))
        return campaign.door.execute(command, actor=campaign.manager, now=campaign.now, key="a")

    first = keep("robinson.csv")

    assert keep("robinson.csv").seq == first.seq, "stored under another id, it is the same file"
    with pytest.raises(KeyReused):
        keep("other.csv")


def test_a_key_belongs_to_one_person(played: Campaigns) -> None:
    campaign = played("budget")
    wish = approval(campaign)
    campaign.door.execute(wish, actor=campaign.president, now=campaign.now, key="a")

    with pytest.raises((MoveNotOpen, NotYourMove)):
        campaign.door.execute(wish, actor=campaign.deputy, now=campaign.now, key="a")


def test_a_refusal_leaves_the_key_free(played: Campaigns) -> None:
    campaign = played("negotiation")
    wish = CloseNegotiation(subject_id=campaign.campaign_id)
    with pytest.raises(ConditionsUnmet):
        campaign.door.execute(wish, actor=campaign.manager, now=campaign.now, key="a")

    campaign.close_negotiation()

    assert campaign.state == "budget"
    with campaign.behind_the_engine() as connection:
        assert connection.execute("select count(*) from idempotency_key").fetchone() == (0,)


@pytest.mark.parametrize("key", ["", "x" * 201, "clé", "a\nb"])
def test_what_is_no_key_is_refused(played: Campaigns, key: str) -> None:
    campaign = played("budget")
    with pytest.raises(KeyMalformed):
        campaign.door.execute(approval(campaign), actor=campaign.president, now=campaign.now, key=key)
    assert campaign.state == "budget"


def test_answers_older_than_a_repeat_may_be_are_forgotten_with_the_next(played: Campaigns) -> None:
    campaign = played("budget")
    with campaign.behind_the_engine() as connection:
        for key, days in (("old", KEPT_DAYS + 1), ("young", KEPT_DAYS - 1)):
            connection.execute(
                "insert into idempotency_key values (%s, %s, %s, '', '[]', now() - make_interval(days => %s))",
                [campaign.president.person_id, key, campaign.advertiser_id, days],
            )

    campaign.door.execute(approval(campaign), actor=campaign.president, now=campaign.now, key="new")

    with campaign.behind_the_engine() as connection:
        assert connection.execute("select key from idempotency_key order by key").fetchall() == [("new",), ("young",)]


def test_an_answer_is_kept_exactly_when_its_move_is(played: Campaigns) -> None:
    campaign = played("budget")
    before = campaign.trace()

    def fall_over(_session: object) -> None:
        raise OSError("the power went")

    with pytest.raises(OSError, match="the power went"):
        campaign.door.execute_all([approval(campaign)], actor=campaign.president, now=campaign.now, key="a", finish=fall_over)
    assert campaign.trace() == before

    campaign.door.execute(approval(campaign), actor=campaign.president, now=campaign.now, key="a")

    assert campaign.state == "order"
    assert IdempotencyKey.__tablename__ in {name for name, trace in campaign.trace().items() if trace != before[name]}


def test_of_many_who_decide_at_once_one_wins_and_the_others_learn_who_and_what(played: Campaigns) -> None:
    campaign = played("budget")
    seen, many = campaign.campaign.version, 8
    start = Barrier(many)

    def decide(number: int) -> Overtaken | Outcome:
        wishes = (approval(campaign, seen_version=seen), RefuseBudget(subject_id=campaign.campaign_id, seen_version=seen, reason="Trop."))
        start.wait(PATIENCE_SECONDS)
        try:
            return campaign.door.execute(wishes[number % 2], actor=campaign.president, now=campaign.now, key=uuid4().hex)
        except Overtaken as refusal:
            return refusal

    with ThreadPoolExecutor(many) as pool:
        answers = list(pool.map(decide, range(many), timeout=PATIENCE_SECONDS))

    (won,) = [answer for answer in answers if isinstance(answer, Outcome)]
    lost = [answer for answer in answers if isinstance(answer, Overtaken)]
    assert len(lost) == many - 1
    assert {type(refusal) for refusal in lost} == {Stale}
    assert {(refusal.made.event, refusal.made.by, refusal.made.at) for refusal in lost if refusal.made} == {
        (won.event, campaign.president.name, campaign.now)
    }


def test_whoever_finds_a_move_closed_learns_what_closed_it(played: Campaigns) -> None:
    campaign = played("budget")
    campaign.door.execute(approval(campaign), actor=campaign.president, now=campaign.now)

    with pytest.raises(MoveNotOpen) as refusal:
        campaign.door.execute(RefuseBudget(subject_id=campaign.campaign_id, reason="Trop."), actor=campaign.deputy, now=campaign.now)

    made = refusal.value.made
    assert made is not None
    assert (made.event, made.by) == ("campaign.budget.approved", campaign.president.name)


def test_a_supplier_learns_what_happened_and_not_who_did_it(played: Campaigns) -> None:
    campaign = played("order")
    with campaign.behind_the_engine() as connection:
        code, order_id = connection.execute(
            "select s.code, o.id from purchase_order o join supplier s on s.id = o.supplier_id order by o.number limit 1"
        ).fetchone()
    campaign.door.execute(CancelOrder(subject_id=order_id, reason="Non."), actor=campaign.manager, now=campaign.now)

    with pytest.raises(MoveNotOpen) as refusal:
        campaign.door.execute(DeclineOrder(subject_id=order_id, reason="Non."), actor=campaign.actors[code], now=campaign.now)

    made = refusal.value.made
    assert made is not None
    assert (made.event, made.by) == ("order.cancelled", "")
