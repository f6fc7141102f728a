"""Follow-ups: what of a campaign may be written to again, and what one is opened with."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col, select

from app.queries.drop_calendar import list_drops
from tests.integration.stages.followed import (
    AGAIN,
    AGREED,
    DROP_ON,
    UNTIL,
    Campaigns,
    agree,
    answered,
    entry,
    lists_of,
    mailed,
    open_one,
    settle,
    sources,
)
from workflows.campaign.any_stage.cancelling import CancelCampaign
from workflows.campaign.any_stage.moving_drop import DropNotAhead
from workflows.campaign.birth import CampaignCodeTaken, EnvelopeNotPositive
from workflows.campaign.data_protection.purging import PurgeFiles
from workflows.campaign.dedupe.settings import DedupeSettings, RedoDedupe
from workflows.campaign.follow_up.opening import (
    FilesEndBefore,
    ListIsForOneUse,
    ListIsUsedAlready,
    NobodyIsLeft,
    NoListChosen,
    OpenFollowUp,
    SecondUseHasEnded,
)
from workflows.campaign.follow_up.sources import latest_drop
from workflows.campaign.model import Campaign, CostItem, Message, MonitorSeed, Responsibility
from workflows.campaign.rules import NotOfThisCampaign
from workflows.campaign.stages.negotiation import RefuseTerms, ReopenTerms
from workflows.campaign.stages.order import ReturnToNegotiation
from workflows.campaign.terms.other_uses import APART
from workflows.campaign.terms.reuse import ReuseEndsBeforeDrop, ReuseUnclear
from workflows.campaign.values import ValueNotAllowed
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.refusals import ConditionsUnmet, MoveNotOpen, NotYourMove, Refused
from workflows.order.model import PurchaseOrder
from workflows.parties.actor import SYSTEM
from workflows.parties.roles import Role
from workflows.plan_line.model import PlanLine

# --- what is agreed ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        pytest.param({"reuse_cpm": Decimal(90)}, ReuseUnclear, id="a price without a day"),
        pytest.param({"reuse_until_on": UNTIL}, ReuseUnclear, id="a day without anything"),
        pytest.param({"reuse_seconds": True}, ReuseUnclear, id="group seconds without a day"),
        pytest.param({**AGREED, "reuse_cpm": Decimal(-1)}, ValueNotAllowed, id="a price below nothing"),
        pytest.param({**AGREED, "reuse_until_on": DROP_ON}, ReuseEndsBeforeDrop, id="over with the drop"),
    ],
)
def test_a_second_use_has_its_last_day_after_the_drop_and_what_it_is_of(
    played: Campaigns, terms: dict[str, Any], refusal: type[Refused]
) -> None:
    campaign = played("negotiation")

    with pytest.raises(refusal):
        agree(campaign, "ALZ", **terms)

    assert lists_of(campaign)["ALZ"].terms_agreed_at is None


def test_the_order_of_a_list_says_the_second_use_that_was_agreed_and_another_none(played: Campaigns) -> None:
    campaign = played("negotiation")
    settle(campaign, "ALZ", **AGREED, reuse_seconds=True)
    campaign.close_negotiation()
    campaign.approve_budget()

    said = {one.content.list_terms.list_code: one.content.list_terms for one in campaign.issued("purchase_order") if one.content.list_terms}
    assert (said["ALZ"].reuse_cpm, said["ALZ"].reuse_until, said["ALZ"].reuse_seconds) == (Decimal(90), UNTIL, True)
    assert (said["BTN"].reuse_cpm, said["BTN"].reuse_until, said["BTN"].reuse_seconds) == (None, None, False)
    assert (said["ALZ"].use, said["ALZ"].follow_up) == ("single", None)


def test_another_second_use_is_another_order_and_the_same_one_none(played: Campaigns) -> None:
    campaign = played("negotiation")
    settle(campaign, "ALZ", **AGREED)
    campaign.close_negotiation()
    campaign.approve_budget()
    for terms, revisions in ((AGREED, 1), ({}, 2)):
        campaign.ask(ReturnToNegotiation(subject_id=campaign.campaign_id, reason="À revoir."))
        campaign.ask(ReopenTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id("ALZ"), reason="À revoir."))
        settle(campaign, "ALZ", **terms)
        campaign.close_negotiation()
        campaign.approve_budget()
        assert len(campaign.rows(PurchaseOrder, col(PurchaseOrder.list_code) == "ALZ")) == revisions


# --- what may be brought over -----------------------------------------------------------------------------------------------------------


def test_the_house_s_list_may_be_used_again_and_of_others_those_whose_owner_agreed(played: Campaigns) -> None:
    found = sources(mailed(played))

    assert {code: one.why_not for code, one in found.items()} == {
        "ALZ": "",
        "MAI": "",
        **dict.fromkeys(("BTN", "CDR", "DOM", "ECL"), "single_use"),
    }
    assert (found["ALZ"].cpm, found["MAI"].cpm) == (Decimal(90), Decimal(0))


def test_a_list_that_was_lent_once_is_refused_by_its_name_and_its_owner_s(played: Campaigns) -> None:
    campaign = mailed(played)

    with pytest.raises(ListIsForOneUse) as refusal:
        open_one(campaign, "ALZ", "ECL")

    assert (refusal.value.params["list"], refusal.value.params["owner"]) == ("ECL", "Éclat Jardin SAS")
    with campaign.reading() as session:
        assert session.exec(select(Campaign).where(Campaign.code == "26R")).all() == [], "nothing is opened without it"


def test_a_second_use_that_is_over_by_the_drop_is_refused(played: Campaigns) -> None:
    campaign = mailed(played, **{**AGREED, "reuse_until_on": AGAIN - timedelta(days=1)})

    with pytest.raises(SecondUseHasEnded):
        open_one(campaign, "ALZ")
    open_one(campaign, "ALZ", drop_on=AGAIN - timedelta(days=1))


def test_whoever_answered_or_came_back_is_not_counted_and_each_once(played: Campaigns) -> None:
    campaign = mailed(played)
    before = sources(campaign)["ALZ"]
    answered(campaign, "26AALZP12AR", 9, returned=4)

    after = sources(campaign)["ALZ"]
    assert (before.left_out, after.left_out, after.mailed) == (0, 13, before.mailed)
    assert after.available == before.available - 13
    assert sum(line.quantity for line in after.lines if line.segment == "P12") == after.available - sum(
        line.quantity for line in after.lines if line.segment == "P24"
    )


def test_nobody_is_written_to_again_who_was_not_mailed(played: Campaigns) -> None:
    campaign = mailed(played)
    with campaign.behind_the_engine() as connection:
        connection.execute("update lot set role = 'holdout' where list_code = 'MAI'")

    assert sources(campaign)["MAI"].why_not == "nobody_left"
    with pytest.raises(NobodyIsLeft):
        open_one(campaign, "MAI")


def test_a_second_use_is_one_and_the_house_s_list_is_the_house_s(played: Campaigns) -> None:
    campaign = mailed(played)
    first = open_one(campaign, "ALZ", "MAI")

    with pytest.raises(ListIsUsedAlready) as refusal:
        open_one(campaign, "ALZ", campaign_code="26S")
    assert refusal.value.params["campaign"] == "26R"
    open_one(campaign, "MAI", campaign_code="26S")

    campaign.ask(CancelCampaign(subject_id=first.id, reason="Abandonnée."))
    open_one(campaign, "ALZ", campaign_code="26T")


def test_a_follow_up_that_does_without_a_list_leaves_it_to_another(played: Campaigns) -> None:
    campaign = mailed(played)
    parent_id, child = campaign.campaign_id, open_one(campaign, "ALZ", "MAI")
    campaign.campaign_id = child.id
    campaign.submit_plan()
    campaign.ask(RefuseTerms(subject_id=child.id, list_id=campaign.list_id("ALZ"), reason="Pièce refusée."))
    campaign.campaign_id = parent_id

    assert open_one(campaign, "ALZ", campaign_code="26S").code == "26S"


@pytest.mark.parametrize(("floor", "share"), [(0, 0), (1, 1)])
def test_group_seconds_may_be_used_as_far_as_the_bill_holds_them(played: Campaigns, floor: int, share: int) -> None:
    campaign = played("negotiation")
    settle(campaign, "ECL", min_billing_rate=Decimal(floor), reuse_until_on=UNTIL, reuse_seconds=True)
    campaign.reach("responses")
    with campaign.reading() as session:
        lost = campaign.facts(session).run.report["lists"]["ECL"]["inter"]
    assert lost > 0

    found = sources(campaign)["ECL"]
    assert (found.seconds, found.available, found.cpm) == (lost * share, lost * share, Decimal(0))
    assert found.why_not == ("" if share else "nobody_left")


# --- opening ----------------------------------------------------------------------------------------------------------------------------


def test_a_follow_up_is_on_both_chains(played: Campaigns) -> None:
    campaign = mailed(played)
    child = open_one(campaign, "ALZ", "MAI")

    said = entry(campaign, "campaign.follow_up.opened")
    assert (said["command"]["campaign_code"], said["command"]["lists"]) == ("26R", ["ALZ", "MAI"])
    parent_id, campaign.campaign_id = campaign.campaign_id, child.id
    begun = entry(campaign, "campaign.follow_up.begun")
    assert (begun["command"]["followed_id"], begun["command"]["followed_code"]) == (str(parent_id), "26A")
    assert begun["actor"]["id"] == said["actor"]["id"] == str(campaign.manager.person_id)
    assert [one["code"] for one in begun["checks"]] == [one["code"] for one in said["checks"]] == ["brought_over:ALZ", "brought_over:MAI"]
    assert (child.follow_up_of_id, child.state) == (parent_id, "plan")


def test_a_follow_up_begins_with_what_the_campaign_before_was_made_with_and_its_own_prices(played: Campaigns) -> None:
    campaign = mailed(played)
    wanted = sources(campaign)
    before = {kind: len(campaign.rows(kind, col(kind.to_seq).is_(None))) for kind in (CostItem, MonitorSeed)}
    parent_lists = lists_of(campaign)
    campaign.campaign_id = open_one(campaign, "ALZ", "MAI").id

    lists = lists_of(campaign)
    assert set(lists) == {"ALZ", "MAI"}
    alz = lists["ALZ"]
    assert (alz.cpm, alz.selection_cpm, alz.run_charge_cpm, alz.min_billing_rate, alz.technical_fee) == (90, 0, 0, 0, 0)
    assert (alz.source_list_id, alz.supplier_id) == (parent_lists["ALZ"].id, parent_lists["ALZ"].supplier_id)
    assert alz.reuse_until_on is None, "another use is agreed anew"
    planned = campaign.rows(PlanLine, col(PlanLine.to_seq).is_(None))
    assert {code: sum(line.gross_qty for line in planned if line.list_code == code) for code in lists} == {
        code: wanted[code].available for code in lists
    }
    assert {line.role for line in planned} == {"rollout"}
    assert {kind: len(campaign.rows(kind, col(kind.to_seq).is_(None))) for kind in (CostItem, MonitorSeed)} == before
    assert {row.code for row in campaign.rows(Message)} == {line.message for line in planned}
    assert len(campaign.rows(Responsibility)) == 10
    assert campaign.tasks() == [("prepare_plan", "")]


def test_a_follow_up_is_deduped_by_the_rule_that_was_chosen_in_the_campaign_before(played: Campaigns) -> None:
    campaign = played("negotiation")
    settle(campaign, "ALZ", **AGREED)
    campaign.reach("dedupe")
    chosen = {"level": "household", "allocation": "dearest_loses", "protected": ("ALZ", "CDR")}
    campaign.ask(RedoDedupe(subject_id=campaign.campaign_id, reason="Moins cher ainsi.", **chosen))
    campaign.reach("responses")
    campaign.campaign_id = open_one(campaign, "ALZ").id

    with campaign.reading() as session:
        settings = DedupeSettings.of(campaign.facts(session))
    assert settings == DedupeSettings(level="household", allocation="dearest_loses", protected=("ALZ",))
    assert campaign.campaign.dedupe["suppressions"], "what the brief says besides is kept"


def test_a_follow_up_is_not_too_near_to_the_campaign_before(played: Campaigns) -> None:
    campaign = mailed(played)
    campaign.tune_policy({"thresholds": {APART: 200}})
    open_one(campaign, "ALZ")

    with campaign.reading() as session:
        drops = list_drops(session, campaign.manager)
    assert [(drop.code, [one.code for one in drop.lists if one.code == "ALZ"], drop.near) for drop in drops] == [
        ("26A", ["ALZ"], ()),
        ("26R", ["ALZ"], ()),
    ]


@pytest.mark.parametrize(
    ("lists", "other", "refusal"),
    [
        pytest.param((), {}, NoListChosen, id="no list"),
        pytest.param(("XXX",), {}, NotOfThisCampaign, id="a list of nobody"),
        pytest.param(("MAI",), {"drop_on": DROP_ON}, DropNotAhead, id="a drop that is not ahead"),
        pytest.param(("MAI",), {"envelope_amount": Decimal("0.00")}, EnvelopeNotPositive, id="nothing to spend"),
        pytest.param(("MAI",), {"campaign_code": "26A"}, CampaignCodeTaken, id="a code in use"),
    ],
)
def test_what_cannot_be_opened_leaves_nothing(
    played: Campaigns, lists: tuple[str, ...], other: dict[str, Any], refusal: type[Refused]
) -> None:
    campaign = mailed(played)

    with pytest.raises(refusal):
        open_one(campaign, *lists, **other)

    assert [one for one in campaign.rows(Checkpoint) if "follow_up" in one.event] == []


def test_a_follow_up_drops_while_its_addresses_can_still_be_taken(played: Campaigns) -> None:
    campaign = mailed(played)
    with campaign.reading() as session:
        latest = latest_drop(campaign.facts(session))
    assert latest is not None

    with pytest.raises(FilesEndBefore) as refusal:
        open_one(campaign, "MAI", drop_on=latest + timedelta(days=1))
    assert refusal.value.params["latest_on"] == latest
    assert refusal.value.params["purge_on"] == DROP_ON + timedelta(days=90)
    assert open_one(campaign, "MAI", drop_on=latest).drop_on == latest


def test_nobody_is_followed_up_once_the_addresses_are_destroyed(played: Campaigns) -> None:
    campaign = mailed(played)
    campaign.now = campaign.now + timedelta(days=91)
    campaign.ask(PurgeFiles(subject_id=campaign.campaign_id), by=SYSTEM)

    assert set(campaign.unmet("open_follow_up")) == {"follow_up.files_gone"}
    with pytest.raises(ConditionsUnmet):
        open_one(campaign, "MAI", drop_on=date(2027, 4, 1))


def test_a_follow_up_is_opened_by_a_project_manager_once_the_mail_is_posted_and_until_the_end(played: Campaigns) -> None:
    before = played("send")
    with pytest.raises(MoveNotOpen):
        open_one(before, "MAI")

    campaign = played("analysis")
    asked = OpenFollowUp(
        subject_id=campaign.campaign_id,
        campaign_code="26R",
        title="Relance",
        drop_on=date(2027, 2, 16),
        envelope_amount=Decimal("9000.00"),
        lists=("MAI",),
    )
    for role in (Role.BUDGET_APPROVER, Role.AUDITOR, Role.ADMINISTRATOR):
        with pytest.raises(NotYourMove):
            campaign.ask(asked, by=campaign.as_role(role))
    campaign.ask(asked)
