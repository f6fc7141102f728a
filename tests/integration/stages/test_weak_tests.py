"""A test that is too small to show what it is meant to is marked before it is mailed; where policy refuses it, the lots stay unfrozen."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col

from app.queries.lots import LotsPage, get_lots
from app.saved_policy import save_policy
from tests.integration.stages.played import Played
from tests.integration.stages.test_dedupe_and_lots import cells, lot_plan, record_lots
from workflows.campaign.any_stage.overriding import GrantOverride
from workflows.campaign.any_stage.repinning import FollowPolicy
from workflows.campaign.default_policy import DEFAULT_POLICY
from workflows.campaign.documents import content_from_json
from workflows.campaign.records import Override
from workflows.campaign.stages.lots import FreezeLots, WeakTests
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.documents import Document
from workflows.engine.refusals import ConditionsUnmet
from workflows.parties.actor import SYSTEM

Campaigns = Callable[[str], Played]


def with_lots(played: Campaigns, *, overrider: str = "project_manager", minimum_responses: int = 50, **rules: Any) -> Played:
    """A campaign whose lots are made, under a policy of these rules. Its grid of amounts is tested on a few hundred pieces in two lists."""
    campaign = played("lots")
    body = {
        **DEFAULT_POLICY,
        "lots": {**DEFAULT_POLICY["lots"], **rules},
        "thresholds": {**DEFAULT_POLICY["thresholds"], "minimum_responses": minimum_responses},
        "overrides": {**DEFAULT_POLICY["overrides"], "inconclusive_test": overrider},
    }
    if body != DEFAULT_POLICY:
        with campaign.database.writing(SYSTEM) as session:
            version = save_policy(session, campaign.advertiser_id, body, seen_number=1, by=None, now=campaign.now)
            newest = {"policy_number": version.number, "policy_sha256": version.sha256}
        campaign.ask(FollowPolicy(subject_id=campaign.campaign_id, reason="Les tests doivent conclure.", **newest))
    record_lots(campaign, cells(campaign))
    return campaign


def page(campaign: Played) -> LotsPage:
    with campaign.reading() as session:
        return get_lots(campaign.facts(session))


def freeze(campaign: Played, reason: str = "") -> None:
    command = FreezeLots(subject_id=campaign.campaign_id, lot_plan_sha256=lot_plan(campaign).sha256, weak_test_reason=reason)
    campaign.ask(command)


def test_a_test_is_judged_over_all_its_places_before_it_is_mailed(played: Campaigns) -> None:
    campaign = with_lots(played)

    (test,) = page(campaign).tests
    assert (test.about, test.places, test.conclusive) == ("B > A", 2, False)
    assert test.needed > 10_000
    assert test.rate is not None
    assert test.wanted == test.rate * Decimal("1.25")
    assert test.power is not None
    assert Decimal("0.05") < test.power < Decimal("0.3")
    assert test.detectable is not None
    assert test.detectable > test.wanted
    checks = json.loads(campaign.rows(Checkpoint, order=col(Checkpoint.seq))[-1].body)["checks"]
    (told,) = (one for one in checks if one["code"] == "inconclusive_test:B > A")
    assert (told["expected"], told["actual"], told["verdict"]) == (test.needed, min(test.control_qty, test.variant_qty), "warning")


def test_where_policy_only_marks_it_the_lots_are_frozen_and_the_lot_plan_says_so(played: Campaigns) -> None:
    campaign = with_lots(played)
    assert not page(campaign).asks_for_reason

    freeze(campaign)

    (document,) = campaign.rows(Document, col(Document.kind) == "lot_plan")
    whole, *places = content_from_json("lot_plan", document.content).tests
    assert (whole.hypothesis, whole.verdict, whole.control_lot) == ("B > A", "inconclusive", "")
    assert [(one.hypothesis, one.verdict) for one in places] == [("B > A (ALZ/P12)", ""), ("B > A (DOM/D12)", "")]
    assert whole.variant_qty == sum(one.variant_qty for one in places)


def test_a_test_that_is_large_enough_for_what_policy_wants_seen_concludes(played: Campaigns) -> None:
    campaign = with_lots(played, weak_tests="refuse", least_uplift="2", minimum_responses=10)

    (test,) = page(campaign).tests
    assert test.conclusive
    assert test.least_responses is None
    assert not page(campaign).asks_for_reason
    freeze(campaign)
    assert campaign.state == "send"


def test_a_test_that_may_not_count_on_the_responses_of_a_verdict_is_weak_and_says_so(played: Campaigns) -> None:
    campaign = with_lots(played, least_uplift="2")

    (test,) = page(campaign).tests
    assert test.power is not None
    assert test.power > Decimal("0.8")
    assert (test.conclusive, test.least_responses) == (False, 50)
    freeze(campaign)
    (document,) = campaign.rows(Document, col(Document.kind) == "lot_plan")
    whole, *_ = content_from_json("lot_plan", document.content).tests
    assert (whole.verdict, whole.least_responses, whole.needed_qty) == ("inconclusive", 50, test.needed)


def test_the_project_manager_passes_over_a_weak_test_with_a_reason_that_is_reviewed(played: Campaigns) -> None:
    campaign = with_lots(played, weak_tests="refuse")
    assert page(campaign).asks_for_reason

    with pytest.raises(WeakTests) as refusal:
        freeze(campaign)
    assert refusal.value.params == {"tests": ["B > A"]}
    freeze(campaign, "La grille sert aussi à relever le don moyen.")

    (row,) = campaign.rows(Override, col(Override.control) == "inconclusive_test")
    assert (row.about, row.reason) == ("B > A", "La grille sert aussi à relever le don moyen.")
    assert ("review_override", "inconclusive_test") in campaign.tasks()


def test_where_policy_asks_an_approver_the_move_is_closed_until_the_grant(played: Campaigns) -> None:
    campaign = with_lots(played, weak_tests="refuse", overrider="budget_approver")

    (unmet,) = campaign.move("freeze_lots").unmet
    assert (unmet.code, unmet.lifted_by, unmet.params) == ("lots.tests_need_a_grant", "budget_approver", {"tests": ["B > A"]})
    with pytest.raises(ConditionsUnmet):
        freeze(campaign, "Sans accord.")

    grant = GrantOverride(subject_id=campaign.campaign_id, control="inconclusive_test", reason="Accordé pour cette vague.")
    campaign.ask(grant, by=campaign.president)
    freeze(campaign, "Avec accord.")
    assert campaign.state == "send"


def test_where_policy_lets_nobody_only_another_plan_helps(played: Campaigns) -> None:
    campaign = with_lots(played, weak_tests="refuse", overrider="nobody")

    (unmet,) = campaign.move("freeze_lots").unmet
    assert (unmet.code, unmet.lifted_by) == ("lots.tests_refused", "project_manager")
