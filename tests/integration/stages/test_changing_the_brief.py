"""What a campaign is to reach, and how its lists share people, can be said anew while it is planned."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.integration.stages.played import Played
from workflows.campaign.dedupe.settings import DedupeSettings
from workflows.campaign.rebriefing import ChangeBrief
from workflows.campaign.stages.negotiation import ReturnToPlan
from workflows.campaign.values import ValueNotAllowed
from workflows.engine.refusals import MoveNotOpen

Campaigns = Callable[[str], Played]


def wanted(campaign: Played) -> ChangeBrief:
    """Other targets, another rule, and no historic returns."""
    return ChangeBrief(
        subject_id=campaign.campaign_id,
        title="Appel d’hiver",
        vat_rate=Decimal("0.2"),
        offer_ends_on=date(2027, 1, 31),
        target_responses=900_000,
        target_roi=None,
        minimum_net_quantity=12_000,
        level="household",
        allocation="proportional",
        suppressions=("opposition.csv", "donateurs_actifs.csv"),
        multi_buyers=3,
    )


def test_targets_and_dedupe_are_changed_and_the_plan_is_held_against_them(played: Campaigns) -> None:
    campaign = played("plan")

    campaign.ask(wanted(campaign))

    now = campaign.campaign
    assert (now.title, now.offer_ends_on, now.target_responses, now.target_roi) == ("Appel d’hiver", date(2027, 1, 31), 900_000, None)
    assert (now.minimum_net_quantity, now.multi_buyers) == (12_000, 3)
    with campaign.reading() as session:
        assert DedupeSettings.of(campaign.facts(session)) == DedupeSettings(level="household", allocation="proportional")
    campaign.submit_plan()
    (plan,) = campaign.issued("media_plan")
    assert plan.content.head.campaign_title == "Appel d’hiver"
    missed = {check.code for check in plan.content.targets if check.verdict == "warning"}
    assert {"target_responses", "minimum_net_quantity"} <= missed
    assert "target_roi" not in {check.code for check in plan.content.targets}


def test_a_suppression_file_that_is_wanted_no_more_holds_up_no_dedupe(played: Campaigns) -> None:
    campaign = played("plan")
    campaign.ask(replace(wanted(campaign), suppressions=()))
    campaign.reach("delivery")

    assert "delivery.suppressions_missing" not in campaign.unmet("start_dedupe")


def test_protected_lists_stay_as_they_were_unless_they_are_said(played: Campaigns) -> None:
    campaign = played("plan")
    campaign.ask(replace(wanted(campaign), protected=("MAI",)))
    campaign.ask(wanted(campaign))

    assert campaign.campaign.dedupe["protected"] == ["MAI"]


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"title": "  "}, "title"),
        ({"vat_rate": Decimal(20)}, "vat_rate"),
        ({"target_responses": -1}, "target_responses"),
        ({"level": "village"}, "level"),
        ({"allocation": "nobody"}, "allocation"),
        ({"multi_buyers": 1}, "multi_buyers"),
        ({"suppressions": ("../opposition.csv",)}, "code"),
        ({"suppressions": ("alz.csv",)}, "code"),
    ],
)
def test_what_no_brief_has_is_refused_and_nothing_is_changed(played: Campaigns, other: dict[str, object], field: str) -> None:
    campaign = played("plan")
    before = campaign.campaign.model_dump(exclude={"version", "chain_seq", "chain_head"})

    with pytest.raises(ValueNotAllowed) as refusal:
        campaign.ask(replace(wanted(campaign), **other))

    assert refusal.value.params["field"] == field
    assert campaign.campaign.model_dump(exclude={"version", "chain_seq", "chain_head"}) == before


def test_a_brief_is_changed_in_the_plan_alone(played: Campaigns) -> None:
    campaign = played("negotiation")
    with pytest.raises(MoveNotOpen):
        campaign.ask(wanted(campaign))

    campaign.ask(ReturnToPlan(subject_id=campaign.campaign_id, reason="Autre objectif."))
    campaign.ask(wanted(campaign))

    assert campaign.campaign.title == "Appel d’hiver"
