"""How a list is billed otherwise than usual, on every paper that says it, in both languages; and on none where all is as usual."""

import dataclasses
import io
import re

import pytest
from pypdf import PdfReader

from app.documents.catalogue import LOCALES
from app.documents.render import render_pdf
from tests.documents.samples_negotiating import terms_sheet
from tests.documents.samples_planning import budget_file, purchase_order
from tests.documents.samples_production import net_statement
from workflows.campaign.documents import DocumentContent, NetStatement, PurchaseOrder, canonical_content

LOST = ("rejected", "intra")
LEFT = ("suppressed", "inter")


def words(kind: str, content: DocumentContent, locale: str) -> str:
    """All that the paper says, with every kind of blank as one space."""
    pdf = render_pdf(kind, content, locale)
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def order(
    billing_basis: str = "delivered", unbilled_reasons: tuple[str, ...] = (), deductible_reasons: tuple[str, ...] = LEFT
) -> PurchaseOrder:
    usual = purchase_order()
    assert usual.list_terms is not None
    terms = dataclasses.replace(
        usual.list_terms, billing_basis=billing_basis, unbilled_reasons=unbilled_reasons, deductible_reasons=deductible_reasons
    )
    return dataclasses.replace(usual, list_terms=terms)


def statement(billing_basis: str = "delivered") -> NetStatement:
    """The statement of a contract that never bills rejects and duplicates within the list: 2,410 of the 100,000."""
    usual = net_statement()
    lost = tuple(dataclasses.replace(one, unbilled=one.reason in LOST) for one in usual.deductions)
    floor = 85_000 if billing_basis == "ordered" else 82_952
    return dataclasses.replace(usual, deductions=lost, unbilled_qty=2410, billing_basis=billing_basis, floor_qty=floor, billable_qty=floor)


@pytest.mark.parametrize(
    ("locale", "ordered", "left", "never", "deductible"),
    [
        (
            "fr",
            "85 % des adresses commandées ; au-delà, les adresses nettes",
            "85 % des adresses livrées, hors adresses jamais facturées ; au-delà, les adresses nettes",
            "Jamais facturés rejets d’adresse (RNVP), doublons internes, déduits avant le minimum",
            "Motifs déductibles fichiers repoussoirs, doublons entre fichiers",
        ),
        (
            "en",
            "85% of the addresses ordered; above it, the net addresses",
            "85% of the addresses delivered, without those never billed; above it, the net addresses",
            "Never billed address rejects, duplicates within the file, deducted before the floor",
            "Deductible reasons suppression files, duplicates between files",
        ),
    ],
)
def test_an_order_says_what_the_floor_is_one_of_and_what_is_never_billed(
    locale: str, ordered: str, left: str, never: str, deductible: str
) -> None:
    assert ordered in words("purchase_order", order("ordered"), locale)
    page = words("purchase_order", order(unbilled_reasons=LOST), locale)
    assert left in page
    assert never in page
    assert deductible in page


@pytest.mark.parametrize(("locale", "none"), [("fr", "Motifs déductibles aucun"), ("en", "Deductible reasons none")])
def test_where_no_loss_is_ever_billed_none_is_left_to_deduct(locale: str, none: str) -> None:
    assert none in words("purchase_order", order(unbilled_reasons=(*LOST, *LEFT), deductible_reasons=()), locale)


@pytest.mark.parametrize(
    ("locale", "ordered", "left"),
    [
        ("fr", "au moins 13 252 adresses", "des adresses livrées, hors adresses jamais facturées"),
        ("en", "13,252 addresses at least", "of the addresses delivered, without those never billed"),
    ],
)
def test_a_terms_sheet_promises_no_number_where_nobody_knows_how_many_are_left(locale: str, ordered: str, left: str) -> None:
    sheet = terms_sheet()
    assert ordered in words("terms_sheet", dataclasses.replace(sheet, billing_basis="ordered"), locale)
    page = words("terms_sheet", dataclasses.replace(sheet, unbilled_reasons=LOST), locale)
    assert left in page
    assert ordered not in page


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        (
            "fr",
            (
                "oui, jamais facturés",
                "oui, jusqu’au minimum",
                "2 410 adresses (rejets d’adresse (RNVP), doublons internes), déduites avant le minimum",
                "85 % des adresses livrées, hors adresses jamais facturées, soit 82 952",
                "le plus grand de 80 000 (nettes) et 82 952 (minimum), sans dépasser 97 590",
            ),
        ),
        (
            "en",
            (
                "yes, never billed",
                "yes, down to the floor",
                "2,410 addresses (address rejects, duplicates within the file), deducted before the floor",
                "85% of the addresses delivered, without those never billed, that is 82,952",
                "the larger of 80,000 (net) and 82,952 (floor), not above 97,590",
            ),
        ),
    ],
)
def test_a_statement_leads_from_delivered_to_billable_step_by_step(locale: str, said: tuple[str, ...]) -> None:
    page = words("net_statement", statement(), locale)
    assert [sentence for sentence in said if sentence not in page] == []
    on_order = {"fr": "85 % des adresses commandées, soit 85 000", "en": "85% of the addresses ordered, that is 85,000"}[locale]
    assert on_order in words("net_statement", statement("ordered"), locale)


@pytest.mark.parametrize(
    ("locale", "floor", "never"),
    [
        ("fr", "Facturation minimum sur les adresses commandées", "Jamais facturés : rejets d’adresse (RNVP), doublons internes"),
        ("en", "Billing floor on the addresses ordered", "Never billed: address rejects, duplicates within the file"),
    ],
)
def test_whoever_signs_the_budget_reads_it_under_the_list(locale: str, floor: str, never: str) -> None:
    usual = budget_file()
    first, *others = usual.lists
    changed = dataclasses.replace(usual, lists=(dataclasses.replace(first, billing_basis="ordered", unbilled_reasons=LOST), *others))

    page = words("budget_file", changed, locale)
    assert page.count(floor) == page.count(never) == 1


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_as_usual_is_said_on_no_paper(locale: str) -> None:
    for kind, content in (
        ("purchase_order", purchase_order()),
        ("terms_sheet", terms_sheet()),
        ("net_statement", net_statement()),
        ("budget_file", budget_file()),
    ):
        page = words(kind, content, locale).lower()
        assert {"fr": "jamais facturé", "en": "never billed"}[locale] not in page, kind
        assert b"unbilled" not in canonical_content(content), kind
