"""Who is meant by an `@` in what is said about a user task."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.parties.roles import Role
from workflows.user_task.mentions import Colleague, MentionAmbiguous, MentionUnknown, TaskOutOfSight, read_mentions, who_is_mentioned

NADIA = Colleague(id=uuid4(), name="Nadia Perrot", email="n.perrot@clairval.example", sees_as=Role.PROJECT_MANAGER)
JEAN = Colleague(id=uuid4(), name="Jean Roy", email="jroy@clairval.example", sees_as=Role.PROJECT_MANAGER)
JEAN_PIERRE = Colleague(id=uuid4(), name="Jean-Pierre Éloi", email="jp@clairval.example", sees_as=Role.BUDGET_APPROVER)
EVERYBODY = (NADIA, JEAN, JEAN_PIERRE)
WHO = {one.id: one for one in EVERYBODY}


def mentioned(words: str) -> list[str]:
    return [WHO[one].name for one in who_is_mentioned(words, EVERYBODY)]


@pytest.mark.parametrize(
    "words",
    [
        "@Nadia Perrot, à vous.",
        "@nadia perrot",
        "@Nadia\u00a0Perrot !",
        "Voyez avec @Nadia.",
        "(@nadia)",
        "@n.perrot : et le fichier ?",
        "Merci @n.perrot@clairval.example.",
    ],
)
def test_a_colleague_is_named_by_name_first_name_or_address(words: str) -> None:
    assert mentioned(words) == ["Nadia Perrot"]


def test_accents_do_not_count_and_the_longest_name_is_meant() -> None:
    assert mentioned("@jean-pierre eloi et @Jean Roy") == ["Jean-Pierre Éloi", "Jean Roy"]
    assert mentioned("@Jean-Pierre puis @Jean") == ["Jean-Pierre Éloi", "Jean Roy"]


def test_somebody_mentioned_twice_is_mentioned_once() -> None:
    assert mentioned("@Nadia et encore @nadia perrot") == ["Nadia Perrot"]


@pytest.mark.parametrize("words", ["Écrire à contact@listes.example", "rendez-vous @ 14 h", "@14h", "le prix @", ""])
def test_an_at_within_a_word_or_before_a_figure_mentions_nobody(words: str) -> None:
    assert mentioned(words) == []


@pytest.mark.parametrize(("words", "name"), [("Merci @Nadja.", "@Nadja"), ("@Nadiane ?", "@Nadiane"), ("@Jean-Paul, oui", "@Jean-Paul")])
def test_a_name_that_nobody_has_is_refused_as_it_was_written(words: str, name: str) -> None:
    with pytest.raises(MentionUnknown) as refusal:
        mentioned(words)
    assert refusal.value.params == {"name": name}


def test_a_name_that_several_have_is_refused_with_theirs() -> None:
    other = Colleague(id=uuid4(), name="Nadia Benali", email="nb@clairval.example", sees_as=Role.PROJECT_MANAGER)

    with pytest.raises(MentionAmbiguous) as refusal:
        who_is_mentioned("@Nadia", (*EVERYBODY, other))
    assert refusal.value.params == {"name": "@Nadia", "people": ["Nadia Perrot", "Nadia Benali"]}
    assert who_is_mentioned("@Nadia Benali", (*EVERYBODY, other)) == (other.id,)


def test_a_name_of_nobody_who_sees_the_task_is_refused_and_of_several_who_sees_it_is_meant() -> None:
    blind = Colleague(id=uuid4(), name="Nadia Benali", email="nb@clairval.example")

    for words, name in (("@Nadia Benali, voyez.", "@Nadia Benali"), ("@nb ?", "@nb")):
        with pytest.raises(TaskOutOfSight) as refusal:
            who_is_mentioned(words, (*EVERYBODY, blind))
        assert refusal.value.params == {"name": name}
    assert who_is_mentioned("@Nadia", (*EVERYBODY, blind)) == (NADIA.id,)


@given(st.text(alphabet="@ Nadiąé.-'Jean\nProt14ßİ", max_size=60))
def test_every_mention_is_a_place_in_the_words_that_begins_with_its_sign(words: str) -> None:
    ends = 0
    for mention in read_mentions(words, EVERYBODY):
        assert words[mention.start] == "@"
        assert ends <= mention.start < mention.end <= len(words)
        ends = mention.start + 1
