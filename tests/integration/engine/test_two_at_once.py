"""Two people decide at the same moment: one waits for the other, then learns what was decided."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import Session

from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from tests.patience import PATIENCE_SECONDS, wait_until
from workflows.campaign.stages.budget import ApproveBudget, RefuseBudget
from workflows.campaign.stages.negotiation import AgreeTerms, ListAlreadySettled, RecordConsent
from workflows.delivery.process import AcceptDelivery, DeliverFile, RecordExamination, RejectDelivery, VersionAlreadyDelivered
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.command import Command
from workflows.engine.refusals import MoveNotOpen, Refused, Stale
from workflows.parties.actor import SYSTEM, Actor

Campaigns = Callable[[str], Played]


def both_ask(campaign: Played, first: tuple[Command, Actor], second: tuple[Command, Actor]) -> Refused:
    """Let the second ask while the first has moved and not committed; return how the second was refused."""
    moved, go_on = threading.Event(), threading.Event()

    def hold(_session: Session) -> None:
        moved.set()
        assert go_on.wait(PATIENCE_SECONDS)

    with ThreadPoolExecutor(2) as pool:
        one: Future[Any] = pool.submit(campaign.door.execute_all, [first[0]], actor=first[1], now=campaign.now, finish=hold)
        assert moved.wait(PATIENCE_SECONDS)
        other = pool.submit(campaign.door.execute, second[0], actor=second[1], now=campaign.now)
        waits_for_a_lock(campaign)
        assert not other.done()
        go_on.set()
        one.result(PATIENCE_SECONDS)
        with pytest.raises(Refused) as refusal:
            other.result(PATIENCE_SECONDS)
    return refusal.value


def waits_for_a_lock(campaign: Played) -> None:
    """Return once a connection to this campaign's database waits for another's lock."""
    question = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with campaign.behind_the_engine() as connection:
        wait_until(lambda: connection.execute(question).fetchone() == (1,))


def test_of_an_approval_and_a_refusal_of_one_budget_exactly_one_wins(played: Campaigns) -> None:
    campaign = played("budget")
    with campaign.reading() as session:
        sha256 = campaign.facts(session).budget.sha256
    version = campaign.campaign.version
    approval = ApproveBudget(subject_id=campaign.campaign_id, budget_sha256=sha256)
    refusal = RefuseBudget(subject_id=campaign.campaign_id, reason="Trop cher.")

    lost = both_ask(campaign, (refusal, campaign.deputy), (approval, campaign.president))

    assert isinstance(lost, MoveNotOpen)
    assert (campaign.state, campaign.campaign.version) == ("negotiation", version + 1)


def test_whoever_looked_at_what_another_just_changed_is_told_that_it_is_stale(played: Campaigns) -> None:
    campaign = played("negotiation")
    about = {"subject_id": campaign.campaign_id, "seen_version": campaign.campaign.version}
    one = AgreeTerms(**about, list_id=campaign.list_id("ALZ"))
    other = AgreeTerms(**about, list_id=campaign.list_id("BTN"))

    lost = both_ask(campaign, (one, campaign.manager), (other, campaign.manager))

    assert isinstance(lost, Stale)


def test_the_second_of_two_reads_what_the_first_wrote_before_it_decides(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree = AgreeTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id("ALZ"))

    lost = both_ask(campaign, (agree, campaign.manager), (agree, campaign.manager))

    assert isinstance(lost, ListAlreadySettled)
    campaign.ask(RecordConsent(subject_id=campaign.campaign_id, list_id=campaign.list_id("ALZ")))


def test_one_file_is_either_accepted_or_rejected(played: Campaigns) -> None:
    campaign = played("delivery")
    file_id = campaign.ask(DeliverFile(subject_id=campaign.list_id("ALZ"), file=kept("a.csv"))).subject.id
    campaign.ask(RecordExamination(subject_id=file_id, record_count=1559, conforming=True, report={}, findings=()), by=SYSTEM)
    accept, reject = AcceptDelivery(subject_id=file_id), RejectDelivery(subject_id=file_id, reason="Non.")

    lost = both_ask(campaign, (accept, campaign.manager), (reject, campaign.manager))

    assert isinstance(lost, MoveNotOpen)
    assert campaign.issued("non_conformity") == []


def test_two_files_of_one_version_are_not_both_taken(played: Campaigns) -> None:
    campaign = played("delivery")
    list_id = campaign.list_id("ALZ")
    deliveries = [(DeliverFile(subject_id=list_id, file=kept(name)), campaign.actors["S-CRT"]) for name in ("a.csv", "b.csv")]

    assert isinstance(both_ask(campaign, *deliveries), VersionAlreadyDelivered)


def test_many_who_move_one_campaign_leave_one_unbroken_chain(played: Campaigns) -> None:
    campaign = played("negotiation")
    codes = ["ALZ", "BTN", "CDR", "DOM", "ECL"]
    commands = [AgreeTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id(code)) for code in codes]

    with ThreadPoolExecutor(len(commands)) as pool:
        list(pool.map(lambda command: campaign.door.execute(command, actor=campaign.manager, now=campaign.now), commands))

    entries = sorted(campaign.rows(Checkpoint), key=lambda entry: entry.seq)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[-1].sha256 == campaign.campaign.chain_head
    assert [entry.event for entry in entries].count("campaign.negotiation.terms_agreed") == len(codes)
