"""What the engine says is English by itself and can be put in another language with all that stands in it."""

import copy
import json
import string

from babel.messages.catalog import Catalog

from app.translations import read_catalogue
from app.translations.__main__ import collect
from tasks.merge_purge.sentences import Sentence

FRENCH = {
    "{file}: {why}": "{file} : {why}",
    "there is no {what!r}": "pas de {what!r}",
    "{name} (column {place})": "{name} (colonne {place})",
}


def french(pattern: str) -> str:
    return FRENCH.get(pattern, pattern)


def test_a_sentence_is_its_english_text_and_knows_its_pattern() -> None:
    told = Sentence("{file}: {why}", file="a.csv", why=Sentence("there is no {what!r}", what="{id}"))
    assert told == "a.csv: there is no '{id}'"
    assert told.in_words(french) == "a.csv : pas de '{id}'"


def test_several_sentences_in_one_are_listed() -> None:
    columns = tuple(Sentence("{name} (column {place})", name=name, place=place) for place, name in enumerate("AB", 1))
    told = Sentence("{file}: {why}", file="a.csv", why=columns)
    assert told == "a.csv: A (column 1), B (column 2)"
    assert told.in_words(french) == "a.csv : A (colonne 1), B (colonne 2)"


def test_a_copy_and_what_is_stored_are_plain_text() -> None:
    told = Sentence("there is no {what!r}", what="{id}")
    assert type(copy.deepcopy(told)) is str
    assert json.loads(json.dumps({"detail": told})) == {"detail": "there is no '{id}'"}


def places(pattern: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name}


def test_every_french_pattern_has_the_places_of_its_english() -> None:
    wanted: Catalog = collect()["shared"]
    known = read_catalogue("shared")
    patterns = [str(message.id) for message in wanted if message.id and isinstance(message.id, str) and "{" in message.id]
    assert len(patterns) > 60
    assert [one for one in patterns if "%" not in one and places(str(known.get(one).string)) != places(one)] == []
