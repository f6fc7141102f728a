"""Plan and negotiation: what a plan needs, what each list has to be asked, and what both refuse."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlmodel import col

from tests.integration.stages.played import Played
from workflows.campaign.any_stage.moving_drop import DropBeyondCalendar
from workflows.campaign.any_stage.shared_moves import AssignResponsibility, NotAMember, UnknownStage
from workflows.campaign.birth import CampaignCodeTaken
from workflows.campaign.brief import ListRow
from workflows.campaign.model import CampaignList, HistoryRow, Message, Responsibility
from workflows.campaign.rules import NotOfThisCampaign, ReasonMissing
from workflows.campaign.stages.negotiation import (
    AgreeTerms,
    CloseNegotiation,
    ListAlreadySettled,
    RecordConsent,
    RefuseTerms,
    ReopenTerms,
    ReturnToPlan,
    TermsNotAgreed,
)
from workflows.campaign.stages.plan import OpenCampaign, RevisePlan, SubmitPlan
from workflows.campaign.writing import ListSegmentInUse, MessageInUse, UnknownListSegment, UnknownMessage, UnknownSupplier
from workflows.engine.refusals import ConditionsUnmet
from workflows.plan_line.model import PlanLine
from workflows.trade.sampling import precision_sample_size

Campaigns = Callable[[str], Played]


def lines(campaign: Played, code: str) -> dict[str, int]:
    """Current lines of a list, counted by state."""
    counted: dict[str, int] = {}
    for line in campaign.rows(PlanLine, col(PlanLine.list_code) == code, col(PlanLine.to_seq).is_(None)):
        counted[line.state] = counted.get(line.state, 0) + 1
    return counted


def test_whoever_opens_a_campaign_answers_for_each_of_its_stages(played: Campaigns) -> None:
    campaign = played("plan")

    answerable = campaign.rows(Responsibility)
    assert len(answerable) == 10
    assert {one.person_id for one in answerable} == {campaign.manager.person_id}
    assert campaign.tasks() == [("prepare_plan", "")]


def test_two_campaigns_never_share_a_code(played: Campaigns) -> None:
    campaign = played("plan")

    with pytest.raises(CampaignCodeTaken):
        campaign.ask(OpenCampaign(subject_id=campaign.advertiser_id, campaign_code="26A", brief=campaign.kit.brief))


@pytest.mark.parametrize("drop_on", [date.min, date(1989, 12, 31), date(2200, 1, 1), date.max])
def test_a_drop_from_which_no_retroplanning_can_be_counted_is_refused(played: Campaigns, drop_on: date) -> None:
    campaign = played("plan")
    brief = replace(campaign.kit.brief, drop_on=drop_on)

    with pytest.raises(DropBeyondCalendar):
        campaign.ask(OpenCampaign(subject_id=campaign.advertiser_id, campaign_code="26B", brief=brief))


@pytest.mark.parametrize(
    ("refused", "change"),
    [
        (UnknownSupplier, {"owner": "S-NOBODY"}),
        (UnknownSupplier, {"broker": "S-NOBODY"}),
    ],
)
def test_a_list_names_suppliers_that_the_advertiser_has(played: Campaigns, refused: type[Exception], change: dict[str, str]) -> None:
    campaign = played("plan")
    lists = tuple(replace(row, **change) for row in campaign.kit.brief.lists)

    with pytest.raises(refused):
        campaign.ask(RevisePlan(subject_id=campaign.campaign_id, lists=lists))


@pytest.mark.parametrize(
    ("refused", "change"),
    [(UnknownListSegment, {"segment": "NONE"}), (UnknownListSegment, {"list_code": "XXX"}), (UnknownMessage, {"message": "Z"})],
)
def test_a_plan_line_names_a_segment_and_a_message_that_exist(played: Campaigns, refused: type[Exception], change: dict[str, str]) -> None:
    campaign = played("plan")
    first, *others = campaign.kit.brief.plan

    with pytest.raises(refused) as refusal:
        campaign.ask(RevisePlan(subject_id=campaign.campaign_id, plan=(*others, replace(first, **change))))
    assert refusal.value.params["row"] == len(others) + 1


def test_a_line_keeps_its_list_its_segment_and_its_message_or_goes_with_them(played: Campaigns) -> None:
    campaign = played("plan")
    brief = campaign.kit.brief
    line = next(row for row in brief.plan if row.message == "B")
    first = next(number for number, row in enumerate(brief.plan, start=1) if row.message == "B")
    before = campaign.trace()

    def revise(**parts: object) -> None:
        campaign.ask(RevisePlan(subject_id=campaign.campaign_id, **parts))

    without_message = tuple(row for row in brief.messages if row.code != "B")
    with pytest.raises(MessageInUse) as refusal:
        revise(messages=without_message)
    assert refusal.value.params == {"row": first, "list": line.list_code, "segment": line.segment, "message": "B"}

    def narrowed(row: ListRow) -> ListRow:
        return replace(row, segments=tuple(one for one in row.segments if (row.code, one[0]) != (line.list_code, line.segment)))

    of_segment = next(number for number, row in enumerate(brief.plan, 1) if (row.list_code, row.segment) == (line.list_code, line.segment))
    of_list = next(number for number, row in enumerate(brief.plan, start=1) if row.list_code == line.list_code)
    for lists, row in (
        (tuple(map(narrowed, brief.lists)), of_segment),
        (tuple(one for one in brief.lists if one.code != line.list_code), of_list),
    ):
        with pytest.raises(ListSegmentInUse) as refusal:
            revise(lists=lists)
        assert refusal.value.params["row"] == row
    assert campaign.trace() == before

    plan = tuple(row for row in brief.plan if row.message != "B" and (row.list_code, row.segment) != (line.list_code, line.segment))
    revise(lists=tuple(map(narrowed, brief.lists)), messages=without_message, plan=plan)
    with campaign.reading() as session:
        facts = campaign.facts(session)
        assert {one.message for one in facts.live_lines} == {one.code for one in facts.used_messages}


def test_a_revised_plan_ends_the_lines_that_it_drops_and_keeps_the_others_with_their_lists(played: Campaigns) -> None:
    campaign = played("plan")
    alz = campaign.list_id("ALZ")
    plan = tuple(row for row in campaign.kit.brief.plan if row.list_code != "ECL")

    campaign.ask(RevisePlan(subject_id=campaign.campaign_id, lists=campaign.kit.brief.lists, plan=plan))

    assert campaign.list_id("ALZ") == alz
    old = campaign.rows(PlanLine, col(PlanLine.to_seq).is_not(None))
    new = campaign.rows(PlanLine, col(PlanLine.to_seq).is_(None))
    assert (len(old), len(new)) == (len(campaign.kit.brief.plan) - len(plan), len(plan))
    assert {line.to_seq for line in old} == {campaign.campaign.chain_seq}
    assert {line.from_seq for line in new} == {campaign.campaign.chain_seq - 1}


def test_everything_a_plan_lacks_is_said_at_once(played: Campaigns) -> None:
    campaign = played("plan")
    campaign.ask(RevisePlan(subject_id=campaign.campaign_id, plan=(), costs=()))

    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(SubmitPlan(subject_id=campaign.campaign_id))

    assert [unmet.code for unmet in refusal.value.unmet] == ["plan.no_lines", "plan.no_costs"]
    assert {unmet.since for unmet in refusal.value.unmet} == {campaign.campaign.opened_at}


def test_a_rented_list_that_nobody_sells_is_not_submitted(played: Campaigns) -> None:
    campaign = played("plan")
    orphaned = tuple(replace(row, owner=None, broker=None) if row.code == "CDR" else row for row in campaign.kit.brief.lists)
    campaign.ask(RevisePlan(subject_id=campaign.campaign_id, lists=orphaned))

    assert campaign.unmet("submit_plan") == {"plan.list_without_supplier": {"lists": ["CDR"]}}


def test_targets_that_a_plan_misses_are_warnings_and_never_a_refusal(played: Campaigns) -> None:
    campaign = played("plan")
    with campaign.behind_the_engine() as connection:
        connection.execute("update campaign set target_responses = 100000, target_roi = 50, minimum_net_quantity = 100000")

    campaign.submit_plan()

    assert campaign.state == "negotiation"
    warned = {warning["code"] for warning in campaign.campaign.projection["warnings"]}
    assert {"target_responses", "target_roi", "minimum_net_quantity"} <= warned


def test_habits_that_a_plan_breaks_are_warnings_and_never_a_refusal(played: Campaigns) -> None:
    campaign = played("plan")
    with campaign.behind_the_engine() as connection:
        connection.execute("update campaign set drop_on = '2026-10-13', offer_ends_on = '2026-11-25'")
        connection.execute("update list_segment set universe = 100 where code = 'P24'")
        connection.execute("update history_row set campaign = '2026-08 26Z' where list_code in ('ALZ', 'MAI') and campaign = '2026-03'")

    campaign.submit_plan()

    assert campaign.state == "negotiation"
    warned = {one["code"]: (one["expected"], one["actual"]) for one in campaign.campaign.projection["warnings"]}
    assert warned["universe:ALZ/P24"][0] == 100
    assert warned["universe:ALZ/P24"][1] > 100
    assert warned["offer_ends"] == (5, 4), "a day less than five weeks after it has landed"
    assert {code: told for code, told in warned.items() if code.startswith("recent_use")} == {"recent_use:ALZ": (3, 2)}
    assert {code for code in warned if code.startswith("test_responses")} == {
        f"test_responses:{test}" for test in ("ALZ/P12/B", "CDR/M1/A", "CDR/M2/A", "DOM/D12/B")
    }
    assert warned["test_volume"][0] == "10-20"


def test_a_plan_that_keeps_the_habits_is_not_warned_of_them(played: Campaigns) -> None:
    campaign = played("plan")
    with campaign.behind_the_engine() as connection:
        connection.execute("update campaign set drop_on = '2026-10-13', offer_ends_on = '2026-11-26'")

    campaign.submit_plan()

    warned = {one["code"].partition(":")[0] for one in campaign.campaign.projection["warnings"]}
    assert not warned & {"universe", "offer_ends", "recent_use"}


def test_tests_that_tell_their_rate_less_closely_than_policy_asks_are_warned_of(played: Campaigns) -> None:
    campaign = played("plan")
    campaign.tune_policy({"thresholds": {"test_precision": "0.003"}})

    campaign.submit_plan()

    warned = {one["code"]: (one["expected"], one["actual"]) for one in campaign.campaign.projection["warnings"]}
    needed, there = warned["test_precision:ALZ/P12/B"]
    (line,) = [one for one in campaign.campaign.projection["lines"] if (one["list"], one["segment"], one["message"]) == ("ALZ", "P12", "B")]
    assert there == line["net"] < needed == precision_sample_size(Decimal(line["response_rate"]), Decimal("0.003"))


def test_each_rented_or_exchanged_list_is_somebody_s_work_and_a_house_list_nobody_s(played: Campaigns) -> None:
    campaign = played("negotiation")

    settle = [label for name, label in campaign.tasks() if name == "settle_list"]
    assert settle == ["ALZ", "BTN", "CDR", "DOM", "ECL"]
    assert lines(campaign, "MAI") == {"owner_approved": 2}
    assert lines(campaign, "ALZ") == {"candidate": 3}


def test_an_owner_consents_only_once_the_terms_are_agreed(played: Campaigns) -> None:
    campaign = played("negotiation")
    about = {"subject_id": campaign.campaign_id, "list_id": campaign.list_id("ALZ")}

    with pytest.raises(TermsNotAgreed):
        campaign.ask(RecordConsent(**about))
    campaign.ask(AgreeTerms(**about, cpm=Decimal("150.5")))
    with pytest.raises(ListAlreadySettled):
        campaign.ask(AgreeTerms(**about, cpm=Decimal(10)))
    campaign.ask(RecordConsent(**about))

    assert lines(campaign, "ALZ") == {"owner_approved": 3}
    (row,) = campaign.rows(CampaignList, col(CampaignList.code) == "ALZ")
    assert (row.cpm, row.selection_cpm) == (Decimal("150.5"), Decimal(12)), "what the command leaves out stays as the brief has it"
    assert ("settle_list", "ALZ") in campaign.tasks("done")


def test_a_list_may_be_refused_with_a_reason_and_reopened(played: Campaigns) -> None:
    campaign = played("negotiation")
    about = {"subject_id": campaign.campaign_id, "list_id": campaign.list_id("ECL")}
    with pytest.raises(ReasonMissing):
        campaign.ask(RefuseTerms(**about, reason=""))

    campaign.ask(RefuseTerms(**about, reason="Le propriétaire refuse le message."))
    assert lines(campaign, "ECL") == {"refused": 2}
    assert ("settle_list", "ECL") not in campaign.tasks()

    campaign.ask(ReopenTerms(**about, reason="Il a changé d’avis."))
    assert lines(campaign, "ECL") == {"candidate": 2}
    assert campaign.tasks().count(("settle_list", "ECL")) == 1


def test_a_refused_list_is_in_no_budget(played: Campaigns) -> None:
    campaign = played("negotiation")
    campaign.ask(RefuseTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id("ECL"), reason="Non."))

    campaign.close_negotiation()

    (issued,) = campaign.issued("budget_file")
    assert "ECL" not in str(issued.document.content)


def test_negotiation_stays_open_while_a_list_waits_or_when_all_were_refused(played: Campaigns) -> None:
    campaign = played("negotiation")
    codes = ["ALZ", "BTN", "CDR", "DOM", "ECL"]
    assert campaign.unmet("close_negotiation") == {"negotiation.lists_open": {"lists": codes}}

    for code in codes:
        campaign.ask(RefuseTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id(code), reason="Non."))
    assert campaign.move("close_negotiation").is_open, "the house file is left"

    with campaign.behind_the_engine() as connection:
        connection.execute("update plan_line set state = 'refused'")
    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    assert [unmet.code for unmet in refusal.value.unmet] == ["plan.no_lines"]


def test_a_budget_above_the_envelope_is_put_to_nobody(played: Campaigns) -> None:
    campaign = played("negotiation")
    for code in ("ALZ", "BTN", "CDR", "DOM", "ECL"):
        about = {"subject_id": campaign.campaign_id, "list_id": campaign.list_id(code)}
        campaign.ask(AgreeTerms(**about, technical_fee=Decimal(9000) if code == "ALZ" else None))
        campaign.close_consent(code)

    (params,) = campaign.unmet("close_negotiation").values()
    assert params["limit"] == Decimal(10500) < params["amount"]
    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    assert [unmet.code for unmet in refusal.value.unmet] == ["budget.above_envelope"]

    about = {"subject_id": campaign.campaign_id, "list_id": campaign.list_id("ALZ")}
    campaign.ask(ReopenTerms(**about, reason="Beaucoup trop cher."))
    campaign.ask(AgreeTerms(**about, technical_fee=Decimal(90)))
    campaign.close_consent("ALZ")
    assert campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id)).state == "budget"


def test_terms_of_a_list_of_nowhere_are_refused(played: Campaigns) -> None:
    campaign = played("negotiation")

    for command in (AgreeTerms, RecordConsent):
        with pytest.raises(NotOfThisCampaign):
            campaign.ask(command(subject_id=campaign.campaign_id, list_id=uuid4()))


def test_what_was_left_open_is_cancelled_when_the_campaign_goes_back_to_its_plan(played: Campaigns) -> None:
    campaign = played("negotiation")
    waiting = campaign.tasks()

    campaign.ask(ReturnToPlan(subject_id=campaign.campaign_id, reason="Il manque une liste."))

    assert campaign.tasks() == [("prepare_plan", "")]
    assert campaign.tasks("cancelled") == waiting


def test_messages_may_be_replaced_in_the_plan(played: Campaigns) -> None:
    campaign = played("plan")
    renamed = tuple(replace(row, label=row.label + " bis") for row in campaign.kit.brief.messages)

    campaign.ask(RevisePlan(subject_id=campaign.campaign_id, messages=renamed))

    current = campaign.rows(Message, col(Message.to_seq).is_(None))
    assert {message.label for message in current} == {row.label for row in renamed}


def test_somebody_of_the_advertiser_may_be_made_answerable_and_nobody_else(played: Campaigns) -> None:
    campaign = played("negotiation")
    campaign.ask(AssignResponsibility(subject_id=campaign.campaign_id, stage="budget", person_id=campaign.president.person_id))

    current = campaign.rows(Responsibility, col(Responsibility.to_seq).is_(None), col(Responsibility.stage) == "budget")
    assert [one.person_id for one in current] == [campaign.president.person_id]
    with pytest.raises(UnknownStage):
        campaign.ask(AssignResponsibility(subject_id=campaign.campaign_id, stage="closed", person_id=campaign.manager.person_id))
    for stranger in (uuid4(), campaign.actors["S-ALZ"].person_id):
        with pytest.raises(NotAMember):
            campaign.ask(AssignResponsibility(subject_id=campaign.campaign_id, stage="budget", person_id=stranger))


def test_a_campaign_opened_again_adds_no_history_twice(played: Campaigns) -> None:
    campaign = played("plan")
    with campaign.behind_the_engine() as connection:
        before = connection.execute("select count(*) from history_row").fetchone()

    campaign.open("27B")

    with campaign.behind_the_engine() as connection:
        assert connection.execute("select count(*) from history_row").fetchone() == before
    assert before == (len(campaign.kit.brief.history),)
    assert HistoryRow.__tablename__ == "history_row"
