"""The terms sheet: when two say the same, and what stands on the paper in both languages."""

import dataclasses
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from app.documents.render import render_pdf
from tests.documents.parties import OWNER
from tests.documents.samples_negotiating import terms_sheet
from workflows.campaign.documents import TermsSheet


def words(content: TermsSheet, locale: str) -> str:
    """All that the paper says, with every kind of blank as one space."""
    pdf = render_pdf("terms_sheet", content, locale)
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def bare(**changed: object) -> TermsSheet:
    """The sheet of an owner's own list about which nothing was agreed that need not be."""
    sheet = terms_sheet()
    return dataclasses.replace(
        sheet,
        head=dataclasses.replace(sheet.head, recipient=OWNER),
        rows=tuple(dataclasses.replace(row, counted_qty=None) for row in sheet.rows),
        **{
            "commission_included": False,
            "undeliverable_warranty_rate": None,
            "lead_days": 0,
            "offer_until": None,
            "protected_from": None,
            "protected_until": None,
            "counted_on": None,
            "held_until": None,
            "exclusions": "",
            "short_accepted_on": None,
            "basis": None,
            "samples": (),
        }
        | changed,
    )


def test_a_sheet_says_the_same_as_another_whatever_their_letterheads() -> None:
    sheet, again = terms_sheet(), terms_sheet(revision=2)

    assert again.says_the_same_as(sheet)
    for changed in (
        {"cpm": Decimal(166)},
        {"offer_until": None},
        {"consent_on": date(2026, 8, 13)},
        {"rows": sheet.rows[:1]},
        {"samples": sheet.samples[:1]},
        {"mailing_until": date(2026, 10, 24)},
    ):
        assert not dataclasses.replace(again, **changed).says_the_same_as(sheet), changed


def test_quantities_follow_from_what_is_wanted() -> None:
    sheet = terms_sheet()

    assert (sheet.quantity, sheet.counted_qty) == (8430 + 7160, 9120 + 6900)
    assert (sheet.least_billable_qty, sheet.most_billable_qty) == (13_252, 15_901)
    assert bare().counted_qty is None
    assert dataclasses.replace(sheet, min_billing_rate=Decimal(0)).least_billable_qty == 0


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        (
            "fr",
            (
                "Location d’adresses – Alizés Presse – abonnés actifs (ALZ)",
                "Ce n’est pas une commande : rien n’est dû",
                "au moins 13 252 adresses",
                "Conditions convenues le 10 août 2026",
                "donné le 12 août 2026, sur les messages et l’utilisation ci-dessous",
                "Offre valable jusqu’au 15 septembre 2026",
                "aucun envoi d’un concurrent sur ces adresses du 28 septembre 2026 au 31 octobre 2026",
                "usage unique – courrier postal",
                "du 12 octobre 2026 au 23 octobre 2026",
                "P12 extension, test A, B 8 430 9 120",
                "Comptage du 7 août 2026",
                "Adresses déjà louées pour 26P",
                "la quantité prévue est maintenue (décision du 13 août 2026)",
                "165,00 € HT le mille",
                "85 % des adresses livrées ; au-delà, les adresses nettes",
                "5,00 € HT le mille (frais de passage)",
                "rejets d’adresse (RNVP), liste d’opposition",
                "comprise dans ces prix, à la charge du propriétaire",
                "30 jours date de facture",
                "8 jours ouvrés",
                "au plus 3 % de plis non distribuables",
                f"Spécimen du message A version 2, approuvée le 12 août 2026 SHA-256 {'3b1f' * 16}",
                f"Spécimen du message B version 1, approuvée le 12 août 2026 SHA-256 {'5c2e' * 16}",
                f"la version 2 est expédiée : ce qui a changé ne touche pas cet accord SHA-256 {'7d90' * 16}",
            ),
        ),
        (
            "en",
            (
                "It is no order: nothing is due",
                "13,252 addresses at least",
                "Terms agreed on 10 August 2026",
                "given on 12 August 2026, of the messages and the use below",
                "Offer valid until 15 September 2026",
                "no competing mailing to these addresses from 28 September 2026 to 31 October 2026",
                "P12 rollout, test A, B 8,430 9,120",
                "Count of 7 August 2026",
                "the planned quantity stands (decided on 13 August 2026)",
                "85% of the addresses delivered; above it, the net addresses",
                "included in these prices, borne by the owner",
                "8 working days",
                f"Sample of message A version 2, approved on 12 August 2026 SHA-256 {'3b1f' * 16}",
                f"version 2 is mailed: what changed does not touch that approval SHA-256 {'7d90' * 16}",
            ),
        ),
    ],
    ids=["fr", "en"],
)
def test_everything_that_was_agreed_stands_on_the_paper(locale: str, said: tuple[str, ...]) -> None:
    text = words(terms_sheet(), locale)
    for one in said:
        assert one in text, one


@pytest.mark.parametrize(
    ("locale", "said", "unsaid"),
    [
        (
            "fr",
            ("Spécimen aucun n’était joint à cet accord", "aucun comptage", "aucune date convenue", "Garantie PND aucun"),
            ("Dates protégées", "Courtier", "Échange", "Commission"),
        ),
        (
            "en",
            ("Sample mail piece none was attached to this approval", "no count", "no day agreed"),
            ("Protected dates", "Broker", "Exchange", "commission"),
        ),
    ],
    ids=["fr", "en"],
)
def test_what_was_not_agreed_is_not_promised(locale: str, said: tuple[str, ...], unsaid: tuple[str, ...]) -> None:
    text = words(bare(), locale)
    assert all(one in text for one in said), text
    assert [one for one in unsaid if one in text] == []


@pytest.mark.parametrize(
    ("locale", "basis", "said"),
    [
        ("fr", "net", "autant d’adresses données que reçues, comptées en net, au même prix ; chacun facture l’autre"),
        ("en", "gross", "as many addresses given as received, counted gross, at the same price; each invoices the other"),
    ],
    ids=["fr", "en"],
)
def test_an_exchange_says_on_which_basis(locale: str, basis: str, said: str) -> None:
    assert said in words(bare(exchange_basis=basis), locale)


def stated(**changed: object) -> TermsSheet:
    sheet = terms_sheet()
    assert sheet.basis is not None
    return dataclasses.replace(sheet, basis=dataclasses.replace(sheet.basis, **changed))


def test_a_sheet_says_on_what_basis_the_addresses_may_be_used_and_nothing_where_none_is_stated() -> None:
    said = words(stated(), "fr")
    assert "Base légale intérêt légitime, personnes informées et opposition possible" in said
    assert "Information des personnes du 4 janvier 2021 au 30 juin 2026 (bulletin ou formulaire papier)" in said
    assert "fichier confronté à la liste d’opposition le 3 août 2026" in said
    assert "responsables de traitement distincts" in said
    assert "du 7 août 2026, par le fournisseur" in said
    assert "Partenaires" not in said
    assert "Base légale" not in words(bare(), "fr")


def test_consent_says_whether_partners_were_named_and_who_wrote_it_down() -> None:
    said = words(stated(legal_basis="consent", partners_named=True, collected_until=None, on_behalf=True), "en")
    assert "Consent collected since 4 January 2021 (paper form)" in said
    assert "Partners named to people when they agreed" in said
    assert "recorded by the advertiser for the supplier" in said
    assert "not named to people" in words(stated(legal_basis="consent"), "en")
