"""The figures of a campaign as a workbook: what a controller goes on reckoning with, in numbers that are those of the page."""

import re
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from app.documents.catalogue import catalogue
from tests.integration.papers.journey import Journey
from tests.integration.portals.test_supplier import rows
from tests.integration.portals.visiting import Visitor, give_contact, person_named
from workflows.campaign.records import CampaignResult
from workflows.campaign.results.figures import GROUPINGS

PATH = "/manager/campaigns/26A/analysis/results.xlsx"
Sheets = dict[str, list[list[Any]]]


@pytest.fixture
def stage() -> str:
    return "closed"


def sheets(visitor: Visitor, path: str = PATH) -> Sheets:
    answer = visitor.open(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename=26A_results.xlsx"
    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_it_has_every_list_with_the_counts_and_figures_that_are_kept(journey: Journey, marion: Visitor) -> None:
    (result,) = rows(journey, CampaignResult)
    kept = result.body["kpis"]["by_list"]

    head, *lists = sheets(marion)["By list"]

    assert [row[0] for row in lists] == sorted(kept)
    for row in lists:
        figures = dict(zip(head, row, strict=True))
        rate = kept[row[0]]["response_rate"]
        assert (figures["Mailed"], figures["Responses"]) == (rate["denominator"], rate["numerator"])
        assert figures["Response rate"] == float(rate["value"])
        assert figures["Cost (EUR)"] == float(kept[row[0]]["cost_per_contact"]["numerator"])


def test_its_first_sheet_has_the_campaigns_indicators_with_their_formulas_and_intervals(journey: Journey, marion: Visitor) -> None:
    (result,) = rows(journey, CampaignResult)
    kept = result.body["kpis"]["campaign"]

    (name, (_head, *indicators)), *others = sheets(marion).items()

    assert name == "Indicators"
    assert {"By list", "By segment", "By lot", "By message"} <= {other for other, _ in others}
    of_code = {row[0]: row for row in indicators}
    assert len(of_code) == len(kept)
    _, formula, responses, mailed, value, low, high = of_code["Response rate"]
    assert (formula, value) == ("responses / mailed", float(kept["response_rate"]["value"]))
    assert low < value < high
    assert Decimal(responses / mailed).quantize(Decimal("0.000001")) == Decimal(str(kept["response_rate"]["value"]))


def test_it_is_written_in_the_readers_language(journey: Journey, site: Flask) -> None:
    assert list(sheets(Visitor(site, person_named(journey, "Marion Vidal"), "fr")))[:2] == ["Indicateurs", "Par fichier"]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", ["kpis", *GROUPINGS, "shared_sheet"])
def test_the_name_of_a_sheet_fits_and_is_not_cut(name: str, language: str) -> None:
    assert len(catalogue(language).text(f"results_report.{name}")) <= 31


def test_each_column_of_figures_has_as_many_decimals_in_all_its_rows(marion: Visitor) -> None:
    with ZipFile(BytesIO(marion.open(PATH).data)) as book:
        of_lists = book.read("xl/worksheets/sheet2.xml").decode()
    styles: dict[str, set[str]] = {}
    for column, style in re.findall(r'<c r="([A-Z]+)(?!1")\d+" s="(\d+)"', of_lists):
        styles.setdefault(column, set()).add(style)
    assert len(styles) > 10
    assert all(len(found) == 1 for found in styles.values())


def test_an_auditor_has_the_same_and_a_supplier_has_none(journey: Journey, site: Flask, marion: Visitor) -> None:
    auditor = Visitor(site, person_named(journey, "Yann Kerbrat"))
    assert "/auditor/campaigns/26A/analysis/results.xlsx" in auditor.open("/auditor/campaigns/26A/analysis").text
    assert sheets(auditor, PATH.replace("manager", "auditor")) == sheets(marion)
    assert Visitor(site, give_contact(journey, "S-CRT")).open(PATH).status_code in (403, 404)


@pytest.mark.parametrize("stage", ["analysis"])
def test_before_there_are_figures_there_is_none(marion: Visitor) -> None:
    assert marion.open(PATH).status_code == 404
