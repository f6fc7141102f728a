"""Equal things get one number, whichever way they are counted, and what a table says of a number is found again."""

import numpy as np
import polars as pl
import pytest

from tasks.merge_purge import numbering
from tasks.merge_purge.numbering import looked_up, numbered, numbered_texts

FEW = [f"RUE {i % 7}" for i in range(1_000)]
MANY = [f"RUE {i % 900}" for i in range(1_000)]


def test_equal_marks_have_one_number_and_its_first_place() -> None:
    number, place = numbered(np.array([9, 4, 9, 2, 4], dtype=np.uint64))
    assert number[0] == number[2] != number[1] == number[4]
    assert {int(one) for one in place[number]} == {0, 1, 3}
    assert [int(one) for one in place[number]] == [0, 1, 0, 3, 1]


@pytest.mark.parametrize("texts", [FEW, MANY, ["", "A", ""], []])
def test_texts_come_back_by_their_numbers_each_once(texts: list[str]) -> None:
    number, values = numbered_texts(pl.Series(texts, dtype=pl.String))
    assert values.gather(number).to_list() == texts
    assert values.n_unique() == values.len() == len(set(texts))


def test_texts_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def met_once(marks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        asked.append(marks.size)
        return numbered(marks if len(asked) > 1 else np.zeros_like(marks))

    monkeypatch.setattr(numbering, "numbered", met_once)
    number, values = numbered_texts(pl.Series(MANY))
    assert values.gather(number).to_list() == MANY
    assert len(asked) == 2


def test_a_number_that_the_table_lacks_finds_nothing() -> None:
    table = pl.DataFrame({"group": [3, 1], "winner": ["A", "B"]})
    assert looked_up(pl.Series([1, 2, 3, 9]), table, "group")["winner"].to_list() == ["B", None, "A", None]
    assert looked_up(pl.Series([1, 2]), table.clear(), "group")["winner"].to_list() == [None, None]
    assert looked_up(pl.Series([], dtype=pl.Int64), table, "group").height == 0
