"""Whichever way a value comes in, what no rule of the trade can work with is refused where it is written, not weeks later."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from tests.integration.stages.test_order import contact, current
from workflows.campaign.stages.negotiation import AgreeTerms
from workflows.campaign.stages.plan import EnvelopeNotPositive, LoadHistory, OpenCampaign, RevisePlan
from workflows.campaign.suppressions.receiving import KeepSuppression
from workflows.campaign.values import ValueNotAllowed
from workflows.engine.command import Command
from workflows.order.proposing import ProposeChange

Campaigns = Callable[[str], Played]
NOTHING_CHANGED = "a refusal leaves no trace"


def refused(campaign: Played, command: Command, **asked: Any) -> dict[str, Any]:
    """What a refusal says of the command's value."""
    before = campaign.trace()
    with pytest.raises(ValueNotAllowed) as refusal:
        campaign.ask(command, **asked)
    assert campaign.trace() == before, NOTHING_CHANGED
    return refusal.value.params


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("lists", "nature", "nonsense"),
        ("lists", "cpm", Decimal(-1)),
        ("lists", "cpm", Decimal(1_000_000)),
        ("lists", "selection_cpm", Decimal("-0.01")),
        ("lists", "run_charge_cpm", Decimal(-1)),
        ("lists", "min_billing_rate", Decimal(7)),
        ("lists", "min_invoice_amount", Decimal(-1)),
        ("lists", "technical_fee", Decimal(-1)),
        ("lists", "billing_basis", "net"),
        ("lists", "unbilled_reasons", ("rejected", "pnd")),
        ("lists", "undeliverable_guarantee", Decimal("1.5")),
        ("lists", "lead_days", -3),
        ("lists", "code", "A/B"),
        ("lists", "code", ".A"),
        ("lists", "code", " A"),
        ("lists", "code", "A" * 61),
        ("lists", "code", ""),
        ("plan", "role", "nonsense"),
        ("plan", "role", "holdout"),
        ("plan", "channel", "../postal"),
        ("plan", "gross_qty", -500),
        ("plan", "rank", -1),
        ("messages", "code", " "),
        ("costs", "basis", "nonsense"),
        ("costs", "nature", ""),
        ("costs", "amount", Decimal(-1)),
        ("seeds", "code", ""),
    ],
)
def test_a_row_of_the_brief_is_refused_with_its_place(played: Campaigns, part: str, field: str, value: Any) -> None:
    campaign = played("plan")
    first, *others = getattr(campaign.kit.brief, part)
    rows = (*others, replace(first, **{field: value}))

    told = refused(campaign, RevisePlan(subject_id=campaign.campaign_id, **{part: rows}))

    assert (told["part"], told["place"], told["field"], told["value"]) == (part, len(rows), field, value)


@pytest.mark.parametrize("part", ["lists", "messages", "seeds"])
def test_a_code_stands_for_one_row(played: Campaigns, part: str) -> None:
    campaign = played("plan")
    rows = getattr(campaign.kit.brief, part)

    told = refused(campaign, RevisePlan(subject_id=campaign.campaign_id, **{part: (*rows, replace(rows[0], code=rows[0].code.lower()))}))

    assert (told["place"], told["value"], told["allowed"]) == (len(rows) + 1, rows[0].code.lower(), "once")


def test_a_list_and_a_suppression_file_share_no_name(played: Campaigns) -> None:
    campaign = played("plan")
    first, *others = campaign.kit.brief.lists

    told = refused(campaign, RevisePlan(subject_id=campaign.campaign_id, lists=(*others, replace(first, code="Opposition"))))
    assert (told["part"], told["allowed"]) == ("lists", "once")

    for name, allowed in ((f"{first.code}.csv", "once"), ("a/b.csv", "code"), (".csv", "code")):
        told = refused(campaign, KeepSuppression(subject_id=campaign.campaign_id, suppression=name, file=kept("o.csv")))
        assert (told["part"], told["allowed"]) == ("suppressions", allowed)


@pytest.mark.parametrize("segments", [(("D36", -1),), (("", 5),), (("D36", 1), ("D36", 2))])
def test_segments_are_held_against_what_they_may_be(played: Campaigns, segments: tuple[tuple[str, int], ...]) -> None:
    campaign = played("plan")
    first, *others = campaign.kit.brief.lists

    told = refused(campaign, RevisePlan(subject_id=campaign.campaign_id, lists=(*others, replace(first, segments=segments))))

    assert (told["part"], told["place"]) == ("segments", first.code)


@pytest.mark.parametrize(("field", "value"), [("nature", "nonsense"), ("mailed", -1), ("amount", Decimal(-1)), ("campaign", "")])
def test_history_is_held_against_what_campaigns_may_have_brought(played: Campaigns, field: str, value: Any) -> None:
    campaign = played("plan")
    row = replace(campaign.kit.brief.history[0], **{field: value})

    assert refused(campaign, LoadHistory(subject_id=campaign.campaign_id, rows=(row,)))["field"] == field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("vat_rate", Decimal("1.2")),
        ("target_responses", -1),
        ("target_roi", Decimal(-1)),
        ("minimum_net_quantity", -1),
        ("margin_rate", Decimal(0)),
        ("margin_rate", Decimal("1.0001")),
        ("margin_rate", Decimal("0.12345")),
        ("handling_amount", Decimal("-0.01")),
        ("handling_amount", Decimal("0.001")),
        ("dedupe", {"level": "street"}),
        ("dedupe", {"allocation": "by chance"}),
        ("dedupe", {"multi_buyers": 1}),
        ("dedupe", {"protected": 5}),
        ("dedupe", {"suppressions": "opposition.csv"}),
        ("dedupe", {"suppressions": ["opposition*.csv"]}),
    ],
)
def test_no_campaign_is_opened_with_such_a_figure(played: Campaigns, field: str, value: Any) -> None:
    campaign = played("plan")
    brief = replace(campaign.kit.brief, **{field: value})

    refused(campaign, OpenCampaign(subject_id=campaign.advertiser_id, campaign_code="26B", brief=brief))


@pytest.mark.parametrize("amount", [Decimal(-10), Decimal(0)])
def test_no_campaign_is_opened_with_nothing_to_spend(played: Campaigns, amount: Decimal) -> None:
    campaign = played("plan")
    brief = replace(campaign.kit.brief, envelope_amount=amount)

    with pytest.raises(EnvelopeNotPositive):
        campaign.ask(OpenCampaign(subject_id=campaign.advertiser_id, campaign_code="26B", brief=brief))


@pytest.mark.parametrize(("field", "value"), [("cpm", Decimal(-1)), ("min_billing_rate", Decimal(2)), ("technical_fee", Decimal(-5))])
def test_no_terms_are_agreed_that_nobody_can_bill_by(played: Campaigns, field: str, value: Decimal) -> None:
    campaign = played("negotiation")
    command = AgreeTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id("ALZ"), **{field: value})

    told = refused(campaign, command)

    assert (told["part"], told["place"], told["field"]) == ("terms", "ALZ", field)


@pytest.mark.parametrize(("field", "value"), [("quantity", -5), ("quantity", 0), ("cpm", Decimal(-1)), ("min_billing_rate", Decimal(7))])
def test_a_supplier_proposes_nothing_that_no_order_has(played: Campaigns, field: str, value: Any) -> None:
    campaign = played("order")
    order = current(campaign)["CDR"]
    command = ProposeChange(subject_id=order.id, **{field: value})

    told = refused(campaign, command, by=contact(campaign, order))

    assert (told["part"], told["place"], told["field"]) == ("proposal", order.number, field)
