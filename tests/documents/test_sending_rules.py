"""The order to whoever sends e-mails or messages says what it has to keep to, in both languages; another order says nothing of it."""

import dataclasses
import re
from decimal import Decimal

import pytest

from app.documents.render import render_html
from tests.documents.samples_production import mailing_order
from workflows.campaign.documents import SendingRow

RULES = SendingRow(hours="08:00-20:00", region="france", complaint_rate=Decimal("0.003"))


def said(locale: str, channel: str, rules: SendingRow | None = RULES) -> str:
    """The words of an order to send."""
    order = dataclasses.replace(mailing_order(), channel=channel, sending=rules)
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", render_html("mailing_order", order, locale)))


@pytest.mark.parametrize(
    ("locale", "channel", "written"),
    [
        ("en", "email", "Rules of sending Sender a domain of the advertiser’s, with SPF, DKIM and DMARC in place Unsubscribing by a link"),
        ("en", "email", "Complaints at most 0.3% of those who get the e-mail Report what bounced, hard or soft, and who unsubscribed"),
        ("fr", "email", "en un clic par son en-tête (List-Unsubscribe-Post) ; sous 48 heures, plus rien à qui s’est désinscrit"),
        ("en", "sms", "When Monday to Saturday, 08:00–20:00 (Paris time), and never on a public holiday Stopping each message says how"),
        ("fr", "sms", "Règles d’envoi Quand du lundi au samedi, 08:00–20:00 (heure de Paris), jamais un jour férié Arrêt chaque message"),
    ],
)
def test_the_order_says_the_rules_of_its_channel(locale: str, channel: str, written: str) -> None:
    assert written in said(locale, channel)


def test_rules_that_set_no_limit_are_left_out_and_whoever_leaves_is_always_heard() -> None:
    loose = dataclasses.replace(RULES, hours="", complaint_rate=Decimal(0))

    assert "Rules of sending Stopping each message says how" in said("en", "sms", loose)
    assert "Complaints" not in said("en", "email", loose)
    assert "Alsace-Moselle" in said("en", "sms", dataclasses.replace(RULES, region="alsace_moselle"))


@pytest.mark.parametrize(("locale", "title"), [("en", "Rules of sending"), ("fr", "Règles d’envoi")])
def test_an_order_for_the_post_says_nothing_of_sending(locale: str, title: str) -> None:
    assert title not in said(locale, "postal", None)
