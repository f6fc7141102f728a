"""Merge-purge and lots: what does not add up is refused, what is redone makes void whatever was made of it."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col

from app.queries.brief import brief_of
from app.queries.dedupe import get_dedupe
from tests.integration.papers.brought import a_report, cells_of
from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from workflows.campaign.dedupe.comparing import (
    ComparePair,
    ComparisonLapsed,
    LookUpRecord,
    RecordComparison,
    RecordLookUp,
    UnknownSource,
)
from workflows.campaign.dedupe.settings import RedoDedupe, UnknownSetting
from workflows.campaign.records import Lot, LotPlan, MergePurgeRun, StoredFile
from workflows.campaign.rules import ReasonMissing
from workflows.campaign.stages.dedupe import AccountingBroken, ApproveDedupe, NetBelowMinimum, RecordMergePurge, RunVoid
from workflows.campaign.stages.lots import Cell, FreezeLots, LotsNotOfThisRun, PartitionBroken, RecordLots
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.documents import Document
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import ConditionsUnmet, MoveNotOpen
from workflows.parties.actor import SYSTEM

Campaigns = Callable[[str], Played]


def run(campaign: Played) -> MergePurgeRun:
    """The newest run."""
    found: MergePurgeRun = campaign.rows(MergePurgeRun, order=col(MergePurgeRun.number))[-1]
    return found


def report(campaign: Played) -> dict[str, Any]:
    with campaign.reading() as session:
        facts = campaign.facts(session)
        return a_report({row.code: facts.ordered_qty(row.id) for row in facts.live_lists})


def record(campaign: Played, told: dict[str, Any], run_id: UUID | None = None) -> None:
    command = RecordMergePurge(subject_id=campaign.campaign_id, run_id=run_id or run(campaign).id, report=told, result=kept("dedupe.zip"))
    campaign.ask(command, by=SYSTEM)


def cells(campaign: Played) -> tuple[Cell, ...]:
    with campaign.reading() as session:
        return tuple(cells_of(campaign.facts(session)))


def record_lots(campaign: Played, made: tuple[Cell, ...], run_id: UUID | None = None) -> None:
    command = RecordLots(
        subject_id=campaign.campaign_id, run_id=run_id or run(campaign).id, cells=made, summary={}, result=kept("lots.zip")
    )
    campaign.ask(command, by=SYSTEM)


def lot_plan(campaign: Played) -> LotPlan:
    (found,) = campaign.rows(LotPlan, col(LotPlan.to_seq).is_(None))
    return found


def test_a_run_is_asked_of_a_machine_with_everything_it_needs(played: Campaigns) -> None:
    campaign = played("dedupe")

    (message,) = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "run_merge_purge")
    begun = run(campaign)
    assert (message.payload, begun.number, begun.state) == ({"run_id": str(begun.id)}, 1, "requested")
    assert [entry["code"] for entry in begun.brief["files"]] == ["MAI", "DOM", "CDR", "ALZ", "BTN", "ECL"], "by rank"
    assert begun.brief["files"][1]["ranks"] == {"D12": 3, "D36": 4}
    assert [entry["cpm"] for entry in begun.brief["files"] if entry["code"] in ("MAI", "ALZ")] == ["0.000000", "165.000000"]
    assert [entry["code"] for entry in begun.brief["suppressions"]] == ["opposition", "pnd_historique", "donateurs_actifs"]


def test_a_report_is_approved_by_a_person_once_the_machine_is_done(played: Campaigns) -> None:
    campaign = played("dedupe")
    assert campaign.tasks() == []
    assert list(campaign.unmet("approve_dedupe")) == ["dedupe.not_done"]

    record(campaign, report(campaign))

    assert campaign.tasks() == [("approve_dedupe", "")]
    assert campaign.move("approve_dedupe").is_open


@pytest.mark.parametrize("part", ["delivered", "rejected", "intra", "inter", "net"])
def test_a_report_whose_records_do_not_add_up_is_refused(played: Campaigns, part: str) -> None:
    campaign = played("dedupe")
    told = report(campaign)
    told["lists"]["BTN"][part] += 1

    with pytest.raises(AccountingBroken) as refusal:
        record(campaign, told)

    assert refusal.value.params["list"] == "accounting:BTN"
    assert (run(campaign).state, run(campaign).report) == ("requested", None)
    assert campaign.rows(StoredFile, col(StoredFile.kind) == "dedupe") == []


def test_a_report_that_lost_a_record_of_a_delivered_file_is_refused(played: Campaigns) -> None:
    campaign = played("dedupe")
    told = report(campaign)
    told["lists"]["BTN"]["delivered"] -= 1
    told["lists"]["BTN"]["net"] -= 1

    with pytest.raises(AccountingBroken) as refusal:
        record(campaign, told)
    assert refusal.value.params["list"] == "delivered:BTN"


def test_a_report_that_leaves_out_a_list_is_refused(played: Campaigns) -> None:
    campaign = played("dedupe")
    told = report(campaign)
    del told["lists"]["ECL"]

    with pytest.raises(AccountingBroken):
        record(campaign, told)


def test_a_report_about_a_list_that_nobody_delivered_is_refused(played: Campaigns) -> None:
    campaign = played("dedupe")
    told = report(campaign)
    told["lists"]["XXX"] = {"delivered": 9, "rejected": 0, "suppressed": {}, "intra": 0, "inter": 0, "net": 9}

    with pytest.raises(AccountingBroken):
        record(campaign, told)


def test_the_result_of_a_run_is_recorded_once(played: Campaigns) -> None:
    campaign = played("dedupe")
    record(campaign, report(campaign))

    with pytest.raises(RunVoid):
        record(campaign, report(campaign))


def test_a_net_below_the_minimum_needs_a_reason(played: Campaigns) -> None:
    campaign = played("dedupe")
    record(campaign, report(campaign))
    with campaign.behind_the_engine() as connection:
        connection.execute("update campaign set minimum_net_quantity = 1000000")

    with pytest.raises(NetBelowMinimum):
        campaign.ask(ApproveDedupe(subject_id=campaign.campaign_id))
    campaign.ask(ApproveDedupe(subject_id=campaign.campaign_id, shortfall_reason="Cette vague s’en contente."))
    assert campaign.state == "lots"


def test_a_run_done_again_makes_the_first_void_with_its_reason(played: Campaigns) -> None:
    campaign = played("dedupe")
    first = run(campaign)
    record(campaign, report(campaign))
    with pytest.raises(ReasonMissing):
        campaign.ask(RedoDedupe(subject_id=campaign.campaign_id, reason=""))

    campaign.ask(RedoDedupe(subject_id=campaign.campaign_id, reason="Mauvais rang pour DOM."))

    old, new = campaign.rows(MergePurgeRun, order=col(MergePurgeRun.number))
    assert (old.state, old.void_reason, old.to_seq) == ("void", "Mauvais rang pour DOM.", campaign.campaign.chain_seq)
    assert (new.number, new.state) == (2, "requested")
    assert len(campaign.rows(OutboxMessage, col(OutboxMessage.name) == "run_merge_purge")) == 2
    assert campaign.tasks() == [], "there is nothing to approve yet"
    with pytest.raises(RunVoid):
        record(campaign, report(campaign), first.id)


def told_to(begun: MergePurgeRun) -> tuple[str, str, list[str]]:
    """The level, the rule and the protected lists that a run was told."""
    return begun.brief["level"], begun.brief["allocation"], [file["code"] for file in begun.brief["files"] if file["protected"]]


def test_a_run_done_again_is_told_what_was_chosen_and_the_next_keeps_to_it(played: Campaigns) -> None:
    campaign = played("dedupe")
    assert told_to(run(campaign)) == ("individual", "priority", [])
    record(campaign, report(campaign))

    chosen = {"level": "household", "allocation": "dearest_loses", "protected": ("CDR",)}
    campaign.ask(RedoDedupe(subject_id=campaign.campaign_id, reason="Moins cher ainsi.", **chosen))

    assert told_to(run(campaign)) == ("household", "dearest_loses", ["CDR"])
    assert {entry["level"] for entry in run(campaign).brief["suppressions"]} == {"household"}
    with campaign.reading() as session:
        said = campaign.rows(Document, col(Document.kind) == "dedupe_brief", order=col(Document.version))[-1].content
        told = json.loads(said)
        assert (told["allocation"], told["protected_lists"]) == ("dearest_loses", ["CDR"])
        assert brief_of(campaign.facts(session)).dedupe["allocation"] == "dearest_loses", "a copy is made as this one was"
    record(campaign, report(campaign))
    campaign.approve_dedupe()
    campaign.ask(RedoDedupe(subject_id=campaign.campaign_id, reason="Sans protéger personne.", protected=()))
    assert told_to(run(campaign)) == ("household", "dearest_loses", [])


@pytest.mark.parametrize("chosen", [{"level": "street"}, {"allocation": "cheapest"}, {"protected": ("CDR", "XXX")}])
def test_what_cannot_be_chosen_is_refused_with_what_can(played: Campaigns, chosen: dict[str, Any]) -> None:
    campaign = played("dedupe")
    with pytest.raises(UnknownSetting) as refusal:
        campaign.ask(RedoDedupe(subject_id=campaign.campaign_id, reason="Pour voir.", **chosen))
    assert refusal.value.params["given"] in ("street", "cheapest", "XXX")
    assert len(campaign.rows(MergePurgeRun)) == 1


def test_merging_again_from_the_lots_makes_the_lots_void(played: Campaigns) -> None:
    campaign = played("lots")
    first = run(campaign)
    made = cells(campaign)
    record_lots(campaign, made)
    assert campaign.tasks(but="send_invoice") == [("freeze_lots", "")]

    campaign.ask(RedoDedupe(subject_id=campaign.campaign_id, reason="Un fichier de plus."))

    assert campaign.state == "dedupe"
    ended = campaign.campaign.chain_seq
    assert {lot.to_seq for lot in campaign.rows(Lot)} == {ended}
    assert {plan.to_seq for plan in campaign.rows(LotPlan)} == {ended}
    assert campaign.tasks() == []
    with pytest.raises(MoveNotOpen):
        record_lots(campaign, made, first.id)

    record(campaign, report(campaign))
    campaign.approve_dedupe()
    with pytest.raises(LotsNotOfThisRun):
        record_lots(campaign, made, first.id)
    record_lots(campaign, cells(campaign))
    assert lot_plan(campaign).number == 2


@pytest.mark.parametrize("difference", [-1, 1])
def test_cells_that_are_no_partition_of_a_list_s_net_are_refused(played: Campaigns, difference: int) -> None:
    campaign = played("lots")
    first, *others = cells(campaign)

    with pytest.raises(PartitionBroken) as refusal:
        record_lots(campaign, (replace(first, quantity=first.quantity + difference), *others))

    assert refusal.value.params["cells"] - refusal.value.params["net"] == difference
    assert campaign.rows(Lot) == []


def test_two_cells_with_one_code_are_refused(played: Campaigns) -> None:
    campaign = played("lots")
    first, second, *others = cells(campaign)

    with pytest.raises(PartitionBroken):
        record_lots(campaign, (first, replace(second, code=first.code), *others))


def test_a_cell_of_a_list_that_the_merge_purge_did_not_see_is_refused(played: Campaigns) -> None:
    campaign = played("lots")
    first, *others = cells(campaign)

    with pytest.raises(PartitionBroken):
        record_lots(campaign, (first, *others, replace(first, code="26AXXX", list_code="XXX", quantity=500)))


def test_lots_are_made_once_of_a_run(played: Campaigns) -> None:
    campaign = played("lots")
    record_lots(campaign, cells(campaign))

    with pytest.raises(LotsNotOfThisRun):
        record_lots(campaign, cells(campaign))
    with pytest.raises(LotsNotOfThisRun):
        record_lots(campaign, cells(campaign), uuid4())


def test_exactly_the_lot_plan_that_was_shown_is_frozen(played: Campaigns) -> None:
    campaign = played("lots")
    with pytest.raises(ConditionsUnmet):
        campaign.ask(FreezeLots(subject_id=campaign.campaign_id, lot_plan_sha256="0" * 64))
    record_lots(campaign, cells(campaign))

    with pytest.raises(LotsNotOfThisRun):
        campaign.ask(FreezeLots(subject_id=campaign.campaign_id, lot_plan_sha256="0" * 64))
    campaign.ask(FreezeLots(subject_id=campaign.campaign_id, lot_plan_sha256=lot_plan(campaign).sha256))

    assert lot_plan(campaign).frozen_at is not None
    with pytest.raises(MoveNotOpen):
        campaign.ask(RedoDedupe(subject_id=campaign.campaign_id, reason="Trop tard."))


def ask(campaign: Played, **changes: str) -> None:
    wanted = {"left_source": "ALZ", "left_id": "ALZ0000001", "right_source": "opposition", "right_id": "7"} | changes
    campaign.ask(ComparePair(subject_id=campaign.campaign_id, **wanted))


def answer(campaign: Played, number: int, told: dict[str, Any]) -> None:
    command = RecordComparison(subject_id=campaign.campaign_id, run_id=run(campaign).id, number=number, answer=told)
    campaign.ask(command, by=SYSTEM)


def test_two_records_are_compared_by_a_machine_and_the_answer_stays_with_the_run(played: Campaigns) -> None:
    campaign = played("dedupe")
    assert list(campaign.unmet("compare_pair")) == ["dedupe.not_done"]
    record(campaign, report(campaign))

    ask(campaign)
    ask(campaign, right_id="8")

    payloads = [message.payload for message in campaign.rows(OutboxMessage, col(OutboxMessage.name) == "explain_pair")]
    assert sorted(one["number"] for one in payloads) == [1, 2]
    told = {"points": [["surname", "equal", "3.20"]], "base": "-4.00", "score": "-0.80", "threshold": "0.00"}
    answer(campaign, 2, told)
    assert [one["answer"] for one in run(campaign).comparisons] == [None, told]
    with campaign.reading() as session:
        (answered, waiting) = get_dedupe(campaign.facts(session)).comparisons
    assert (answered.left, answered.right, answered.is_one, waiting.is_answered) == ("ALZ ALZ0000001", "opposition 8", False, False)
    with pytest.raises(ComparisonLapsed):
        answer(campaign, 2, told)


def test_a_record_of_a_file_that_the_run_never_saw_is_not_asked_about(played: Campaigns) -> None:
    campaign = played("lots")
    with pytest.raises(UnknownSource) as refusal:
        ask(campaign, right_source="XXX")
    assert refusal.value.params["source"] == "XXX"
    ask(campaign, right_source="BTN")


def test_a_machine_looks_up_what_became_of_a_record_and_the_answer_stays_with_the_run(played: Campaigns) -> None:
    campaign = played("dedupe")
    record(campaign, report(campaign))
    ask(campaign)

    campaign.ask(LookUpRecord(subject_id=campaign.campaign_id, source="ALZ", record_id="ALZ0000001"))

    (asked,) = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "look_up_record")
    assert asked.payload == {"run_id": str(run(campaign).id), "number": 2}
    with campaign.reading() as session:
        page = get_dedupe(campaign.facts(session))
    assert [one.is_answered for one in (*page.comparisons, *page.lookups)] == [False, False]
    row = {"row": 3, "decision": "inter", "by": "MAI", "score": "9.10", "size": 40}
    others = [{"source": "BTN", "id": "B7", "decision": "inter"}, {"source": "MAI", "id": "M1", "decision": "kept"}]
    told = {"rows": [row | {"group": others}]}
    campaign.ask(RecordLookUp(subject_id=campaign.campaign_id, run_id=run(campaign).id, number=2, answer=told), by=SYSTEM)
    with campaign.reading() as session:
        ((found,),) = [one.found for one in get_dedupe(campaign.facts(session)).lookups]
    assert found.stays is not None
    assert (found.stays.source, found.stays.record_id, found.untold) == ("MAI", "M1", 37)


def test_of_a_suppression_file_s_own_records_nothing_is_decided(played: Campaigns) -> None:
    campaign = played("lots")
    with pytest.raises(UnknownSource):
        campaign.ask(LookUpRecord(subject_id=campaign.campaign_id, source="opposition", record_id="7"))


def test_ids_of_records_are_in_no_checkpoint(played: Campaigns) -> None:
    campaign = played("lots")
    ask(campaign)
    campaign.ask(LookUpRecord(subject_id=campaign.campaign_id, source="ALZ", record_id="ALZ0000001"))
    assert not [row for row in campaign.rows(Checkpoint) if b"ALZ0000001" in row.body]
