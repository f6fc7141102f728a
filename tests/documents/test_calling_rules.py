"""The order to whoever calls says what it has to keep to, in both languages; another order says nothing of it."""

import dataclasses
import re

import pytest

from app.documents.render import render_html
from tests.documents.samples_production import mailing_order
from workflows.campaign.documents import CallingRow

RULES = CallingRow(hours="10:00-13:00 14:00-20:00", region="france", most=4, counted_days=30, rest_days=60)


def said(locale: str, rules: CallingRow | None = RULES) -> str:
    """The words of an order to call."""
    order = dataclasses.replace(mailing_order(), channel="phone", calling=rules)
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", render_html("mailing_order", order, locale)))


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        (
            "en",
            "Rules of calling When Monday to Friday, 10:00–13:00, 14:00–20:00 (Paris time), and never on a public holiday "
            "Calls of one person at most 4 in 30 days, those that nobody answers included "
            "Days of rest after a refusal 60, without a call to this person After an objection no call any more "
            "Report each call with its hour (HEURE); a call that breaks a rule counts, and is told",
        ),
        (
            "fr",
            "Règles d’appel Quand du lundi au vendredi, 10:00–13:00, 14:00–20:00 (heure de Paris), jamais un jour férié "
            "Appels à une personne au plus 4 en 30 jours, ceux restés sans réponse compris "
            "Jours de repos après un refus 60, sans appel à cette personne Après une opposition plus aucun appel "
            "Compte rendu chaque appel avec son heure (HEURE) ; un appel qui enfreint une règle compte, et il est signalé",
        ),
    ],
)
def test_the_order_to_call_says_the_rules(locale: str, written: str) -> None:
    assert written in said(locale)
    assert ("Alsace-Moselle" in said(locale)) is False
    assert "Alsace-Moselle" in said(locale, dataclasses.replace(RULES, region="alsace_moselle"))


def test_rules_that_set_no_limit_are_left_out_and_an_objection_always_holds() -> None:
    loose = said("en", dataclasses.replace(RULES, hours="", most=0, rest_days=0))

    assert "Rules of calling After an objection no call any more Report" in loose


@pytest.mark.parametrize(("locale", "title"), [("en", "Rules of calling"), ("fr", "Règles d’appel")])
def test_an_order_of_another_channel_says_nothing_of_calls(locale: str, title: str) -> None:
    assert title not in said(locale, None)
