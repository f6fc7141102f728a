"""A project manager says what is posted and reads what is missing; the mailer reads it beside the lots that it prints."""

import re

import pytest
from flask import Flask

from tests.integration.api.test_api import Program
from tests.integration.papers.journey import Journey
from tests.integration.portals.test_supplier import rows
from tests.integration.portals.visiting import Visitor, person_named, words
from workflows.campaign.records import Deposit, Lot
from workflows.campaign.send.records import MailingDescription
from workflows.campaign.stages.send import OrderMailing

HERE = "/manager/campaigns/26A/mailing"
SAID = {
    "postal_product": " Destineo, contrat 123 ",
    "postal_sort": "départements",
    "deposit_site": "Villefranche",
    "spoilage_rate": "3",
    "contact": "Marion Vidal, 04 00 00 00 00",
    "undeliverable": "recorded",
    "format_1": "C5, 162 × 229 mm",
    "weight_grams_1": "24,5",
    "thickness_mm_1": "1.8",
    "components_1": "lettre 2 pages\r\n\r\nbulletin de don\r\n",
}


@pytest.fixture
def stage() -> str:
    return "send"


def say(visitor: Visitor, **said: str):  # type: ignore[no-untyped-def]
    form = visitor.form(HERE, "mailing-")
    return visitor.send(HERE, form | {f"mailing-{name}": value for name, value in said.items()})


def test_what_is_posted_is_said_kept_and_no_more_missing(journey: Journey, marion: Visitor) -> None:
    missing = "The mailer will ask for Postal product Sort Deposit site Format (A, B) Unit weight (A, B) Thickness (A, B) Components (A, B)"
    assert missing in marion.words("/manager/campaigns/26A/send")
    assert missing in marion.words(HERE)

    answer = say(marion, **SAID)
    assert answer.status_code == 303, words(answer)

    (kept,) = rows(journey, MailingDescription)
    assert kept.body["postal_product"] == "Destineo, contrat 123"
    assert kept.body["spoilage_rate"] == "0.03"
    assert kept.body["pieces"] == [
        {
            "message": "A",
            "format": "C5, 162 × 229 mm",
            "weight_grams": "24.5",
            "thickness_mm": "1.8",
            "components": ["lettre 2 pages", "bulletin de don"],
        }
    ]
    said = marion.words(HERE)
    assert "The mailer will ask for Format (B) Unit weight (B) Thickness (B) Components (B)" in said
    assert "Unit weight of message A: 24.5 g" in said
    assert "Version 1, " in said
    assert "Undeliverable pieces: Read unopened and destroyed" in said
    lots = [lot for lot in rows(journey, Lot) if lot.is_sent]
    assert f"{sum(lot.pieces + -(-lot.pieces * 3 // 100) for lot in lots):,}" in said
    again = marion.form(HERE, "mailing-")
    assert (again["mailing-weight_grams_1"], again["mailing-spoilage_rate"]) == ("24.5", "3")
    assert "That is what was written down already." in words(marion.send(HERE, again | {"mailing-components_1": SAID["components_1"]}))


@pytest.mark.parametrize(
    ("field", "typed", "remark"),
    [
        ("spoilage_rate", "21", "Between 0 and 20 %."),
        ("weight_grams_1", "3000.01", "More than 0 and 3000 g at most, to the hundredth."),
        ("weight_grams_1", "0", "More than 0 and 3000 g at most, to the hundredth."),
        ("weight_grams_1", "lourd", "Write a number, such as 1,234.50."),
        ("thickness_mm_2", "50.5", "More than 0 and 50 mm at most, to the hundredth."),
        ("return_town", "Bourg", "Write the whole return address, or leave all four empty."),
        ("return_postcode", "0100", "A postcode has five digits."),
        ("components_1", "x\n" * 21, "20 lines at most, of 200 characters each."),
        ("deposit_site", "x" * 201, "Field cannot be longer than 200 characters."),
    ],
)
def test_what_cannot_be_is_remarked_beside_its_field_and_nothing_is_kept(
    journey: Journey, marion: Visitor, field: str, typed: str, remark: str
) -> None:
    answer = say(marion, **SAID | {field: typed})
    assert answer.status_code == 422
    assert remark in words(answer)
    assert 'value="Villefranche"' in answer.text or field == "deposit_site"
    assert rows(journey, MailingDescription) == []


def test_a_mailer_reads_what_is_posted_and_what_changed_since_its_order(journey: Journey, marion: Visitor, mailer: Visitor) -> None:
    say(marion, **SAID)
    journey.order_mailing()
    said = mailer.words("/supplier/campaigns/26A/send")
    assert "What is posted OR-26A-POSTAL/1 Postal product Destineo, contrat 123" in said
    assert "3% of the pieces of each lot, rounded up" in said
    assert "C5, 162 × 229 mm · 24.5 g · 1.8 mm lettre 2 pages bulletin de don Proof, version 1" in said
    lots = [lot for lot in rows(journey, Lot) if lot.is_sent]
    assert f"To print, {sum(lot.pieces + -(-lot.pieces * 3 // 100) for lot in lots):,} pieces in all: lot by lot" in said

    assert say(marion, deposit_site="Mâcon").status_code == 303
    assert "Changed since the order was sent Deposit site: Villefranche → Mâcon" in marion.words("/manager/campaigns/26A/send")
    proved = mailer.form("/supplier/campaigns/26A/send") | {"deposited_on": "2026-10-13", "slip_number": "D-1"}
    refused = mailer.send("/supplier/campaigns/26A/send", proved)
    assert (refused.status_code, rows(journey, Deposit)) == (409, [])

    journey.ask(OrderMailing(subject_id=journey.campaign_id))
    said = mailer.words("/supplier/campaigns/26A/send")
    assert "Changed since OR-26A-POSTAL/1 Deposit site: Villefranche → Mâcon" in said


def test_a_mailing_of_which_nothing_was_said_shows_the_mailer_its_lots_as_ever(mailed: Journey, mailer: Visitor) -> None:
    said = mailer.words("/supplier/campaigns/26A/send")
    assert "What is posted" not in said
    assert "Quantities to print" not in said


def test_once_something_is_posted_nothing_is_asked_any_more(mailed: Journey, marion: Visitor, mailer: Visitor) -> None:
    proposed = mailer.form("/supplier/campaigns/26A/send")
    mailer.send("/supplier/campaigns/26A/send", proposed | {"deposited_on": "2026-10-13", "slip_number": "D-1", "explanation": ""})
    assert "Something of this campaign has gone out" in marion.words(HERE)
    assert marion.form(HERE, "mailing-") == {}


def test_it_is_all_said_in_french(journey: Journey, site: Flask) -> None:
    marion = Visitor(site, person_named(journey, "Marion Vidal"), "fr")
    say(marion, **SAID)
    said = marion.words(HERE)
    assert "Le routeur demandera Format (B) Poids unitaire (B) Épaisseur (B) Composition (B)" in said
    assert "Poids unitaire, message A: 24,5 g" in said
    assert "Gâche: 3 %" in said


def test_an_auditor_reads_every_version_and_finds_its_entry(journey: Journey, marion: Visitor, site: Flask) -> None:
    auditor = Visitor(site, person_named(journey, "Yann Kerbrat"))
    assert "version by version" not in auditor.words("/auditor/campaigns/26A/send")
    say(marion, **SAID)
    say(marion, deposit_site="Mâcon")

    said = auditor.words("/auditor/campaigns/26A/send")
    assert re.search(r"Version 2, [^.]*, Marion Vidal Deposit site: Villefranche → Mâcon", said)
    (entry,) = re.findall(r"entry (\d+)", said.partition("Version 2")[2].partition("Version 1")[0])
    assert "What is posted written down" in auditor.words(f"/auditor/campaigns/26A/entries/{entry}")


def test_programs_say_what_is_posted_and_read_every_version(journey: Journey, mailer: Visitor, site: Flask) -> None:
    program = Program(journey, site, "Marion Vidal")
    piece = {"message": "A", "weight_grams": "24.5", "components": ["lettre"]}
    body = {"subject_id": str(journey.campaign_id), "mailing": {"deposit_site": "Villefranche", "pieces": [piece]}}
    assert program.send("describe_mailing", body).status_code == 200
    faulty = program.send("describe_mailing", body | {"mailing": {"spoilage_rate": "0.3"}})
    assert (faulty.status_code, faulty.json["code"]) == (422, "campaign.value_not_allowed")

    (read,) = program.get("campaigns/26A/mailings").json["mailings"]
    assert (read["number"], read["said_by"], read["deposit_site"], read["spoilage_rate"]) == (1, "Marion Vidal", "Villefranche", None)
    assert read["pieces"] == [piece | {"format": "", "thickness_mm": None}]
    assert Program(journey, site, "Contact S-ROU").get("campaigns/26A/mailings").json["mailings"] == []
