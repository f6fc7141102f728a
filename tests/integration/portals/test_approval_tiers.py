"""Approval tiers and no-drop windows on pages: written in the policy with what changes shown, and told to whoever they concern."""

from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, select

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, enrol, person_named, words
from workflows.campaign.default_policy import DEFAULT_POLICY
from workflows.campaign.model import Campaign
from workflows.campaign.policy import PolicyVersion
from workflows.parties.actor import SYSTEM
from workflows.parties.roles import Role

EDIT = "/administration/policy/edit"
PAGE = "/approver/campaigns/26A/budget"
TIERS = [{"up_to": "5000.00", "signatures": 1}, {"up_to": None, "signatures": 2}]


@pytest.fixture
def stage() -> str:
    return "budget"


def newest(journey: Journey) -> dict[str, Any]:
    with journey.database.reading(SYSTEM) as session:
        version = session.exec(select(PolicyVersion).order_by(col(PolicyVersion.number).desc())).first()
        assert version is not None
        return version.body


def send(visitor: Visitor, journey: Journey, **changes: str) -> str:
    """What the page says when a policy with these changes is sent to be compared."""
    page = visitor.send(EDIT, visitor.form(EDIT) | {"region": "france", "step": "compare"} | changes)
    assert newest(journey)["approval_tiers"] == DEFAULT_POLICY["approval_tiers"], "nothing is saved before it was compared"
    return words(page)


def test_an_administrator_writes_tiers_and_windows_sees_what_changes_and_saves_them(journey: Journey, administrator: Visitor) -> None:
    assert "any amount 1 signature" in administrator.words("/administration/policy")
    windows = "august: 08-01 08-15 le 15 août | mid August\r\n12-18 01-03 les fêtes | the holidays"
    sent = {"region": "france", "approval_tiers": "10,000.00 | 1\r\n50,000 | 2", "no_drop_windows": windows}

    compared = send(administrator, journey, **sent)

    assert "Tiers · 1 any amount · 1 signature up to €10,000.00 · 1 signature changed" in compared
    assert "Tiers · 2 — above €10,000.00, up to €50,000.00 · 2 signatures new" in compared
    assert "Tiers · 3 — above €50,000.00 · nobody may approve new" in compared
    assert "1 Aug to 15 Aug · le 15 août / mid August changed" in compared
    assert "Weak days of every year · the_holidays — 18 Dec to 3 Jan · les fêtes / the holidays new" in compared
    assert administrator.send(EDIT, administrator.form(EDIT) | sent | {"step": "save"}).status_code == 303
    assert newest(journey)["approval_tiers"] == [{"up_to": "10000.00", "signatures": 1}, {"up_to": "50000.00", "signatures": 2}]
    assert newest(journey)["no_drop_windows"] == [
        {"code": "august", "first": "08-01", "last": "08-15", "fr": "le 15 août", "en": "mid August"},
        {"code": "the_holidays", "first": "12-18", "last": "01-03", "fr": "les fêtes", "en": "the holidays"},
    ]
    shown = administrator.words("/administration/policy")
    assert "up to €10,000.00 1 signature above €10,000.00, up to €50,000.00 2 signatures above €50,000.00 nobody may approve" in shown
    assert "mid August 1 Aug to 15 Aug the holidays 18 Dec to 3 Jan" in shown
    assert "10,000.00 | 1\n50,000.00 | 2" in administrator.open(EDIT).text


@pytest.mark.parametrize(
    ("field", "written", "english", "french"),
    [
        ("approval_tiers", "", "Write at least one tier", "Écrivez au moins un palier"),
        ("approval_tiers", "* | 1\n9 | 2", "Line 2: only the last line may be without ceiling.", "Ligne 2: seule la dernière ligne"),
        ("approval_tiers", "9 | 1\n8 | 2", "Line 2: the amount is to be above", "Ligne 2: le montant doit dépasser"),
        ("approval_tiers", "9 | 0", "Line 1: at least one approver signs.", "Ligne 1: un valideur signe, au moins."),
        (
            "no_drop_windows",
            "02-30 03-01 a | b",
            "Line 1: 02-30 is no day of every year",
            "Ligne 1: 02-30 n’est pas un jour de chaque année",
        ),
        ("no_drop_windows", "x: 08-01 08-02 a | b\nx: 08-01 08-02 a | b", "Line 2: another line is called x", "s’appelle déjà x."),
    ],
)
def test_what_cannot_be_is_remarked_in_the_language_of_the_page(
    journey: Journey, site: Flask, administrator: Visitor, field: str, written: str, english: str, french: str
) -> None:
    assert english in send(administrator, journey, **{field: written})
    paul = Visitor(site, enrol(journey, "paul@example.org", "Paul Girard", Role.ADMINISTRATOR), "fr")
    assert french in send(paul, journey, **{field: written})


def test_an_approver_reads_the_tier_who_has_signed_and_what_is_missing_and_signs(
    journey: Journey, director: Visitor, president: Visitor
) -> None:
    journey.tune_policy({"approval_tiers": TIERS})
    assert "It takes 2 signatures: you can support it, and approve it once others have signed." in president.words("/approver/")
    page = president.words(PAGE)
    assert "Tier of this budget: above €5,000.00. 2 different approvers sign: one by approving it, the others by their support." in page
    assert "Nobody has signed yet. 2 signatures are missing." in page
    assert "takes the signatures of 2 different approvers, whoever approves it included; given so far: 0." in page
    assert "Can be lifted by: Bruno Leroux (up to €7,000)" in page

    assert director.send(f"{PAGE}/endorse", director.form(PAGE, "accept")).status_code == 303
    assert "You supported it. One more signature is missing." in director.words("/approver/")
    page = president.words(PAGE)
    assert "Signed so far: Bruno Leroux. One signature is missing." in page
    assert "given so far" not in page
    assert president.send(f"{PAGE}/approve", president.form(PAGE, "accept")).status_code == 303

    assert "Who has to sign" not in president.words(f"{PAGE}/1")


def test_whoever_signed_first_reads_that_another_is_missing_and_comes_back_to_approve(
    journey: Journey, director: Visitor, president: Visitor
) -> None:
    journey.tune_policy({"approval_tiers": TIERS})
    assert president.send(f"{PAGE}/endorse", president.form(PAGE, "accept")).status_code == 303
    assert "You supported it. One more signature is missing." in president.words("/approver/")
    page = president.words(PAGE)
    assert "given so far: 1. A substitute and the person stood in for count once." in page
    assert "Can be lifted by: Bruno Leroux (up to €7,000)" in page
    assert "Support it" not in page

    director.send(f"{PAGE}/endorse", director.form(PAGE, "accept"))
    assert "You supported it. You can approve it up to your limit of €7,000.00, with a cap." in director.words("/approver/")
    assert "You supported it. You can approve it now." in president.words("/approver/")
    assert "Enough have signed: one whose limit covers the amount approves it." in president.words(PAGE)

    assert president.send(f"{PAGE}/approve", president.form(PAGE, "accept")).status_code == 303


def test_above_the_last_ceiling_the_approver_is_told_that_nobody_may_sign(journey: Journey, president: Visitor) -> None:
    journey.tune_policy({"approval_tiers": TIERS[:1]})

    assert "Above the most that policy lets anybody approve." in president.words("/approver/")
    page = president.words(PAGE)
    assert "Policy lets nobody approve more than €5,000.00." in page
    assert "is above the most that policy lets anybody approve: €5,000.00." in page
    assert "Can be lifted by: Administrator" in page
    assert "Support it" not in page
    assert "Refuse, with a reason" in page


def test_the_preparer_reads_the_same_of_the_budget_that_waits(journey: Journey, site: Flask, director: Visitor) -> None:
    journey.tune_policy({"approval_tiers": TIERS})
    marion = Visitor(site, person_named(journey, "Marion Vidal"))
    page = marion.words("/manager/campaigns/26A/budget")
    assert "Tier of this budget: above €5,000.00. 2 different approvers sign" in page
    assert "given so far: 0" in page

    director.send(f"{PAGE}/endorse", director.form(PAGE, "accept"))

    page = marion.words("/manager/campaigns/26A/budget")
    assert "Signed so far: Bruno Leroux. One signature is missing." in page
    assert "given so far" not in page


@pytest.mark.parametrize("stage", ["plan"])
def test_the_budget_file_says_which_tier_the_total_falls_in(opened: Journey) -> None:
    opened.tune_policy({"approval_tiers": TIERS})
    opened.submit_plan()
    opened.close_negotiation()
    (issued,) = opened.issued("budget_file")

    tier = issued.content.tier
    assert (tier.above_amount, tier.up_to_amount, tier.signatures) == (5000, None, 2)


@pytest.mark.parametrize(("language", "told"), [("fr", "la rentrée"), ("en", "back to school")])
def test_a_weak_day_has_the_words_of_the_policy_that_the_campaign_follows(journey: Journey, site: Flask, language: str, told: str) -> None:
    with journey.database.reading(SYSTEM) as session:
        day = session.get_one(Campaign, journey.campaign_id).drop_on
    window = {"code": "school", "first": f"{day:%m-%d}", "last": "01-02", "fr": "la rentrée", "en": "back to school"}
    marion, solange = (Visitor(site, person_named(journey, name), language) for name in ("Marion Vidal", "Solange Petit"))
    assert told not in marion.words("/manager/campaigns/26A/schedule")

    journey.tune_policy({"no_drop_windows": [window]})

    assert told in marion.words("/manager/campaigns/26A/schedule")
    assert f"<title>{told}</title>" in marion.open("/manager/campaigns/26A/schedule").text
    assert told in solange.words(PAGE)
