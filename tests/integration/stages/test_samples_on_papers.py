"""What owners approved of sample mail pieces, on terms sheets and orders."""

from collections.abc import Callable

from tests.integration.stages.played import Played
from tests.integration.stages.sampled import agree, asked, attach, consent, keep, request
from workflows.campaign.any_stage.reworking import ReturnToStage
from workflows.campaign.documents import SampleRow
from workflows.campaign.samples.records import SamplePiece
from workflows.campaign.stages.negotiation import CloseNegotiation
from workflows.trade.working_days import local_day

Campaigns = Callable[[str], Played]


def approve_all(campaign: Played, *pieces: SamplePiece) -> None:
    """Every owner who is asked consents to these of the samples that are its list's."""
    for code in asked(campaign):
        wanted = request(campaign, code).samples
        consent(campaign, code, *(one for one in pieces if one.message in wanted))


def test_terms_sheets_and_orders_name_what_each_owner_approved(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "ALZ", "BTN", "CDR", "DOM", "ECL")
    pieces = (attach(campaign, "A"), attach(campaign, "B"))
    approve_all(campaign, *pieces)
    approved_on = local_day(request(campaign, "ALZ").approved_at)
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    campaign.approve_budget()

    expected = tuple(SampleRow(message=one.message, version=1, sha256=one.sha256, approved_on=approved_on) for one in pieces)
    sheets = {one.content.list_code: one.content.samples for one in campaign.issued("terms_sheet")}
    assert (sheets["ALZ"], len(sheets["CDR"])) == (expected, 1)
    orders = {
        one.content.list_terms.list_code: one.content.list_terms for one in campaign.issued("purchase_order") if one.content.list_terms
    }
    assert {code: terms.samples for code, terms in orders.items()} == sheets


def test_a_sheet_says_which_version_is_mailed_though_another_was_approved(played: Campaigns) -> None:
    campaign = played("negotiation")
    campaign.settle_lists()
    first = attach(campaign, "B", "1.pdf")
    consent(campaign, "ALZ", first)
    consent(campaign, "DOM", first)
    second = attach(campaign, "B", "2.pdf")
    keep(campaign, "ALZ")
    keep(campaign, "DOM")
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))

    sheets = {one.content.list_code: one.content.samples for one in campaign.issued("terms_sheet")}
    (row,) = sheets["ALZ"]
    assert (row.version, row.sha256, row.newest_version, row.newest_sha256) == (1, first.sha256, 2, second.sha256)
    assert sheets["CDR"] == (), "no sample of its message was attached"


def test_an_order_that_stands_is_not_issued_anew_for_another_sample_but_its_sheet_is(played: Campaigns) -> None:
    campaign = played("delivery")
    before = [(one.document.number, one.document.revision) for one in campaign.issued("purchase_order")]
    campaign.ask(ReturnToStage(subject_id=campaign.campaign_id, stage="negotiation", reason="Le message change."))
    approve_all(campaign, attach(campaign, "A"))
    assert "samples.unapproved" not in campaign.unmet("close_negotiation")
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    campaign.approve_budget()

    assert [(one.document.number, one.document.revision) for one in campaign.issued("purchase_order")] == before
    assert {one.content.list_code: one.document.revision for one in campaign.issued("terms_sheet")}["CDR"] == 2
