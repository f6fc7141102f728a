"""The overrun rule: lots that cost more than was approved are not ordered from the mailer before an approver has accepted that."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col

from app.queries.campaign import blocker, get_money
from app.queries.campaigns import list_campaigns
from tests.integration.stages.played import Played
from tests.integration.test_substitutes import away, colleague, signed_in
from workflows.campaign.any_stage.repinning import FollowPolicy
from workflows.campaign.any_stage.reworking import ReturnToStage
from workflows.campaign.budget.deciding import ApproverLimitExceeded, PreparerMayNotDecide
from workflows.campaign.budget.forecast import forecast_budget
from workflows.campaign.budget.overrun import ApproveOverrun, EndorseOverrun, OverrunDiffers, RefuseOverrun, figures
from workflows.campaign.policy import PolicyVersion, newest_policy
from workflows.campaign.records import BudgetDecision, BudgetOverrun, Lot
from workflows.campaign.rules import ReasonMissing
from workflows.campaign.stages.send import ConfirmDrop, OrderMailing
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.refusals import ConditionsUnmet, NotYourMove
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM, Actor
from workflows.parties.roles import Role

Campaigns = Callable[[str], Played]

FORECAST = Decimal("10090.72")
"""By hand: 9,973 pieces at .562 are 5,604.82 in cents of each kind, lists 2,348.28, creation 1,900, addresses 98.22, 164 answers at .85."""


def overrun_of(campaign: Played) -> BudgetOverrun:
    found: BudgetOverrun = campaign.rows(BudgetOverrun, col(BudgetOverrun.to_seq).is_(None), order=col(BudgetOverrun.from_seq))[-1]
    return found


def answer(campaign: Played, command: type[ApproveOverrun] | type[EndorseOverrun] = ApproveOverrun, **other: Any) -> Any:
    overrun = overrun_of(campaign)
    shown = {"overrun_sha256": overrun.sha256, "forecast_amount": overrun.forecast_amount} | other
    return command(subject_id=campaign.campaign_id, **shown)


def approve(campaign: Played, by: Actor | None = None) -> None:
    campaign.ask(answer(campaign), by=by or campaign.president)


def controls(campaign: Played, event: str) -> dict[str, tuple[Any, Any, Any, str]]:
    """What the newest entry of that event controlled: expected, actual, tolerance and verdict by code."""
    entry = max((one for one in campaign.rows(Checkpoint) if one.event == event), key=lambda one: one.seq)
    return {one["code"]: (one["expected"], one["actual"], one["tolerance"], one["verdict"]) for one in read_json(entry.body)["checks"]}


def blocked_by(campaign: Played, move: str = "order_mailing") -> dict[str, Any]:
    return {code: params for code, params in campaign.unmet(move).items() if code.startswith("overrun.")}


def save_policy(campaign: Played, **tolerances: str) -> PolicyVersion:
    """A next version of the advertiser's policy with other tolerances."""
    with campaign.database.writing(SYSTEM) as session:
        newest = newest_policy(session, campaign.advertiser_id, now=campaign.now)
        body = {**newest.body, "tolerances": {**newest.body["tolerances"], **tolerances}}
        saved = PolicyVersion(
            advertiser_id=campaign.advertiser_id, number=newest.number + 1, body=body, sha256="0" * 64, saved_at=campaign.now
        )
        session.add(saved)
        session.flush()
        session.refresh(saved)
        session.expunge(saved)
    return saved


@pytest.fixture
def campaign(played: Campaigns) -> Played:
    """A campaign whose lots are just frozen: they hold 9,973 pieces with their seeds where 8,207 were budgeted."""
    campaign = played("lots")
    campaign.freeze_lots_above_budget()
    return campaign


def test_the_mailing_is_not_ordered_above_the_tolerance_and_the_closed_move_says_what_was_expected_and_who_lifts_it(
    campaign: Played,
) -> None:
    overrun = overrun_of(campaign)

    unmet = next(one for one in campaign.move("order_mailing").unmet if one.code == "overrun.above_approved")
    assert (unmet.lifted_by, unmet.since) == (Role.BUDGET_APPROVER, overrun.prepared_at)
    assert unmet.params == {"amount": FORECAST, "approved_amount": Decimal("9280.16"), "limit": Decimal("9558.56")}
    assert controls(campaign, "campaign.lots.frozen")["overrun"] == ("9558.56", "10090.72", "0.03", "warning")
    with campaign.reading() as session:
        assert blocker(unmet, campaign.facts(session)).who == ("Solange Petit",), "the other's limit does not cover it"
    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(OrderMailing(subject_id=campaign.campaign_id))
    assert {one.code for one in refusal.value.unmet} == {"send.proofs_awaited", "overrun.above_approved"}
    assert "overrun.above_approved" in campaign.unmet("confirm_drop"), "nor is what nobody ordered confirmed as sent"
    assert ("reapprove_budget", "") in campaign.tasks()
    (task,) = campaign.rows(UserTask, col(UserTask.name) == "reapprove_budget")
    assert task.due_at == campaign.campaign.policy.after(overrun.prepared_at, "reapprove_budget")


def test_what_is_signed_are_the_figures_line_by_line_under_their_hash(campaign: Played) -> None:
    overrun = overrun_of(campaign)
    body = read_json(overrun.body)

    with campaign.reading() as session:
        assert body == figures(campaign.facts(session)), "the same facts give the same figures"
    assert body["forecast_amount"] == str(FORECAST)
    assert sum(Decimal(line["forecast_amount"] or 0) for line in body["lines"]) == FORECAST
    postage = next(line for line in body["lines"] if line["nature"] == "affranchissement")
    assert (postage["approved_quantity"], postage["approved_amount"]) == ("8207", "3167.90")
    assert (postage["forecast_quantity"], postage["forecast_amount"]) == ("9973", "3849.58"), "9,973 at .386"
    assert sum(lot.quantity + lot.seeds for lot in campaign.rows(Lot)) == 9973


def test_an_approver_with_the_limit_accepts_it_and_the_mailing_is_ordered(campaign: Played) -> None:
    approve(campaign)

    assert controls(campaign, "campaign.send.overrun_approved")["signatures"] == (1, 1, None, "ok")
    sha256 = overrun_of(campaign).sha256
    assert controls(campaign, "campaign.send.overrun_approved")["overrun_hash"] == (sha256, sha256, None, "ok")
    (decision,) = campaign.rows(BudgetDecision, col(BudgetDecision.overrun_id).is_not(None))
    assert (decision.decision, decision.person_id, decision.limit_amount) == ("approved", campaign.president.person_id, Decimal("42000.00"))
    assert ("reapprove_budget", "") in campaign.tasks("done")
    campaign.order_mailing()
    assert ("order_mailing", "") in campaign.tasks("done")
    with campaign.reading() as session:
        facts = campaign.facts(session)
        assert get_money(facts).approved_amount == FORECAST
        assert [one.decision for one in facts.decisions] == ["approved"], "the decision on the budget is another"
        (line,) = list_campaigns(session, campaign.manager, now=campaign.now)
        assert line.approved_amount == FORECAST


def test_nobody_signs_another_amount_or_other_figures(campaign: Played) -> None:
    for other in ({"forecast_amount": FORECAST - 1}, {"overrun_sha256": "0" * 64}):
        with pytest.raises(OverrunDiffers):
            campaign.ask(answer(campaign, **other), by=campaign.president)


def test_nobody_signs_above_their_limit_nor_without_the_role(campaign: Played) -> None:
    with pytest.raises(ApproverLimitExceeded) as refusal:
        approve(campaign, campaign.deputy)
    assert refusal.value.params == {"limit": Decimal("7000.00"), "amount": FORECAST}
    with pytest.raises(NotYourMove):
        approve(campaign, campaign.manager)


def test_neither_who_prepared_the_budget_nor_who_froze_the_lots_decides(campaign: Played) -> None:
    rights = {"approval_limit_amount": Decimal("99000.00")}
    with pytest.raises(PreparerMayNotDecide):
        approve(campaign, campaign.as_role(Role.BUDGET_APPROVER, **rights))
    away(campaign, campaign.manager, campaign.president.person_id, Role.PROJECT_MANAGER)
    with pytest.raises(PreparerMayNotDecide):
        approve(campaign, signed_in(campaign, campaign.president.person_id))

    with campaign.behind_the_engine() as connection:
        nadia = colleague(campaign, Role.BUDGET_APPROVER, Decimal("42000.00"))
        connection.execute("update budget_overrun set prepared_by_id = %s", [nadia])
    with pytest.raises(PreparerMayNotDecide):
        approve(campaign, signed_in(campaign, nadia))


def test_the_forecasts_tier_says_how_many_sign_and_whoever_signed_twice_counts_once(campaign: Played) -> None:
    campaign.tune_policy({"approval_tiers": [{"up_to": "10000.00", "signatures": 1}, {"up_to": None, "signatures": 2}]})

    with pytest.raises(ConditionsUnmet) as refusal:
        approve(campaign)
    assert [one.code for one in refusal.value.unmet] == ["budget.signatures_missing"]
    campaign.ask(answer(campaign, EndorseOverrun), by=campaign.president)
    with pytest.raises(ConditionsUnmet):
        approve(campaign)
    campaign.ask(answer(campaign, EndorseOverrun), by=campaign.deputy)
    approve(campaign)

    assert controls(campaign, "campaign.send.overrun_approved")["signatures"] == (2, 2, None, "ok")
    assert blocked_by(campaign) == {}


def test_above_the_last_ceiling_nobody_may_accept_it(campaign: Played) -> None:
    campaign.tune_policy({"approval_tiers": [{"up_to": "10000.00", "signatures": 1}]})

    (unmet,) = campaign.move("approve_overrun", by=campaign.president).unmet

    assert (unmet.code, unmet.lifted_by) == ("budget.above_tiers", Role.ADMINISTRATOR)


def test_a_refusal_has_a_reason_and_leaves_the_mailing_closed_until_an_approver_thinks_better_of_it(campaign: Played) -> None:
    with pytest.raises(ReasonMissing):
        campaign.ask(RefuseOverrun(subject_id=campaign.campaign_id, reason=" "), by=campaign.president)
    campaign.ask(RefuseOverrun(subject_id=campaign.campaign_id, reason="Trop de plis."), by=campaign.president)

    assert ("reapprove_budget", "") in campaign.tasks("done")
    assert blocked_by(campaign), "refused is not accepted"
    assert campaign.state == "send"
    approve(campaign)
    assert blocked_by(campaign) == {}


def test_lots_made_anew_for_more_are_signed_again_and_for_no_more_are_not(campaign: Played) -> None:
    approve(campaign)
    back = ReturnToStage(subject_id=campaign.campaign_id, stage="lots", reason="Plus de témoins.")
    campaign.ask(back)
    assert campaign.rows(BudgetOverrun, col(BudgetOverrun.to_seq).is_not(None)) == [], "what was accepted goes on counting"

    campaign.freeze_lots_above_budget()
    assert (blocked_by(campaign), campaign.state) == ({}, "send")
    assert ("reapprove_budget", "") not in campaign.tasks()
    assert controls(campaign, "campaign.lots.frozen")["overrun"] == (str(FORECAST), str(FORECAST), "0.03", "ok")

    campaign.ask(back)
    campaign.freeze_lots_above_budget(more_seeds=10)
    more = overrun_of(campaign)
    assert more.forecast_amount > FORECAST
    assert blocked_by(campaign)["overrun.above_approved"]["limit"] == FORECAST
    assert ("reapprove_budget", "") in campaign.tasks()

    campaign.ask(back)
    ended = campaign.rows(BudgetOverrun, col(BudgetOverrun.to_seq).is_not(None))
    assert [one.id for one in ended] == [more.id], "what waited ends with its lots"
    assert ("reapprove_budget", "") not in campaign.tasks()
    campaign.freeze_lots_above_budget(more_seeds=10)
    approve(campaign)
    assert blocked_by(campaign) == {}


def test_what_is_accepted_ends_with_the_budget_it_was_above(campaign: Played) -> None:
    approve(campaign)
    campaign.ask(ReturnToStage(subject_id=campaign.campaign_id, stage="negotiation", reason="Autres conditions."))
    campaign.close_negotiation()

    with campaign.reading() as session:
        facts = campaign.facts(session)
        assert (facts.overruns, facts.overrun_decisions) == ([], [])


def test_a_wider_tolerance_that_the_campaign_follows_lifts_it_and_the_task_goes_with_the_order(campaign: Played) -> None:
    saved = save_policy(campaign, budget_overrun_share="0.10")
    follow = FollowPolicy(
        subject_id=campaign.campaign_id, policy_number=saved.number, policy_sha256=saved.sha256, reason="Tolérance relevée."
    )
    campaign.ask(follow)

    assert blocked_by(campaign) == {}
    assert campaign.unmet("approve_overrun") == {"overrun.none_waits": {}}
    campaign.order_mailing()
    assert ("reapprove_budget", "") in campaign.tasks("cancelled")


def test_euros_that_policy_names_bind_before_the_share(played: Campaigns) -> None:
    campaign = played("lots")
    campaign.tune_policy({"tolerances": {"budget_overrun_amount": "100.00"}})

    campaign.freeze_lots_above_budget()

    assert blocked_by(campaign)["overrun.above_approved"]["limit"] == Decimal("9380.16")


def test_within_the_tolerance_nobody_is_asked(played: Campaigns) -> None:
    campaign = played("lots")
    campaign.tune_policy({"tolerances": {"budget_overrun_share": "0.0874"}})  # 10,091.25

    campaign.freeze_lots_above_budget()

    assert campaign.rows(BudgetOverrun) == []
    assert blocked_by(campaign) == {}
    assert ("reapprove_budget", "") not in campaign.tasks()
    assert controls(campaign, "campaign.lots.frozen")["overrun"] == ("10091.25", "10090.72", "0.0874", "ok")


def test_a_campaign_that_froze_its_lots_before_there_was_the_rule_is_sent(campaign: Played) -> None:
    with campaign.behind_the_engine() as connection:
        connection.execute("delete from budget_overrun")

    assert blocked_by(campaign) == {}
    campaign.order_mailing()
    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(ConfirmDrop(subject_id=campaign.campaign_id))
    assert {one.code for one in refusal.value.unmet} == {"send.lots_not_deposited"}


def test_a_withdrawn_order_counts_with_what_it_still_costs(campaign: Played) -> None:
    with campaign.behind_the_engine() as connection:
        connection.execute("update purchase_order set state = 'cancelled', owed_amount = 77.70 where list_code = 'DOM'")

    with campaign.reading() as session:
        assert forecast_budget(campaign.facts(session)).total_amount == FORECAST + Decimal("77.70")
