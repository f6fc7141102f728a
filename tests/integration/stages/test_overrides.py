"""A control that fails is passed over where policy allows it, with a reason; somebody else reviews that afterwards."""

import json
from collections.abc import Callable
from copy import deepcopy

import pytest

from tests.integration.stages.played import Played
from workflows.campaign.any_stage.overriding import (
    GrantOverride,
    NothingToReview,
    OverrideNeedsGrant,
    OverrideNotAllowed,
    OverriderMayNotReview,
    ReviewOverride,
)
from workflows.campaign.default_policy import DEFAULT_POLICY
from workflows.campaign.records import Override
from workflows.campaign.stages.dedupe import ApproveDedupe
from workflows.parties.roles import Role

Campaigns = Callable[[str], Played]


@pytest.fixture
def short(played: Campaigns) -> Callable[[str], Played]:
    """A campaign whose net is below what the brief asks for, under a policy that leaves passing over it to somebody."""

    def campaign(overrider: str) -> Played:
        found = played("dedupe")
        body = deepcopy(DEFAULT_POLICY)
        body["overrides"]["minimum_net_quantity"] = overrider
        with found.behind_the_engine() as connection:
            connection.execute(
                "insert into policy_version (id, advertiser_id, number, body, sha256, saved_at)"
                " select gen_random_uuid(), advertiser_id, 2, %s::jsonb, '', now() from campaign",
                [json.dumps(body)],
            )
            connection.execute(
                "update campaign set minimum_net_quantity = 99999999, policy_number = 2,"
                " policy_version_id = (select id from policy_version where number = 2)"
            )
        found.record_dedupe()
        return found

    return campaign


def approve(campaign: Played) -> None:
    campaign.ask(ApproveDedupe(subject_id=campaign.campaign_id, shortfall_reason="Le fichier reste rentable."))


def test_passing_over_a_control_is_kept_with_its_reason_and_waits_for_a_review(short: Callable[[str], Played]) -> None:
    campaign = short("project_manager")

    approve(campaign)

    (row,) = campaign.rows(Override)
    assert (row.control, row.expected, row.reason, row.review) == (
        "minimum_net_quantity",
        "99999999",
        "Le fichier reste rentable.",
        "",
    )
    assert ("review_override", "minimum_net_quantity") in campaign.tasks()


def test_somebody_else_reviews_it_once(short: Callable[[str], Played]) -> None:
    campaign = short("project_manager")
    approve(campaign)
    (row,) = campaign.rows(Override)
    answer = ReviewOverride(subject_id=campaign.campaign_id, override_id=row.id, confirmed=False, comment="Trop juste.")

    with pytest.raises(OverriderMayNotReview):
        campaign.ask(answer, by=campaign.as_role(Role.BUDGET_APPROVER))
    campaign.ask(answer, by=campaign.president)

    (row,) = campaign.rows(Override)
    assert (row.review, row.comment, row.reviewed_by_id) == ("contested", "Trop juste.", campaign.president.person_id)
    assert ("review_override", "minimum_net_quantity") not in campaign.tasks()
    with pytest.raises(NothingToReview):
        campaign.ask(answer, by=campaign.president)


def test_where_policy_lets_nobody_the_control_holds(short: Callable[[str], Played]) -> None:
    campaign = short("nobody")

    with pytest.raises(OverrideNotAllowed):
        approve(campaign)
    with pytest.raises(OverrideNotAllowed):
        campaign.ask(GrantOverride(subject_id=campaign.campaign_id, control="minimum_net_quantity", reason="Si."), by=campaign.president)

    assert campaign.state == "dedupe"
    assert campaign.rows(Override) == []


def test_where_policy_asks_for_an_approver_s_grant_it_is_used_once(short: Callable[[str], Played]) -> None:
    campaign = short("budget_approver")
    with pytest.raises(OverrideNeedsGrant):
        approve(campaign)

    grant = GrantOverride(subject_id=campaign.campaign_id, control="minimum_net_quantity", reason="Le conseil est prévenu.")
    campaign.ask(grant, by=campaign.president)
    approve(campaign)

    granted, used = campaign.rows(Override, order=Override.from_seq)
    with pytest.raises(OverriderMayNotReview):
        campaign.ask(ReviewOverride(subject_id=campaign.campaign_id, override_id=used.id, confirmed=True), by=campaign.president)
    assert (granted.is_grant, granted.to_seq) == (True, used.from_seq)
    assert campaign.state == "lots"
