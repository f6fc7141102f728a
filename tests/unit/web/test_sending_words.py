"""What goes out is called by its way: nothing said of messages or calls speaks of the post."""

from dataclasses import asdict

import pytest
from flask import Flask
from flask_babel import force_locale

from app.portals.shared.sending_words import SENDING, sending_words
from workflows.trade.channels import Way

OF_THE_POST = {"fr": ("dépôt", "dépos", "bordereau", "plis", "post", "rout"), "en": ("deposit", "post", "piece", "mail", "slip")}


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("way", [Way.MESSAGES, Way.CALLS])
def test_messages_and_calls_have_no_word_of_the_post(app: Flask, way: Way, locale: str) -> None:
    with app.test_request_context(), force_locale(locale):
        said = [str(words).lower() for words in asdict(SENDING[way]).values()]
    assert [words for words in said if any(one in words for one in OF_THE_POST[locale])] == []


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_calls_are_never_said_to_be_sent(app: Flask, locale: str) -> None:
    with app.test_request_context(), force_locale(locale):
        said = [str(words).lower() for words in asdict(SENDING[Way.CALLS]).values()]
    sent = {"fr": ("envoi", "envoy"), "en": ("sent", "send", "platform")}
    assert [words for words in said if any(one in words for one in sent[locale])] == []


def test_calls_alone_have_a_last_day() -> None:
    assert [way for way in Way if SENDING[way].last_day] == [Way.CALLS]


def test_several_ways_together_are_said_in_the_words_of_none() -> None:
    together = sending_words([Way.POST, Way.CALLS])
    assert all(together.went != SENDING[way].went for way in Way)
    assert sending_words([Way.CALLS, Way.CALLS]) == SENDING[Way.CALLS]
    assert sending_words([]) == SENDING[Way.POST]
