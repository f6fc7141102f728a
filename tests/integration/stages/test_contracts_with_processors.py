"""Contracts with processors: no order goes out before each has one that holds until the processing ends, or somebody lets that pass."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col

from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.overriding import GrantOverride
from workflows.campaign.processors import contracting as rules
from workflows.campaign.processors.contracting import RecordContract, WithdrawContract
from workflows.campaign.processors.records import ProcessorContract
from workflows.campaign.records import Override, StoredFile
from workflows.campaign.rules import NotOfThisCampaign, ReasonMissing
from workflows.campaign.stages.order import IssueOrders
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.refusals import ConditionsUnmet, NotFound, NotYourMove
from workflows.order.model import PurchaseOrder
from workflows.parties.roles import Role

Campaigns = Callable[[str], Played]
PROCESSORS = ("S-CAG", "S-IMP", "S-ROU")
"""Who works on people's data for the kit's campaign: it handles gifts, prints, mails."""
PURGED_ON = date(2027, 1, 11)
"""The day on which the processing of the kit's campaign ends."""


def record(campaign: Played, code: str = "S-ROU", *, by: Any = None, **changes: Any) -> None:
    asked = {"number": "RGPD-26", "signed_on": campaign.now.date(), "signatory": "Paul Dubois"}
    command = RecordContract(subject_id=campaign.campaign_id, supplier_id=campaign.supplier_id(code), **(asked | changes))
    campaign.ask(command, by=by)


def contracts(campaign: Played, code: str = "S-ROU") -> list[ProcessorContract]:
    supplier_id = campaign.supplier_id(code)
    return campaign.rows(ProcessorContract, col(ProcessorContract.supplier_id) == supplier_id, order=col(ProcessorContract.from_seq))


def lose(campaign: Played, *codes: str) -> None:
    """Let these suppliers have no contract on record."""
    ids = [campaign.supplier_id(code) for code in codes]
    with campaign.behind_the_engine() as connection:
        connection.execute("delete from processor_contract where supplier_id = any(%s)", (ids,))


@pytest.fixture
def campaign(played: Campaigns) -> Played:
    return played("budget")


# --- what is recorded -----------------------------------------------------------------------------------------------------------------


def test_a_manager_or_the_data_protection_officer_records_a_contract_with_its_file_by_hash(campaign: Played) -> None:
    file = kept("contrat.pdf")
    record(campaign, by=campaign.as_role(Role.DPO), file=file, media_type="application/pdf", ends_on=date(2030, 12, 31))

    row = contracts(campaign)[-1]
    assert (row.number, row.signatory, row.signed_on, row.ends_on) == (
        "RGPD-26",
        "Paul Dubois",
        date(2026, 7, 6),
        date(2030, 12, 31),
    )
    assert row.recorded_by_id == campaign.manager.person_id
    (stored,) = campaign.rows(StoredFile, col(StoredFile.id) == row.file_id)
    assert (stored.kind, stored.sha256, stored.supplier_id) == ("processor_contract", file.sha256, row.supplier_id)
    entry = next(one for one in campaign.rows(Checkpoint) if one.event == "campaign.contracts.recorded")
    assert [one["sha256"] for one in read_json(entry.body)["files"]] == [file.sha256]
    assert b"Dubois" not in entry.body, "a name stands beside the chain, where it can be erased"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        pytest.param({"number": " "}, rules.ContractIncomplete, id="no reference"),
        pytest.param({"signatory": ""}, rules.ContractIncomplete, id="nobody signed"),
        pytest.param({"signed_on": date(2030, 1, 1)}, rules.ContractIsToCome, id="not signed yet"),
        pytest.param({"signed_on": date(2026, 1, 2), "ends_on": date(2026, 1, 1)}, rules.ContractEndsBeforeSigned, id="never held"),
        pytest.param({"file": kept("contrat.docx"), "media_type": ""}, rules.ContractUnreadable, id="no PDF"),
    ],
)
def test_what_is_no_contract_is_refused(campaign: Played, changes: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        record(campaign, **changes)

    assert len(contracts(campaign)) == 1


@pytest.mark.parametrize("code", ["S-CRT", "S-DOM"])
def test_owners_of_lists_and_brokers_are_no_processors(campaign: Played, code: str) -> None:
    with pytest.raises(rules.NotAProcessor):
        record(campaign, code)


def test_nobody_else_records_or_withdraws_one(campaign: Played) -> None:
    for stranger in (campaign.president, campaign.actors["S-ROU"], campaign.as_role(Role.AUDITOR)):
        with pytest.raises((NotYourMove, NotFound)):
            record(campaign, by=stranger)


# --- what it holds up -----------------------------------------------------------------------------------------------------------------


def test_every_order_waits_until_each_processor_is_under_contract_and_the_entry_names_them(campaign: Played) -> None:
    lose(campaign, "S-ROU", "S-IMP")
    campaign.approve_budget()

    assert (campaign.state, campaign.rows(PurchaseOrder)) == ("order", [])
    (unmet,) = campaign.move("issue_orders").unmet
    assert (unmet.code, unmet.lifted_by) == ("contracts.missing_without_grant", Role.PROJECT_MANAGER)
    assert unmet.params == {"suppliers": ["Imprimerie de la Loire", "Routage Val-de-Saône"], "ends_on": PURGED_ON}
    assert campaign.unmet("confirm_orders") == {"order.withheld": {}}
    assert ("issue_orders", "") in campaign.tasks()

    record(campaign, "S-IMP")
    with pytest.raises(ConditionsUnmet):
        campaign.ask(IssueOrders(subject_id=campaign.campaign_id))
    record(campaign)
    campaign.ask(IssueOrders(subject_id=campaign.campaign_id))

    assert {order.supplier_id for order in campaign.rows(PurchaseOrder)} >= {campaign.supplier_id(code) for code in PROCESSORS}
    noted = campaign.controls("campaign.order.issued")
    assert noted["processor_contract:S-ROU"] == (PURGED_ON.isoformat(), "RGPD-26", "ok")
    assert noted["processor_contract:S-CAG"] == (PURGED_ON.isoformat(), "ART28-S-CAG", "ok")


def test_with_every_contract_on_record_the_approval_sends_the_orders_and_names_the_contracts(campaign: Played) -> None:
    campaign.approve_budget()

    assert {code for code in campaign.controls("campaign.budget.approved") if code.startswith("processor_contract")} == {
        f"processor_contract:{code}" for code in PROCESSORS
    }
    said = {one.content.processing.contract_reference for one in campaign.issued("purchase_order") if one.content.processing}
    assert said == {f"ART28-{code}" for code in PROCESSORS}


@pytest.mark.parametrize(("ends_on", "held"), [(PURGED_ON, False), (PURGED_ON - timedelta(days=1), True)])
def test_a_contract_holds_until_the_processing_ends(campaign: Played, ends_on: date, held: bool) -> None:
    lose(campaign, "S-ROU")
    record(campaign, ends_on=ends_on)

    campaign.approve_budget()

    assert (campaign.rows(PurchaseOrder) == []) is held


def test_a_contract_holds_in_every_campaign_and_is_withdrawn_where_it_was_recorded(campaign: Played) -> None:
    lose(campaign, "S-ROU")
    record(campaign)
    (row,) = contracts(campaign)
    first = campaign.campaign_id
    campaign.open("26B")
    campaign.reach("budget")

    with pytest.raises(NotOfThisCampaign):
        campaign.ask(WithdrawContract(subject_id=campaign.campaign_id, contract_id=row.id, reason="Résilié."))
    with pytest.raises(ReasonMissing):
        campaign.ask(WithdrawContract(subject_id=first, contract_id=row.id, reason=" "))
    campaign.ask(WithdrawContract(subject_id=first, contract_id=row.id, reason="Résilié."))

    campaign.approve_budget()
    assert "contracts.missing_without_grant" in campaign.unmet("issue_orders")


def test_a_contract_is_withdrawn_after_the_end_of_the_campaign_that_recorded_it(played: Campaigns) -> None:
    campaign = played("closed")
    (row,) = contracts(campaign)

    campaign.ask(WithdrawContract(subject_id=campaign.campaign_id, contract_id=row.id, reason="Résilié."))

    assert contracts(campaign)[0].to_seq == campaign.campaign.chain_seq


def test_a_policy_that_does_not_ask_waits_for_none(campaign: Played) -> None:
    campaign.tune_policy({"order": {"contracts_required": False}})
    lose(campaign, *PROCESSORS)

    campaign.approve_budget()

    assert campaign.rows(PurchaseOrder) != []
    assert not any(code.startswith("processor_contract") for code in campaign.controls("campaign.budget.approved"))


# --- what may be let pass -------------------------------------------------------------------------------------------------------------


def test_an_approver_lets_a_missing_contract_pass_once_and_whoever_sends_the_orders_says_why(campaign: Played) -> None:
    lose(campaign, "S-ROU")
    campaign.approve_budget()
    grant = GrantOverride(subject_id=campaign.campaign_id, control="processor_contract", reason="Signature en cours.")
    campaign.ask(grant, by=campaign.president)

    with pytest.raises(rules.ContractsMissing):
        campaign.ask(IssueOrders(subject_id=campaign.campaign_id))
    campaign.ask(IssueOrders(subject_id=campaign.campaign_id, contract_reason="Avenant signé lundi."))

    row = next(one for one in campaign.rows(Override) if not one.is_grant)
    assert (row.control, row.about, row.expected, row.actual, row.reason) == (
        "processor_contract",
        "S-ROU",
        "3",
        "2",
        "Avenant signé lundi.",
    )
    assert row.granted_by_id == campaign.president.person_id
    assert campaign.controls("campaign.order.issued")["processor_contract:S-ROU"] == (3, 2, "overridden")
    assert ("review_override", "processor_contract") in campaign.tasks()
    assert campaign.rows(PurchaseOrder) != []


def test_where_the_manager_may_let_it_pass_the_orders_wait_for_the_reason_all_the_same(campaign: Played) -> None:
    campaign.tune_policy({"overrides": {"processor_contract": "project_manager"}})
    lose(campaign, "S-ROU")
    campaign.approve_budget()

    assert campaign.rows(PurchaseOrder) == []
    assert campaign.unmet("issue_orders") == {}
    with pytest.raises(rules.ContractsMissing):
        campaign.ask(IssueOrders(subject_id=campaign.campaign_id))
    campaign.ask(IssueOrders(subject_id=campaign.campaign_id, contract_reason="Avenant signé lundi."))
    assert campaign.rows(PurchaseOrder) != []


def test_where_nobody_may_it_is_recorded_or_nothing_goes_out(campaign: Played) -> None:
    campaign.tune_policy({"overrides": {"processor_contract": "nobody"}})
    lose(campaign, "S-ROU")
    campaign.approve_budget()

    assert set(campaign.unmet("issue_orders")) == {"contracts.missing"}
