"""Texts are looked into only where they may be near; which finds all that are."""

from dataclasses import replace
from random import Random

import polars as pl
import pytest

from tasks.merge_purge.match.fields import READ
from tasks.merge_purge.match.relations import RELATIONS, Related, Relation

LETTERS = "ABCDEFGHI"


def words(chance: Random) -> list[str]:
    """A word, and others made of it by a few slips, turns and parts."""
    word = "".join(chance.choices(LETTERS, k=chance.randint(1, 12)))
    made = [word, word[: chance.randint(1, 12)], word[chance.randint(0, 3) :], word + chance.choice(LETTERS) * chance.randint(1, 3)]
    for _ in range(4):
        letters = list(made[-1] if chance.random() < 0.5 else word)
        i, j = chance.randrange(len(letters)), chance.randrange(len(letters))
        letters[i], letters[j] = letters[j], letters[i]
        letters[i] = chance.choice([letters[i], chance.choice(LETTERS), ""])
        made.append("".join(letters) or word)
    return [one or word for one in made]


@pytest.mark.parametrize("relation", [one for one in RELATIONS if one.may != "true"], ids=lambda one: one.name)
def test_whatever_is_near_is_looked_into(relation: Relation) -> None:
    chance = Random(20)
    texts = [one for _ in range(60) for one in words(chance)]
    small = [text.lower() for text in texts]
    related = Related(pl.DataFrame({column: small if column == "mail_stem" else texts for column in READ.values()}))
    size = len(texts)
    every_one = pl.int_range(size, dtype=pl.UInt32, eager=True)
    pairs = every_one.to_frame("a").join(every_one.to_frame("b"), how="cross")
    holds = pl.repeat(True, pairs.height, eager=True)
    found, every = related.of(relation, pairs, holds), related.of(replace(relation, may="true"), pairs, holds)
    assert found.equals(every)
    assert (every > 0).sum() > size
