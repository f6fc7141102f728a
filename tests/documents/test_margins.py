"""Papers that show returns say the margin they were worked out with, and nothing where all stays of what people give."""

import dataclasses
from decimal import Decimal

import pytest

from tests.documents.samples import SAMPLES
from tests.documents.test_render import pages_of
from workflows.campaign.documents import MarginUsed
from workflows.campaign.documents.planning import Scenario

USED = MarginUsed(rate=Decimal("0.425"), handling_amount=Decimal("1.2"))
LINES = {
    "fr": "ROI, marge et point mort sont calculés avec un taux de marge de 42,5 % et un coût de traitement de 1,20 € HT",
    "en": "ROI, contribution and break-even are worked out with a margin of 42.5% and a handling cost of €1.20 excl. VAT",
}


@pytest.mark.parametrize("locale", LINES)
@pytest.mark.parametrize("kind", ["media_plan", "budget_file", "results_report"])
def test_a_paper_names_the_margin_it_used_and_only_that(kind: str, locale: str) -> None:
    whole = SAMPLES[kind]()

    said, unsaid = (plain(pages_of(content, locale)) for content in (dataclasses.replace(whole, margin=USED), whole))

    assert LINES[locale] in said
    assert LINES[locale][:40] not in unsaid


@pytest.mark.parametrize(
    ("locale", "formulas"),
    [
        ("fr", ["(montant × taux de marge – traitement × dons) / coût", "montant × taux de marge – traitement × dons – coût"]),
        ("en", ["(amount × margin rate – handling × gifts) / cost", "amount × margin rate – handling × gifts – cost"]),
    ],
)
def test_the_report_shows_the_formulas_with_the_margin(locale: str, formulas: list[str]) -> None:
    report = SAMPLES["results_report"]()

    said, unsaid = (plain(pages_of(content, locale)) for content in (dataclasses.replace(report, margin=USED), report))

    assert [formula for formula in formulas if formula not in said] == []
    assert [formula for formula in formulas if formula in unsaid] == []


def test_the_contribution_of_a_scenario_is_of_what_stays() -> None:
    whole = Scenario(
        code="central", response_rate=Decimal("0.01"), responses=10, revenue_amount=Decimal(300), cost_amount=Decimal(90), roi=Decimal(3)
    )

    kept = dataclasses.replace(whole, kept_amount=Decimal(60))

    assert (whole.contribution_amount, kept.contribution_amount) == (210, -30)


def plain(pages: tuple[str, ...]) -> str:
    """The text in one line, with plain spaces."""
    return " ".join(" ".join(pages).split())
