"""QR codes on papers and as files: one for each lot that carries one, the same address the same drawing."""

import dataclasses
import io
import zipfile

import pytest

from app.documents.qr_codes import as_files, drawn
from app.documents.render import render_html
from tests.documents.samples_production import lot_plan, mailing_order
from workflows.campaign.documents import LotPlan, MailingOrder


@pytest.mark.parametrize("paper", [lot_plan(), mailing_order()], ids=["lot plan", "mailing order"])
def test_a_paper_draws_the_code_of_each_lot_that_carries_one(paper: LotPlan | MailingOrder) -> None:
    carrying = [lot for lot in paper.lots if lot.qr]
    assert 0 < len(carrying) < len(paper.lots), "else it would show nothing"
    page = render_html(paper.head.kind, paper, "fr")
    assert page.count('class="qr"') == len(carrying)
    assert all(drawn(lot.qr) in page for lot in carrying)

    bare = dataclasses.replace(paper, lots=tuple(dataclasses.replace(lot, qr="") for lot in paper.lots))
    assert 'class="qr"' not in render_html(paper.head.kind, bare, "fr")


def test_each_address_has_a_drawing_of_its_own_and_always_the_same() -> None:
    first, second = drawn("https://don.example.org/a"), drawn("https://don.example.org/b")
    assert first != second
    assert first == drawn("don.example.org/a"), "it holds what a telephone opens"


def test_the_same_lots_give_the_same_files() -> None:
    lots = [("26A1", "https://don.example.org/a"), ("26A2", f"https://don.example.org/{'x' * 180}")]
    assert as_files(lots) == as_files(lots)
    with zipfile.ZipFile(io.BytesIO(as_files(lots))) as archive:
        assert archive.namelist() == ["26A1.svg", "26A2.svg"]
