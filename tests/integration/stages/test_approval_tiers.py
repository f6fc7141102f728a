"""Approval tiers: above an amount several different approvers sign one budget, and above the last nobody may."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col

from app.queries.campaign import blocker
from tests.integration.stages.played import Played
from tests.integration.test_substitutes import away, colleague, signed_in
from workflows.campaign.budget.deciding import PreparerMayNotDecide
from workflows.campaign.records import BudgetDecision, BudgetVersion
from workflows.campaign.stages.budget import ApproveBudget, EndorseBudget, RefuseBudget
from workflows.campaign.stages.negotiation import AgreeTerms, CloseNegotiation, ReopenTerms
from workflows.campaign.stages.order import ReturnToNegotiation
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.refusals import ConditionsUnmet, Unmet
from workflows.parties.actor import Actor
from workflows.parties.roles import Role

Campaigns = Callable[[str], Played]


def budget_of(campaign: Played) -> BudgetVersion:
    budget: BudgetVersion = campaign.rows(BudgetVersion, order=col(BudgetVersion.number))[-1]
    return budget


def tier(up_to: Decimal | str | None, signatures: int) -> dict[str, Any]:
    return {"up_to": None if up_to is None else str(up_to), "signatures": signatures}


def endorse(campaign: Played, by: Actor) -> None:
    campaign.ask(EndorseBudget(subject_id=campaign.campaign_id, budget_sha256=budget_of(campaign).sha256), by=by)


def approve(campaign: Played, by: Actor) -> None:
    campaign.ask(ApproveBudget(subject_id=campaign.campaign_id, budget_sha256=budget_of(campaign).sha256), by=by)


def refusal(campaign: Played, by: Actor) -> Unmet:
    """The one condition that keeps somebody from approving."""
    with pytest.raises(ConditionsUnmet) as refused:
        approve(campaign, by)
    (unmet,) = refused.value.unmet
    assert campaign.state == "budget"
    return unmet


def signatures_on_record(campaign: Played) -> tuple[int, int]:
    """What the newest approval's checkpoint says: how many were asked for, and given."""
    entry = max((one for one in campaign.rows(Checkpoint) if one.event == "campaign.budget.approved"), key=lambda one: one.seq)
    (control,) = [one for one in read_json(entry.body)["checks"] if one["code"] == "signatures"]
    return control["expected"], control["actual"]


@pytest.fixture
def campaign(played: Campaigns) -> Played:
    """A campaign whose budget takes two signatures."""
    campaign = played("budget")
    campaign.tune_policy({"approval_tiers": [tier("100.00", 1), tier(None, 2)]})
    return campaign


def test_a_sufficient_limit_alone_does_not_approve_what_takes_two_and_the_closed_move_says_what_is_missing(campaign: Played) -> None:
    budget = budget_of(campaign)

    unmet = refusal(campaign, campaign.president)

    assert (unmet.code, unmet.lifted_by, unmet.since) == ("budget.signatures_missing", Role.BUDGET_APPROVER, budget.prepared_at)
    assert unmet.params == {"amount": budget.total_amount, "needed": 2, "given": 0, "missing": 2}
    assert campaign.move("approve_budget", by=campaign.president).unmet == (unmet,), "pages and the API read the same"
    assert campaign.move("endorse_budget", by=campaign.president).is_open


def test_once_another_has_endorsed_it_the_approval_closes_and_the_checkpoint_counts_both(campaign: Played) -> None:
    endorse(campaign, campaign.deputy)
    assert campaign.unmet("approve_budget") == {}

    approve(campaign, campaign.president)

    assert campaign.state == "order"
    assert signatures_on_record(campaign) == (2, 2)


def test_whoever_endorsed_it_does_not_count_twice_by_approving_it_and_may_approve_it_after_another(campaign: Played) -> None:
    endorse(campaign, campaign.president)
    endorse(campaign, campaign.president)
    assert campaign.unmet("approve_budget") == {}, "somebody else could close it"
    with campaign.reading() as session:
        facts = campaign.facts(session)
        assert blocker(refusal(campaign, campaign.president), facts).who == (campaign.deputy.name,)
    assert refusal(campaign, campaign.president).params["given"] == 1

    endorse(campaign, campaign.deputy)
    approve(campaign, campaign.president)

    assert signatures_on_record(campaign) == (2, 2)


def test_a_substitute_and_the_person_stood_in_for_sign_once_whichever_comes_first(campaign: Played) -> None:
    nadia = colleague(campaign, Role.AUDITOR)
    away(campaign, campaign.president, nadia, Role.BUDGET_APPROVER)
    endorse(campaign, signed_in(campaign, nadia))
    assert refusal(campaign, campaign.president).params["given"] == 1
    assert refusal(campaign, signed_in(campaign, nadia)).params["given"] == 1

    endorse(campaign, campaign.president)
    assert refusal(campaign, campaign.president).params["given"] == 1, "her own and her substitute's are one"

    endorse(campaign, campaign.deputy)
    approve(campaign, signed_in(campaign, nadia))
    assert signatures_on_record(campaign) == (2, 2)


def test_an_approver_in_another_s_place_is_not_a_second_pair_of_hands(campaign: Played) -> None:
    assert campaign.deputy.person_id is not None
    endorse(campaign, campaign.deputy)
    away(campaign, campaign.president, campaign.deputy.person_id, Role.BUDGET_APPROVER)

    assert refusal(campaign, signed_in(campaign, campaign.deputy.person_id)).code == "budget.signatures_missing"


def test_a_substitute_does_not_hide_two_who_sign_for_themselves(campaign: Played) -> None:
    campaign.tune_policy({"approval_tiers": [tier(None, 3)]})
    nadia = colleague(campaign, Role.BUDGET_APPROVER, Decimal(1))
    endorse(campaign, campaign.deputy)
    away(campaign, campaign.deputy, nadia, Role.BUDGET_APPROVER)
    endorse(campaign, signed_in(campaign, nadia))

    approve(campaign, campaign.president)

    assert signatures_on_record(campaign) == (3, 3)


def test_the_preparer_adds_no_signature(campaign: Played) -> None:
    both = Actor(person_id=campaign.manager.person_id, grants=campaign.manager.grants + campaign.deputy.grants)

    with pytest.raises(PreparerMayNotDecide):
        endorse(campaign, both)

    assert campaign.rows(BudgetDecision) == []


def test_an_endorsement_counts_for_no_other_budget_even_of_the_same_hash(campaign: Played) -> None:
    endorse(campaign, campaign.deputy)
    campaign.ask(RefuseBudget(subject_id=campaign.campaign_id, reason="À revoir."), by=campaign.president)
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    first, second = campaign.rows(BudgetVersion, order=col(BudgetVersion.number))
    assert first.sha256 == second.sha256

    assert refusal(campaign, campaign.president).params["given"] == 0


@pytest.mark.parametrize(("above", "code"), [("0.00", None), ("0.01", "budget.signatures_missing")])
def test_a_total_on_the_ceiling_is_within_its_tier(played: Campaigns, above: str, code: str | None) -> None:
    campaign = played("budget")
    ceiling = budget_of(campaign).total_amount - Decimal(above)
    campaign.tune_policy({"approval_tiers": [tier(ceiling, 1), tier(None, 2)]})

    assert set(campaign.unmet("approve_budget")) == ({code} if code else set())


def test_above_the_last_ceiling_nobody_signs_until_policy_or_the_budget_changes(played: Campaigns) -> None:
    campaign = played("budget")
    budget = budget_of(campaign)
    campaign.tune_policy({"approval_tiers": [tier("100.00", 1), tier("5000.00", 2)]})

    unmet = refusal(campaign, campaign.president)

    assert (unmet.code, unmet.lifted_by, unmet.since) == ("budget.above_tiers", Role.ADMINISTRATOR, budget.prepared_at)
    assert unmet.params == {"amount": budget.total_amount, "limit": Decimal("5000.00")}
    assert set(campaign.unmet("endorse_budget")) == {"budget.above_tiers"}
    assert campaign.unmet("refuse_budget") == {}
    campaign.tune_policy({"approval_tiers": [tier(None, 1)]})
    approve(campaign, campaign.president)


def test_the_default_asks_for_one_signature_as_ever(played: Campaigns) -> None:
    campaign = played("budget")

    approve(campaign, campaign.president)

    assert signatures_on_record(campaign) == (1, 1)


def test_a_budget_raised_after_its_approval_meets_the_tier_of_its_new_total(played: Campaigns) -> None:
    campaign = played("order")
    approved = budget_of(campaign)
    campaign.tune_policy({"approval_tiers": [tier(approved.total_amount, 1), tier(None, 2)]})
    campaign.ask(ReturnToNegotiation(subject_id=campaign.campaign_id, reason="ALZ a relevé son minimum."))
    alz = campaign.list_id("ALZ")
    campaign.ask(ReopenTerms(subject_id=campaign.campaign_id, list_id=alz, reason="Nouveau minimum."))
    campaign.ask(AgreeTerms(subject_id=campaign.campaign_id, list_id=alz, min_invoice_amount=Decimal(500)))
    campaign.close_consent("ALZ")
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    assert budget_of(campaign).total_amount > approved.total_amount

    assert refusal(campaign, campaign.president).code == "budget.signatures_missing"
    endorse(campaign, campaign.deputy)
    approve(campaign, campaign.president)

    assert signatures_on_record(campaign) == (2, 2)
