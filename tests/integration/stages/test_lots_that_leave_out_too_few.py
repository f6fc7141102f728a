"""Lots that no longer leave out whom their channel leaves alone: a machine counts again; nothing is sent before, or without a reason."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.moving_drop import MoveDrop
from workflows.campaign.any_stage.overriding import GrantOverride
from workflows.campaign.any_stage.reworking import ReturnToStage
from workflows.campaign.contacted.barring import KINDS, KeepBarred
from workflows.campaign.contacted.recounting import BarredNeedAReason, LotsOfAnotherPlan, RecordBarred, RecountBarred
from workflows.campaign.model import Campaign
from workflows.campaign.records import Lot, LotPlan, Override, StoredFile
from workflows.campaign.stages.lots import FreezeLots, RemakeLots
from workflows.campaign.stages.send import OrderMailing
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import ConditionsUnmet
from workflows.parties.actor import SYSTEM
from workflows.trade.barring import Bar

Campaigns = Callable[[str], Played]
DROP_ON = date(2026, 11, 25)


@pytest.fixture
def second(played: Campaigns) -> Played:
    """Another campaign of the advertiser, that calls people, with its lots made and nothing known of anybody."""
    campaign = played("responses")
    campaign.open("26B")
    move(campaign, DROP_ON)
    send_by(campaign, "phone")
    campaign.reach("lots")
    campaign.record_lots()
    return campaign


def send_by(campaign: Played, channel: str) -> None:
    with campaign.behind_the_engine() as connection:
        for table in ("plan_line", "lot"):
            connection.execute(
                f"update {table} set channel = %s where campaign_id = (select id from campaign where code = '26B')", (channel,)
            )


def report(campaign: Played, bar: Bar = Bar.AT_REST) -> UUID:
    """The first campaign reports somebody whom a channel is to leave alone; the file of keys."""
    with campaign.database.reading(SYSTEM) as session:
        first = session.exec(select(Campaign.id).where(Campaign.code == "26A")).one()
    name = f"{bar}_{uuid4()}.parquet"
    keep = KeepBarred(subject_id=first, batch_id=uuid4(), bar=bar, persons=1, last_on=date(2026, 10, 20), file=kept(name))
    campaign.ask(keep, by=SYSTEM)
    with campaign.database.reading(SYSTEM) as session:
        return session.exec(select(StoredFile.id).where(StoredFile.kind == KINDS[bar], StoredFile.name == name)).one()


def move(campaign: Played, drop_on: date) -> None:
    campaign.ask(MoveDrop(subject_id=campaign.campaign_id, drop_on=drop_on, reason="Le centre d’appels est pris."))


def plan(campaign: Played) -> LotPlan:
    (found,) = campaign.rows(LotPlan, col(LotPlan.to_seq).is_(None))
    return found


def codes(campaign: Played) -> list[str]:
    lots = campaign.rows(Lot, col(Lot.to_seq).is_(None), order=col(Lot.code))
    return [lot.code for lot in lots if lot.is_sent]


def count(campaign: Played, *files: UUID, **found: int) -> None:
    """What a machine does that is asked to count."""
    campaign.ask(
        RecordBarred(
            subject_id=campaign.campaign_id,
            lot_plan_id=plan(campaign).id,
            drop_on=campaign.campaign.drop_on,
            files=files,
            found={codes(campaign)[int(place.removeprefix("lot"))]: number for place, number in found.items()},
        ),
        by=SYSTEM,
    )


def counts_asked(campaign: Played) -> int:
    return len(campaign.rows(OutboxMessage, col(OutboxMessage.name) == "recount_barred"))


def freeze(campaign: Played) -> None:
    campaign.ask(FreezeLots(subject_id=campaign.campaign_id, lot_plan_sha256=plan(campaign).sha256))


def test_lots_are_not_frozen_before_what_came_after_them_is_counted_in_them(second: Played) -> None:
    assert second.unmet("freeze_lots") == {}
    with pytest.raises(ConditionsUnmet):
        second.ask(RecountBarred(subject_id=second.campaign_id))

    file = report(second)

    assert second.unmet("freeze_lots") == {"lots.barred_outdated": {"campaigns": ["26A"]}}
    second.ask(RecountBarred(subject_id=second.campaign_id))
    assert counts_asked(second) == 1
    count(second, file)
    assert second.unmet("freeze_lots") == {}
    assert second.controls("campaign.contacts.recounted")["barred_in_lots"] == (0, 0, "ok")
    freeze(second)


def test_lots_with_somebody_whom_their_channel_leaves_alone_are_made_again_of_the_same_net(second: Played) -> None:
    file = report(second, Bar.UNREACHED)
    count(second, file, lot0=2, lot1=1)
    before = codes(second)
    assert second.unmet("freeze_lots") == {"lots.barred": {"people": 3, "lots": before[:2]}}
    assert second.controls("campaign.contacts.recounted")["barred_in_lots"] == (0, 3, "warning")

    run = plan(second).run_id
    second.ask(RemakeLots(subject_id=second.campaign_id, reason="Des numéros faux sont signalés."))

    assert second.state == "lots"
    assert second.rows(Lot, col(Lot.to_seq).is_(None)) == []
    assert ("freeze_lots", "26B") not in second.tasks()
    built = second.rows(OutboxMessage, col(OutboxMessage.name) == "build_lots")
    assert [one.payload for one in built] == [{"run_id": str(run)}] * 2


@pytest.mark.parametrize(
    ("channel", "bar", "holds"), [("email", Bar.AT_REST, False), ("email", Bar.UNREACHED, True), ("postal", Bar.UNREACHED, False)]
)
def test_only_what_bars_a_channel_by_which_something_is_to_be_sent_holds_lots_up(
    second: Played, channel: str, bar: Bar, holds: bool
) -> None:
    send_by(second, channel)
    report(second, bar)

    assert ("lots.barred_outdated" in second.unmet("freeze_lots")) is holds


def test_what_policy_bars_nobody_for_holds_nothing_up(second: Played) -> None:
    report(second)
    second.tune_policy({"calls": {"refusal_days": 0}})

    assert second.unmet("freeze_lots") == {}


def test_a_drop_that_is_moved_earlier_has_a_machine_count_and_a_later_one_does_not(second: Played) -> None:
    file = report(second)
    count(second, file)

    move(second, DROP_ON + timedelta(days=5))
    assert (counts_asked(second), "lots.barred_outdated" in second.unmet("freeze_lots")) == (0, False)
    move(second, DROP_ON - timedelta(days=5))
    assert counts_asked(second) == 1
    assert second.unmet("freeze_lots")["lots.barred_outdated"] == {"campaigns": ["26A"]}
    count(second, file, lot0=1)
    assert "lots.barred_outdated" not in second.unmet("freeze_lots")
    assert second.unmet("freeze_lots")["lots.barred"]["people"] == 1


def test_a_count_of_lots_that_were_made_again_meanwhile_says_nothing_of_the_new_ones(second: Played) -> None:
    old = plan(second).id
    second.ask(RemakeLots(subject_id=second.campaign_id, reason="Des refus sont signalés."))
    second.record_lots()

    late = RecordBarred(subject_id=second.campaign_id, lot_plan_id=old, drop_on=DROP_ON, files=(), found={})
    with pytest.raises(LotsOfAnotherPlan):
        second.ask(late, by=SYSTEM)


# --- once they are frozen ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def proved(second: Played) -> Played:
    """The same with its lots frozen and its proofs signed off."""
    freeze(second)
    second.accept_overrun()
    second.sign_proofs()
    return second


def order(campaign: Played, reason: str = "") -> None:
    campaign.ask(OrderMailing(subject_id=campaign.campaign_id, barred_reason=reason))


def test_nothing_is_ordered_before_it_is_counted_nor_with_somebody_left_alone_unless_there_is_a_reason(proved: Played) -> None:
    file = report(proved)
    assert proved.unmet("order_mailing") == {"lots.barred_outdated": {"campaigns": ["26A"]}}

    count(proved, file, lot0=2)
    assert proved.unmet("order_mailing") == {}, "policy lets the project manager pass over it"
    with pytest.raises(BarredNeedAReason):
        order(proved)
    assert proved.rows(Override) == []
    order(proved, "Deux contacts sur dix mille, signalés hier.")

    (passed,) = proved.rows(Override)
    assert (passed.control, passed.about, passed.expected, passed.actual) == ("barred_in_lots", codes(proved)[0], "0", "2")
    assert any(name == "review_override" for name, _ in proved.tasks())
    assert proved.controls("campaign.send.ordered")[f"barred_in_lots:{codes(proved)[0]}"][:2] == (0, 2)


def test_where_nobody_is_found_no_reason_is_wanted(proved: Played) -> None:
    count(proved, report(proved))

    order(proved)

    assert proved.rows(Override) == []


def test_policy_says_who_lets_it_pass(proved: Played) -> None:
    count(proved, report(proved), lot0=2)
    proved.tune_policy({"overrides": {"barred_in_lots": "nobody"}})
    assert set(proved.unmet("order_mailing")) == {"lots.barred"}
    proved.tune_policy({"overrides": {"barred_in_lots": "budget_approver"}})
    assert set(proved.unmet("order_mailing")) == {"lots.barred_need_a_grant"}

    grant = GrantOverride(subject_id=proved.campaign_id, control="barred_in_lots", reason="Deux contacts.")
    proved.ask(grant, by=proved.president)

    order(proved, "Accordé.")


def test_a_lot_that_is_left_unsent_holds_nothing_up_any_more(proved: Played) -> None:
    count(proved, report(proved), lot0=2)

    with proved.behind_the_engine() as connection:
        connection.execute("update lot set not_sent_reason = 'x' where code = %s", (codes(proved)[0],))

    order(proved)


def test_going_back_to_the_lots_makes_them_again_and_they_owe_nothing(proved: Played) -> None:
    file = report(proved)
    count(proved, file, lot0=2)

    proved.ask(ReturnToStage(subject_id=proved.campaign_id, stage="lots", reason="Deux refus signalés."))
    proved.record_lots()
    count(proved, file)

    assert proved.unmet("freeze_lots") == {}
