"""Deliveries: version after version, nothing accepted twice, nothing unordered; a list may stay short or be left out, with a reason."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col

from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from workflows.campaign.records import StoredFile
from workflows.campaign.rules import NotOfThisCampaign, ReasonMissing
from workflows.campaign.stages.delivery import AcceptShortDelivery, BelowFloor, ExcludeList, NothingAccepted, StartDedupe
from workflows.campaign.suppressions.receiving import KeepSuppression
from workflows.delivery.model import DeliveredFile
from workflows.delivery.process import (
    AcceptDelivery,
    DeliverFile,
    ListNotOrdered,
    RecordExamination,
    RejectDelivery,
    TrancheAlreadyAccepted,
    VersionAlreadyDelivered,
)
from workflows.engine.refusals import ConditionsUnmet, MoveNotOpen, NotFound
from workflows.parties.actor import SYSTEM, Actor
from workflows.plan_line.model import PlanLine

Campaigns = Callable[[str], Played]

ALZ = 422 + 421 + 716
"""Addresses ordered of ALZ."""


def deliver(campaign: Played, code: str = "ALZ", version: int = 1, tranche: int = 1, by: Actor | None = None, **note: Any) -> UUID:
    file = kept(f"{code}_{tranche}_{version}.csv")
    command = DeliverFile(subject_id=campaign.list_id(code), tranche=tranche, file_version=version, file=file, **note)
    found: UUID = campaign.ask(command, by=by).subject.id
    return found


def examine(campaign: Played, file_id: UUID, count: int, *failed: str) -> None:
    findings = tuple(
        {"code": code, "expected": 1, "actual": 0, "tolerance": None, "verdict": "failed", "override": None} for code in failed
    )
    command = RecordExamination(subject_id=file_id, record_count=count, conforming=not failed, report={}, findings=findings)
    campaign.ask(command, by=SYSTEM)


def accept(campaign: Played, file_id: UUID, count: int) -> None:
    examine(campaign, file_id, count)
    campaign.ask(AcceptDelivery(subject_id=file_id))


def file(campaign: Played, file_id: UUID) -> DeliveredFile:
    (row,) = campaign.rows(DeliveredFile, col(DeliveredFile.id) == file_id)
    return row


def states(campaign: Played, code: str = "ALZ") -> set[str]:
    return {line.state for line in campaign.rows(PlanLine, col(PlanLine.list_code) == code)}


def complete(campaign: Played, *, but: str = "") -> None:
    """Every list comes whole, and the house's files are there."""
    with campaign.reading() as session:
        facts = campaign.facts(session)
        wanted = {row.code: facts.ordered_qty(row.id) for row in facts.live_lists}
        begun = {one.list_code for one in facts.files}
    for code, quantity in wanted.items():
        if code != but and code not in begun:
            accept(campaign, deliver(campaign, code), quantity)
    for path in campaign.kit.suppressions:
        campaign.ask(KeepSuppression(subject_id=campaign.campaign_id, suppression=path.name, file=kept(path.name)))


def test_a_supplier_delivers_its_own_list_and_no_other(played: Campaigns) -> None:
    campaign = played("delivery")

    row = file(campaign, deliver(campaign, by=campaign.actors["S-CRT"]))
    assert (row.state, row.list_code, row.supplier_id) == ("received", "ALZ", campaign.actors["S-CRT"].supplier_ids[0])
    assert states(campaign) == {"delivered"}
    with pytest.raises(NotFound):
        deliver(campaign, version=2, by=campaign.actors["S-ECL"])


def test_nothing_is_delivered_that_was_not_ordered(played: Campaigns) -> None:
    campaign = played("order")
    with pytest.raises(ListNotOrdered):
        deliver(campaign)
    assert campaign.rows(StoredFile) == []

    campaign.accept_orders()
    assert deliver(campaign)


def test_a_file_is_accepted_once_a_machine_found_it_conforming(played: Campaigns) -> None:
    campaign = played("delivery")
    file_id = deliver(campaign)
    with pytest.raises(MoveNotOpen):
        campaign.ask(AcceptDelivery(subject_id=file_id))

    examine(campaign, file_id, ALZ, "count_as_declared", "readable")

    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(AcceptDelivery(subject_id=file_id))
    (unmet,) = refusal.value.unmet
    assert (unmet.code, unmet.params) == ("delivery.not_conforming", {"checks": ["count_as_declared", "readable"]})


def test_a_rejected_version_is_followed_by_a_new_one(played: Campaigns) -> None:
    campaign = played("delivery")
    first = deliver(campaign)
    examine(campaign, first, 12, "count_as_declared")
    with pytest.raises(ReasonMissing):
        campaign.ask(RejectDelivery(subject_id=first, reason=""))

    campaign.ask(RejectDelivery(subject_id=first, reason="Douze adresses seulement."))

    assert len(campaign.issued("non_conformity")) == 1
    assert ("deliver_list", "ALZ") in campaign.tasks(), "the supplier still has to deliver"
    with pytest.raises(VersionAlreadyDelivered):
        deliver(campaign, version=1)
    second = deliver(campaign, version=2)
    accept(campaign, second, ALZ)
    assert (file(campaign, first).state, file(campaign, second).state) == ("rejected", "accepted")
    assert states(campaign) == {"accepted"}
    assert ("deliver_list", "ALZ") not in campaign.tasks()


def test_an_accepted_tranche_cannot_be_delivered_again(played: Campaigns) -> None:
    campaign = played("delivery")
    accept(campaign, deliver(campaign), 700)

    with pytest.raises(TrancheAlreadyAccepted):
        deliver(campaign, version=2)

    accept(campaign, deliver(campaign, tranche=2), ALZ - 700)
    assert states(campaign) == {"accepted"}


def test_a_list_is_complete_within_its_tolerance_and_not_below(played: Campaigns) -> None:
    campaign = played("delivery")

    accept(campaign, deliver(campaign), int(ALZ * 0.98) - 1)
    assert states(campaign) == {"delivered"}
    accept(campaign, deliver(campaign, tranche=2), 2)
    assert states(campaign) == {"accepted"}


def test_a_new_version_leaves_no_work_about_the_one_before(played: Campaigns) -> None:
    campaign = played("delivery")
    first = deliver(campaign)
    examine(campaign, first, ALZ)
    assert [name for name, _ in campaign.tasks()].count("review_delivery") == 1

    second = deliver(campaign, version=2)

    assert file(campaign, first).state == "superseded"
    assert [name for name, _ in campaign.tasks()].count("review_delivery") == 0
    with pytest.raises(MoveNotOpen):
        campaign.ask(AcceptDelivery(subject_id=first))
    accept(campaign, second, ALZ)


def test_an_examination_of_a_superseded_version_changes_nothing(played: Campaigns) -> None:
    campaign = played("delivery")
    first = deliver(campaign)
    deliver(campaign, version=2)

    with pytest.raises(MoveNotOpen):
        examine(campaign, first, ALZ)


def test_a_list_that_came_short_goes_on_with_what_was_accepted(played: Campaigns) -> None:
    campaign = played("delivery")
    about = {"subject_id": campaign.campaign_id, "list_id": campaign.list_id("ALZ")}
    with pytest.raises(NothingAccepted):
        campaign.ask(AcceptShortDelivery(**about, reason="Tant pis."))
    accept(campaign, deliver(campaign), 300)
    with pytest.raises(ReasonMissing):
        campaign.ask(AcceptShortDelivery(**about, reason=" "))

    campaign.ask(AcceptShortDelivery(**about, reason="Le propriétaire n’a pas plus."))

    assert states(campaign) == {"accepted"}
    assert ("deliver_list", "ALZ") not in campaign.tasks()


def test_a_list_that_never_came_is_left_out(played: Campaigns) -> None:
    campaign = played("delivery")
    about = {"subject_id": campaign.campaign_id, "list_id": campaign.list_id("ECL")}
    with pytest.raises(ReasonMissing):
        campaign.ask(ExcludeList(**about, reason=""))

    campaign.ask(ExcludeList(**about, reason="Trop tard."))

    assert states(campaign, "ECL") == {"cancelled"}
    assert ("deliver_list", "ECL") not in campaign.tasks()
    complete(campaign, but="ECL")
    with pytest.raises(BelowFloor):
        campaign.ask(StartDedupe(subject_id=campaign.campaign_id))
    campaign.ask(StartDedupe(subject_id=campaign.campaign_id, shortfall_reason="Le calendrier ne permet pas d’attendre."))
    assert campaign.state == "dedupe"


def test_a_list_left_out_after_a_part_of_it_was_accepted_is_asked_of_no_merge_purge(played: Campaigns) -> None:
    campaign = played("delivery")
    accept(campaign, deliver(campaign, "ECL"), 900)
    campaign.ask(ExcludeList(subject_id=campaign.campaign_id, list_id=campaign.list_id("ECL"), reason="Fichier douteux."))
    complete(campaign)
    campaign.ask(StartDedupe(subject_id=campaign.campaign_id, shortfall_reason="Sans ECL."))

    campaign.record_dedupe()

    with campaign.reading() as session:
        run = campaign.facts(session).run
    assert run.state == "done"
    assert "ECL" not in {entry["code"] for entry in run.brief["files"]}


def test_the_share_that_was_accepted_counts_no_list_that_was_left_out(played: Campaigns) -> None:
    campaign = played("delivery")
    accept(campaign, deliver(campaign, "ECL"), 1600)
    campaign.ask(ExcludeList(subject_id=campaign.campaign_id, list_id=campaign.list_id("ECL"), reason="Fichier douteux."))
    complete(campaign)

    with pytest.raises(BelowFloor) as refusal:
        campaign.ask(StartDedupe(subject_id=campaign.campaign_id))
    assert refusal.value.params["accepted"] == refusal.value.params["planned"] - 1063 - 594


def test_the_merge_purge_waits_for_every_list_and_for_the_house_s_suppressions(played: Campaigns) -> None:
    campaign = played("delivery")
    missing = [path.name for path in campaign.kit.suppressions]
    unmet = campaign.unmet("start_dedupe")
    assert unmet["delivery.lists_open"] == {"lists": ["ALZ", "BTN", "CDR", "DOM", "ECL", "MAI"]}
    assert sorted(unmet["delivery.suppressions_missing"]["files"]) == sorted(missing)

    complete(campaign)

    assert campaign.move("start_dedupe").is_open
    campaign.ask(StartDedupe(subject_id=campaign.campaign_id))
    assert campaign.state == "dedupe"


def test_a_suppression_list_given_again_replaces_the_one_before(played: Campaigns) -> None:
    campaign = played("delivery")
    for version in (1, 2):
        file = kept(f"opposition v{version}")
        campaign.ask(KeepSuppression(subject_id=campaign.campaign_id, suppression="opposition.csv", file=file))

    kept_now = campaign.rows(StoredFile, col(StoredFile.to_seq).is_(None))
    assert [row.name for row in kept_now] == ["opposition v2"]


def test_lists_of_other_campaigns_are_neither_shortened_nor_left_out(played: Campaigns) -> None:
    campaign = played("delivery")

    for command in (AcceptShortDelivery, ExcludeList):
        with pytest.raises(NotOfThisCampaign):
            campaign.ask(command(subject_id=campaign.campaign_id, list_id=uuid4(), reason="Non."))


def test_rented_data_is_kept_with_the_day_it_must_be_gone(played: Campaigns) -> None:
    campaign = played("delivery")
    deliver(campaign)

    (stored,) = campaign.rows(StoredFile)
    assert (stored.purge_on - campaign.campaign.drop_on).days == 90
