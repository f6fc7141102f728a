"""An order for e-mails, messages or calls says what is sent or called, and nothing of paper, of the post, or of what comes back by it."""

import dataclasses
import re

import pytest

from app.documents.render import render_html
from tests.documents.samples_production import mailing_order

OF_PAPER = {
    "fr": ("Plis à", "plis ", "Dépôt", "imprimé", "Adresse de retour", "inutilisés", "bordereau"),
    "en": ("Pieces to", "Drop", "printed", "Return address", "unused pieces", "deposit slip"),
}


def said(channel: str, locale: str) -> str:
    """The words of an order by a channel, as nobody described how anything is made for it."""
    order = dataclasses.replace(
        mailing_order(), channel=channel, changes=(), mail_pieces=(), components=(), services=(), spoilage_rate=None
    )
    order = dataclasses.replace(order, postal_product="", postal_sort="", deposit_site="", machine_proof_on=None, undeliverable="")
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", render_html("mailing_order", order, locale).split("<body", 1)[-1]))


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("channel", ["email", "sms", "phone"])
def test_an_order_without_paper_says_nothing_of_the_post(channel: str, locale: str) -> None:
    words = said(channel, locale)
    assert [word for word in OF_PAPER[locale] if word in words] == []


@pytest.mark.parametrize(
    ("channel", "locale", "written"),
    [
        ("email", "fr", ("E-mails à envoyer", "Envoi du 13 octobre 2026", "fichiers de rebonds")),
        ("sms", "en", ("Text messages to send", "To be sent on 13 October 2026", "files of bounces")),
        ("phone", "fr", ("Appels à partir du 13 octobre 2026", "Personnes à appeler", "Début des appels", "chaque jour d’appels")),
        ("phone", "en", ("People to call", "First calls", "on each day of calls")),
    ],
)
def test_it_says_what_is_sent_or_called_and_what_is_reported(channel: str, locale: str, written: tuple[str, ...]) -> None:
    words = said(channel, locale)
    assert [one for one in written if one not in words] == []


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_an_order_for_the_post_says_all_of_it(locale: str) -> None:
    words = said("postal", locale)
    assert len([word for word in OF_PAPER[locale] if word in words]) >= 5


@pytest.mark.parametrize(
    ("channel", "fr", "en"),
    [
        ("email", "Ordre d’envoi d’e-mails", "Order to send e-mails"),
        ("sms", "Ordre d’envoi de SMS", "Order to send text messages"),
        ("phone", "Ordre de campagne d’appels", "Order to call"),
        ("postal", "Ordre de routage", "Mailing order"),
    ],
)
def test_its_title_says_what_is_ordered(channel: str, fr: str, en: str) -> None:
    for locale, title in (("fr", fr), ("en", en)):
        page = render_html("mailing_order", dataclasses.replace(mailing_order(), channel=channel), locale)
        assert f"<h1>{title}</h1>" in page
        assert f"<title>{title} " in page
        assert f"<td><b>{title}</b> " in page, "above every page"
