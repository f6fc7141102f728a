"""The words of the documents: both languages say everything, in the typography of each."""

import hashlib
import json
import re
from datetime import date
from decimal import Decimal
from string import Formatter

import pytest

from app.documents.catalogue import LOCALES, TEMPLATE_FOLDER, MissingText, catalogue
from app.documents.typography import Typography, french
from workflows.campaign.documents import KINDS, Check, count, share, words

PUBLISHED_TERMS = {
    ("fr", "1"): "a3cbe4e545fe7c282fdac05b62bd7273b6eda38aef24767ef422661abf032b00",
    ("en", "1"): "f4b977737370fe11c5c021c98d0644c6181e74410383df6a6e26be3cd5a6923b",
}


def places(text: str | tuple[str, ...]) -> list[set[str]]:
    return [{name for _, name, _, _ in Formatter().parse(part) if name} for part in ((text,) if isinstance(text, str) else text)]


def test_both_languages_have_the_same_texts_with_the_same_places() -> None:
    french_texts, english_texts = (catalogue(locale).texts for locale in LOCALES)
    assert set(french_texts) == set(english_texts)
    assert {key for key in french_texts if places(french_texts[key]) != places(english_texts[key])} == set()


def test_every_kind_has_a_title_and_a_template() -> None:
    for kind in KINDS:
        assert (TEMPLATE_FOLDER / f"{kind}.html").is_file()
        assert all(catalogue(locale).text(f"title.{kind}") for locale in LOCALES)


def test_every_text_that_a_template_names_exists() -> None:
    named = {
        key
        for template in TEMPLATE_FOLDER.glob("*.html")
        for key in re.findall(r'\bt\("([a-z_.]+)"[,)\s]', template.read_text(encoding="utf-8"))
        if not key.endswith(("_", "."))
    }
    assert len(named) > 200
    assert named - set(catalogue("fr").texts) == set()


def test_a_text_that_is_missing_stops_the_document() -> None:
    with pytest.raises(MissingText):
        catalogue("fr").text("frame.nothing")


def test_a_code_without_a_word_is_written_as_it_is() -> None:
    assert catalogue("fr").label("nature", "frais_de_port") == "frais de port"


@pytest.mark.parametrize(("locale", "edition"), PUBLISHED_TERMS)
def test_a_published_edition_of_the_terms_never_changes(locale: str, edition: str) -> None:
    terms = {key: text for key, text in catalogue(locale).texts.items() if key.split(".")[1:2] == [edition]}
    digest = hashlib.sha256(json.dumps(terms, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    assert digest == PUBLISHED_TERMS[locale, edition]


def test_french_texts_carry_no_breaking_space_before_a_high_sign() -> None:
    broken = [
        key
        for key, text in catalogue("fr").texts.items()
        if re.search(r" [:;?!%€»]|« ", " ".join((text,) if isinstance(text, str) else text))
    ]
    assert broken == []
    assert french("Quoi ? « Rien » : 3 %") == "Quoi\u202f? «\u00a0Rien\u00a0»\u00a0: 3\u00a0%"


def test_numbers_are_written_as_each_language_prints_them() -> None:
    fr, en = Typography("fr", "EUR"), Typography("en", "EUR")
    assert fr.money(Decimal("1234567.89")) == "1\u202f234\u202f567,89\u00a0€"
    assert en.money(Decimal("1234567.89")) == "€1,234,567.89"
    assert fr.percent(Decimal("0.019512"), 2) == "1,95\u00a0%"
    assert en.percent(Decimal("0.85")) == "85%"
    assert fr.amount(Decimal("-12.5")) == "\u221212,50"
    assert fr.number(None) == "\u2013"
    assert [fr.points(Decimal(rate)) for rate in ("-0.0003", "0.006", "-0.004")] == ["0,0", "+0,6", "\u22120,4"]


def test_what_a_check_holds_is_written_as_each_language_prints_it() -> None:
    fr, en = Typography("fr", "EUR"), Typography("en", "EUR")
    assert [fr.measure(words(text)) for text in ("p > 0.001", "0.991240", "6-9")] == ["p > 0,001", "0,991", "6\u20139"]
    assert en.measure(words("p > 0.001")) == "p > 0.001"
    assert en.measure(words("e4a6-8f3c")) == "e4a6-8f3c"
    assert [fr.measure(share(Decimal(rate))) for rate in ("0.05", "0.791", "0.7907")] == ["5\u00a0%", "79,10\u00a0%", "79,07\u00a0%"]
    assert fr.price(Decimal("0.0270"), fr.price_places([Decimal("0.0270"), Decimal("0.3860"), None])) == "0,027"


def test_a_tolerance_on_a_share_is_in_points_and_on_a_count_in_percent() -> None:
    fr, en = Typography("fr", "EUR"), Typography("en", "EUR")
    kept = Check(code="retention", verdict="ok", expected=share(Decimal("0.8")), tolerance=share(Decimal("0.05")))
    posted = Check(code="deposit", verdict="ok", expected=count(10_000), tolerance=share(Decimal("0.05")))
    assert [write.tolerance(kept) for write in (fr, en)] == ["±\u00a05\u00a0points"] * 2
    spread = Check(code="usual_retention", verdict="ok", expected=share(Decimal("0.8837")), tolerance=share(Decimal("0.055269")))
    assert [write.tolerance(spread) for write in (fr, en)] == ["±\u00a05,53\u00a0points", "±\u00a05.53\u00a0points"]
    assert [write.tolerance(posted) for write in (fr, en)] == ["±\u00a05\u00a0%", "±\u00a05%"]
    assert fr.tolerance(Check(code="readable", verdict="ok")) == "\u2013"


def test_dates_are_written_as_each_language_prints_them() -> None:
    fr, en = Typography("fr", "EUR"), Typography("en", "EUR")
    assert fr.day(date(2027, 3, 23)) == "23\u00a0mars\u00a02027"
    assert fr.day(date(2027, 3, 1)) == "1er\u00a0mars\u00a02027"
    assert fr.day(date(2027, 3, 11)) == "11\u00a0mars\u00a02027"
    assert en.day(date(2027, 3, 23)) == "23\u00a0March\u00a02027"


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="de"):
        Typography("de", "EUR")
