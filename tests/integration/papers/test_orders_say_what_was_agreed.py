"""A list's order is for every channel that its lines go by, and for the addresses that its owner counted: without those it left out."""

from dataclasses import replace

from app.queries.brief import brief_of
from tests.integration.papers.journey import Journey
from workflows.campaign.counts.counting import GiveCounts, RequestCounts
from workflows.campaign.documents import ListTerms
from workflows.campaign.stages.plan import RevisePlan

CDR = {"M1": 885, "M2": 2095}


def terms_of(journey: Journey, code: str) -> ListTerms:
    ordered = [one.content.list_terms for one in journey.issued("purchase_order") if one.content.list_terms]
    (terms,) = (one for one in ordered if one.list_code == code)
    found: ListTerms = terms
    return found


def test_an_order_of_a_list_that_goes_by_post_alone_names_its_channel_once(journey: Journey) -> None:
    journey.reach("order")

    terms = terms_of(journey, "CDR")
    assert (terms.channel, terms.channels, terms.by) == ("postal", (), ("postal",))
    assert {row.channel for row in terms.selections} == {""}
    assert terms.exclusions == ()


def test_an_order_of_a_list_that_goes_by_several_channels_says_them_all_and_which_is_whose(journey: Journey) -> None:
    with journey.reading() as session:
        brief = brief_of(journey.facts(session))
    plan = tuple(replace(line, channel="email") if (line.list_code, line.segment) == ("CDR", "M2") else line for line in brief.plan)
    journey.ask(RevisePlan(subject_id=journey.campaign_id, plan=plan))
    journey.reach("order")

    terms = terms_of(journey, "CDR")
    assert terms.by == ("postal", "email")
    assert {(row.segment, row.channel) for row in terms.selections} == {("M1", "postal"), ("M2", "email")}
    assert terms_of(journey, "ALZ").by == ("postal",)


def test_an_order_says_whom_the_owner_was_asked_to_leave_out_and_counted_without(journey: Journey) -> None:
    journey.submit_plan()
    with journey.reading() as session:
        lists = {row.code: row.id for row in journey.facts(session).live_lists}
    journey.ask(RequestCounts(subject_id=journey.campaign_id, list_ids=(lists["CDR"], lists["ECL"]), exclusions="Hors Corse."))
    journey.ask(GiveCounts(subject_id=journey.campaign_id, list_id=lists["CDR"], available=CDR))
    journey.close_negotiation()
    journey.approve_budget()

    assert terms_of(journey, "CDR").exclusions == ("Hors Corse.",)
    assert terms_of(journey, "ECL").exclusions == (), "its owner has not answered"
